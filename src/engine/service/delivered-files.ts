/** Files of a run's out folder: its sheets, its contact page with what that shows, and finished images. */
import { realpath, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { CONTACT_PAGE_FILE } from '../deliver/contact-page/page-names.ts';
import { CONTACT_SHEET_FILE } from '../deliver/contact-sheet.ts';
import { MANIFEST_FILE } from '../deliver/manifest.ts';
import { withRunId } from '../deliver/own-names.ts';
import type { HomeFiles } from '../store/home-files.ts';
import type { StoredRun } from '../store/stored-run.ts';

const SHEETS = {
  manifest: MANIFEST_FILE,
  'contact-sheet': CONTACT_SHEET_FILE,
  'contact-page': CONTACT_PAGE_FILE,
} as const;

export type DeliveredSheet = keyof typeof SHEETS;

/** Its name in the out folder; `undefined`: it is not there (yet). */
export async function deliveredSheet(
  files: HomeFiles,
  run: StoredRun,
  sheet: DeliveredSheet,
): Promise<string | undefined> {
  for (const name of [withRunId(SHEETS[sheet], run.id), SHEETS[sheet]]) {
    if ((await deliveredFile(files, run, [name])) !== undefined) return name;
  }
  return undefined;
}

/**
 * The absolute path of a regular file in the out folder, by the names on the way to it; `undefined` for
 * everything else: names that lead elsewhere, links that do, what is not there.
 */
export async function deliveredFile(
  files: HomeFiles,
  { out }: StoredRun,
  names: readonly string[],
): Promise<string | undefined> {
  if (names.length === 0 || !names.every(isPlainName)) return undefined;
  const path = join(out, ...names);
  if (!(await files.bring(path))) return undefined;
  try {
    const inside = relative(await realpath(out), await realpath(path));
    if (inside !== names.join(sep)) return undefined;
    return (await stat(path)).isFile() ? path : undefined;
  } catch {
    return undefined;
  }
}

function isPlainName(name: string): boolean {
  // oxlint-disable-next-line no-control-regex -- such names are none of ours
  return /^[^/\\\u0000-\u001f]{1,255}$/.test(name) && !name.startsWith('.');
}
