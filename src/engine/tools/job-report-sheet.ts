/** The table of a job in its out folder, written whole when the job is done. */
import { join } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import { protectCell } from '../core/formula-safe.ts';
import type { JobFile } from '../core/job.ts';
import { openToRead } from '../ports/open-file.ts';
import { codeOf, storing, writeWhole } from '../ports/whole-file.ts';
import type { JobReportSheet } from './job-work.ts';

/** Excel takes a file without it for the local code page. */
const BYTE_ORDER_MARK = '\u{FEFF}';

/** Of jobs that make files: a line for each file, or for a picture of which none could be made. */
export const FILES_REPORT: JobReportSheet = {
  file: 'finish-report.csv',
  columns: [
    'source',
    'output',
    'state',
    'reason',
    'bytes_before',
    'bytes_after',
    'width',
    'height',
  ],
  lines: ({ name, state, reason = '', bytes, outputs }) => {
    const before = bytes === 0 ? '' : String(bytes);
    if (outputs.length === 0 || state === 'failed') {
      return [[name, '', state, reason, before, '', '', '']];
    }
    return outputs.map((output) => [
      name,
      output.file,
      state,
      reason,
      before,
      String(output.bytes),
      String(output.width),
      String(output.height),
    ]);
  },
};

/**
 * The report's name in the folder: its usual one where that is free or the job's own already; otherwise
 * one with the job's id, so that nobody else's table is replaced.
 */
export async function reportName(
  out: string,
  sheet: JobReportSheet,
  job: { readonly id: string; readonly reportFile?: string },
): Promise<string> {
  const own = sheet.file.replace(/(\.\w+)$/, `-${job.id}$1`);
  const head = await headOf(join(out, sheet.file), headLine(sheet).length + 4);
  if (head === undefined) return sheet.file;
  const isOurs = job.reportFile === sheet.file && head.startsWith(headLine(sheet));
  return isOurs ? sheet.file : own;
}

/** UTF-8 with a byte order mark; cells that a spreadsheet would take for formulas are protected. */
export async function writeReport(
  out: string,
  file: string,
  sheet: JobReportSheet,
  files: AsyncIterable<JobFile>,
): Promise<void> {
  await writeWhole(join(out, file), lines(sheet, files), out);
}

async function* lines(
  sheet: JobReportSheet,
  files: AsyncIterable<JobFile>,
): AsyncGenerator<string> {
  yield headLine(sheet);
  for await (const file of files) {
    for (const cells of sheet.lines(file)) yield line(cells);
  }
}

function headLine({ columns }: JobReportSheet): string {
  return BYTE_ORDER_MARK + line(columns);
}

function line(cells: readonly string[]): string {
  return stringify([cells.map(protectCell)]);
}

/** The beginning of a file as text; `undefined` when there is none. */
async function headOf(path: string, bytes: number): Promise<string | undefined> {
  return await storing(path, async () => {
    try {
      await using file = await openToRead(path);
      const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, 0);
      return buffer.toString('utf8', 0, bytesRead);
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined;
      throw error;
    }
  });
}
