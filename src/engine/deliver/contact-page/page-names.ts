import { join } from 'node:path';
import { StorageError } from '../../core/errors.ts';
import { openToRead } from '../../ports/open-file.ts';
import { codeOf, storing } from '../../ports/whole-file.ts';

export const CONTACT_PAGE_FILE = 'contact-sheet.html';

/** Stands in the first bytes of every page and script of ours, by which they are known. */
export const PAGE_MARK = 'imagemill-contact-sheet-1';

/** The folder with a page's thumbnails and scripts, beside it. */
export function itemsFolderOf(file: string): string {
  return file.replace(/\.\w+$/, '');
}

/**
 * The name under which a page may be written: `wanted`, or with the source's id in it where a file of
 * that name is not ours. Throws `StorageError` when both are somebody else's.
 */
export async function pageName(outFolder: string, wanted: string, id: string): Promise<string> {
  const other = wanted.replace(/(\.\w+)$/, `-${id}$1`);
  for (const name of [wanted, other]) {
    if ((await standingOf(join(outFolder, name))) !== 'foreign') return name;
  }
  const cause = new Error('a file that is not ours has its name');
  throw new StorageError('failed', join(outFolder, other), cause);
}

/** Whether the file may be written: it is not there, or it is a page or script of ours. */
export async function standingOf(path: string): Promise<'free' | 'ours' | 'foreign'> {
  return await storing(path, async () => {
    try {
      await using file = await openToRead(path);
      const { buffer, bytesRead } = await file.read(Buffer.alloc(128), 0, 128, 0);
      return buffer.toString('utf8', 0, bytesRead).includes(PAGE_MARK) ? 'ours' : 'foreign';
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return 'free';
      throw error;
    }
  });
}
