/** What of a home belongs into a backup, beside the store's database. */
import { lstat, readdir } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { codeOf, storing } from '../../ports/whole-file.ts';

export const DATABASE = 'imagemill.db';

/** The store's own files, and what is of a moment only. */
const LEFT_OUT =
  /^(imagemill\.db(-wal|-shm|-journal)?|signal|uploads|images\/incoming|lost\+found)$/;
const TEMPORARY = /(^|\/)\.imagemill-[^/]*\.tmp$/;
const IMAGE = /^images\/([0-9a-f]{2})\/([0-9a-f]{62})$/;

export interface HomeFile {
  /** Below the home, with `/` between folders. */
  readonly path: string;
  readonly bytes: number;
  readonly modified: number;
}

/** Every file of the home; links and what is neither file nor folder are passed over. */
export async function* homeFiles(home: string, below = ''): AsyncGenerator<HomeFile> {
  const folder = join(home, below);
  for (const name of (await storing(folder, () => unlessGone(readdir(folder)))) ?? []) {
    const path = below === '' ? name : `${below}/${name}`;
    if (LEFT_OUT.test(path) || TEMPORARY.test(path)) continue;
    const facts = await unlessGone(lstat(join(home, path)));
    if (facts?.isDirectory()) yield* homeFiles(home, path);
    else if (facts?.isFile()) yield { path, bytes: facts.size, modified: facts.mtimeMs };
  }
}

/** The hash that an image of the store is named by; `undefined` for other files. */
export function imageHash(path: string): string | undefined {
  const [, first, rest] = IMAGE.exec(path) ?? [];
  return first === undefined ? undefined : `${first}${rest}`;
}

/** Where a home keeps an image, below itself. */
export function imagePath(hash: string): string {
  return `images/${hash.slice(0, 2)}/${hash.slice(2)}`;
}

/** Whether one of two absolute paths is the other or lies in it. */
export function overlap(one: string, other: string): boolean {
  return `${one}${sep}`.startsWith(`${other}${sep}`) || `${other}${sep}`.startsWith(`${one}${sep}`);
}

async function unlessGone<Result>(reading: Promise<Result>): Promise<Result | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}
