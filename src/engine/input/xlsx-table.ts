import { isDate } from 'node:util/types';
import { readSheet, type CellValue } from 'read-excel-file/node';
import { isoTime } from '../core/iso-time.ts';
import { headlessWarning, readHeadingRow } from './heading-row.ts';
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
  try {
    const rows = await readSheet(path, { trim: false });
    return rows.map((cells) => cells.map(asText));
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    throw refusal(
      path,
      `The file cannot be read as an Excel workbook (${words})`,
      'Open it in a spreadsheet program and save it as XLSX or CSV (UTF-8).',
    );
  }
}

function asText(cell: CellValue | null): string {
  if (cell === null) return '';
  if (isDate(cell)) return dateText(cell.getTime());
  return String(cell);
}

const DAY_SECONDS = 86_400;
/** Days from Excel's day 0 to 1970-01-01. */
const EPOCH_DAYS = 25_569;

/** Small serial numbers are times of day (or durations), the others dates. */
function dateText(epochMs: number): string {
  // Rounded, because 16:09 is stored as 0.672916… and would come out as 16:08:59.
  const seconds = Math.round(epochMs / 1000);
  const serialSeconds = seconds + EPOCH_DAYS * DAY_SECONDS;
  if (serialSeconds < 366 * DAY_SECONDS) return clock(serialSeconds);
  const time = serialSeconds % DAY_SECONDS;
  const day = isoTime(seconds * 1000).slice(0, 10);
  return time === 0 ? day : `${day} ${clock(time)}`;
}

function clock(seconds: number): string {
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}
