/** Names in an out folder that are Imagemill's own: an image never takes one of them. */
import { CONTACT_PAGE_FILE, itemsFolderOf } from './contact-page/page-names.ts';
import { CONTACT_SHEET_FILE } from './contact-sheet.ts';
import { CHECKSUMS_FILE } from './export/checksums.ts';
import { MANIFEST_FILE } from './manifest.ts';
import { RESULTS_FILE } from './results-sheet.ts';

/** Originals that their vendor has signed, beside what was made of them. */
export const ORIGINALS_FOLDER = 'originals';
/** Images of rows that were changed or taken out of the sheet. */
export const REPLACED_FOLDER = 'replaced';

const SHEETS = [RESULTS_FILE, MANIFEST_FILE, CONTACT_SHEET_FILE, CONTACT_PAGE_FILE, CHECKSUMS_FILE];

/** Of a run's sheets, each as it is usually called and as it is where somebody else has that name. */
export function sheetNames(runId: string): readonly string[] {
  return SHEETS.flatMap((file) => [file, withRunId(file, runId)]);
}

/** `results-r7k2….csv` */
export function withRunId(file: string, runId: string): string {
  return file.replace(/(\.\w+)?$/, `-${runId}$1`);
}

/** Whether a folder in the out folder is one of ours, or stands where a sheet of ours is written. */
export function isOwnFolder(name: string, runId: string): boolean {
  const page = itemsFolderOf(CONTACT_PAGE_FILE);
  const folders = [ORIGINALS_FOLDER, REPLACED_FOLDER, page, withRunId(page, runId)];
  const own = [...folders, ...sheetNames(runId)];
  return own.some((each) => fold(each) === fold(name));
}

/** As file systems that take no notice of case compare names. */
function fold(name: string): string {
  return name.normalize('NFKD').toUpperCase().toLowerCase();
}
