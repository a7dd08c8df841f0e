import { headlessWarning, readHeadingRow } from './heading-row.ts';
import { readWorkbook } from '../ports/system-workbook.ts';
import { refusal } from './sheet-file.ts';
import type { SourceTable } from './source-record.ts';

/**
 * Reads the first worksheet of an Excel file. Unlike text formats it is held in memory as a whole,
 * because a worksheet keeps its texts in another part of the file. Cells that Excel holds as times and
 * dates come as `16:09:00` and `2026-09-16`, which the checks then recognise as damage.
 */
export async function xlsxTable(
  path: string,
  knownHeadings: readonly string[],
): Promise<SourceTable> {
  const rows = await readRows(path);
  const start = rows.findIndex((cells) => cells.some((cell) => cell.trim() !== ''));
  if (start === -1) {
    throw refusal(
      path,
      'The first worksheet is empty',
      'Move the sheet with the prompts to the front.',
    );
  }
  const heading = readHeadingRow(rows[start]!, knownHeadings);
  const from = heading.headless ? start : start + 1;
  return {
    columns: heading.columns,
    warnings: heading.headless ? [headlessWarning(path, rows[start]![0]!)] : [],
    async *records() {
      for (let at = from; at < rows.length; at++) yield { line: at + 1, cells: rows[at]! };
    },
  };
}

async function readRows(path: string): Promise<string[][]> {
  const answer = await readWorkbook(path);
  if ('rows' in answer) return answer.rows;
  if ('isTooLarge' in answer) {
    throw refusal(
      path,
      'The Excel workbook is too large to be read, or has cells far outside of its table',
      'Copy the table into a new workbook, or save it as CSV (UTF-8).',
    );
  }
  throw refusal(
    path,
    `The file cannot be read as an Excel workbook (${answer.problem})`,
    'Open it in a spreadsheet program and save it as XLSX or CSV (UTF-8).',
  );
}
