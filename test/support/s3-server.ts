/** A server on this machine that speaks as Amazon S3 does, with a bucket, gone when the test is over. */
import { join } from 'node:path';
import S3rver from 's3rver';
import { onTestFinished } from 'vitest';
import type { S3Settings } from '../../src/engine/store/s3-blobs.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** What the server takes as credentials. */
export const S3_CREDENTIALS = {
  AWS_ACCESS_KEY_ID: 'S3RVER',
  AWS_SECRET_ACCESS_KEY: 'S3RVER',
} as const;

export interface S3Server extends S3Settings {
  readonly endpoint: string;
  /** Where it keeps the bucket's objects. */
  readonly folder: string;
  readonly close: () => Promise<void>;
}

export async function s3Server(bucket = 'pictures'): Promise<S3Server> {
  const directory = await temporaryFolder();
  const server = new S3rver({
    address: '127.0.0.1',
    port: 0,
    silent: true,
    directory,
    configureBuckets: [{ name: bucket, configs: [] }],
  });
  const { port } = await server.run();
  let closed: Promise<void> | undefined;
  const close = () => (closed ??= server.close());
  onTestFinished(close);
  return { bucket, endpoint: `http://127.0.0.1:${port}`, folder: join(directory, bucket), close };
}
