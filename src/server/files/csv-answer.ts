/** Tables as answers: written as they are read, so that a long one needs no memory. */
import { stringify } from 'csv-stringify/sync';
import { accepts } from 'hono/accepts';
import { protectCell } from '../../engine/core/formula-safe.ts';
import type { AppContext } from '../app-env.ts';

/** Numbers stay numbers; of texts a spreadsheet makes no formula. */
export type CsvCell = string | number | null;

/** Whether the caller wants a table: by `format`, or by `Accept` when that is not there. */
export function wantsCsv(c: AppContext, format: 'json' | 'csv' | undefined): boolean {
  if (format !== undefined) return format === 'csv';
  const supports = ['application/json', 'text/csv'];
  return accepts(c, { header: 'Accept', supports, default: 'application/json' }) === 'text/csv';
}

export function answerCsv(
  name: string,
  headings: readonly string[],
  rows: AsyncIterable<readonly CsvCell[]> | Iterable<readonly CsvCell[]>,
): Response {
  return new Response(ReadableStream.from(linesOf(headings, rows)), {
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="${name}.csv"`,
    },
  });
}

async function* linesOf(
  headings: readonly string[],
  rows: AsyncIterable<readonly CsvCell[]> | Iterable<readonly CsvCell[]>,
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  yield encoder.encode(csvLine(headings));
  for await (const row of rows) yield encoder.encode(csvLine(row));
}

function csvLine(cells: readonly CsvCell[]): string {
  return stringify([cells.map((cell) => (typeof cell === 'string' ? protectCell(cell) : cell))], {
    record_delimiter: 'windows',
  });
}
