import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { homeFilesContract } from '../../../test/contracts/home-files.contract.ts';
import { nextCalls, type S3Call, s3Front } from '../../../test/support/s3-front.ts';
import { S3_CREDENTIALS, s3Server } from '../../../test/support/s3-server.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { VirtualClock } from '../../../test/support/virtual-clock.ts';
import type { S3Settings } from './s3-bucket.ts';
import { HomeCache } from './home-cache.ts';
import { openS3HomeFiles, type S3HomeOptions } from './s3-home-files.ts';

beforeEach(() => {
  for (const [name, value] of Object.entries(S3_CREDENTIALS)) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
});

/** One machine of those that share a bucket. */
async function machine(settings: S3Settings, options: Partial<S3HomeOptions> = {}) {
  const home = options.home ?? (await temporaryFolder());
  const files = await openS3HomeFiles(settings, { clock: new VirtualClock(), ...options, home });
  onTestFinished(() => files[Symbol.asyncDispose]());
  const write = async (place: string, bytes: string | Uint8Array) => {
    const path = join(home, ...place.split('/'));
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes);
    return path;
  };
  return { home, files, write, path: (place: string) => join(home, ...place.split('/')) };
}

homeFilesContract('openS3HomeFiles()', async () => machine(await s3Server()));

const PLACE = 'runs/r1/out/a.png';
const HOUR_MS = 3_600_000;
/** Of three parts. */
const LARGE = randomBytes(20 * 2 ** 20);

describe('openS3HomeFiles()', () => {
  test('brings to one machine what another one kept, with its time', async () => {
    const server = await s3Server();
    const [one, other] = [await machine(server), await machine(server)];
    const path = await one.write(PLACE, 'a picture');
    await one.files.keep(path);
    expect(await other.files.bring(other.path(PLACE))).toBe(true);
    expect(await readFile(other.path(PLACE), 'utf8')).toBe('a picture');
    const times = await Promise.all([path, other.path(PLACE)].map((each) => stat(each)));
    expect(Math.abs(times[0]!.mtimeMs - times[1]!.mtimeMs)).toBeLessThan(0.5);
    expect(await readdir(dirname(other.path(PLACE)))).toEqual(['a.png']);
  });

  test('tells what was noted of a file, and its hash, without fetching it', async () => {
    const server = await s3Server();
    const [one, other] = [await machine(server), await machine(server)];
    await one.files.keep(await one.write(PLACE, 'a picture'), '{"name":"Büro"}');
    const sha256 = createHash('sha256').update('a picture').digest('hex');
    expect(await other.files.find(other.path(PLACE))).toMatchObject({
      bytes: 9,
      sha256,
      note: '{"name":"Büro"}',
    });
    expect(await readdir(other.home)).toEqual([]);
  });

  test('gives up a copy that another machine has replaced or removed', async () => {
    const server = await s3Server();
    const [one, other] = [await machine(server), await machine(server)];
    await one.files.keep(await one.write(PLACE, 'first'));
    await other.files.bring(other.path(PLACE));
    await rm(one.path(PLACE));
    await one.files.keep(await one.write(PLACE, 'second'));
    expect(await other.files.bring(other.path(PLACE))).toBe(true);
    expect(await readFile(other.path(PLACE), 'utf8')).toBe('second');
    await one.files.remove(one.path('runs/r1'));
    expect(await other.files.bring(other.path(PLACE))).toBe(false);
    expect(await readdir(dirname(other.path(PLACE)))).toEqual([]);
  });

  test('never puts an older one in the place of what was just written here', async () => {
    const { files, write, path } = await machine(await s3Server());
    await files.keep(await write(PLACE, 'first'));
    await rm(path(PLACE));
    await write(PLACE, 'second');
    await utimes(path(PLACE), new Date(), new Date(Date.now() + 1_000));
    expect(await files.bring(path(PLACE))).toBe(true);
    expect(await readFile(path(PLACE), 'utf8')).toBe('second');
  });

  test('gets over busy answers, lost ones and silence, and never tells a refused file as kept', async () => {
    const server = await s3Server();
    const front = await s3Front(server.endpoint);
    const settings = { ...server, endpoint: front.url, silenceMs: 200 };
    const [one, other] = [await machine(settings), await machine(settings)];
    front.fault = nextCalls(2, 'busy');
    await one.files.keep(await one.write(PLACE, 'a picture'));
    front.fault = nextCalls(1, 'lost', isPut);
    await one.files.keep(await one.write('runs/r1/out/b.png', 'b'));
    front.fault = nextCalls(1, 'half-sent', isPut);
    await one.files.keep(await one.write('runs/r1/out/c.png', 'ccc'));
    front.fault = nextCalls(1, 'silent', isGet);
    for (const place of [PLACE, 'runs/r1/out/b.png', 'runs/r1/out/c.png']) {
      expect(await other.files.bring(other.path(place))).toBe(true);
    }
    expect(await readFile(other.path('runs/r1/out/c.png'), 'utf8')).toBe('ccc');
    front.fault = () => 'busy';
    const refused = one.files.keep(await one.write('runs/r1/out/d.png', 'd'));
    await expect(refused).rejects.toMatchObject({ fault: 'failed' });
    front.fault = () => undefined;
    expect(await other.files.bring(other.path('runs/r1/out/d.png'))).toBe(false);
  });

  test('goes on with a body that was cut, and leaves nothing of one that stays so', async () => {
    const server = await s3Server();
    const front = await s3Front(server.endpoint);
    const settings = { ...server, endpoint: front.url };
    const [one, other] = [await machine(settings), await machine(settings)];
    await one.files.keep(await one.write(PLACE, LARGE));
    front.fault = nextCalls(3, 'cut', isGet);
    expect(await other.files.bring(other.path(PLACE))).toBe(true);
    expect((await readFile(other.path(PLACE))).equals(LARGE)).toBe(true);
    await rm(other.path(PLACE));
    front.fault = (call) => (isGet(call) ? 'cut' : undefined);
    const small = await one.write('runs/r1/out/b.png', 'half of it never comes');
    await one.files.keep(small);
    const cut = other.files.bring(other.path('runs/r1/out/b.png'));
    await expect(cut).rejects.toMatchObject({ name: 'StorageError', fault: 'failed' });
    expect(await readdir(dirname(other.path(PLACE)))).toEqual([]);
  });

  test('refuses an object whose bytes are not those that were kept', async () => {
    const server = await s3Server();
    const [one, other] = [await machine(server), await machine(server)];
    await one.files.keep(await one.write(PLACE, 'a picture'));
    const folder = join(server.folder, 'home', 'runs', 'r1', 'out');
    const object = (await readdir(folder)).find((name) => name.endsWith('_object'))!;
    await writeFile(join(folder, object), 'A PICTURE');
    const damaged = other.files.bring(other.path(PLACE));
    await expect(damaged).rejects.toMatchObject({ fault: 'damaged' });
  });

  test('goes on with a large upload from the parts that have arrived', async () => {
    const server = await s3Server();
    const front = await s3Front(server.endpoint);
    const settings = { ...server, endpoint: front.url };
    const one = await machine(settings);
    const path = await one.write(PLACE, LARGE);
    front.fault = (call) => (isPart(call, 3) ? 'busy' : undefined);
    await expect(one.files.keep(path)).rejects.toMatchObject({ fault: 'failed' });
    const again = await machine(settings, { home: one.home });
    front.fault = () => undefined;
    const before = front.calls.length;
    await again.files.keep(path);
    const sent = front.calls.slice(before).filter(isPut);
    expect(sent.map(({ url }) => /partNumber=(\d+)/.exec(url)?.[1])).toEqual(['3']);
    expect(await readdir(join(one.home, 'keeping'))).toEqual([]);
    const other = await machine(settings);
    await other.files.bring(other.path(PLACE));
    expect((await readFile(other.path(PLACE))).equals(LARGE)).toBe(true);
  });

  test('bounds its copies, but for those in use and what is not kept yet', async () => {
    const server = await s3Server();
    const now = Date.now();
    const { home, files, write, path } = await machine(server, { clock: clockAt(now) });
    for (const name of ['a', 'b']) await files.keep(await write(`runs/r1/out/${name}`, '12345'));
    await write('runs/r1/out/not-kept', '1234567890');
    await write('runs/r1/sheet/pictures/hero.png', '1');
    await files.letGo(path('runs/r1/sheet'));
    const left = async (at: number, mostBytes: number) => {
      await new HomeCache({ home, clock: clockAt(at), mostBytes }).tend();
      return await readdir(path('runs/r1/out'));
    };
    expect(await left(now, 5)).toEqual(['a', 'b', 'not-kept']);
    expect(await left(now + HOUR_MS, 11)).toEqual(['a', 'b', 'not-kept']);
    expect(await left(now + HOUR_MS, 10)).toEqual(['not-kept']);
    expect(await files.bring(path('runs/r1/out/a'))).toBe(true);
    expect(await left(now + 8 * 24 * HOUR_MS, 10)).toEqual(['not-kept']);
    expect(await readdir(path('runs/r1'))).toEqual(['out']);
  });
});

function clockAt(start: number): VirtualClock {
  return new VirtualClock({ start });
}

function isPut({ method }: S3Call): boolean {
  return method === 'PUT';
}

function isGet({ method }: S3Call): boolean {
  return method === 'GET';
}

function isPart({ method, url }: S3Call, part: number): boolean {
  return method === 'PUT' && url.includes(`partNumber=${part}&`);
}
