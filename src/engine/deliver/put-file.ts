import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { StorageError } from '../core/errors.ts';
import { codeOf, isThere, makeFolder, storing, writeNew } from '../ports/whole-file.ts';

/** Whether what is there is the new file, in other bytes: signed at another time. */
export type IsSame = (existing: Uint8Array, fresh: Uint8Array) => Promise<boolean>;

/**
 * Writes a new file whole, in folders that are made for it. Gives the bytes that `file` holds afterwards;
 * `undefined` when something else has that name: it is left as it is. Throws `StorageError`.
 */
export async function putFile(
  outFolder: string,
  file: string,
  bytes: Uint8Array,
  isSame?: IsSame,
): Promise<Uint8Array | undefined> {
  const path = join(outFolder, file);
  if (await isThere(path)) return await sameAt(path, bytes, isSame);
  // The out folder was made when it was opened; somebody may have removed it since.
  if (dirname(path) !== outFolder) await makeFolder(dirname(path));
  const isWritten = await writeNew(path, bytes, outFolder).catch(async (error: unknown) => {
    if (!(error instanceof StorageError) || error.fault !== 'missing') throw error;
    await makeFolder(dirname(path));
    return await writeNew(path, bytes, outFolder);
  });
  return isWritten ? bytes : await sameAt(path, bytes, isSame);
}

/** Whether `path` is free, or holds this file already. */
export async function isFreeFor(
  path: string,
  bytes: Uint8Array,
  isSame?: IsSame,
): Promise<boolean> {
  return !(await isThere(path)) || (await sameAt(path, bytes, isSame)) !== undefined;
}

/** What stands at `path`, if it is this file. Signatures are of one length, whenever they are made. */
async function sameAt(
  path: string,
  bytes: Uint8Array,
  isSame: IsSame | undefined,
): Promise<Uint8Array | undefined> {
  return await storing(path, async () => {
    const found = await statIfAny(path);
    if (found === undefined || !found.isFile() || found.size !== bytes.length) return undefined;
    const existing = await readFile(path);
    if (existing.equals(bytes) || (await isSame?.(existing, bytes))) return existing;
    return undefined;
  });
}

async function statIfAny(path: string): Promise<Awaited<ReturnType<typeof stat>> | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}
