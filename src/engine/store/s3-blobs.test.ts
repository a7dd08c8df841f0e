import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdir, writeFile } from 'node:fs/promises';
import { createServer, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { blobStoreContract } from '../../../test/contracts/blob-store.contract.ts';
import { S3_CREDENTIALS, s3Server } from '../../../test/support/s3-server.ts';
import { openS3Blobs, type S3Settings } from './s3-blobs.ts';

beforeEach(() => {
  for (const [name, value] of Object.entries(S3_CREDENTIALS)) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
});

async function open(settings: S3Settings) {
  const blobs = await openS3Blobs(settings);
  onTestFinished(() => blobs[Symbol.asyncDispose]());
  return blobs;
}

blobStoreContract('openS3Blobs()', async () => open(await s3Server()));

describe('openS3Blobs()', () => {
  test('keeps objects below its prefix, under two digits of their hash', async () => {
    const server = await s3Server();
    const blobs = await open({ ...server, prefix: 'team/' });
    const { hash } = await blobs.put(Buffer.from('picture'));
    const names = await readdir(join(server.folder, 'team', hash.slice(0, 2)));
    expect(names.some((name) => name.startsWith(hash.slice(2)))).toBe(true);
    expect(blobs).not.toHaveProperty('path');
  });

  test('reports damaged objects, and heals them when the bytes are put again', async () => {
    const server = await s3Server();
    const blobs = await open(server);
    const { hash } = await blobs.put(Buffer.from('picture'));
    const folder = join(server.folder, hash.slice(0, 2));
    const names = await readdir(folder);
    const object = names.find((name) => name.endsWith('_object'))!;
    await writeFile(join(folder, object), 'pictur_');
    await expect(blobs.get(hash)).rejects.toMatchObject({ fault: 'damaged' });
    await blobs.put(Buffer.from('picture'));
    expect(Buffer.from(await blobs.get(hash)).toString()).toBe('picture');
  });

  test('says which bucket cannot be used, and why, before anything is paid', async () => {
    const server = await s3Server();
    const absent = await open({ ...server, bucket: 'nowhere' });
    await expect(absent.freeBytes()).rejects.toThrow(
      'The bucket does not answer: s3://nowhere (there is no such bucket). Check IMAGEMILL_S3_BUCKET',
    );
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'somebody else');
    const stranger = await open(server);
    await expect(stranger.freeBytes()).rejects.toMatchObject({ fault: 'not-writable' });
  });

  test('sends again what a busy bucket refused', async () => {
    const server = await s3Server();
    const busy = await busyFront(server.endpoint, 2);
    const blobs = await open({ ...server, endpoint: busy.url });
    const { hash } = await blobs.put(Buffer.from('picture'));
    expect(Buffer.from(await blobs.get(hash)).toString()).toBe('picture');
    expect(busy.refused()).toBe(2);
  });

  test('says that a bucket which stays away has failed', async () => {
    const server = await s3Server();
    const blobs = await open(server);
    await server.close();
    const absent = createHash('sha256').update('absent').digest('hex');
    await expect(blobs.get(absent)).rejects.toMatchObject({
      name: 'StorageError',
      fault: 'failed',
    });
  });
});

/** Answers "slow down" to the first requests, and passes the others on as they are. */
async function busyFront(target: string, refusals: number) {
  let seen = 0;
  const front = createServer((request, response) => {
    seen += 1;
    if (seen <= refusals) {
      request.resume();
      return void response.writeHead(503).end();
    }
    const { method = 'GET', headers } = request;
    const passed = send(new URL(request.url ?? '/', target), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    request.pipe(passed);
  });
  front.listen(0, '127.0.0.1');
  await once(front, 'listening');
  onTestFinished(() => void front.close());
  const { port } = front.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, refused: () => Math.min(seen, refusals) };
}
