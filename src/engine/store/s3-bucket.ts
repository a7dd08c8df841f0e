/** A bucket of Amazon S3, or of a server that speaks as it does, as all who keep something there use it. */
import type { S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { StorageError, type StorageFault } from '../core/errors.ts';

/** Where things are kept instead of a folder: a bucket of Amazon S3, or of a server that speaks as it does. */
export interface S3Settings {
  readonly bucket: string;
  /** Of a server that is not Amazon's; buckets are then named in the path. */
  readonly endpoint?: string;
  /** Default: us-east-1, which servers other than Amazon's ignore. */
  readonly region?: string;
  /** Keys begin with it: `imagemill/`. Default: none. */
  readonly prefix?: string;
  /** How long the next byte is waited for. Default: 30 s. */
  readonly silenceMs?: number;
}

/** 6 sendings of a call at most, over a few seconds. Whatever is sent may be repeated freely. */
const MOST_ATTEMPTS = 6;
const CONNECT_TIMEOUT_MS = 10_000;
const LONGEST_SILENCE_MS = 30_000;
const CONNECTIONS = 64;

export interface S3Bucket extends AsyncDisposable {
  /** The SDK's commands. */
  readonly commands: typeof import('@aws-sdk/client-s3');
  readonly client: S3Client;
  readonly name: string;
  readonly prefix: string;
  /** What people are told of a key. */
  placeOf(key: string): string;
}

/**
 * Credentials are found as all programs for AWS find them: `AWS_ACCESS_KEY_ID` and
 * `AWS_SECRET_ACCESS_KEY`, a profile, or the machine's role. The SDK is loaded here, so that nobody waits
 * for it who keeps everything in folders.
 */
export async function openS3Bucket(settings: S3Settings): Promise<S3Bucket> {
  const commands = await import('@aws-sdk/client-s3');
  const silenceMs = settings.silenceMs ?? LONGEST_SILENCE_MS;
  const client = new commands.S3Client({
    region: settings.region ?? 'us-east-1',
    ...(settings.endpoint && { endpoint: settings.endpoint, forcePathStyle: true }),
    maxAttempts: MOST_ATTEMPTS,
    // Servers other than Amazon's do not know the SDK's own checksums; ours are sent beside the bytes.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      connectionTimeout: CONNECT_TIMEOUT_MS,
      // Without a byte in either direction; how long a large body takes is not bounded.
      socketTimeout: silenceMs,
      httpAgent: { maxSockets: CONNECTIONS },
      httpsAgent: { maxSockets: CONNECTIONS },
    },
  });
  return {
    commands,
    client,
    name: settings.bucket,
    prefix: settings.prefix ?? '',
    placeOf: (key) => `s3://${settings.bucket}/${key}`,
    [Symbol.asyncDispose]: async () => client.destroy(),
  };
}

/** What the bucket or the network says against a call becomes a `StorageError` about `place`. */
export async function inBucket<Result>(
  place: string,
  call: () => Promise<Result>,
): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof StorageError) throw error;
    throw new StorageError(faultOf(error), place, wordsOf(error));
  }
}

export function isMissing(error: unknown): boolean {
  return error instanceof StorageError && error.fault === 'missing';
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
