/** Jobs on a real engine: real files, a real store, the real pipeline. */
import { createHash } from 'node:crypto';
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parse } from 'csv-parse/sync';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { runProgram } from '../../../test/support/export-source.ts';
import { paintPicture } from '../../../test/support/pictures.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { InputError } from '../core/errors.ts';
import type { JobFile, JobTask } from '../core/job.ts';
import { parseRecipe } from '../core/recipe.ts';
import type { Engine } from '../engine-types.ts';
import { createEngine } from '../engine.ts';
import type { JobReport, JobRequest, WorkOptions } from './tools.ts';

interface Place {
  readonly folder: string;
  readonly engine: Engine;
  /** Works on what is ordered, to the end. */
  readonly work: (request?: Partial<JobRequest>, options?: WorkOptions) => Promise<JobReport>;
  readonly files: (report: JobReport) => Promise<JobFile[]>;
  readonly write: (path: string, bytes: Uint8Array | string) => Promise<void>;
}

/** One engine for all tests: its threads have started, and what they do is each in a folder of its own. */
let shared: Engine;
let home: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'imagemill-home-'));
  shared = await createEngine({ home, config: { vendors: {} } });
});

afterAll(async () => {
  await shared[Symbol.asyncDispose]();
  await rm(home, { recursive: true });
});

async function place(engine = shared): Promise<Place> {
  const folder = await temporaryFolder();
  return {
    folder,
    engine,
    work: async (request, options) => {
      const { order } = await engine.tools.planJob(ordered(folder, request));
      const { job } = await engine.tools.startJob(order);
      const result = await engine.tools.workOn(job.id, options);
      if (result.kind !== 'ended') throw new Error('somebody else has the job');
      return result.report;
    },
    files: async ({ job }) => {
      const files: JobFile[] = [];
      for await (const file of engine.tools.jobFiles(job.id)) files.push(file);
      return files;
    },
    write: async (path, bytes) => {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), bytes);
    },
  };
}

function ordered(folder: string, request: Partial<JobRequest> = {}): JobRequest {
  return { sources: ['shots'], workingFolder: folder, task: recipe('webp 60'), ...request };
}

function recipe(text: string, more: { readonly marks?: 'none' | 'no-prompt' } = {}): JobTask {
  const read = parseRecipe(text);
  if ('problems' in read) throw new Error(read.problems[0]?.message);
  return { kind: 'finish', recipe: read.recipe, ...more };
}

/** All files below a folder with their bytes. */
async function contents(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const read = await Promise.all(
    files.map(async ({ parentPath, name }) => {
      const path = join(parentPath, name);
      const hash = createHash('sha256')
        .update(await readFile(path))
        .digest('hex');
      return [path.slice(folder.length + 1), hash] as const;
    }),
  );
  return Object.fromEntries(read.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

async function names(folder: string): Promise<string[]> {
  return Object.keys(await contents(folder));
}

const REPORT = 'finish-report.csv';

describe('a job on a folder', () => {
  test('makes a file of every picture, keeps the folders, and leaves originals and others alone', async () => {
    const { folder, work, write } = await place();
    await write('shots/a.png', await paintPicture(40, 30));
    await write('shots/sub/deep/b.jpg', await paintPicture(30, 20, 'jpeg'));
    await write('shots/.hidden.png', await paintPicture());
    await write('shots/.cache/c.png', await paintPicture());
    await write('shots/notes.txt', 'no picture');
    await symlink(join(folder, 'shots/a.png'), join(folder, 'shots/link.png'));
    const before = await contents(join(folder, 'shots'));
    const notices: string[] = [];
    const report = await work({}, { onNotice: (text) => notices.push(text) });
    expect(report).toMatchObject({ exitCode: 0, counts: { done: 2, failed: 0, waiting: 0 } });
    expect(await names(join(folder, 'shots-webp'))).toEqual(['a.webp', REPORT, 'sub/deep/b.webp']);
    const made = await sharp(join(folder, 'shots-webp/a.webp')).metadata();
    expect(made).toMatchObject({ format: 'webp', width: 40, height: 30 });
    expect(await contents(join(folder, 'shots'))).toEqual(before);
    expect(notices).toEqual([expect.stringContaining('Links that were not followed: 1')]);
    expect(report.bytes.after).toBeGreaterThan(0);
  });

  test('takes nothing of our own beside the images of a run, unless that is named', async () => {
    const { folder, engine, write } = await place();
    const own = [
      'contact-sheet.webp',
      `contact-sheet/${'0'.repeat(64)}-360.webp`,
      'replaced/0001.png',
      'replaced/sub/2-0001.png',
      'originals/0001.png',
    ];
    const pictures = [
      '0001.png',
      // Of rows that are called so, and somebody's own.
      'contact-sheet-3f9a2c.webp',
      'contact-sheet-of-flowers.webp',
      '_originals/0002.png',
      'sub/originals/0003.png',
    ];
    for (const path of [...own, ...pictures]) await write(`out/${path}`, await paintPicture());
    const listed = async (...sources: string[]) => {
      const planned = await engine.tools.planJob(ordered(folder, { sources }), { forecast: false });
      return { pictures: planned.pictures, own: planned.leftOut.own };
    };
    const all = own.length + pictures.length;
    // Names alone prove nothing, but for those of thumbnails.
    expect(await listed('out')).toEqual({ pictures: all - 1, own: 1 });
    await write('out/contact-sheet.html', '<!doctype html><!-- imagemill-contact-sheet-1 -->');
    expect(await listed('out')).toEqual({ pictures: all - 2, own: 2 });
    await write('out/manifest-rabc123def.json', '{\n  "format": "imagemill-manifest-1",');
    expect(await listed('out')).toEqual({ pictures: pictures.length, own: 4 });
    expect(await listed('.')).toEqual({ pictures: pictures.length, own: 4 });
    expect(await listed('out/replaced')).toEqual({ pictures: 2, own: 0 });
    expect(await listed('out/contact-sheet')).toEqual({ pictures: 1, own: 0 });
    expect(await listed('out/contact-sheet.webp', 'out/originals')).toMatchObject({ pictures: 2 });
    // What is named together with its folder is taken as well.
    const both = await listed('out', 'out/replaced', 'out/contact-sheet.webp');
    expect(both.pictures).toBe(pictures.length + 3);
  });

  test('an engine that is disposed of meanwhile ends what is in flight, and fails no picture', async () => {
    const ownHome = await temporaryFolder();
    const engine = await createEngine({ home: ownHome, config: { vendors: {} } });
    const { folder, write } = await place(engine);
    for (let number = 1; number <= 12; number += 1) {
      await write(`shots/${number}.png`, await paintPicture(300, 200, 'png', number));
    }
    const request = ordered(folder, { task: recipe('upscale 2x; webp 60') });
    const { job } = await engine.tools.startJob((await engine.tools.planJob(request)).order);
    let disposing: PromiseLike<void> | undefined;
    const ended = await engine.tools.workOn(job.id, {
      onProgress: ({ counts }) => {
        if (counts.done >= 1) disposing ??= engine[Symbol.asyncDispose]();
      },
    });
    await disposing;
    // Once more is nothing.
    await engine[Symbol.asyncDispose]();
    if (ended.kind !== 'ended') return expect.unreachable();
    const { counts, exitCode } = ended.report;
    expect(exitCode).toBe(130);
    expect(counts.failed).toBe(0);
    expect(counts.waiting).toBeGreaterThan(0);

    await using next = await createEngine({ home: ownHome, config: { vendors: {} } });
    const rest = await next.tools.workOn(job.id);
    expect(rest).toMatchObject({ report: { counts: { done: 12, failed: 0, waiting: 0 } } });
  });

  test('waits for nobody who might write into a pipe', async () => {
    const { folder, work, files } = await place();
    if (runProgram('mkfifo', [join(folder, 'pipe.png')])?.code !== 0) return;
    const request = { sources: ['pipe.png'], out: join(folder, 'out') };
    await work(request);
    const report = await work(request, { retryFailed: true });
    expect(await files(report)).toMatchObject([
      { state: 'failed', reason: expect.stringContaining('neither a file nor a folder') },
    ]);
  });

  test('what cannot be worked on fails with its reason, and the rest is done', async () => {
    const { work, write, files } = await place();
    const whole = await paintPicture(64, 64);
    await write('shots/cut.png', whole.subarray(0, whole.length / 2));
    await write('shots/empty.jpg', '');
    await write('shots/good.png', whole);
    await write('shots/text.png', 'I am a text');
    const report = await work();
    expect(report).toMatchObject({ exitCode: 5, counts: { done: 1, failed: 3 } });
    const failed = (await files(report)).filter(({ state }) => state === 'failed');
    expect(failed.map(({ name }) => name)).toEqual(['cut.png', 'empty.jpg', 'text.png']);
    for (const { reason } of failed) expect(reason).toMatch(/\w+ \w+/);
  });

  test('a photograph of a telephone is told as what cannot be read, not passed over', async () => {
    const { work, write, files } = await place();
    const head = Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1');
    await write('shots/IMG_0001.HEIC', Buffer.concat([head, Buffer.alloc(64)]));
    const report = await work();
    expect(report).toMatchObject({ exitCode: 5, counts: { done: 0, failed: 1 } });
    expect((await files(report))[0]?.reason).toMatch(/^HEIC pictures cannot be read here/);
  });

  test('several outputs stand beside each other, and names follow the template', async () => {
    const { folder, work, write } = await place();
    await write('shots/sub/a.png', await paintPicture(64, 48));
    const task = recipe('webp 60 | thumb: resize 16x12; png');
    await work({ task });
    expect(await names(join(folder, 'shots-finished'))).toEqual([
      REPORT,
      'sub/a-thumb.png',
      'sub/a.webp',
    ]);
    const nameTemplate = '{output|main}/{number}_{stem}_{size}.{ext}';
    await work({ task, nameTemplate: nameTemplate.replace('|main', ''), out: join(folder, 'o') });
    expect(await names(join(folder, 'o'))).toEqual([
      '0001_a_64x48.webp',
      REPORT,
      'thumb/0001_a_16x12.png',
    ]);
  });

  test('odd names are kept as far as every system takes them, and never fall together', async () => {
    const { folder, work, write, files } = await place();
    const sources = [
      '-rf.png',
      'CON.png',
      'Straße 日本 🎉.png',
      'a b  c.png',
      'same.jpg',
      'same.png',
      'SAME.png',
      `${'x'.repeat(240)}.png`,
      'trailing . .png',
      '$(id);`id`.png',
      'quote"\'.png',
    ];
    for (const [at, name] of sources.entries()) {
      const format = name.endsWith('jpg') ? 'jpeg' : 'png';
      await write(`shots/${name}`, await paintPicture(24, 24, format, at));
    }
    const report = await work();
    expect(report.counts).toMatchObject({ done: sources.length, failed: 0 });
    const made = (await files(report)).flatMap(({ outputs }) => outputs.map(({ file }) => file));
    expect(new Set(made.map((name) => name.toLowerCase())).size).toBe(sources.length);
    expect((await names(join(folder, 'shots-webp'))).filter((name) => name !== REPORT)).toEqual(
      made.toSorted((one, other) => (one < other ? -1 : 1)),
    );
    expect(made).toEqual(expect.arrayContaining(['rf.webp', '_CON.webp', 'Straße 日本 🎉.webp']));
  });

  test('a name that cannot be a file of another system is told as what it is', async () => {
    const { folder, work, write, files } = await place();
    await write('shots/a.png', await paintPicture());
    const bytes = Buffer.concat([
      Buffer.from(join(folder, 'shots/')),
      Buffer.from([0xff, 0xfe]),
      Buffer.from('.png'),
    ]);
    await writeFile(bytes, await paintPicture());
    for (const retryFailed of [false, true]) {
      const report = await work({}, { retryFailed });
      expect(report.counts).toMatchObject({ done: 1, failed: 1 });
      const [failed] = (await files(report)).filter(({ state }) => state === 'failed');
      expect(failed?.reason).toContain('not in UTF-8');
    }
  });

  test('files that are named one by one are worked on, whatever their ending', async () => {
    const { folder, work, write } = await place();
    await write('shots/a.png', await paintPicture());
    await write('shots/b', await paintPicture());
    await write('more/c.png', await paintPicture());
    const report = await work({ sources: ['shots/a.png', 'shots/b', 'more', 'shots/a.png'] });
    expect(report.counts.done).toBe(3);
    const base = folder.split('/').at(-1);
    expect(report.job.order.out).toBe(join(dirname(folder), `${base}-webp`));
    onTestFinished(() => rm(report.job.order.out, { recursive: true, force: true }));
    expect(await names(report.job.order.out)).toEqual([
      REPORT,
      'more/c.webp',
      'shots/a.webp',
      'shots/b.webp',
    ]);
  });

  test('the report has a line for each file, and no formula in it', async () => {
    const { folder, work, write } = await place();
    await write('shots/=cmd.png', await paintPicture(40, 30));
    await write('shots/empty.png', '');
    const report = await work();
    const rows = parse(await readFile(report.reportFile!), { bom: true, columns: true });
    expect(rows).toEqual([
      {
        source: "'=cmd.png",
        output: "'=cmd.webp",
        state: 'done',
        reason: '',
        bytes_before: String((await readFile(join(folder, 'shots/=cmd.png'))).length),
        bytes_after: String((await readFile(join(folder, 'shots-webp/=cmd.webp'))).length),
        width: '40',
        height: '30',
      },
      expect.objectContaining({ source: 'empty.png', state: 'failed', output: '' }),
    ]);
  });
});

describe('the same order again', () => {
  test('does only what is new, changed or lost, and tells what is gone', async () => {
    const { folder, work, write, files } = await place();
    for (const name of ['kept', 'changed', 'lost', 'gone']) {
      await write(`shots/${name}.png`, await paintPicture(40, 30, 'png', name.length));
    }
    const first = await work();
    const out = join(folder, 'shots-webp');
    const made = await contents(out);
    // Nothing of it is touched again.
    await utimes(join(out, 'kept.webp'), 1, 1);
    await rm(join(out, 'lost.webp'));
    await rm(join(folder, 'shots/gone.png'));
    await write('shots/changed.png', await paintPicture(20, 10, 'png', 99));
    await write('shots/new.png', await paintPicture(8, 8));
    const notices: string[] = [];
    const seen: number[] = [];
    const again = await work(
      {},
      {
        onNotice: (text) => notices.push(text),
        onProgress: ({ phase, counts }) => phase === 'working' && seen.push(counts.waiting),
      },
    );
    expect(again.job.id).toBe(first.job.id);
    expect(seen[0]).toBe(3);
    expect(again).toMatchObject({ exitCode: 0, counts: { done: 4, gone: 1, waiting: 0 } });
    expect(notices).toEqual([expect.stringContaining('no longer there: 1')]);
    const now = await contents(out);
    expect(now['lost.webp']).toBe(made['lost.webp']);
    expect(now['gone.webp']).toBe(made['gone.webp']);
    // Our own older file is replaced, under its name.
    expect(await sharp(join(out, 'changed.webp')).metadata()).toMatchObject({ width: 20 });
    expect(Object.keys(now)).toEqual([
      'changed.webp',
      REPORT,
      'gone.webp',
      'kept.webp',
      'lost.webp',
      'new.webp',
    ]);
    expect((await files(again)).map(({ number, name, state }) => [number, name, state])).toEqual([
      [1, 'changed.png', 'done'],
      [2, 'gone.png', 'gone'],
      [3, 'kept.png', 'done'],
      [4, 'lost.png', 'done'],
      [5, 'new.png', 'done'],
    ]);
  });

  test('a result that somebody has edited is theirs: the new one takes another name', async () => {
    const { folder, work, write, files } = await place();
    await write('shots/a.png', await paintPicture(40, 30));
    await work();
    await write('shots-webp/a.webp', 'retouched by hand');
    const report = await work();
    const [file] = await files(report);
    expect(file?.outputs[0]?.file).toMatch(/^a-[0-9a-f]{6}\.webp$/);
    expect(await readFile(join(folder, 'shots-webp/a.webp'), 'utf8')).toBe('retouched by hand');
  });

  test('what failed is tried again when it was mended, or when it is asked for', async () => {
    const { folder, work, write } = await place();
    await write('shots/broken.png', 'no picture');
    await write('shots/locked.png', 'no picture either');
    expect((await work()).counts).toMatchObject({ failed: 2 });
    const mended = await paintPicture();
    await write('shots/broken.png', mended);
    let tried: number[] = [];
    const onProgress: WorkOptions['onProgress'] = ({ phase, counts }) => {
      if (phase === 'working') tried.push(counts.waiting);
    };
    expect((await work({}, { onProgress })).counts).toMatchObject({ done: 1, failed: 1 });
    expect(tried[0]).toBe(1);
    tried = [];
    await work({}, { onProgress, retryFailed: true });
    expect(tried[0]).toBe(1);
    await rename(join(folder, 'shots/broken.png'), join(folder, 'shots/locked.png'));
    expect(await work()).toMatchObject({ exitCode: 0, counts: { done: 1, gone: 1 } });
  });

  test('drained, it stops between two pictures and goes on with the rest', async () => {
    const { engine, folder, write, work } = await place();
    for (let at = 0; at < 12; at += 1) await write(`shots/${at}.png`, await paintPicture(32, 32));
    const drain = new AbortController();
    const { order } = await engine.tools.planJob(ordered(folder));
    const { job } = await engine.tools.startJob(order);
    const result = await engine.tools.workOn(job.id, {
      drain: drain.signal,
      onProgress: ({ counts }) => counts.done > 1 && drain.abort(),
    });
    if (result.kind !== 'ended') throw new Error('somebody else has the job');
    const { counts, exitCode } = result.report;
    expect(exitCode).toBe(130);
    expect(counts.done).toBeGreaterThan(1);
    expect(counts.waiting).toBeGreaterThan(0);
    // All that is there is recorded, and nothing else.
    expect(await names(join(folder, 'shots-webp'))).toHaveLength(counts.done);
    expect(await work()).toMatchObject({ exitCode: 0, counts: { done: 12 } });
  });
});

describe('nothing of anybody is overwritten', () => {
  test('another file of a name is left, the same bytes are taken as they are', async () => {
    const { folder, work, write, files } = await place();
    await write('shots/a.png', await paintPicture(40, 30));
    await write('shots/b.png', await paintPicture(30, 20));
    await work({ out: join(folder, 'first') });
    await write('second/a.webp', await readFile(join(folder, 'first/a.webp')));
    await write('second/b.webp', 'mine');
    await write(`second/${REPORT}`, 'my own table');
    const report = await work({ out: join(folder, 'second') });
    const made = (await files(report)).map(({ outputs }) => outputs[0]!.file);
    expect(made).toEqual(['a.webp', expect.stringMatching(/^b-[0-9a-f]{6}\.webp$/)]);
    expect(await readFile(join(folder, 'second/b.webp'), 'utf8')).toBe('mine');
    expect(await readFile(join(folder, 'second', REPORT), 'utf8')).toBe('my own table');
    expect(report.reportFile).toBe(join(folder, `second/finish-report-${report.job.id}.csv`));
    // What was there before us is not ours to replace later.
    await write('shots/a.png', await paintPicture(41, 31));
    await work({ out: join(folder, 'second') });
    const [first, second] = [join(folder, 'first/a.webp'), join(folder, 'second/a.webp')];
    expect(await readFile(second)).toEqual(await readFile(first));
  });

  test('the out folder may be the source: originals stay, results are no sources', async () => {
    const { folder, work, write } = await place();
    await write('shots/a.png', await paintPicture(40, 30));
    await write('shots/sub/b.webp', await paintPicture(40, 30, 'webp'));
    const before = await contents(join(folder, 'shots'));
    const order = { out: join(folder, 'shots'), task: recipe('resize 20x15; webp 60') };
    const first = await work(order);
    expect(first.counts).toMatchObject({ done: 2 });
    const after = await names(join(folder, 'shots'));
    expect(after).toHaveLength(5);
    const again = await work(order);
    expect(again.counts).toMatchObject({ done: 2, gone: 0, waiting: 0 });
    expect(await names(join(folder, 'shots'))).toEqual(after);
    expect(await contents(join(folder, 'shots'))).toMatchObject(before);
  });

  test('an out folder within the source is no source, whatever way leads to it', async () => {
    const { folder, work, write } = await place();
    await write('shots/a.png', await paintPicture(40, 30));
    await symlink(join(folder, 'shots'), join(folder, 'way'));
    for (const out of ['shots/small', 'way/small']) {
      const order = { out: join(folder, out), task: recipe('resize 20x15; png') };
      await work(order);
      expect((await work(order)).counts).toMatchObject({ done: 1, failed: 0, waiting: 0 });
    }
    expect(
      (await names(join(folder, 'shots/small'))).filter((name) => name.endsWith('png')),
    ).toEqual(['a.png']);
  });
});

describe('after a crash', () => {
  /** A job that is done, of a process that then has died at another moment: `change` says at which. */
  async function died(change: string) {
    const ownHome = await temporaryFolder();
    const engine = await createEngine({ home: ownHome, config: { vendors: {} } });
    const world = await place(engine);
    await world.write('shots/a.png', await paintPicture(40, 30));
    await world.write('shots/b.png', await paintPicture(20, 20, 'png', 5));
    const { job } = await world.work();
    await engine[Symbol.asyncDispose]();
    const database = new DatabaseSync(join(ownHome, 'imagemill.db'));
    database.exec(change);
    database.close();
    const goOn = async () => {
      await using next = await createEngine({ home: ownHome, config: { vendors: {} } });
      return await next.tools.workOn(job.id);
    };
    return { ...world, out: join(world.folder, 'shots-webp'), goOn };
  }

  test('a file that was written and not recorded is taken, one that was only entered is made', async () => {
    const { out, write, goOn } = await died(
      `update job_files set state = 'waiting'; update job_outputs set is_written = 0;
       update jobs set state = 'running', worker_id = 'wgone', report_file = null`,
    );
    const whole = await contents(out);
    await rm(join(out, 'b.webp'));
    await rm(join(out, REPORT));
    const leftover = '.imagemill-00000000-1-0-1.tmp';
    await write(`shots-webp/${leftover}`, 'half a file of another machine');
    expect(await goOn()).toMatchObject({
      kind: 'ended',
      report: { exitCode: 0, counts: { done: 2 } },
    });
    const { [leftover]: _, ...now } = await contents(out);
    expect(now).toEqual(whole);
  });

  test('our own older file that was about to be replaced is replaced still', async () => {
    // It had entered the hash of the new file, beside that of the older one.
    const { out, write, goOn } = await died(
      `update job_outputs set replaces = sha256, sha256 = 'f', is_written = 0`,
    );
    await write('shots/a.png', await paintPicture(30, 10, 'png', 3));
    await goOn();
    expect(await names(out)).toEqual(['a.webp', 'b.webp', REPORT]);
    expect(await sharp(join(out, 'a.webp')).metadata()).toMatchObject({ width: 30 });
  });

  test('a report that was begun and not recorded is replaced, not doubled', async () => {
    const { out, goOn } = await died(`update jobs set state = 'running'`);
    await writeFile(join(out, REPORT), (await readFile(join(out, REPORT))).subarray(0, 90));
    await goOn();
    expect(await names(out)).toEqual(['a.webp', 'b.webp', REPORT]);
  });
});

describe('planning a job', () => {
  test('tells how many pictures there are, what would be made and how long it takes, and writes nothing', async () => {
    const { engine, folder, work, write } = await place();
    for (let at = 0; at < 20; at += 1) await write(`shots/${at}.png`, await paintPicture(32, 32));
    await write('shots/readme.txt', '');
    const plan = await engine.tools.planJob(ordered(folder), { forecast: true });
    expect(plan).toMatchObject({ pictures: 20, done: 0, leftOut: { others: 1 } });
    expect(plan.job).toBeUndefined();
    expect(plan.examples.length).toBeGreaterThan(1);
    expect(plan.examples[0]?.files[0]).toMatchObject({ width: 32, height: 32 });
    expect(plan.examples[0]?.files[0]?.file).toMatch(/^\d+\.webp$/);
    expect(plan.forecast?.bytes).toBeGreaterThan(0);
    expect(await readdir(folder)).toEqual(['shots']);
    await work();
    const later = await engine.tools.planJob(ordered(folder), { forecast: true });
    expect(later).toMatchObject({ pictures: 20, done: 20, forecast: { totalMs: 0 } });
    expect(later.job?.state).toBe('done');
  });

  test('everything that is wrong with a request is told at once', async () => {
    const { engine, folder, write } = await place();
    await write('file.txt', 'a file stands where a folder should be');
    const request = {
      ...ordered(folder),
      sources: ['nowhere', 'else'],
      nameTemplate: '{prompt}',
      out: join(folder, 'file.txt/out'),
    };
    const error = await engine.tools.planJob(request).catch((problem: unknown) => problem);
    expect(error).toBeInstanceOf(InputError);
    expect((error as InputError).problems.map(({ value }) => value)).toEqual([
      'nowhere',
      'else',
      '{prompt}',
      join(folder, 'file.txt/out'),
    ]);
  });

  test('a folder goes before a run, and pictures that nobody knows cannot be marked as nothing', async () => {
    const { engine, folder, write } = await place();
    await write('shots/a.png', await paintPicture());
    const task: JobTask = { kind: 'mark', marks: {} };
    await expect(engine.tools.planJob(ordered(folder, { task }))).rejects.toThrow(
      'Nobody has said what made the pictures',
    );
    const marked: JobTask = { kind: 'mark', marks: { source: 'digitalCapture' } };
    const plan = await engine.tools.planJob(ordered(folder, { task: marked }));
    expect(plan.order.out).toBe(join(folder, 'shots-marked'));
  });
});

describe('marking', () => {
  test('copies say what they are, and their pixels are those of the source', async () => {
    const { folder, work, write, files } = await place();
    const original = await paintPicture(32, 32, 'jpeg');
    await write('shots/a.jpg', original);
    await write('shots/b.tiff', await sharp(original).tiff().toBuffer());
    const task: JobTask = {
      kind: 'mark',
      marks: { source: 'trainedAlgorithmicMedia', model: 'gpt-image-2', prompt: 'a red boat' },
    };
    const report = await work({ task });
    expect(report.counts).toMatchObject({ done: 1, failed: 1 });
    const marked = await readFile(join(folder, 'shots-marked/a.jpg'));
    expect(marked.toString('latin1')).toContain('trainedAlgorithmicMedia');
    expect(marked.toString('latin1')).toContain('a red boat');
    expect(await sharp(marked).raw().toBuffer()).toEqual(await sharp(original).raw().toBuffer());
    const [, tiff] = await files(report);
    expect(tiff?.reason).toContain('Convert it');
  });
});

describe('places that cannot be read or written', () => {
  test('a folder that may not be read is told as a failure of its own', async ({ skip }) => {
    if (process.getuid?.() === 0) return skip('root reads everything');
    const { folder, work, write } = await place();
    await write('shots/a.png', await paintPicture());
    await write('shots/locked/b.png', await paintPicture());
    await chmod(join(folder, 'shots/locked'), 0);
    onTestFinished(() => chmod(join(folder, 'shots/locked'), 0o755));
    const report = await work();
    expect(report).toMatchObject({ exitCode: 5, counts: { done: 1, failed: 1 } });
  });

  test('a file where the out folder was stops the job, and nothing is lost', async () => {
    const { engine, folder, write, work } = await place();
    for (let at = 0; at < 8; at += 1) await write(`shots/${at}.png`, await paintPicture(32, 32));
    const { order } = await engine.tools.planJob(ordered(folder));
    const { job } = await engine.tools.startJob(order);
    await write('shots-webp', 'a file');
    const result = await engine.tools.workOn(job.id);
    expect(result).toMatchObject({
      kind: 'ended',
      report: { exitCode: 8, stopped: expect.stringContaining('shots-webp') as string },
    });
    await rm(join(folder, 'shots-webp'));
    expect(await work()).toMatchObject({ exitCode: 0, counts: { done: 8 } });
  });
});
