import { rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { StorageError } from '../core/errors.ts';
import type { Problem } from '../core/errors.ts';
import {
  codeOf,
  freeBytes,
  makeFolder,
  removeLeftovers,
  storing,
  writeWhole,
} from '../ports/whole-file.ts';

/** Room for a picture of any model and for the sheets beside it. */
const LEAST_FREE_BYTES = 16 * 1024 * 1024;

export interface OutFolderNeeds {
  /** Bytes that are going to be written there. Default: 0, no check. */
  readonly neededBytes?: number;
}

/**
 * Everything that would keep a run from delivering into `folder`, found before a credit is spent. It
 * really writes a file and removes it; a folder that did not exist is not left behind.
 */
export async function checkOutFolder(
  folder: string,
  { neededBytes = 0 }: OutFolderNeeds = {},
): Promise<Problem[]> {
  const path = resolve(folder);
  const existing = await nearestExisting(path);
  try {
    await tryOutFolder(path);
    const free = await freeBytes(path);
    return free < neededBytes ? [tooSmall(path, neededBytes, free)] : [];
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    return [
      {
        value: path,
        message: `The out folder cannot be used: ${wordsOf(error)}`,
        remedy:
          error.fault === 'full' ? 'Free some space there.' : 'Choose another folder with --out.',
      },
    ];
  } finally {
    await removeEmpty(path, existing);
  }
}

/** What a system says in letters, as people say it. */
const WORDS: Readonly<Record<string, string>> = {
  ENOTDIR: 'a file stands where a folder should be',
  EEXIST: 'a file stands where a folder should be',
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'its disk can only be read',
  ENOSPC: 'its disk is full',
  EDQUOT: 'its disk has no room left for this user',
  ENAMETOOLONG: 'its name is too long',
};

function wordsOf({ cause, message }: StorageError): string {
  return WORDS[codeOf(cause) ?? ''] ?? (cause instanceof Error ? cause.message : message);
}

/** Makes the folder ready to be delivered into. Throws `StorageError` when it is not, or nearly full. */
export async function requireOutFolder(folder: string): Promise<void> {
  await tryOutFolder(folder);
  if ((await freeBytes(folder)) < LEAST_FREE_BYTES) throw new StorageError('full', folder);
}

/** Really writes. */
async function tryOutFolder(folder: string): Promise<void> {
  await makeFolder(folder);
  await removeLeftovers(folder);
  const probe = join(folder, '.imagemill-probe');
  await writeWhole(probe, Buffer.alloc(4096));
  await storing(probe, () => rm(probe, { force: true }));
}

function tooSmall(path: string, needed: number, free: number): Problem {
  const megabytes = (bytes: number) => `${Math.ceil(bytes / 1e6).toLocaleString('en-US')} MB`;
  return {
    value: path,
    message: `The images need about ${megabytes(needed)}, and ${megabytes(free)} are free`,
    remedy: 'Free some space there, or choose another folder with --out.',
  };
}

async function nearestExisting(path: string): Promise<string> {
  for (let folder = path; ; folder = dirname(folder)) {
    const found = await stat(folder).catch(() => undefined);
    if (found !== undefined || dirname(folder) === folder) return folder;
  }
}

/** Removes the empty folders from `path` up to, not including, `until`. */
async function removeEmpty(path: string, until: string): Promise<void> {
  for (let folder = path; folder.length > until.length; folder = dirname(folder)) {
    const removed = await rmdir(folder).then(
      () => true,
      () => false,
    );
    if (!removed) return;
  }
}
