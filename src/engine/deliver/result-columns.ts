/** The columns that a results sheet adds to those of the input, in this order. */
export const RESULT_COLUMNS = [
  'row',
  'index',
  'state',
  'file',
  'model',
  'size',
  'seed',
  'credits',
  'usd',
  'attempt',
  'reason',
] as const;
export type ResultColumn = (typeof RESULT_COLUMNS)[number];

/** Put before the name of a column of ours when the input has one of that name. */
export const RESULT_PREFIX = 'imagemill_';

/** The columns of a results sheet: those of the input, and ours under names of their own. */
export interface ResultHeadings {
  readonly input: readonly string[];
  /** In the order of `RESULT_COLUMNS`. */
  readonly ours: readonly string[];
}

/**
 * Where a results sheet was the input, its last columns are ours and are written anew instead of a
 * second time.
 */
export function resultHeadings(columns: readonly string[]): ResultHeadings {
  const input = withoutOurs(columns);
  const taken = new Set(input.map(normal));
  const ours = RESULT_COLUMNS.map((column) => {
    let name: string = column;
    while (taken.has(name)) name = `${RESULT_PREFIX}${name}`;
    return name;
  });
  return { input, ours };
}

/** Whether headings end with ours, as those of a results sheet do. */
export function endsWithOurs(columns: readonly string[]): boolean {
  const last = columns.slice(-RESULT_COLUMNS.length);
  return (
    last.length === RESULT_COLUMNS.length &&
    RESULT_COLUMNS.every((column, at) => stripPrefix(last[at] ?? '') === column)
  );
}

function withoutOurs(columns: readonly string[]): readonly string[] {
  return endsWithOurs(columns) ? columns.slice(0, -RESULT_COLUMNS.length) : columns;
}

function stripPrefix(heading: string): string {
  let name = normal(heading);
  while (name.startsWith(RESULT_PREFIX)) name = name.slice(RESULT_PREFIX.length);
  return name;
}

function normal(heading: string): string {
  return heading.trim().toLowerCase();
}
