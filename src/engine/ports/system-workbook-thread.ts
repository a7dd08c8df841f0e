/** What the thread of `system-workbook.ts` does: unpacks one Excel file, and says what stands in its first worksheet. */
import { isDate } from 'node:util/types';
import { parentPort, workerData } from 'node:worker_threads';
import { readSheet, type CellValue } from 'read-excel-file/node';
import { isoTime } from '../core/iso-time.ts';

/** A `Worker` reads one file, and tells one of these. */
export type WorkbookAnswer =
  | { readonly rows: string[][] }
  | { readonly problem: string }
  | { readonly isTooLarge: true };

/** Bytes that a file may unpack to: 1 GiB. A thread's own bound counts none of them. */
const MOST_UNPACKED = 2 ** 30;
const LOOK_EVERY_MS = 20;
/** All of them go to whoever asked, and stay in memory there. */
const MOST_CELLS = 10_000_000;

const watch = setInterval(() => {
  if (process.memoryUsage().arrayBuffers > MOST_UNPACKED) tell({ isTooLarge: true });
}, LOOK_EVERY_MS);

async function read(path: string): Promise<WorkbookAnswer> {
  try {
    const rows = await readSheet(path, { trim: false });
    const cells = rows.reduce((sum, row) => sum + row.length, 0);
    return cells > MOST_CELLS ? { isTooLarge: true } : { rows: rows.map((row) => row.map(asText)) };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

/** Whoever is told ends the thread, whatever is still being unpacked. */
function tell(answer: WorkbookAnswer): void {
  clearInterval(watch);
  parentPort?.postMessage(answer);
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

tell(await read(workerData as string));
