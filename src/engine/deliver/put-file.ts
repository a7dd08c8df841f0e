import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { codeOf, makeFolder, storing, writeNew } from '../ports/whole-file.ts';

/**
 * Writes a new file whole, in folders that are made for it. Whether `file` holds the bytes afterwards;
 * false when something else has that name: it is left as it is. Throws `StorageError`.
 */
export async function putFile(
  outFolder: string,
  file: string,
  bytes: Uint8Array,
): Promise<boolean> {
  const path = join(outFolder, file);
  if (await isThere(path)) return await holdsSame(path, bytes);
  await makeFolder(dirname(path));
  return (await writeNew(path, bytes, outFolder)) || (await holdsSame(path, bytes));
}

/** Whether `path` is free, or holds these bytes already. */
export async function isFreeFor(path: string, bytes: Uint8Array): Promise<boolean> {
  return !(await isThere(path)) || (await holdsSame(path, bytes));
}

async function isThere(path: string): Promise<boolean> {
  return (await storing(path, () => statIfAny(path))) !== undefined;
}

export async function holdsSame(path: string, bytes: Uint8Array): Promise<boolean> {
  return await storing(path, async () => {
    const found = await statIfAny(path);
    if (found === undefined || !found.isFile() || found.size !== bytes.length) return false;
    return (await readFile(path)).equals(bytes);
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
