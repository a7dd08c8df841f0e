/** What the server found wrong, at the cells and settings of the page. */
import type { ApiError } from '../../client.ts';
import { promptsOf, type Source } from '../../parts/draft/draft.ts';

export type Told = ApiError['problems'][number];

export interface PlacedProblem extends Told {
  /** Of a row that is shown. */
  readonly rowId?: number;
  readonly place?: number;
  /** `Row 3, Size`: for the list. */
  readonly where: string;
}

export function placedProblems(source: Source, problems: readonly Told[]): PlacedProblem[] {
  return problems.map((problem) => {
    const { line, column, file } = problem;
    if (file === 'styles')
      return { ...problem, where: `Styles${line === undefined ? '' : `, line ${line}`}` };
    if (line === undefined) return { ...problem, where: column ?? fieldText(problem.field) };
    return placedAt(source, problem, line);
  });
}

const DROP_IT = 'Drop the picture here: the rows that name it will have it.';

function placedAt(source: Source, problem: Told, line: number): PlacedProblem {
  const { column } = problem;
  if (source.kind === 'text') return { ...problem, rowId: line - 1, where: `Prompt ${line}` };
  const place =
    column === undefined ? -1 : source.columns.findIndex(({ heading }) => heading === column);
  const at = source.kind === 'file' ? source.lines.indexOf(line) : line - 1;
  const row = source.rows[at];
  const name = source.kind === 'file' ? `Line ${line}` : `Row ${line}`;
  const isPicture = place >= 0 && source.columns[place]?.meaning === 'image';
  return {
    ...problem,
    // There are no folders here.
    ...(isPicture && problem.message.startsWith('There is no file') && { remedy: DROP_IT }),
    ...(row !== undefined && { rowId: row.id }),
    ...(place >= 0 && { place }),
    where: column === undefined ? name : `${name}, ${column}`,
  };
}

function fieldText(field: string | undefined): string {
  return (field ?? '').replace(/^body\.(?:settings\.)?/, '').replaceAll('_', ' ');
}

/** By row and column; what is about a row as a whole stands at its prompt. */
export function problemsByCell(
  source: Source,
  problems: readonly PlacedProblem[],
): ReadonlyMap<string, readonly PlacedProblem[]> {
  if (source.kind === 'text') return new Map();
  const prompt = Math.max(
    0,
    source.columns.findIndex(({ meaning }) => meaning === 'prompt'),
  );
  const placed = problems.filter(({ rowId }) => rowId !== undefined);
  return Map.groupBy(placed, ({ rowId, place }) => cellKey(rowId!, place ?? prompt));
}

export function cellKey(rowId: number, place: number): string {
  return `${rowId}/${place}`;
}

export function problemText({ value, message, remedy }: Told): string {
  const found = value === undefined || value === '' ? '' : ` (found “${value.slice(0, 80)}”)`;
  return `${message.replace(/\.$/, '')}${found}. ${remedy}`;
}

/** Where a prompt of the text stands in it, to select it. */
export function rangeOfPrompt(text: string, number: number): readonly [number, number] | undefined {
  const prompt = promptsOf(text)[number];
  if (prompt === undefined) return undefined;
  let seen = -1;
  let from = 0;
  for (const line of text.split('\n')) {
    if (line.trim() !== '') seen += 1;
    if (seen === number) return [from, from + line.length];
    from += line.length + 1;
  }
  return undefined;
}
