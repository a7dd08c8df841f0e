import { createHash } from 'node:crypto';
import type { S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { assert, StorageError, type StorageFault } from '../core/errors.ts';
import type { BlobStore } from './blob-store.ts';

/** Where images are kept instead of a folder: a bucket of Amazon S3, or of a server that speaks as it does. */
export interface S3Settings {
  readonly bucket: string;
  /** Of a server that is not Amazon's; buckets are then named in the path. */
  readonly endpoint?: string;
  /** Default: us-east-1, which servers other than Amazon's ignore. */
  readonly region?: string;
  /** Keys begin with it: `imagemill/`. Default: none. */
  readonly prefix?: string;
}

/** 4 sendings of a call at most. Puts and gets name their bytes by hash, so they may be repeated freely. */
const MOST_ATTEMPTS = 4;
/** 10 s to connect; 2 min without a byte of an answer. */
const CONNECT_TIMEOUT_MS = 10_000;
const ANSWER_TIMEOUT_MS = 120_000;
const CONNECTIONS = 64;

/**
 * A blob store of objects: `PREFIXab/cdef…`. Credentials are found as all programs for AWS find them:
 * `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`, a profile, or the machine's role. The SDK is loaded here,
 * so that nobody waits for it who keeps images in a folder.
 */
export async function openS3Blobs(settings: S3Settings): Promise<BlobStore & AsyncDisposable> {
  const { GetObjectCommand, HeadBucketCommand, HeadObjectCommand, PutObjectCommand, S3Client } =
    await import('@aws-sdk/client-s3');
  const client: S3Client = new S3Client({
    region: settings.region ?? 'us-east-1',
    ...(settings.endpoint && { endpoint: settings.endpoint, forcePathStyle: true }),
    maxAttempts: MOST_ATTEMPTS,
    // Servers other than Amazon's do not know the SDK's own checksums; ours is the name.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      connectionTimeout: CONNECT_TIMEOUT_MS,
      requestTimeout: ANSWER_TIMEOUT_MS,
      httpAgent: { maxSockets: CONNECTIONS },
      httpsAgent: { maxSockets: CONNECTIONS },
    },
  });
  const Bucket = settings.bucket;
  const keyOf = (hash: string): string => {
    assert(/^[0-9a-f]{64}$/.test(hash), `a blob is named by its SHA-256, not by "${hash}"`);
    return `${settings.prefix ?? ''}${hash.slice(0, 2)}/${hash.slice(2)}`;
  };
  const placeOf = (hash: string) => `s3://${Bucket}/${keyOf(hash)}`;

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
      await storing(placeOf(hash), () => client.send(command));
      return { hash, bytes: bytes.length };
    },
    get: async (hash) => {
      const place = placeOf(hash);
      const bytes = await storing(place, async () => {
        const answer = await client.send(new GetObjectCommand({ Bucket, Key: keyOf(hash) }));
        return (await answer.Body?.transformToByteArray()) ?? new Uint8Array();
      });
      const found = createHash('sha256').update(bytes).digest('hex');
      if (found !== hash) throw new StorageError('damaged', place);
      return bytes;
    },
    has: async (hash) => {
      try {
        const command = new HeadObjectCommand({ Bucket, Key: keyOf(hash) });
        const { ContentLength = 0 } = await storing(placeOf(hash), () => client.send(command));
        return ContentLength > 0;
      } catch (error) {
        if (error instanceof StorageError && error.fault === 'missing') return false;
        throw error;
      }
    },
    // A bucket is never full; asking finds out, before anything is paid, whether it can be reached.
    freeBytes: async () => {
      const place = `s3://${Bucket}`;
      await storing(place, () => client.send(new HeadBucketCommand({ Bucket }))).catch((error) => {
        // It is the bucket itself that is missing, and no stored file.
        if (!(error instanceof StorageError) || error.fault !== 'missing') throw error;
        throw new StorageError('failed', place, new Error('there is no such bucket'));
      });
      return Number.MAX_SAFE_INTEGER;
    },
    [Symbol.asyncDispose]: async () => client.destroy(),
  };
}

/** What the bucket or the network says against a call becomes a `StorageError` about `place`. */
async function storing<Result>(place: string, call: () => Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    throw new StorageError(faultOf(error), place, wordsOf(error));
  }
}

function faultOf(error: unknown): StorageFault {
  const { name, $metadata } = error as Partial<S3ServiceException>;
  const status = $metadata?.httpStatusCode;
  if (name === 'NoSuchKey' || (status === 404 && name !== 'NoSuchBucket')) return 'missing';
  if (status === 507 || /QuotaExceeded|StorageFull/.test(name ?? '')) return 'full';
  if (name === 'CredentialsProviderError' || status === 401 || status === 403) {
    return 'not-writable';
  }
  return 'failed';
}

/** The answer to a question about headers has no words of its own: the SDK calls it `UnknownError`. */
function wordsOf(error: unknown): Error {
  const { name, message, $metadata } = error as Partial<S3ServiceException>;
  const status = $metadata?.httpStatusCode;
  const words = [name, message, status && `status ${status}`].filter(Boolean).join(', ');
  return new Error(words === '' ? String(error) : words, { cause: error });
}
