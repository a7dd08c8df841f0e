/** What one image asks of a bucket: calls by their method, and bytes each way, as an S3 server counts them. */
import { join } from 'node:path';
import type { IncomingMessage, Server } from 'node:http';
import S3rver from 's3rver';
import { Mill } from './mill.ts';
import { measurePoint } from './run-point.ts';
import type { CurveOrder } from './workers-curve.ts';

const IMAGES = 100;
const BUCKET = 'pictures';

export interface BucketFigures {
  readonly images: number;
  /** Calls by method, each for one image. */
  readonly calls: Readonly<Record<string, number>>;
  /** Bytes of a picture, as it was sent to the bucket. */
  readonly bytesPut: number;
  readonly wrong: readonly string[];
}

export async function measureBucket(order: CurveOrder): Promise<BucketFigures> {
  process.env['AWS_ACCESS_KEY_ID'] ??= 'S3RVER';
  process.env['AWS_SECRET_ACCESS_KEY'] ??= 'S3RVER';
  const server = new S3rver({
    address: '127.0.0.1',
    port: 0,
    silent: true,
    directory: join(order.folder, 'bucket'),
    configureBuckets: [{ name: BUCKET, configs: [] }],
  });
  const { port } = await server.run();
  const calls = new Map<string, number>();
  let bytes = 0;
  // The package's types do not tell of it.
  const { httpServer } = server as unknown as { httpServer: Server };
  httpServer.on('request', ({ method = '', headers }: IncomingMessage) => {
    calls.set(method, (calls.get(method) ?? 0) + 1);
    const length = headers['x-amz-decoded-content-length'] ?? headers['content-length'] ?? 0;
    if (method === 'PUT') bytes += Number(length);
  });
  try {
    const s3 = { bucket: BUCKET, endpoint: `http://127.0.0.1:${port}` };
    await using mill = await Mill.open({ ...order, name: 'bucket', concurrency: 8, s3 });
    await mill.haveWorkers(2);
    const run = { workspace: 'local', title: 'bucket', painter: 'quick' as const };
    calls.clear();
    bytes = 0;
    const { wrong } = await measurePoint(mill, [{ ...run, images: IMAGES }]);
    const each = [...calls].map(([method, count]) => [method, count / IMAGES] as const);
    order.say(`bucket: ${each.map(([method, count]) => `${count} ${method}`).join(', ')} an image`);
    return { images: IMAGES, calls: Object.fromEntries(each), bytesPut: bytes / IMAGES, wrong };
  } finally {
    await server.close();
  }
}
