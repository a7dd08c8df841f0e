import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { storing } from '../../ports/whole-file.ts';
import { standingOf } from './page-names.ts';

const PIECE = /^items-[0-9a-f]{16}\.js$/;

/**
 * Removes scripts of items that the page in front of the folder no longer loads, if they are ours.
 * Thumbnails stay: an image that comes back has its own again.
 */
export async function removeOldPieces(folder: string, pieces: readonly string[]): Promise<void> {
  const names = await storing(folder, () => readdir(folder));
  const old = names.filter((name) => PIECE.test(name) && !pieces.includes(name));
  for (const name of old) {
    const path = join(folder, name);
    if ((await standingOf(path)) === 'ours') await storing(path, () => rm(path, { force: true }));
  }
}
