import { detectEncoding } from './text-encoding.ts';
import { csvTable } from './csv-table.ts';
import { jsonTable, looksLikeJson } from './json-table.ts';
import { isZip, openSheetFile, refusal } from './sheet-file.ts';
import type { SourceTable } from './source-record.ts';
import { textTable } from './text-table.ts';
import { xlsxTable } from './xlsx-table.ts';

/** A sheet of prompts has ten; of a million, each row takes as long as a thousand rows. */
const MOST_COLUMNS = 1_000;

/**
 * Opens any file that a sheet can be, by its content first and its extension second: a `.csv` that is
 * separated by tabs, or a `.txt` with JSON lines, is read as what it is.
 *
 * @param headings known to be such, though they are not usual ones (the keys of `--map`).
 * @throws InputError when the file is missing, empty, binary, in no known encoding, or far too wide.
 */
export async function openTable(
  path: string,
  headings: readonly string[] = [],
): Promise<SourceTable> {
  const table = await tableOf(path, headings);
  if (table.columns.length <= MOST_COLUMNS) return table;
  throw refusal(
    path,
    `The sheet has more than ${MOST_COLUMNS} columns`,
    'Leave out those that say nothing of the images.',
  );
}

async function tableOf(path: string, headings: readonly string[]): Promise<SourceTable> {
  const file = await openSheetFile(path);
  if (isZip(file.head)) return xlsxTable(path, headings);
  const encoding = await detectEncoding(path, file.head);
  const sample = decodeHead(file.head, encoding.encoding, encoding.bomBytes);
  const text = { path, encoding, sample, extension: file.extension };
  if (looksLikeJson(text)) return jsonTable(text);
  if (file.extension === '.txt') return textTable(text, headings);
  return csvTable(text, headings);
}

function decodeHead(head: Buffer, encoding: string, bomBytes: number): string {
  const text = new TextDecoder(encoding.replace('utf16-', 'utf-16')).decode(
    head.subarray(bomBytes),
  );
  // The head may end inside a character.
  return text.replace(/\ufffd$/, '');
}
