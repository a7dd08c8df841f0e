/** The draft for all parts of the page, with undo for what happens to prompts and rows. */
import {
  createContext,
  type ReactNode,
  use,
  useCallback,
  useEffect,
  useMemo,
  useReducer,
  useRef,
} from 'react';
import {
  type Draft,
  EMPTY_DRAFT,
  keepDraft,
  keptDraft,
  type Settings,
  type Source,
} from '../../parts/draft/draft.ts';

const MOST_STEPS = 100;
const KEEP_AFTER_MS = 300;

interface History {
  readonly draft: Draft;
  readonly past: readonly Source[];
  readonly future: readonly Source[];
}

type Action =
  | { readonly kind: 'change'; readonly change: Partial<Omit<Draft, 'source'>> }
  | { readonly kind: 'type'; readonly source: Source }
  | { readonly kind: 'step'; readonly to: (source: Source) => Source }
  | { readonly kind: 'restore'; readonly draft: Draft }
  | { readonly kind: 'undo' | 'redo' };

function reduce(history: History, action: Action): History {
  const { draft, past, future } = history;
  const at = (source: Source) => ({ ...draft, source });
  switch (action.kind) {
    case 'change':
      return { ...history, draft: { ...draft, ...action.change } };
    case 'type':
      // A text area has an undo of its own.
      return { ...history, draft: at(action.source) };
    case 'step': {
      const source = action.to(draft.source);
      if (source === draft.source) return history;
      return { draft: at(source), past: [...past.slice(-MOST_STEPS), draft.source], future: [] };
    }
    case 'undo': {
      const last = past.at(-1);
      if (last === undefined) return history;
      return { draft: at(last), past: past.slice(0, -1), future: [draft.source, ...future] };
    }
    case 'redo': {
      const [next, ...rest] = future;
      if (next === undefined) return history;
      return { draft: at(next), past: [...past, draft.source], future: rest };
    }
    case 'restore':
      return { draft: action.draft, past: [], future: [] };
  }
}

export interface DraftStore {
  readonly draft: Draft;
  readonly change: (change: Partial<Omit<Draft, 'source'>>) => void;
  /** `undefined` gives a setting back to its default. */
  readonly set: (settings: {
    readonly [Name in keyof Settings]?: Settings[Name] | undefined;
  }) => void;
  readonly type: (text: string) => void;
  /** A step that can be undone. */
  readonly step: (to: (source: Source) => Source) => void;
  readonly undo: () => void;
  readonly redo: () => void;
  readonly clear: () => void;
  readonly restore: (draft: Draft) => void;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
}

const DraftContext = createContext<DraftStore | undefined>(undefined);

export function DraftProvider({
  workspace,
  children,
}: {
  readonly workspace: string;
  readonly children: ReactNode;
}) {
  const [{ draft, past, future }, tell] = useReducer(reduce, workspace, (of) => ({
    draft: keptDraft(of),
    past: [],
    future: [],
  }));
  useEffect(() => {
    const timer = setTimeout(() => keepDraft(workspace, draft), KEEP_AFTER_MS);
    return () => clearTimeout(timer);
  }, [workspace, draft]);
  useKeptAtEnd(workspace, draft);
  const change = useCallback<DraftStore['change']>(
    (change) => tell({ kind: 'change', change }),
    [],
  );
  const step = useCallback<DraftStore['step']>((to) => tell({ kind: 'step', to }), []);
  const store = useMemo<DraftStore>(
    () => ({
      draft,
      change,
      step,
      set: (settings) => change({ settings: withSettings(draft.settings, settings) }),
      type: (text) => tell({ kind: 'type', source: { kind: 'text', text } }),
      undo: () => tell({ kind: 'undo' }),
      redo: () => tell({ kind: 'redo' }),
      clear: () => tell({ kind: 'restore', draft: EMPTY_DRAFT }),
      restore: (before) => tell({ kind: 'restore', draft: before }),
      canUndo: past.length > 0,
      canRedo: future.length > 0,
    }),
    [draft, past, future, change, step],
  );
  return <DraftContext value={store}>{children}</DraftContext>;
}

/** What was typed in the last moment is kept as well, however the page is left. */
function useKeptAtEnd(workspace: string, draft: Draft): void {
  const latest = useRef(draft);
  useEffect(() => {
    latest.current = draft;
  }, [draft]);
  useEffect(() => {
    const keepNow = () => keepDraft(workspace, latest.current);
    addEventListener('pagehide', keepNow);
    return () => {
      removeEventListener('pagehide', keepNow);
      keepNow();
    };
  }, [workspace]);
}

function withSettings(settings: Settings, change: Parameters<DraftStore['set']>[0]): Settings {
  const all = Object.entries({ ...settings, ...change });
  return Object.fromEntries(all.filter(([, value]) => value !== undefined)) as Settings;
}

export function useDraft(): DraftStore {
  const store = use(DraftContext);
  if (store === undefined) throw new Error('There is no draft around this part of the page.');
  return store;
}
