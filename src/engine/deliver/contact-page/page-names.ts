import { open } from 'node:fs/promises';
import { storing, codeOf } from '../../ports/whole-file.ts';

export const CONTACT_PAGE_FILE = 'contact-sheet.html';

/** Stands in the first bytes of every page and script of ours, by which they are known. */
export const PAGE_MARK = 'imagemill-contact-sheet-1';

/** The folder with a page's thumbnails and scripts, beside it. */
export function itemsFolderOf(file: string): string {
  return file.replace(/\.\w+$/, '');
}

/** Whether the file may be written: it is not there, or it is a page or script of ours. */
export async function standingOf(path: string): Promise<'free' | 'ours' | 'foreign'> {
  return await storing(path, async () => {
    try {
      await using file = await open(path, 'r');
      const { buffer, bytesRead } = await file.read(Buffer.alloc(128), 0, 128, 0);
      return buffer.toString('utf8', 0, bytesRead).includes(PAGE_MARK) ? 'ours' : 'foreign';
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return 'free';
      throw error;
    }
  });
}
