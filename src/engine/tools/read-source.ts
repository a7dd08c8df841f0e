/** The bytes of one source, and which version of it they are. */
import { join } from 'node:path';
import { StorageError } from '../core/errors.ts';
import { openToRead } from '../ports/open-file.ts';
import { codeOf } from '../ports/whole-file.ts';
import type { BlobStore } from '../store/blob-store.ts';
import type { WaitingSource } from '../store/store.ts';
import { nameProblem, versionOf } from './list-sources.ts';

/** A picture's bytes are in memory as a whole, a few times over. */
const MOST_BYTES = 300_000_000;
/** Readings of a file that somebody is writing, before it is given up. */
const MOST_READINGS = 3;

export type SourceBytes =
  | { readonly kind: 'read'; readonly bytes: Uint8Array; readonly version: string }
  /** It cannot be read; why, and what to do. */
  | { readonly kind: 'unreadable'; readonly reason: string };

/** A stored master, whose version is its hash. */
export async function readMaster(
  blobs: BlobStore,
  { version }: WaitingSource,
): Promise<SourceBytes> {
  try {
    return { kind: 'read', bytes: await blobs.get(version), version };
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    return { kind: 'unreadable', reason: error.message };
  }
}

/** A file below `base`, read between two looks at it that show the same. */
export async function readFileSource(
  base: string,
  { source }: WaitingSource,
): Promise<SourceBytes> {
  try {
    await using file = await openToRead(join(base, source));
    for (let reading = 1; reading <= MOST_READINGS; reading += 1) {
      const before = await file.stat();
      if (before.isDirectory()) return unreadable('The folder cannot be read.');
      if (!before.isFile()) return unreadable('It is neither a file nor a folder.');
      if (before.size > MOST_BYTES) return unreadable(tooLarge(before.size));
      const bytes = Buffer.alloc(before.size);
      const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
      const version = versionOf(before);
      if (bytesRead === bytes.length && versionOf(await file.stat()) === version) {
        return { kind: 'read', bytes, version };
      }
    }
    return unreadable('It is being changed. Run the same command again when it is complete.');
  } catch (error) {
    const code = codeOf(error);
    if (code === undefined) throw error;
    return unreadable(
      code === 'ENOENT'
        ? (nameProblem(source) ?? 'It is not there any more.')
        : `It cannot be read (${code}). Give this user the right to, and add --retry-failed.`,
    );
  }
}

function unreadable(reason: string): SourceBytes {
  return { kind: 'unreadable', reason };
}

function tooLarge(bytes: number): string {
  const megabytes = Math.ceil(bytes / 1e6).toLocaleString('en-US');
  return `It has ${megabytes} MB, and pictures of at most ${MOST_BYTES / 1e6} MB are worked on. Make it smaller first.`;
}
