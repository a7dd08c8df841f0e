/** What of a run's page stands in its address, so that a link and a second tab show the same. */
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { TileFilter } from '../../queries/tiles.ts';

export const RUN_TABS = ['images', 'problems', 'lanes', 'events', 'results'] as const;
export type RunTab = (typeof RUN_TABS)[number];

export interface RunSearch {
  readonly tab?: RunTab;
  readonly view?: 'rows';
  readonly state?: string;
  readonly model?: string;
  readonly flag?: string;
  readonly review?: string;
  readonly search?: string;
  /** The item whose details are open. */
  readonly item?: string;
}

const TEXTS = ['state', 'model', 'flag', 'review', 'search', 'item'] as const;

export function readRunSearch(search: Record<string, unknown>): RunSearch {
  const tab = RUN_TABS.find((each) => each === search['tab']);
  const texts = TEXTS.flatMap((name) => {
    const value = search[name];
    return typeof value === 'string' && value !== '' ? [[name, value] as const] : [];
  });
  return {
    ...(tab !== undefined && tab !== 'images' && { tab }),
    ...(search['view'] === 'rows' && { view: 'rows' as const }),
    ...Object.fromEntries(texts),
  };
}

type Change = { readonly [Name in keyof RunSearch]?: RunSearch[Name] | undefined };

/** The address' part, and a way to change some of it; `undefined` takes a thing out. */
export function useRunSearch(): readonly [RunSearch, (change: Change) => void] {
  const search: RunSearch = useSearch({ strict: false });
  const navigate = useNavigate();
  const change = (next: Change) =>
    void navigate({
      to: '.',
      search: readRunSearch({ ...search, ...next }) as never,
      replace: true,
      resetScroll: false,
    });
  return [search, change];
}

export function filterOf({ state, model, flag, review, search }: RunSearch): TileFilter {
  return {
    ...(state !== undefined && { state }),
    ...(model !== undefined && { model }),
    ...(flag !== undefined && { flag: flag as NonNullable<TileFilter['flag']> }),
    ...(review !== undefined && { review: review as NonNullable<TileFilter['review']> }),
    ...(search !== undefined && { search }),
  };
}
