import { createHash } from 'node:crypto';
import { assert, StorageError } from '../core/errors.ts';
import type { BlobStore } from './blob-store.ts';
import { inBucket, isMissing, openS3Bucket, type S3Settings } from './s3-bucket.ts';

export type { S3Settings } from './s3-bucket.ts';

/** Readings of an object whose body breaks off, or comes otherwise than it was put. */
const MOST_READINGS = 3;

/** A blob store of objects: `PREFIXab/cdef…`. */
export async function openS3Blobs(settings: S3Settings): Promise<BlobStore & AsyncDisposable> {
  const bucket = await openS3Bucket(settings);
  const { client, name: Bucket } = bucket;
  const { GetObjectCommand, HeadBucketCommand, HeadObjectCommand, PutObjectCommand } =
    bucket.commands;
  const keyOf = (hash: string): string => {
    assert(/^[0-9a-f]{64}$/.test(hash), `a blob is named by its SHA-256, not by "${hash}"`);
    return `${bucket.prefix}${hash.slice(0, 2)}/${hash.slice(2)}`;
  };
  const placeOf = (hash: string) => bucket.placeOf(keyOf(hash));

  /** The bytes, or why they did not come whole: what the SDK cannot send again by itself. */
  const read = async (hash: string): Promise<Uint8Array | StorageError> => {
    const place = placeOf(hash);
    const command = new GetObjectCommand({ Bucket, Key: keyOf(hash) });
    const { Body } = await inBucket(place, () => client.send(command));
    try {
      const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array();
      return hashOf(bytes) === hash ? bytes : new StorageError('damaged', place);
    } catch (error) {
      return new StorageError('failed', place, error);
    }
  };

  return {
    put: async (bytes) => {
      const digest = createHash('sha256').update(bytes).digest();
      const hash = digest.toString('hex');
      const command = new PutObjectCommand({
        Bucket,
        Key: keyOf(hash),
        Body: bytes,
        ContentLength: bytes.length,
        // The bucket refuses what arrives otherwise than it was sent.
        ChecksumSHA256: digest.toString('base64'),
      });
      await inBucket(placeOf(hash), () => client.send(command));
      return { hash, bytes: bytes.length };
    },
    get: async (hash) => {
      for (let reading = 1; ; reading += 1) {
        const found = await read(hash);
        if (!(found instanceof StorageError)) return found;
        if (reading >= MOST_READINGS) throw found;
      }
    },
    has: async (hash) => {
      try {
        const command = new HeadObjectCommand({ Bucket, Key: keyOf(hash) });
        const { ContentLength = 0 } = await inBucket(placeOf(hash), () => client.send(command));
        return ContentLength > 0;
      } catch (error) {
        if (isMissing(error)) return false;
        throw error;
      }
    },
    // A bucket is never full; asking finds out, before anything is paid, whether it can be reached.
    freeBytes: async () => {
      const place = `s3://${Bucket}`;
      await inBucket(place, () => client.send(new HeadBucketCommand({ Bucket }))).catch((error) => {
        // It is the bucket itself that is missing, and no stored file.
        if (!isMissing(error)) throw error;
        throw new StorageError('failed', place, new Error('there is no such bucket'));
      });
      return Number.MAX_SAFE_INTEGER;
    },
    [Symbol.asyncDispose]: () => bucket[Symbol.asyncDispose](),
  };
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
