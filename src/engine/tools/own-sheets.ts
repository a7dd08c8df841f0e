/**
 * What Imagemill itself puts beside pictures, and which is none of those to work on: contact sheets with
 * their thumbnails, and of a delivery also what was replaced and the signed originals (the images made of
 * them lie beside). A name alone proves nothing: a manifest or a page of ours stands in the folder.
 */
import { join } from 'node:path';
import { PAGE_MARK } from '../deliver/contact-page/page-names.ts';
import { MANIFEST_FORMAT } from '../deliver/manifest.ts';
import { ORIGINALS_FOLDER, REPLACED_FOLDER } from '../deliver/own-names.ts';
import { openToRead } from '../ports/open-file.ts';
import { codeOf } from '../ports/whole-file.ts';

/** With the run's id where the usual name was somebody else's; that of a folder is eight hex digits. */
const SHEET = /^contact-sheet(?:-r[a-z0-9-]+|-[0-9a-f]{8})?\.webp$/;
const PAGE = /^contact-sheet(?:-[a-z0-9-]+)?\.html$/;
const MANIFEST = /^manifest(?:-[a-z0-9-]+)?\.json$/;
const FOLDERS: readonly string[] = [ORIGINALS_FOLDER, REPLACED_FOLDER];
/** Named by what is in them: no other file is called so. */
const THUMBNAIL = /(?:^|\/)contact-sheet[^/]*\/[0-9a-f]{64}-\d+\.webp$/;

/** `path`: below the folder that was named as a source, with `/` between folders. */
export function isThumbnail(path: string): boolean {
  return THUMBNAIL.test(path);
}

/** Whether an entry of a folder may be ours, or may prove that others are. */
export function mayBeOwn(name: string): boolean {
  return FOLDERS.includes(name) || [SHEET, PAGE, MANIFEST].some((pattern) => pattern.test(name));
}

/** Whether a path, in its parts below a folder, may lead to what is ours. */
export function isOwnPlace(parts: readonly string[]): boolean {
  return parts.some((part) => mayBeOwn(part) || part.startsWith('contact-sheet'));
}

/** Those of a folder's entries that are ours. `names`: all of them that `mayBeOwn`. */
export async function ownEntries(
  folder: string,
  names: readonly string[],
): Promise<ReadonlySet<string>> {
  const sheets = names.filter((name) => SHEET.test(name));
  const folders = names.filter((name) => FOLDERS.includes(name));
  if (sheets.length + folders.length === 0) return new Set();
  const begins = async (pattern: RegExp, mark: string): Promise<boolean> => {
    const candidates = names.filter((name) => pattern.test(name));
    const heads = await Promise.all(candidates.map((name) => headOf(join(folder, name))));
    return heads.some((head) => head.includes(mark));
  };
  if (await begins(MANIFEST, MANIFEST_FORMAT)) return new Set([...sheets, ...folders]);
  return new Set((await begins(PAGE, PAGE_MARK)) ? sheets : []);
}

/** The first bytes of a file as text; none of one that cannot be read. */
async function headOf(path: string): Promise<string> {
  try {
    await using file = await openToRead(path);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(128), 0, 128, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    return '';
  }
}
