/** The real command line, killed, stopped and robbed of its disk, against vendors that keep a true bill. */
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, onTestFinished, test } from 'vitest';
import { hashPrompt, readSimulatedMark } from '../../simulators/simulated-mark.ts';
import { type Simulator, simulate, type SimulateOptions } from '../../simulators/index.ts';
import { imagemill, lastLine } from '../support/imagemill.ts';
import {
  readResults,
  type Result,
  surviveKills,
  type Survivor,
  untilBilled,
  untilSaid,
  untilSubmitted,
} from '../support/kill-run.ts';
import { smallDisk } from '../support/small-disk.ts';

const PARTI_ROWS = 1_632;
const CREDITS_PER_IMAGE = 2.4;
const OPENAI = ['--model', 'gpt-image-2', '--yes'];

/** Attempts that are given up as unknown although the store holds the vendor's id. */
function unknownWithId(folder: string): number {
  using database = new DatabaseSync(join(folder, 'home', 'imagemill.db'), { readOnly: true });
  const query = `select count(*) as found from attempts where state = 'unknown' and ref is not null`;
  return database.prepare(query).get()!['found'] as number;
}

async function withSimulators(options: SimulateOptions) {
  const simulation = await simulate(options);
  onTestFinished(() => simulation.close());
  return { simulation, mill: await imagemill(simulation.environment) };
}

/** In PartiPrompts' shape: tabs, and quotes inside cells that nobody has quoted. */
function partiSheet(rows: number): string {
  const lines = Array.from({ length: rows }, (_, place) => {
    const prompt =
      place % 7 === 0
        ? `a sign that says "Deep Learning ${place}" over a door`
        : `picture ${place}: a "small" boat, 5" long; on a lake`;
    return `${prompt}\tOutdoor Scenes\tWriting & Symbols\tnote ${place}`;
  });
  return `Prompt\tCategory\tChallenge\tNote\n${lines.join('\n')}\n`;
}

function inState(results: readonly Result[], state: string): Result[] {
  return results.filter((result) => result['state'] === state);
}

function promptOf(result: Result): string {
  return result['Prompt'] ?? result['prompt']!;
}

/** What must hold however often the run was killed. Answers how many unknowns were billed. */
async function checkSurvivor(
  { answer, results }: Pick<Survivor, 'answer' | 'results'>,
  { bill }: Simulator,
  rows: number,
): Promise<{ unknownMade: number; unknownUsdMicros: number }> {
  const { items } = answer;
  expect(Object.values(items).reduce((sum, count) => sum + count, 0)).toBe(rows);
  expect(items).toMatchObject({ waiting: 0, sent: 0 });
  expect(results).toHaveLength(rows);
  expect(new Set(results.map(promptOf)).size).toBe(rows);
  for (const state of ['delivered', 'refused', 'failed', 'unknown', 'cancelled']) {
    expect(inState(results, state), state).toHaveLength(items[state]!);
  }
  const billed = new Map(bill.entries.map((entry) => [entry.prompt, entry]));
  expect(billed.size, 'no prompt is billed twice').toBe(bill.entries.length);
  for (const result of inState(results, 'delivered')) {
    const picture = await readFile(join(answer.out, result['file']!));
    expect(readSimulatedMark(picture)?.promptHash).toBe(hashPrompt(promptOf(result)));
  }
  const unknowns = inState(results, 'unknown').flatMap((result) => {
    const entry = billed.get(promptOf(result));
    return entry === undefined ? [] : [entry];
  });
  expect(bill.images).toBe(items['delivered']! + items['failed']! + unknowns.length);
  return {
    unknownMade: unknowns.length,
    unknownUsdMicros: unknowns.reduce((sum, { usdMicros }) => sum + usdMicros, 0),
  };
}

describe('killed again and again', () => {
  test('1,632 rows at OpenAI: every row is accounted for, and nothing is bought twice', async () => {
    const { simulation, mill } = await withSimulators({
      latencyMs: [20, 120],
      refusals: { share: 0.05 },
      faults: { status503: 0.02 },
    });
    await mill.write('parti.tsv', partiSheet(PARTI_ROWS));
    const survivor = await surviveKills(
      mill,
      simulation.openai,
      ['run', 'parti.tsv', '--size', '1024x1024', ...OPENAI],
      { kills: 10, images: 0.95 * PARTI_ROWS, seed: 20 },
    );
    const { answer, ended } = survivor;
    const found = await checkSurvivor(survivor, simulation.openai, PARTI_ROWS);
    const { delivered, refused, failed, unknown } = answer.items;
    expect(refused).toBeGreaterThan(0);
    expect(failed).toBe(0);
    expect(answer.credits.posted).toBeCloseTo(delivered! * CREDITS_PER_IMAGE, 6);
    expect(answer.credits.held).toBeCloseTo(unknown! * CREDITS_PER_IMAGE, 6);
    const knownUsd = (simulation.openai.bill.usdMicros - found.unknownUsdMicros) / 1e6;
    expect(answer.usd.actual).toBeCloseTo(knownUsd, 6);
    expect(ended.code).toBe(unknown! > 0 ? 6 : 4);
    expect(answer).toMatchObject({ state: 'done', rows: PARTI_ROWS });
  }, 240_000);

  test('150 rows at Kling: nothing stays unknown, and the bill is what was delivered', async () => {
    const { simulation, mill } = await withSimulators({ latencyMs: [50, 300] });
    await mill.write('parti.tsv', partiSheet(150));
    const survivor = await surviveKills(
      mill,
      simulation.kling,
      ['run', 'parti.tsv', '--model', 'kling-v3', '--concurrency', '20', '--yes'],
      { kills: 5, images: 150, seed: 4 },
    );
    await checkSurvivor(survivor, simulation.kling, 150);
    expect(survivor.answer.items).toMatchObject({ delivered: 150, unknown: 0 });
    expect(simulation.kling.bill.images).toBe(150);
    expect(survivor.ended.code).toBe(0);
  }, 120_000);

  test('150 rows at BFL: only a task whose id was never heard stays unknown', async () => {
    const { simulation, mill } = await withSimulators({ latencyMs: [50, 300], replyMs: [5, 40] });
    await mill.write('parti.tsv', partiSheet(150));
    const survivor = await surviveKills(
      mill,
      simulation.bfl,
      ['run', 'parti.tsv', '--model', 'flux-kontext-pro', '--concurrency', '20', '--yes'],
      { kills: 5, images: 150, seed: 5 },
    );
    await checkSurvivor(survivor, simulation.bfl, 150);
    const { items } = survivor.answer;
    expect(items['delivered']! + items['unknown']!).toBe(150);
    expect(unknownWithId(mill.folder)).toBe(0);
    expect(survivor.ended.code).toBe(items['unknown']! > 0 ? 6 : 0);
  }, 120_000);
});

describe('interrupted', () => {
  test('Ctrl-C once: what is in flight ends, nothing is left sent, resume does the rest', async () => {
    const { simulation, mill } = await withSimulators({ latencyMs: [100, 300] });
    await mill.write('parti.tsv', partiSheet(60));
    const running = mill.start('run', 'parti.tsv', ...OPENAI, '--concurrency', '5', '--json');
    await untilBilled(simulation.openai, 3, running);
    running.child.kill('SIGINT');
    const ended = await running.ended;
    const { items } = lastLine(ended);
    expect(ended.code).toBe(130);
    expect(items).toMatchObject({ sent: 0, unknown: 0 });
    expect(items['waiting']).toBeGreaterThan(0);
    expect(simulation.openai.bill.images).toBe(items['delivered']);
    const resumed = await mill.json('resume');
    expect(resumed).toMatchObject({ code: 0, answer: { items: { delivered: 60 } } });
    expect(simulation.openai.bill.images).toBe(60);
  });

  test('Ctrl-C twice: it ends at once, and resume gives an account of every row', async () => {
    const { simulation, mill } = await withSimulators({ latencyMs: 20_000 });
    await mill.write('parti.tsv', partiSheet(60));
    const running = mill.start('run', 'parti.tsv', ...OPENAI, '--concurrency', '5');
    // A vendor whose limits nobody has told gets two requests first.
    await untilSubmitted(simulation.openai, 2);
    const asked = untilSaid(running, 'press again to stop at once');
    running.child.kill('SIGINT');
    await asked;
    running.child.kill('SIGINT');
    expect((await running.ended).code).toBe(130);
    simulation.openai.change({ latencyMs: 20 });
    const { code, answer } = await mill.json('resume');
    await checkSurvivor({ answer, results: await readResults(answer) }, simulation.openai, 60);
    expect({ code, items: answer.items }).toMatchObject({
      code: 6,
      items: { unknown: 2, delivered: 58 },
    });
  });
});

describe('stopped for a while', () => {
  test('a second process watches the living owner; both end alike and nothing is paid twice', async () => {
    const { simulation, mill } = await withSimulators({ latencyMs: [20, 200] });
    await mill.write('parti.tsv', partiSheet(80));
    const running = mill.start('run', 'parti.tsv', ...OPENAI, '--concurrency', '4', '--json');
    await untilBilled(simulation.openai, 10, running);
    running.child.kill('SIGSTOP');
    const second = mill.start('resume', '--json');
    await untilSaid(second, `Process ${running.child.pid} on `);
    const made = simulation.openai.bill.images;
    running.child.kill('SIGCONT');
    const [first, watched] = await Promise.all([running.ended, second.ended]);
    expect(first.code).toBe(0);
    expect(watched.code).toBe(0);
    expect(lastLine(first).items).toMatchObject({ delivered: 80 });
    expect(lastLine(watched)).toEqual(lastLine(first));
    expect(made).toBeLessThan(80);
    expect(simulation.openai.bill.images).toBe(80);
  });

  test('the owner may be killed while it is watched: the watcher takes over', async () => {
    const { simulation, mill } = await withSimulators({ latencyMs: [20, 200] });
    await mill.write('parti.tsv', partiSheet(80));
    const running = mill.start('run', 'parti.tsv', '--model', 'kling-v3', '--yes', '--json');
    await untilBilled(simulation.kling, 5, running);
    const second = mill.start('resume', '--json');
    await untilSaid(second, `Process ${running.child.pid} on `);
    running.child.kill('SIGKILL');
    const ended = await second.ended;
    expect(ended.code).toBe(0);
    expect(lastLine(ended).items).toMatchObject({ delivered: 80 });
    expect(simulation.kling.bill.images).toBe(80);
  });
});

describe('without a place to deliver to', () => {
  /** Robs a running command of its out folder, gives it back, and sees that nothing was paid twice. */
  async function rob(
    out: string,
    { simulation, mill }: Awaited<ReturnType<typeof withSimulators>>,
    place: { readonly take: () => Promise<void>; readonly giveBack: () => Promise<void> },
  ): Promise<void> {
    await mill.write('parti.tsv', partiSheet(60));
    const order = ['run', 'parti.tsv', ...OPENAI, '--concurrency', '2', '--out', out];
    const running = mill.start(...order, '--json');
    await untilBilled(simulation.openai, 8, running);
    await place.take();
    const ended = await running.ended;
    const stopped = lastLine(ended);
    expect(ended.code, ended.stderr).toBe(8);
    expect(stopped).toMatchObject({ state: 'stopped', items: { sent: 0, unknown: 0 } });
    expect(ended.stderr).toContain(out);
    const paid = simulation.openai.bill.images;
    expect(stopped.items['delivered']).toBe(paid);
    expect(stopped.items['waiting']).toBe(60 - paid);
    expect((await mill.json('resume')).code).toBe(8);
    expect(simulation.openai.bill.images).toBe(paid);

    await place.giveBack();
    const { code, answer } = await mill.json('resume');
    expect({ code, items: answer.items }).toMatchObject({ code: 0, items: { delivered: 60 } });
    await checkSurvivor({ answer, results: await readResults(answer) }, simulation.openai, 60);
    expect(simulation.openai.bill.images).toBe(60);
  }

  test('the run stops with 8, paid images are kept, and resume delivers them without paying', async () => {
    const world = await withSimulators({ latencyMs: [20, 100] });
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
  });

  test('a disk that is full midway costs nothing either', async ({ skip }) => {
    const disk = await smallDisk();
    if (disk === undefined) return skip('this user may not mount a disk');
    const world = await withSimulators({ latencyMs: [20, 100] });
    await rob(join(disk.folder, 'out'), world, {
      take: async () => disk.fill(),
      giveBack: async () => disk.clear(),
    });
  });
});
