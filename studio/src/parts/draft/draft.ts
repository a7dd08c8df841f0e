/** What is on the page: where the prompts come from, and how they are to be made. Kept over a refresh of the tab. */
import type { SheetUpload } from '../../../../src/api/client/index.ts';
import type { Meaning } from './meanings.ts';

export type Settings = NonNullable<SheetUpload['settings']>;

export interface TableColumn {
  readonly heading: string;
  /** '' : the column is carried along, and means nothing. */
  readonly meaning: Meaning | '';
}

export interface TableRow {
  /** Of this draft, never given twice. */
  readonly id: number;
  /** By their place among the columns. */
  readonly cells: readonly string[];
}

export interface Table {
  readonly kind: 'table';
  readonly name: string;
  readonly columns: readonly TableColumn[];
  readonly rows: readonly TableRow[];
  readonly nextId: number;
}

/** Too large to be edited here: its beginning is shown, and it is sent as it is. */
export interface LargeFile {
  readonly kind: 'file';
  readonly file: File;
  readonly name: string;
  readonly columns: readonly TableColumn[];
  readonly rows: readonly TableRow[];
  /** Line of the file by the row's id. */
  readonly lines: readonly number[];
  readonly rowCount: number;
}

export type Source = { readonly kind: 'text'; readonly text: string } | Table | LargeFile;

/** Text around or after a prompt: `{prompt}` is where it goes. */
export interface Style {
  readonly name: string;
  readonly prompt: string;
  readonly negative: string;
}

export interface Draft {
  readonly source: Source;
  readonly settings: Settings;
  readonly styles: readonly Style[];
  /** Of rows that name none; '' : none. */
  readonly style: string;
  readonly title: string;
}

export const EMPTY_SOURCE: Source = { kind: 'text', text: '' };

export const EMPTY_DRAFT: Draft = {
  source: EMPTY_SOURCE,
  settings: { models: ['auto'], proof: 10 },
  styles: [],
  style: '',
  title: '',
};

/** Prompts of a text: one a line. */
export function promptsOf(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

export function rowCountOf(source: Source): number {
  if (source.kind === 'text') return promptsOf(source.text).length;
  if (source.kind === 'file') return source.rowCount;
  return source.rows.filter(isFilled).length;
}

export function isFilled({ cells }: TableRow): boolean {
  return cells.some((cell) => cell.trim() !== '');
}

export function isUntouched({ source, styles }: Draft): boolean {
  return source.kind === 'text' && source.text.trim() === '' && styles.length === 0;
}

const KEPT = 'imagemill-draft';

export function keepDraft(workspace: string, draft: Draft): void {
  // Files cannot be kept, and so are chosen again.
  const source = draft.source.kind === 'file' ? EMPTY_SOURCE : draft.source;
  try {
    sessionStorage.setItem(`${KEPT}-${workspace}`, JSON.stringify({ ...draft, source }));
  } catch {
    // Larger than a browser keeps for a tab: the page goes on without.
    sessionStorage.removeItem(`${KEPT}-${workspace}`);
  }
}

export function keptDraft(workspace: string): Draft {
  const text = sessionStorage.getItem(`${KEPT}-${workspace}`);
  if (text === null) return EMPTY_DRAFT;
  try {
    return { ...EMPTY_DRAFT, ...(JSON.parse(text) as Partial<Draft>) };
  } catch {
    return EMPTY_DRAFT;
  }
}
