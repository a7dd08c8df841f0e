/** The command line as a user has it: the launcher, a home of its own, real files, real HTTP. */
import { readdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { simulate, type SimulateOptions } from '../../simulators/index.ts';
import {
  imagemill,
  type Imagemill,
  lastLine,
  type RunAnswer,
  untilSaid,
} from '../support/imagemill.ts';

const SMALL = ['--size', '256x256'];

function sum(items: Readonly<Record<string, number>>): number {
  return Object.values(items).reduce((total, count) => total + count, 0);
}

async function withSimulators(options: SimulateOptions) {
  const simulation = await simulate(options);
  onTestFinished(() => simulation.close());
  return { simulation, mill: await imagemill(simulation.environment) };
}

/** Looks at the newest run until it is as wanted; the test's own time-out bounds it. */
async function untilStatus(mill: Imagemill, wanted: (answer: RunAnswer) => boolean) {
  for (;;) {
    const ended = await mill.run('status', '--json');
    if (ended.code === 0 && wanted(lastLine(ended))) return lastLine(ended);
    await sleep(50);
  }
}

describe('with the demo model', () => {
  test('a sheet becomes images; again, it pays nothing; edited, it makes what is new', async () => {
    const mill = await imagemill();
    await mill.writeSheet('boats.csv', 3);
    const first = await mill.json('run', 'boats.csv', ...SMALL);
    expect(first.ended.stderr).toContain('3 rows → 3 images');
    expect(first).toMatchObject({ code: 0, answer: { state: 'done', rows: 3 } });
    expect(first.ended.stdout.trimEnd().split('\n')).toHaveLength(1);
    expect(first.answer.out).toBe(join(mill.folder, 'boats-images'));
    const files = await readdir(first.answer.out);
    expect(files.filter((name) => name.endsWith('.png'))).toHaveLength(3);
    expect(files).toEqual(
      expect.arrayContaining(['contact-sheet.webp', 'manifest.json', 'results.csv']),
    );

    const second = await mill.run('run', 'boats.csv', ...SMALL);
    expect(second.code).toBe(0);
    expect(second.stdout).toContain('nothing new to make, 3 images kept');
    expect(second.stdout).not.toContain('\r');
    expect(second.stdout).not.toContain('\u001B');

    await mill.write('boats.csv', 'prompt\n"a red boat, number 1"\na green boat\n');
    const third = await mill.json('run', 'boats.csv', ...SMALL);
    expect(third.code).toBe(0);
    expect(third.answer.run).toBe(first.answer.run);
    expect(third.ended.stderr).toContain('1 new image, ');

    const fresh = await mill.json('run', 'boats.csv', ...SMALL, '--new', '--out', 'other');
    expect(fresh.answer.run).not.toBe(first.answer.run);
  });

  test('plan spends nothing, keeps nothing, and says the same twice', async () => {
    const mill = await imagemill();
    await mill.writeSheet('boats.csv', 30);
    const one = await mill.json<Record<string, unknown>>('plan', 'boats.csv', '--batch-size', '10');
    const two = await mill.json<Record<string, unknown>>('plan', 'boats.csv', '--batch-size', '10');
    expect(one.code).toBe(0);
    expect(one.answer).toMatchObject({
      rows: 30,
      items: 30,
      models: [{ model: 'demo', batches: 3, requests: 30, items: 30, credits: 0, usd: 0 }],
      total: { expected: { credits: 0, usd: 0 } },
    });
    expect(one.answer['plan_hash']).toBe(two.answer['plan_hash']);
    expect((await mill.run('list')).stdout).toContain('There is no run yet');
    expect(await readdir(mill.folder)).not.toContain('boats-images');
  });

  test('a bad sheet is refused with all its problems and code 2', async () => {
    const mill = await imagemill();
    await mill.write('bad.csv', 'prompt,aspect_ratio\na cat,11:00\n,1:1\n');
    const { code, answer, ended } = await mill.json<{ problems: { line: number }[] }>(
      'run',
      'bad.csv',
    );
    expect(code).toBe(2);
    expect(answer.problems.map(({ line }) => line)).toEqual([2, 3]);
    expect(answer.problems[0]).toMatchObject({ column: 'aspect_ratio', value: '11:00' });
    expect(ended.stderr).toContain('bad.csv:2, column aspect_ratio');
    expect(ended.stderr).toContain('bad.csv:3, column prompt');
    const skipped = await mill.json(
      'run',
      'bad.csv',
      '--skip-bad-rows',
      '--map',
      'aspect_ratio=',
      ...SMALL,
    );
    expect(skipped).toMatchObject({ code: 0, answer: { items: { delivered: 1 } } });
  });

  test('bad usage is told with code 2, all of it at once', async () => {
    const mill = await imagemill();
    await mill.writeSheet('boats.csv', 1);
    const bad = await mill.run('run', 'boats.csv', '--size', 'big', '--count', 'many');
    expect(bad.code).toBe(2);
    expect(bad.stderr).toContain('--size is not a size');
    expect(bad.stderr).toContain('--count is not');
    for (const words of [['run'], ['rnu'], ['run', 'x.csv', '--sise', '1'], ['status', 'r1']]) {
      expect((await mill.run(...words)).code, words.join(' ')).toBe(2);
    }
  });

  test('a proof waits for approve', async () => {
    const mill = await imagemill();
    await mill.writeSheet('boats.csv', 5);
    const proof = await mill.json('run', 'boats.csv', ...SMALL, '--proof', '2', '--yes');
    expect(proof).toMatchObject({
      code: 7,
      answer: { state: 'awaiting_approval', items: { delivered: 2, waiting: 3 } },
    });
    expect(proof.ended.stderr).toContain(`imagemill approve ${proof.answer.run}`);
    expect((await mill.run('resume', proof.answer.run)).code).toBe(7);
    const rest = await mill.json('approve', proof.answer.run);
    expect(rest).toMatchObject({ code: 0, answer: { state: 'done', items: { delivered: 5 } } });
  });

  test('the config file and the environment give defaults', async () => {
    const mill = await imagemill({ IMAGEMILL_COUNT: '2' });
    await mill.writeSheet('boats.csv', 1);
    await mill.write('imagemill.yaml', 'defaults: { size: 256x256, count: 5, format: webp }\n');
    const { answer } = await mill.json('run', 'boats.csv');
    expect(answer.items['delivered']).toBe(2);
    const files = await readdir(answer.out);
    expect(files.filter((name) => /-\d\.webp$/.test(name))).toHaveLength(2);
    await mill.write('imagemill.yaml', 'vendors: { openai: { api_key: sk-hidden-key } }\n');
    const refused = await mill.run('plan', 'boats.csv');
    expect(refused.code).toBe(2);
    expect(refused.stderr).not.toContain('sk-hidden-key');
    await mill.write('imagemill.yaml', 'vendors: { openai: { tier: tier-9 } }\n');
    const noTier = await mill.run('plan', 'boats.csv');
    expect(noTier.stderr).toMatch(/imagemill\.yaml, setting vendors\.openai\.tier: .*no such tier/);
  });

  test('status, list, export, models, doctor and help answer', async () => {
    const mill = await imagemill();
    await mill.writeSheet('boats.csv', 2);
    const { answer } = await mill.json('run', 'boats.csv', ...SMALL);
    const status = await mill.json('status', answer.run.slice(0, 5));
    expect(status).toMatchObject({ code: 0, answer: { run: answer.run } });
    expect(sum(status.answer.items)).toBe(2);
    expect((await mill.run('list')).stdout).toContain(answer.run);
    const exported = await mill.json<{ files: number }>('export', answer.run, '--out', 'again');
    expect(exported).toMatchObject({ code: 0, answer: { files: 2 } });
    expect(await readdir(join(mill.folder, 'again'))).toContain('results.csv');
    expect((await mill.run('models', '--size', '512x512')).stdout).toContain('gpt-image-2');
    expect(await mill.json('doctor')).toMatchObject({ code: 0, answer: { ok: true } });
    const help = await mill.run();
    expect(help).toMatchObject({ code: 0 });
    expect(help.stdout).toContain('Exit codes');
    expect((await mill.run('help', 'configuration')).stdout).toContain('imagemill.yaml');
    expect((await mill.json('resume')).answer.run).toBe(answer.run);
  });

  test('the launcher works through a link, from any folder, whatever node is on the path', async () => {
    const mill = await imagemill({ PATH: '/usr/bin:/bin' });
    const launcher = fileURLToPath(new URL('../../imagemill', import.meta.url));
    await symlink(launcher, join(mill.folder, 'mill'));
    const { execFileSync } = await import('node:child_process');
    const version = execFileSync('./mill', ['--version'], {
      cwd: mill.folder,
      env: { PATH: '/usr/bin:/bin' },
    });
    const file = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
    expect(version.toString().trim()).toBe((JSON.parse(file) as { version: string }).version);
  });
});

describe('with a vendor that is paid', () => {
  test('without a person to ask and without --yes nothing is spent until approve', async () => {
    const { simulation, mill } = await withSimulators({});
    await mill.writeSheet('boats.csv', 2);
    const asked = await mill.json('run', 'boats.csv');
    expect(asked).toMatchObject({ code: 7, answer: { credits: { posted: 0, held: 0 } } });
    expect(asked.ended.stderr).toContain(`imagemill approve ${asked.answer.run}`);
    expect((await mill.run('resume')).code).toBe(7);
    expect(simulation.openai.bill.images).toBe(0);
    const approved = await mill.json('approve', asked.answer.run);
    expect(approved).toMatchObject({ code: 0, answer: { credits: { posted: 4.8 } } });
    expect(simulation.openai.bill.images).toBe(2);
    expect(approved.answer.usd.actual).toBeCloseTo(simulation.openai.bill.usdMicros / 1e6, 6);
  });

  test('a budget stops the run with 3; resume --budget goes on', async () => {
    const { simulation, mill } = await withSimulators({});
    await mill.writeSheet('boats.csv', 4);
    const short = await mill.json('run', 'boats.csv', '--yes', '--budget', '5');
    expect(short).toMatchObject({
      code: 3,
      answer: { state: 'stopped', items: { delivered: 2, waiting: 2 }, credits: { posted: 4.8 } },
    });
    const rest = await mill.json('resume', '--budget', '10');
    expect(rest).toMatchObject({ code: 0, answer: { items: { delivered: 4 } } });
    expect(simulation.openai.bill.images).toBe(4);
  });

  test('refused images end with 4 and are not tried again by themselves', async () => {
    const { mill } = await withSimulators({ refusals: { pattern: 'number 2' } });
    await mill.writeSheet('boats.csv', 3);
    const first = await mill.json('run', 'boats.csv', '--yes');
    expect(first).toMatchObject({ code: 4, answer: { items: { delivered: 2, refused: 1 } } });
    expect((await mill.json('resume')).code).toBe(4);
    const again = await mill.json('retry', first.answer.run, '--refused', '--yes');
    expect(again).toMatchObject({ code: 4, answer: { items: { delivered: 2, refused: 1 } } });
  });

  test('several kinds can be tried again at once', async () => {
    const { mill } = await withSimulators({
      refusals: { pattern: 'number 2' },
      faults: { blank: 1 },
    });
    await mill.writeSheet('boats.csv', 3);
    const first = await mill.json('run', 'boats.csv', '--yes');
    expect(first).toMatchObject({ code: 5, answer: { items: { failed: 2, refused: 1 } } });
    const again = await mill.json('retry', first.answer.run, '--failed', '--refused', '--yes');
    expect(again).toMatchObject({
      code: 5,
      answer: { state: 'done', items: { failed: 2, refused: 1 } },
    });
  });

  test('pause lets what is in flight end; resume goes on; cancel sends nothing more', async () => {
    const { simulation, mill } = await withSimulators({ latencyMs: 300 });
    // At one at a time this is half a minute of work, so that the slowest machine cancels amid it.
    await mill.writeSheet('boats.csv', 100);
    const running = mill.start('run', 'boats.csv', '--yes', '--concurrency', '1');
    const { run } = await untilStatus(mill, ({ items }) => (items['delivered'] ?? 0) > 0);
    const paused = await mill.json('pause', run);
    expect(paused).toMatchObject({ code: 0, answer: { state: 'paused' } });
    expect((await running.ended).code).toBe(8);
    const resumed = mill.start('resume', run, '--concurrency', '1');
    await untilStatus(mill, ({ state }) => state === 'running');
    const watching = mill.start('resume', run);
    // Only once it watches: a resume that came after the cancel would take the run up again.
    await untilSaid(watching, 'watching it');
    const cancelled = await mill.json('cancel', run);
    expect(cancelled).toMatchObject({ code: 0, answer: { state: 'cancelled' } });
    expect((await resumed.ended).code).toBe(8);
    expect((await watching.ended).code).toBe(8);
    const { items } = cancelled.answer;
    expect(sum(items)).toBe(100);
    expect(items['delivered']).toBe(simulation.openai.bill.images);
  });

  test('Ctrl-C finishes what is in flight, ends with 130, and resume does the rest', async () => {
    const { simulation, mill } = await withSimulators({ latencyMs: 200 });
    await mill.writeSheet('boats.csv', 8);
    const running = mill.start('run', 'boats.csv', '--yes', '--concurrency', '1', '--json');
    await untilStatus(mill, ({ items }) => (items['delivered'] ?? 0) > 0);
    running.child.kill('SIGINT');
    const ended = await running.ended;
    expect(ended.code).toBe(130);
    expect(ended.stderr).toContain('go on with: imagemill resume');
    expect(lastLine(ended).items['sent']).toBe(0);
    expect(await mill.json('resume')).toMatchObject({
      code: 0,
      answer: { items: { delivered: 8 } },
    });
    expect(simulation.openai.bill.images).toBe(8);
  });

  test('after kill -9 resume takes over at once and buys nothing twice', async () => {
    const { simulation, mill } = await withSimulators({ latencyMs: 200 });
    await mill.writeSheet('boats.csv', 8);
    const running = mill.start(
      'run',
      'boats.csv',
      '--yes',
      '--model',
      'kling-v3',
      '--concurrency',
      '2',
    );
    await untilStatus(mill, ({ items }) => (items['delivered'] ?? 0) > 0);
    running.child.kill('SIGKILL');
    expect((await running.ended).signal).toBe('SIGKILL');
    const { code, answer } = await mill.json('resume');
    // Kling finds a task by our own id, so that nothing stays unknown.
    expect({ code, items: answer.items }).toMatchObject({ code: 0, items: { delivered: 8 } });
    expect(simulation.kling.bill.images).toBe(8);
  });
});
