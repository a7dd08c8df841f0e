import { rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isThere, makeFolder, storing } from '../ports/whole-file.ts';
import { REPLACED_FOLDER } from './own-names.ts';

/** Names tried for a file that was replaced before. */
const MOST_NAMES = 1_000;

/**
 * Moves a delivered file into the folder `replaced`, so that its name is free for the row's new image.
 * Nothing is overwritten or deleted. Returns its name from now on; one that is there already, or gone,
 * stays as it is. Throws `StorageError`.
 */
export async function setAside(outFolder: string, file: string): Promise<string> {
  if (isSetAside(file) || !(await isThere(join(outFolder, file)))) return file;
  for (let number = 1; number <= MOST_NAMES; number += 1) {
    const aside = `${REPLACED_FOLDER}/${number === 1 ? '' : `${number}-`}${file}`;
    const path = join(outFolder, aside);
    if (await isThere(path)) continue;
    await makeFolder(dirname(path));
    await storing(path, () => rename(join(outFolder, file), path));
    return aside;
  }
  return file;
}

export function isSetAside(file: string): boolean {
  return file.startsWith(`${REPLACED_FOLDER}/`);
}
