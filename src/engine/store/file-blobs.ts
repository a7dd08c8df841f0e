import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { assert, StorageError } from '../core/errors.ts';
import {
  codeOf,
  freeBytes,
  makeFolder,
  removeLeftovers,
  storing,
  writeWhole,
} from '../ports/whole-file.ts';
import type { BlobStore } from './blob-store.ts';

/**
 * A blob store of files: `FOLDER/ab/cdef…`, the hash cut after two digits so that no folder grows too
 * large. Several processes may use one folder at once. What a killed process left half-written is
 * removed when the folder is opened.
 */
export async function openFileBlobs(folder: string): Promise<BlobStore> {
  const incoming = join(folder, 'incoming');
  await makeFolder(incoming);
  await removeLeftovers(incoming);

  const pathOf = (hash: string): string => {
    assert(/^[0-9a-f]{64}$/.test(hash), `a blob is named by its SHA-256, not by "${hash}"`);
    return join(folder, hash.slice(0, 2), hash.slice(2));
  };

  const prepared = new Set<string>();
  const prepare = async (subfolder: string): Promise<void> => {
    if (prepared.has(subfolder)) return;
    await makeFolder(subfolder);
    prepared.add(subfolder);
  };

  return {
    put: async (bytes) => {
      const hash = hashOf(bytes);
      const path = pathOf(hash);
      if (!(await holds(path, hash))) {
        await prepare(dirname(path));
        await writeWhole(path, bytes, incoming);
      }
      return { hash, bytes: bytes.length };
    },
    get: async (hash) => {
      const path = pathOf(hash);
      const bytes = await storing(path, () => readFile(path));
      if (hashOf(bytes) !== hash) throw new StorageError('damaged', path);
      return bytes;
    },
    has: async (hash) => {
      const path = pathOf(hash);
      const found = await storing(path, () => unlessMissing(stat(path)));
      return found !== undefined && found.size > 0;
    },
    path: pathOf,
    freeBytes: () => freeBytes(folder),
  };
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

async function holds(path: string, hash: string): Promise<boolean> {
  const bytes = await storing(path, () => unlessMissing(readFile(path)));
  return bytes !== undefined && hashOf(bytes) === hash;
}

async function unlessMissing<Result>(reading: Promise<Result>): Promise<Result | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}
