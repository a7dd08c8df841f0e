/** Downloads an object into a file. One that breaks off goes on where it was; nothing counts as there before it is whole. */
import { createHash, type Hash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { StorageError } from '../core/errors.ts';
import { storing } from '../ports/whole-file.ts';
import { inBucket, isMissing, type S3Bucket } from './s3-bucket.ts';

/** Times in a row that a body may break off before it has brought this much. */
const MOST_BREAKS = 4;
const PROGRESS_BYTES = 2 ** 20;

export interface DownloadOrder {
  readonly key: string;
  /** A new file; it is flushed. */
  readonly to: string;
  readonly bytes: number;
  /** Absent: only its length is known. */
  readonly sha256?: string;
  readonly etag?: string;
}

/** Throws `StorageError`: `damaged` where it did not come as it was put. */
export async function downloadFile(bucket: S3Bucket, order: DownloadOrder): Promise<void> {
  const { to, key, bytes, sha256 } = order;
  await using file = await storing(to, () => open(to, 'w'));
  const hash = createHash('sha256');
  let [offset, breaks, before] = [0, 0, 0];
  while (offset < bytes) {
    const part = await readFrom(bucket, order, offset, { file, hash });
    offset += part.read;
    if (part.trouble === undefined) break;
    breaks = offset - before >= PROGRESS_BYTES ? 1 : breaks + 1;
    before = offset;
    if (breaks >= MOST_BREAKS) throw part.trouble;
  }
  if (offset !== bytes || (sha256 !== undefined && hash.digest('hex') !== sha256)) {
    throw new StorageError('damaged', bucket.placeOf(key));
  }
  await storing(to, () => file.sync());
}

interface Target {
  readonly file: FileHandle;
  readonly hash: Hash;
}

/** How many bytes came, and what ended them before their time. */
async function readFrom(
  bucket: S3Bucket,
  { key, to, bytes, etag }: DownloadOrder,
  offset: number,
  { file, hash }: Target,
): Promise<{ readonly read: number; readonly trouble?: StorageError }> {
  const { client, commands, name: Bucket } = bucket;
  const place = bucket.placeOf(key);
  const command = new commands.GetObjectCommand({
    Bucket,
    Key: key,
    ...(offset > 0 && { Range: `bytes=${offset}-` }),
    ...(etag !== undefined && { IfMatch: etag }),
  });
  const answer = await inBucket(place, () => client.send(command));
  let read = 0;
  try {
    for await (const chunk of answer.Body as AsyncIterable<Buffer>) {
      if (offset + read + chunk.length > bytes) throw new StorageError('damaged', place);
      await storing(to, () => file.write(chunk));
      hash.update(chunk);
      read += chunk.length;
    }
  } catch (error) {
    // A disk that is full stays so.
    if (error instanceof StorageError && !isMissing(error)) throw error;
    return { read, trouble: new StorageError('failed', place, error) };
  }
  if (offset + read === bytes) return { read };
  return { read, trouble: new StorageError('failed', place, new Error('the body was cut')) };
}
