import { createHash } from 'node:crypto';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { blobStoreContract } from '../../../test/contracts/blob-store.contract.ts';
import { nextCalls, s3Front } from '../../../test/support/s3-front.ts';
import { S3_CREDENTIALS, s3Server } from '../../../test/support/s3-server.ts';
import { StorageError } from '../core/errors.ts';
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
    const front = await s3Front(server.endpoint);
    const blobs = await open({ ...server, endpoint: front.url });
    front.fault = nextCalls(2, 'busy');
    const { hash } = await blobs.put(Buffer.from('picture'));
    expect(Buffer.from(await blobs.get(hash)).toString()).toBe('picture');
    expect(front.calls.map(({ method }) => method)).toEqual(['PUT', 'PUT', 'PUT', 'GET']);
  });

  test('never tells bytes as stored that were refused, or of which half arrived', async () => {
    const server = await s3Server();
    const front = await s3Front(server.endpoint);
    const blobs = await open({ ...server, endpoint: front.url });
    const bytes = Buffer.from('a picture that was paid for');
    const hash = createHash('sha256').update(bytes).digest('hex');
    for (const fault of ['busy', 'half-sent'] as const) {
      front.fault = () => fault;
      await expect(blobs.put(bytes)).rejects.toMatchObject({ fault: 'failed' });
      front.fault = () => undefined;
      await expect(blobs.get(hash)).rejects.toBeInstanceOf(StorageError);
    }
    await blobs.put(bytes);
    expect(Buffer.from(await blobs.get(hash))).toEqual(bytes);
  });

  test('reads again what came half, and says so when it always does', async () => {
    const server = await s3Server();
    const front = await s3Front(server.endpoint);
    const blobs = await open({ ...server, endpoint: front.url, silenceMs: 200 });
    const { hash } = await blobs.put(Buffer.from('picture'));
    front.fault = nextCalls(2, 'cut');
    expect(Buffer.from(await blobs.get(hash)).toString()).toBe('picture');
    front.fault = nextCalls(1, 'silent');
    expect(Buffer.from(await blobs.get(hash)).toString()).toBe('picture');
    const before = front.calls.length;
    front.fault = () => 'cut';
    await expect(blobs.get(hash)).rejects.toMatchObject({ fault: 'failed' });
    expect(front.calls.length - before).toBe(3);
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
