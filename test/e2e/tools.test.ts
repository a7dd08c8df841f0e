/** Tools for many pictures by the real command line: killed, stopped, robbed of the disk, run twice at once. */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'csv-parse/sync';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../src/engine/core/random.ts';
import { imagemill, lastLine, type Started } from '../support/imagemill.ts';
import { untilSaid } from '../support/kill-run.ts';
import { paintPicture } from '../support/pictures.ts';
import { smallDisk } from '../support/small-disk.ts';

interface JobAnswer {
  readonly job: string;
  readonly state: string;
  readonly pictures: { readonly done: number; readonly failed: number; readonly waiting: number };
  readonly out: string;
  readonly report: string | null;
  readonly failures: readonly { readonly source: string; readonly reason: string }[];
  readonly stopped: string | null;
  readonly exit_code: number;
}

const REPORT = 'finish-report.csv';
/** Slow enough for a kill to hit anything: two files of each picture, one of them enlarged. */
const RECIPE = ['--recipe', 'upscale 2x lanczos; webp 80 | thumb: resize 48x48; jpeg 80'];

/** Pictures of all kinds, good and bad; how many of them can be worked on. */
async function fillFolder(
  folder: string,
  pictures: number,
): Promise<{ good: number; bad: number }> {
  await mkdir(join(folder, 'sub/deep'), { recursive: true });
  const write = (name: string, bytes: Uint8Array | string) => writeFile(join(folder, name), bytes);
  for (let at = 0; at < pictures; at += 1) {
    const format = (['png', 'jpeg', 'webp'] as const)[at % 3]!;
    const where = ['', 'sub/', 'sub/deep/'][at % 3]!;
    const ending = format === 'jpeg' ? 'jpg' : format;
    await write(`${where}shot ${at}.${ending}`, await paintPicture(200, 150, format, at));
  }
  const whole = await paintPicture(120, 120, 'png', 7);
  await write('sub/cut.png', whole.subarray(0, whole.length - 400));
  await write('empty.png', '');
  await write('sub/text.jpg', 'Dear picture, you are a letter.');
  const frames = await Promise.all([1, 2, 3].map((seed) => paintPicture(40, 30, 'png', seed)));
  const animated = sharp(frames, { join: { animated: true } });
  await write('animated.gif', await animated.gif().toBuffer());
  await write('still.gif', await sharp(frames[0]!).gif().toBuffer());
  return { good: pictures + 1, bad: 4 };
}

async function contents(folder: string): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const bytes = await readFile(path);
    found.set(path.slice(folder.length + 1), createHash('sha256').update(bytes).digest('hex'));
  }
  return found;
}

/** Whole files that a reader may see: what is being written has another name. */
async function visible(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map(({ parentPath, name }) => join(parentPath, name));
}

async function untilVisible(folder: string, files: number, { child }: Started): Promise<void> {
  while (child.exitCode === null && child.signalCode === null) {
    if ((await visible(folder)).length >= files) return;
    await sleep(5);
  }
}

interface ReportLine {
  readonly source: string;
  readonly output: string;
  readonly state: string;
  readonly bytes_after: string;
}

async function readReport({ report }: JobAnswer): Promise<ReportLine[]> {
  return parse(await readFile(report!), { columns: true, bom: true });
}

/** What must hold at the end, whatever happened in between. */
async function checkOut(
  answer: JobAnswer,
  { good, bad }: { readonly good: number; readonly bad: number },
): Promise<void> {
  expect(answer).toMatchObject({
    state: 'done',
    pictures: { done: good, failed: bad, waiting: 0 },
  });
  const lines = await readReport(answer);
  const made = lines.filter(({ state }) => state === 'done');
  expect(new Set(lines.map(({ source }) => source)).size).toBe(good + bad);
  expect(made).toHaveLength(2 * good);
  expect(new Set(made.map(({ output }) => output.toLowerCase())).size).toBe(2 * good);
  const there = [...(await contents(answer.out)).keys()];
  const named = [...made.map(({ output }) => output), answer.report!.slice(answer.out.length + 1)];
  expect(there.toSorted()).toEqual(named.toSorted());
  for (const { output, bytes_after: bytes } of made) {
    const file = await readFile(join(answer.out, output));
    expect(file.length).toBe(Number(bytes));
    await sharp(file, { failOn: 'warning' }).stats();
  }
}

async function millWith(pictures: number) {
  const mill = await imagemill();
  const folder = join(mill.folder, 'shots');
  const expected = await fillFolder(folder, pictures);
  return { mill, folder, expected, originals: await contents(folder) };
}

describe('a job of the command line', () => {
  test('killed again and again, it ends with every picture accounted for and nothing made twice', async () => {
    const { mill, folder, expected, originals } = await millWith(56);
    const out = join(mill.folder, 'out');
    const words = ['tools', 'finish', 'shots', ...RECIPE, '--out', 'out', '--json'];
    const random = seededRandom(8);
    let kills = 0;
    for (let files = 2; ; files += 18) {
      const running = mill.start(...words);
      await untilVisible(out, files, running);
      await sleep(random.next() * 60);
      running.child.kill('SIGKILL');
      const { signal } = await running.ended;
      if (signal !== 'SIGKILL') break;
      kills += 1;
      // Nothing that can be seen is half a file.
      for (const path of await visible(out)) {
        if (path.endsWith('.csv')) continue;
        await sharp(path, { failOn: 'warning' }).stats();
      }
      if (kills === 6) break;
    }
    expect(kills).toBeGreaterThan(3);
    const { code, answer } = await mill.json<JobAnswer>(...words.slice(0, -1));
    expect(code).toBe(5);
    await checkOut(answer, expected);
    expect(answer.failures.map(({ source }) => source)).toEqual([
      'animated.gif',
      'empty.png',
      'sub/cut.png',
      'sub/text.jpg',
    ]);
    expect(await contents(folder)).toEqual(originals);
    const hidden = (await readdir(out)).filter((name) => name.startsWith('.'));
    expect(hidden).toEqual([]);
    // Once more, and nothing is done again.
    const before = await contents(out);
    const again = await mill.json<JobAnswer>(...words.slice(0, -1));
    expect(again.answer).toEqual(answer);
    expect(await contents(out)).toEqual(before);
  }, 240_000);

  test('two processes at once: one works, the other watches, and both end alike', async () => {
    const { mill, expected } = await millWith(30);
    const words = ['tools', 'finish', 'shots', ...RECIPE, '--out', 'out', '--json'];
    const first = mill.start(...words);
    await untilVisible(join(mill.folder, 'out'), 2, first);
    first.child.kill('SIGSTOP');
    const second = mill.start(...words);
    await untilSaid(second, `Process ${first.child.pid} on `);
    first.child.kill('SIGCONT');
    const [one, other] = await Promise.all([first.ended, second.ended]);
    expect([one.code, other.code]).toEqual([5, 5]);
    expect(lastLine<JobAnswer>(other)).toEqual(lastLine<JobAnswer>(one));
    await checkOut(lastLine<JobAnswer>(one), expected);
  }, 120_000);

  test('the one that works may die: the one that watches takes over', async () => {
    const { mill, expected } = await millWith(30);
    const words = ['tools', 'finish', 'shots', ...RECIPE, '--out', 'out', '--json'];
    const first = mill.start(...words);
    await untilVisible(join(mill.folder, 'out'), 2, first);
    first.child.kill('SIGSTOP');
    const second = mill.start(...words);
    await untilSaid(second, `Process ${first.child.pid} on `);
    first.child.kill('SIGKILL');
    const ended = await second.ended;
    expect(ended.code).toBe(5);
    await checkOut(lastLine<JobAnswer>(ended), expected);
  }, 120_000);

  test('Ctrl-C finishes what is in flight and tells how to go on', async () => {
    const { mill, expected } = await millWith(40);
    const words = ['tools', 'finish', 'shots', ...RECIPE, '--out', 'out'];
    const running = mill.start(...words, '--json');
    await untilVisible(join(mill.folder, 'out'), 4, running);
    running.child.kill('SIGINT');
    const ended = await running.ended;
    const answer = lastLine<JobAnswer>(ended);
    expect(ended.code).toBe(130);
    expect(ended.stderr).toContain('go on with the same command');
    expect(answer.pictures.waiting).toBeGreaterThan(0);
    // What is there is what is recorded.
    expect(await visible(answer.out)).toHaveLength(2 * answer.pictures.done);
    const resumed = await mill.json<JobAnswer>(...words);
    expect(resumed.answer.job).toBe(answer.job);
    await checkOut(resumed.answer, expected);
  }, 120_000);
});

test('what was worked on is listed, and one job is told with what failed in it', async () => {
  const { mill } = await millWith(2);
  await mill.write('shots/broken.png', 'no picture');
  const { answer } = await mill.json<JobAnswer>('tools', 'convert', 'shots', '--format', 'webp');
  const listed = await mill.json<{ jobs: JobAnswer[] }>('tools', 'jobs');
  expect(listed.answer.jobs).toMatchObject([{ job: answer.job, pictures: answer.pictures }]);
  const told = await mill.run('tools', 'jobs', answer.job.slice(0, 5));
  expect(told.stdout).toMatch(/^webp\n[\s\S]*broken\.png: /);
  expect((await mill.run('tools', 'jobs', 'jnone')).code).toBe(2);
});

describe('places that fail', () => {
  test('a file where the out folder should be is told before anything is begun', async () => {
    const { mill } = await millWith(1);
    await mill.write('out', 'a file');
    const { code, answer } = await mill.json<{ problems: { value: string }[] }>(
      'tools',
      'convert',
      'shots',
      '--format',
      'webp',
      '--out',
      'out',
    );
    expect(code).toBe(2);
    expect(answer.problems[0]?.value).toBe(join(mill.folder, 'out'));
  });

  /** Robs a running job of its out folder, gives it back, and sees that all was made once. */
  async function rob(
    out: string,
    { mill, expected }: Awaited<ReturnType<typeof millWith>>,
    place: { readonly take: () => Promise<void>; readonly giveBack: () => Promise<void> },
  ): Promise<void> {
    const words = ['tools', 'finish', 'shots', ...RECIPE, '--out', out];
    const running = mill.start(...words, '--json');
    await untilVisible(out, 6, running);
    await place.take();
    const ended = await running.ended;
    expect(ended.code, ended.stderr).toBe(8);
    const { stopped, pictures } = lastLine<JobAnswer>(ended);
    expect(stopped).toContain(out);
    expect(pictures.waiting).toBeGreaterThan(0);
    await place.giveBack();
    const { code, answer } = await mill.json<JobAnswer>(...words);
    expect(code).toBe(5);
    await checkOut(answer, expected);
  }

  test('an out folder that goes away midway stops the job, which goes on when it is back', async () => {
    const world = await millWith(40);
    const out = join(world.mill.folder, 'out');
    await rob(out, world, {
      take: async () => {
        await rename(out, `${out}-away`);
        await writeFile(out, 'a file stands where the folder was');
      },
      giveBack: async () => {
        await rm(out);
        await rename(`${out}-away`, out);
      },
    });
  }, 120_000);

  test('so does a disk that is full', async ({ skip }) => {
    const disk = await smallDisk();
    if (disk === undefined) return skip('this user may not mount a disk');
    const world = await millWith(40);
    await rob(join(disk.folder, 'out'), world, {
      take: async () => disk.fill(),
      giveBack: async () => disk.clear(),
    });
  }, 120_000);
});

describe('sources that change', () => {
  test('a picture that is changed while the job works is made as it is in the end', async () => {
    const { mill, folder, expected } = await millWith(30);
    const words = ['tools', 'finish', 'shots', ...RECIPE, '--out', 'out'];
    const running = mill.start(...words, '--json');
    await untilVisible(join(mill.folder, 'out'), 2, running);
    const changed = await paintPicture(64, 32, 'png', 500);
    for (const name of ['shot 0.png', 'shot 9.png', 'shot 27.png']) {
      await writeFile(join(folder, name), changed);
    }
    await running.ended;
    const { answer } = await mill.json<JobAnswer>(...words);
    await checkOut(answer, expected);
    for (const name of ['shot 0.webp', 'shot 9.webp', 'shot 27.webp']) {
      const facts = await sharp(join(answer.out, name)).metadata();
      expect([facts.width, facts.height]).toEqual([128, 64]);
    }
  }, 120_000);
});

describe("a run's images", () => {
  test('are worked on from their stored originals, with all that is known of them', async () => {
    const mill = await imagemill();
    await mill.write('sheet.csv', 'name,prompt,colour\nboat,a red boat,red\n,a green hill,green\n');
    const run = await mill.json('run', 'sheet.csv', '--size', '64x64', '--model', 'demo', '--yes');
    expect(run.code).toBe(0);
    const words = ['tools', 'convert', run.answer.run.slice(0, 5), '--format', 'webp'];
    const { code, answer } = await mill.json<JobAnswer>(...words);
    expect(code).toBe(0);
    expect(answer.out).toBe(`${run.answer.out}-webp`);
    const made = (await visible(answer.out)).filter((path) => !path.endsWith(REPORT));
    expect(made).toHaveLength(2);
    const texts = await Promise.all(made.map((path) => readFile(path, 'latin1')));
    expect(texts.join()).toContain('a red boat');
    expect(texts.join()).toContain('algorithmicMedia');
    const named = await mill.json<JobAnswer>(
      ...words,
      '--no-prompt-in-files',
      '--out',
      'named',
      '--name',
      '{colour}/{row}-{stem}.{ext}',
    );
    const files = await visible(join(mill.folder, 'named'));
    expect(files.some((path) => path.includes('/named/red/0001-'))).toBe(true);
    const [red] = files.filter((path) => path.includes('/red/'));
    expect(await readFile(red!, 'latin1')).not.toContain('a red boat');
    expect(named.answer.pictures).toMatchObject({ done: 2 });
    const bare = await mill.json<JobAnswer>(...words, '--no-marks', '--out', 'bare');
    expect(bare.code).toBe(0);
    const [plain] = (await visible(join(mill.folder, 'bare'))).filter((path) =>
      path.endsWith('webp'),
    );
    expect(await readFile(plain!, 'latin1')).not.toContain('algorithmicMedia');
  }, 120_000);
});
