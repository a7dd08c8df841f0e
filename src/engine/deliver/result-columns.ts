/** The columns that a results sheet adds to those of the input, in this order; new ones come last. */
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
  'refusal_stage',
  'refusal_category',
  'reference_changes',
  'flags',
  'more_files',
  'finish_failure',
  'review',
  'stars',
  'review_note',
  'client_mark',
  'client_note',
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

/** The first release had the columns up to `reason`. */
const FEWEST_COLUMNS = 11;

/** How many headings at the end are ours, as in a results sheet of this or of an older release. */
function countOurs(columns: readonly string[]): number {
  for (let count = RESULT_COLUMNS.length; count >= FEWEST_COLUMNS; count -= 1) {
    const last = columns.slice(-count);
    if (RESULT_COLUMNS.slice(0, count).every((name, at) => stripPrefix(last[at] ?? '') === name)) {
      return count;
    }
  }
  return 0;
}

function withoutOurs(columns: readonly string[]): readonly string[] {
  return columns.slice(0, columns.length - countOurs(columns));
}

function stripPrefix(heading: string): string {
  let name = normal(heading);
  while (name.startsWith(RESULT_PREFIX)) name = name.slice(RESULT_PREFIX.length);
  return name;
}

function normal(heading: string): string {
  return heading.trim().toLowerCase();
}
