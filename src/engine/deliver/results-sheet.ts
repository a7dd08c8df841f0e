import { join } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import { fromMicros } from '../core/credits.ts';
import { flagText } from '../core/flag.ts';
import { protectCell } from '../core/formula-safe.ts';
import { describeReferenceChange } from '../core/reference.ts';
import type { SkippedRow } from '../core/row.ts';
import { formatSize } from '../core/size.ts';
import { writeWhole } from '../ports/whole-file.ts';
import type { ItemRecord } from '../core/item-record.ts';
import { resultHeadings } from './result-columns.ts';
import type { ResultColumn, ResultHeadings } from './result-columns.ts';
import { RESULT_COLUMNS } from './result-columns.ts';

export const RESULTS_FILE = 'results.csv';
/** Excel takes a file without it for the local code page. */
const BYTE_ORDER_MARK = '\u{FEFF}';

/** What a run has to tell, in the order of the sheet. */
export type RunEntry = ItemRecord | SkippedRow;

export function isItem(entry: RunEntry): entry is ItemRecord {
  return 'itemId' in entry;
}

export interface ResultsOrder {
  readonly outFolder: string;
  /** Headings of the input, in its order. */
  readonly columns: readonly string[];
  readonly entries: AsyncIterable<RunEntry>;
  /** Default: `results.csv`. */
  readonly file?: string;
}

/**
 * Writes the results sheet: the columns of the input, unchanged, then ours (`RESULT_COLUMNS`); a line
 * for each image wanted, and one in state `skipped` for each row that was left out. UTF-8 with a byte
 * order mark; cells that a spreadsheet would take for formulas are protected (`formula-safe.ts`). It is
 * replaced whole, streams, and can be read again as a sheet. Returns the file's name.
 */
export async function writeResults(order: ResultsOrder): Promise<string> {
  const file = order.file ?? RESULTS_FILE;
  await writeWhole(join(order.outFolder, file), resultLines(order));
  return file;
}

/** The text of a results sheet, line by line. */
export async function* resultLines({
  columns,
  entries,
}: Pick<ResultsOrder, 'columns' | 'entries'>): AsyncGenerator<string> {
  const headings = resultHeadings(columns);
  yield BYTE_ORDER_MARK + line([...headings.input, ...headings.ours]);
  for await (const entry of entries) {
    // A canary is no image of the sheet; read again, its line would be taken for one.
    if (isItem(entry) && entry.canary !== undefined) continue;
    yield line(cells(entry, headings));
  }
}

function cells(entry: RunEntry, { input }: ResultHeadings): string[] {
  const given = isItem(entry) ? entry.row.cells : entry.cells;
  const ours = isItem(entry) ? itemCells(entry) : skippedCells(entry);
  return [
    ...input.map((heading) => given[heading] ?? ''),
    ...RESULT_COLUMNS.map((column) => ours[column] ?? ''),
  ];
}

function itemCells(item: ItemRecord): Record<ResultColumn, string> {
  return {
    row: String(item.row.number),
    index: String(item.index),
    state: item.state,
    file: item.file ?? '',
    model: item.model,
    size: formatSize(item.size),
    seed: item.seed === undefined ? '' : String(item.seed),
    credits: String(fromMicros(item.creditMicros)),
    usd: item.usdMicros === undefined ? '' : String(fromMicros(item.usdMicros)),
    attempt: String(item.attempt),
    reason: item.reason ?? '',
    refusal_stage: item.refusal?.stage ?? '',
    refusal_category: item.refusal?.category ?? '',
    more_files: (item.moreFiles ?? []).map(({ file }) => file).join(' | '),
    finish_failure: item.finishFailure ?? '',
    flags: (item.flags ?? []).map(flagText).join(' | '),
    reference_changes: (item.referenceChanges ?? []).map(describeReferenceChange).join(' | '),
    ...reviewCells(item),
  };
}

function reviewCells({ review, clientMark }: ItemRecord) {
  return {
    review: review?.verdict ?? '',
    stars: review === undefined || review.stars === 0 ? '' : String(review.stars),
    review_note: review?.note ?? '',
    client_mark: clientMark?.mark ?? '',
    client_note: clientMark?.note ?? '',
  };
}

function skippedCells(row: SkippedRow): Partial<Record<ResultColumn, string>> {
  return { row: String(row.number), state: 'skipped', reason: row.reason };
}

function line(values: readonly string[]): string {
  return stringify([values.map(protectCell)]);
}
