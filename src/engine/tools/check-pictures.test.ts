/** Checks on a real engine: real files with every kind of trouble, a real store, the real pictures' threads. */
import { mkdir, mkdtemp, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parse } from 'csv-parse/sync';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { animated } from '../../../test/support/odd-pictures.ts';
import { paintFlat, paintPicture } from '../../../test/support/pictures.ts';
import { bitmap, turnedPhoto } from '../../../test/support/reference-pictures.ts';
import { signedOriginal } from '../../../test/support/signing.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { type CheckFinding, FINDING_KINDS } from '../core/check-finding.ts';
import { InputError, UsageError } from '../core/errors.ts';
import { seededRandom } from '../core/random.ts';
import { createEngine } from '../engine.ts';
import type { CheckReport, CheckRequest, Engine, JobResult } from '../engine-types.ts';
import { markImage } from '../finish/mark/mark-image.ts';
import { paint } from '../vendors/demo-painter/paint.ts';

let engine: Engine;
let home: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'imagemill-home-'));
  engine = await createEngine({ home, config: { vendors: {} } });
});

afterAll(async () => {
  await engine[Symbol.asyncDispose]();
  await rm(home, { recursive: true });
});

describe('a folder with every kind of trouble', () => {
  test('is told exactly, the worst first, and nothing of it changes', async () => {
    const { folder, check } = await place(await troubles());
    const before = await stat(join(folder, 'shots/good-1.png'));
    const report = await check({ size: { width: 96, height: 96 } });
    expect(found(report)).toEqual({
      'animated.gif': [size(32, 24, 'other-ratio'), { kind: 'animated', frames: 3 }],
      'bitmap.bmp': [{ kind: 'unread', reason: 'BMP pictures are not looked into' }],
      'blank.png': [{ kind: 'blank' }],
      'cmyk.jpg': [{ kind: 'cmyk' }],
      'z copy.png': [{ kind: 'exact-duplicate', of: 'good-1.png' }],
      'cut.png': [{ kind: 'broken', reason: expect.stringMatching(/\w/) as string }],
      'deep.png': [{ kind: 'deep' }],
      'empty.png': [{ kind: 'broken', reason: 'the file is empty' }],
      'large.png': [size(192, 192, 'larger')],
      'name.png': [{ kind: 'wrong-extension', is: 'JPEG' }],
      'near.jpg': [{ kind: 'near-duplicate', of: 'good-1.png' }],
      'signed.jpg': [
        {
          kind: 'broken-credentials',
          reason: expect.stringContaining('was changed after it was signed') as string,
        },
      ],
      'small.png': [size(48, 48, 'smaller')],
      'text.jpg': [{ kind: 'broken', reason: 'its first bytes are those of no picture' }],
      'turned.jpg': [{ kind: 'turned' }],
    });
    const order = report.found.map(({ findings }) =>
      Math.min(...findings.map(({ kind }) => FINDING_KINDS.indexOf(kind))),
    );
    expect(order).toEqual(order.toSorted((one, other) => one - other));
    expect(report).toMatchObject({ pictures: 17, failed: 8, flagged: 4, exitCode: 5 });
    expect(await stat(join(folder, 'shots/good-1.png'))).toMatchObject({ mtimeMs: before.mtimeMs });
  });

  test('flags alone fail nothing', async () => {
    const picture = await paintPicture();
    const { check } = await place({ 'a.png': picture, 'b.png': picture });
    expect(await check()).toMatchObject({ failed: 0, flagged: 1, exitCode: 0 });
  });

  test('one soft picture among its like is named, and others of another folder are not', async () => {
    const files: Record<string, Buffer> = {};
    for (let at = 0; at < 24; at += 1) files[`sharp/${at}.png`] = await speckled(at);
    files['sharp/soft.png'] = await sharp(await speckled(99))
      .blur(4)
      .png()
      .toBuffer();
    files['other/soft.png'] = await sharp(await speckled(98))
      .blur(4)
      .png()
      .toBuffer();
    const { check } = await place(files);
    const report = await check();
    expect(report.found.map(({ file }) => file)).toEqual(['sharp/soft.png']);
    const [finding] = report.found[0]!.findings;
    expect(finding).toMatchObject({ kind: 'low-detail', among: 25 });
    expect((finding as { share: number }).share).toBeLessThan(0.25);
  });

  test('files of one image are no repeats of each other, copies of one file are', async () => {
    const marks = { generator: 'Imagemill', source: 'algorithmicMedia', runId: 'r1' } as const;
    const marked = (itemId: string, bytes: Buffer) => markImage(bytes, { ...marks, itemId }).bytes;
    const picture = await paintPicture(96, 96, 'png', 3);
    const smaller = await sharp(picture).resize(64).webp().toBuffer();
    const { check } = await place({
      'a.png': marked('one', picture),
      'b-thumb.webp': marked('one', smaller),
      'c-thumb.webp': marked('one', smaller),
      'd.webp': marked('two', smaller),
    });
    expect(found(await check())).toEqual({
      'c-thumb.webp': [{ kind: 'exact-duplicate', of: 'b-thumb.webp' }],
      'd.webp': [{ kind: 'near-duplicate', of: 'a.png' }],
    });
  });
});

describe('30 different pictures of the demo', () => {
  test('have nothing wrong but scenes that are painted alike', async () => {
    const files: Record<string, Buffer> = {};
    for (const [seed, prompt] of SUBJECTS.entries()) {
      const { data, width, height } = paint({
        prompt,
        width: 192,
        height: 192,
        quality: 'low',
        seed,
      });
      files[`${prompt}.png`] = await sharp(data, { raw: { width, height, channels: 3 } })
        .png()
        .toBuffer();
    }
    const { check } = await place(files);
    const report = await check({ size: { width: 192, height: 192 } });
    expect(report).toMatchObject({ pictures: 30, failed: 0, exitCode: 0 });
    // The painter has one room for indoor things: a few are as like as its furniture.
    const { 'near-duplicate': alike, ...others } = report.counts;
    expect(Object.values(others).every((count) => count === 0)).toBe(true);
    expect(alike).toBeLessThanOrEqual(3);
  });
});

describe('a check that is repeated', () => {
  test('looks only at what has changed', async () => {
    const { folder, check } = await place({
      'a.png': await paintPicture(96, 96, 'png', 1),
      'b.png': await paintPicture(96, 96, 'png', 50),
    });
    const path = join(folder, 'shots/b.png');
    const whole = await readFile(path);
    const mtime = new Date('2026-01-02T03:04:05Z');
    await utimes(path, mtime, mtime);
    expect(await check()).toMatchObject({ failed: 0 });
    // The same length and time: what is in the journal still counts, since nothing says otherwise.
    await writeFile(path, Buffer.concat([whole.subarray(0, -300), Buffer.alloc(300)]));
    await utimes(path, mtime, mtime);
    expect(await check({ size: { width: 96, height: 96 } })).toMatchObject({ failed: 0 });
    await utimes(path, mtime, new Date(mtime.getTime() + 5000));
    expect(found(await check())).toMatchObject({ 'b.png': [{ kind: 'broken' }] });
    await rm(path);
    expect(await check()).toMatchObject({ pictures: 1, failed: 0 });
  });

  test('goes on where it was stopped', async () => {
    // More than are in flight at a time, on any machine.
    const pictures = 2 * availableParallelism() + 8;
    const files: Record<string, Buffer> = {};
    for (let at = 0; at < pictures; at += 1) {
      files[`${at}.png`] = await paintPicture(64, 64, 'png', at);
    }
    const { request, conclude } = await place(files);
    const started = await engine.tools.startCheck(request());
    const stopping = new AbortController();
    const stopped = await engine.tools.workOn(started.job.id, {
      drain: stopping.signal,
      onProgress: ({ counts }) => counts.done > 0 && stopping.abort(),
    });
    const { counts, exitCode } = reportOf(stopped);
    expect(exitCode).toBe(130);
    expect(counts.done).toBeGreaterThan(0);
    expect(counts.waiting).toBeGreaterThan(0);
    let left = 0;
    const rest = await engine.tools.workOn(started.job.id, {
      onProgress: (progress) => {
        if (progress.phase === 'working') left = Math.max(left, progress.counts.waiting);
      },
    });
    expect(left).toBe(counts.waiting);
    expect(reportOf(rest).counts).toMatchObject({ done: pictures, waiting: 0 });
    expect(await conclude(started)).toMatchObject({ pictures, failed: 0 });
  });
});

describe('a report', () => {
  test('is a table with a line for every picture', async () => {
    const { folder, check } = await place({
      '=good.png': await paintPicture(64, 64),
      'text.png': Buffer.from('no picture'),
    });
    const path = join(folder, 'check.csv');
    expect(await check({ report: path })).toMatchObject({ reportFile: path });
    const rows = parse(await readFile(path), { columns: true, bom: true });
    expect(rows).toMatchObject([
      { file: "'=good.png", state: 'not flagged', findings: '', format: 'PNG', width: '64' },
      { file: 'text.png', state: 'failed', width: '' },
    ]);
    // It is ours, so that it is written anew.
    await check({ report: path });
  });

  test('is JSON with every finding as data and in words', async () => {
    const { folder, check } = await place({ 'a.png': await paintPicture(64, 48) });
    const path = join(folder, 'check.json');
    await check({ report: path, size: { width: 64, height: 64 } });
    await check({ report: path, size: { width: 64, height: 64 } });
    const report = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
    expect(report).toMatchObject({
      format: 'imagemill-check-1',
      run: null,
      screened: false,
      counts: { 'wrong-size': 1 },
      pictures: [
        {
          file: 'a.png',
          state: 'failed',
          format: 'PNG',
          width: 64,
          height: 48,
          row: null,
          findings: [
            {
              kind: 'wrong-size',
              how: 'other-ratio',
              asked: { width: 64, height: 64 },
              text: '64x48 for 64x64: another ratio',
            },
          ],
        },
      ],
    });
  });

  test('never takes the place of something else, and that is found before any work', async () => {
    const { folder, request } = await place({ 'a.png': await paintPicture() });
    for (const name of ['mine.csv', 'mine.json', 'report.txt']) {
      const report = join(folder, name);
      await writeFile(report, 'mine');
      await expect(engine.tools.startCheck(request({ report }))).rejects.toThrow(InputError);
      expect(await readFile(report, 'utf8')).toBe('mine');
    }
  });
});

describe('what cannot be checked', () => {
  test('is said with what to do', async () => {
    const { request, conclude, folder } = await place({ 'notes.txt': Buffer.from('no picture') });
    await expect(engine.tools.startCheck(request({ sources: ['nowhere'] }))).rejects.toThrow(
      /no folder or file of this name/,
    );
    const started = await engine.tools.startCheck(request());
    await engine.tools.workOn(started.job.id);
    await expect(conclude(started)).rejects.toThrow(UsageError);
    await expect(conclude(started)).rejects.toThrow('There are no pictures in shots');
    expect(folder).not.toBe('');
  });
});

interface Place {
  readonly folder: string;
  readonly request: (change?: Partial<CheckRequest>) => CheckRequest;
  readonly conclude: Engine['tools']['concludeCheck'];
  readonly check: (change?: Partial<CheckRequest>) => Promise<CheckReport>;
}

/** `files` lie in the folder `shots`. */
async function place(files: Readonly<Record<string, Uint8Array>>): Promise<Place> {
  const folder = await temporaryFolder();
  for (const [name, bytes] of Object.entries(files)) {
    await mkdir(dirname(join(folder, 'shots', name)), { recursive: true });
    await writeFile(join(folder, 'shots', name), bytes);
  }
  const request = (change: Partial<CheckRequest> = {}): CheckRequest => ({
    sources: ['shots'],
    workingFolder: folder,
    ...change,
  });
  const { tools } = engine;
  return {
    folder,
    request,
    conclude: (started) => tools.concludeCheck(started),
    check: async (change) => {
      const started = await tools.startCheck(request(change));
      const { job } = reportOf(await tools.workOn(started.job.id, { retryFailed: true }));
      expect(job.state).toBe('done');
      return await tools.concludeCheck(started);
    },
  };
}

function reportOf(result: JobResult) {
  if (result.kind !== 'ended') throw new Error('somebody else has the job');
  return result.report;
}

function found({ found: all }: CheckReport): Record<string, readonly CheckFinding[]> {
  const byName = all.toSorted((one, other) => (one.file < other.file ? -1 : 1));
  return Object.fromEntries(byName.map(({ file, findings }) => [file, findings]));
}

function size(width: number, height: number, how: 'smaller' | 'larger' | 'other-ratio') {
  const asked = { width: 96, height: 96 };
  return { kind: 'wrong-size', asked, actual: { width, height }, how } as const;
}

/** Each of them is unlike the others, and 96x96 if nothing else is its trouble. */
async function troubles(): Promise<Record<string, Buffer>> {
  const good = await paintPicture(96, 96, 'png', 1);
  const seeded = (seed: number) => swirl(seed, 96);
  const signed = await signedOriginal(await seeded(2).jpeg().toBuffer(), 'image/jpeg');
  const changed = Buffer.from(signed.bytes);
  changed[changed.indexOf('trainedAlgorithmicMedia')]! ^= 1;
  return {
    'good-1.png': good,
    'good-2.webp': await seeded(3).webp().toBuffer(),
    'z copy.png': good,
    'near.jpg': await sharp(good).jpeg({ quality: 70 }).toBuffer(),
    'blank.png': await paintFlat('#334455', 96, 96),
    'cut.png': (await seeded(4).png().toBuffer()).subarray(0, 3000),
    'empty.png': Buffer.alloc(0),
    'text.jpg': Buffer.from('Dear picture, you are a letter.'),
    'small.png': await swirl(5, 48).png().toBuffer(),
    'large.png': await swirl(6, 192).png().toBuffer(),
    'name.png': await seeded(7).jpeg().toBuffer(),
    'cmyk.jpg': await seeded(8).toColourspace('cmyk').jpeg().toBuffer(),
    'deep.png': await seeded(9).toColourspace('rgb16').png().toBuffer(),
    'turned.jpg': await turnedPhoto(96, 96),
    'animated.gif': await animated('gif'),
    'bitmap.bmp': bitmap(96, 96, 24),
    'signed.jpg': changed,
  };
}

/** Soft shapes in places that depend on the seed. */
function swirl(seed: number, side: number): Sharp {
  const pixels = Buffer.alloc(side * side * 3);
  for (let at = 0; at < pixels.length; at += 1) {
    const pixel = Math.floor(at / 3);
    const [x, y] = [(pixel % side) / side, Math.floor(pixel / side) / side];
    const wave = Math.sin(seed * 1.7 + x * (3 + seed) + (at % 3)) * Math.cos(seed + y * (9 - seed));
    pixels[at] = 128 + 110 * wave;
  }
  return sharp(pixels, { raw: { width: side, height: side, channels: 3 } });
}

/** Patches of chance with a grain, so that there is detail to lose. */
async function speckled(seed: number): Promise<Buffer> {
  const random = seededRandom(seed);
  const patches = Buffer.from(Array.from({ length: 192 }, () => 40 + random.next() * 160));
  const grown = await sharp(patches, { raw: { width: 8, height: 8, channels: 3 } })
    .resize(64, 64, { kernel: 'cubic' })
    .raw()
    .toBuffer();
  const grained = grown.map((value) => value + Math.floor(random.next() * 24));
  return await sharp(grained, { raw: { width: 64, height: 64, channels: 3 } })
    .png()
    .toBuffer();
}

const SUBJECTS = [
  'a red fox in the snow',
  'a lighthouse at night',
  'portrait of a woman',
  'a man on a beach',
  'a bottle of perfume',
  'a city at dusk',
  'a cat on a sofa',
  'astronaut on the moon',
  'a sailing boat',
  'deep forest with deer',
  'abstract waves',
  'a teapot on a table',
  'underwater reef',
  'desert dunes camels',
  'a girl in a meadow',
  'mountain lake',
  'a vase with flowers',
  'a car in the rain',
  'cherry blossom',
  'planet with rings',
  'a bear',
  'a family at the beach',
  'a running shoe',
  'birds over the sea',
  'cozy room with a fireplace',
  'a castle',
  'neon street',
  'a bicycle',
  'tulips',
  'whale',
];
