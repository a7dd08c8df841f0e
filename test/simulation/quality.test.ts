import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../src/engine/core/random.ts';
import { ModelDetail } from '../../src/engine/quality/model-detail.ts';
import { paintPicture } from '../../simulators/picture.ts';
import type { Behaviour } from '../../simulators/index.ts';
import { checkInvariants } from '../support/check-invariants.ts';
import { driveRun, prepareRun } from '../support/drive-world.ts';
import { collect } from '../support/store-run.ts';
import { inspectPng } from './inspect-png.ts';
import { World } from './world.ts';

const ROWS = 90;
const PROMPTS = Array.from({ length: ROWS }, (_, place) => `subject ${place}`);
const GPT = 'gpt-image-2';
const FLUX = 'flux-kontext-pro';
/** The smallest picture of both. */
const SIZE = { width: 1152, height: 576 };
/** Structured pictures that never get soft. */
const LASTING: Behaviour = { latencyMs: 1_000, fade: { after: 1_000_000, blur: 2 } };
const FADING: Behaviour = { latencyMs: 1_000, fade: { after: 30, blur: 2 } };

describe('--rotate-every auto', () => {
  test('changes model when its detail falls, and pays each model its own price', async () => {
    await using world = new World({ seed: 1, behaviours: { openai: FADING, bfl: LASTING } });
    const runId = await prepareRun(world, PROMPTS, {
      models: [GPT, FLUX],
      rotateEvery: 'auto',
      size: SIZE,
    });
    const report = await driveRun(world, runId);
    expect(report.items).toMatchObject({ delivered: ROWS });
    const made = Object.fromEntries(report.byModel.map(({ model, items }) => [model, items]));
    // 30 sharp ones, what it takes to be sure, and what was in flight.
    expect(made[GPT]).toBeGreaterThan(33);
    expect(made[GPT]).toBeLessThan(60);
    expect(made[FLUX]).toBe(ROWS - made[GPT]!);
    const gpt = report.quality.models.find(({ model }) => model === GPT);
    expect(gpt).toMatchObject({ verdict: 'fell' });
    expect(gpt!.ratio).toBeLessThan(0.5);
    expect(report.quality.models.find(({ model }) => model === FLUX)).toMatchObject({
      verdict: 'steady',
    });
    // Dollars are the bill, and credits what each model's images cost.
    expect(report.run.actualUsdMicros).toBe(world.billedUsdMicros);
    await checkInvariants(world.audit.database, runId, { plannedItems: ROWS });
    const { engine } = await world.start();
    const records = await collect(engine.items(runId));
    const prices = [GPT, FLUX].map(
      (model) =>
        engine.catalog.imagePrice(engine.catalog.find(model)!, SIZE, 'medium').creditMicros,
    );
    expect(records.every(({ creditMicros }) => prices.includes(creditMicros))).toBe(true);
    expect(report.run.postedCreditMicros).toBe(made[GPT]! * prices[0]! + made[FLUX]! * prices[1]!);
    // The first rows stay with the first model; the other begins a streak of its own.
    const lastOfGpt = records.findLastIndex(({ model }) => model === GPT);
    expect(records.slice(0, 30).every(({ model }) => model === GPT)).toBe(true);
    expect(lastOfGpt).toBeLessThan(60);
    expect(report.quality.models.find(({ model }) => model === FLUX)?.curve[0]).toMatchObject({
      from: 1,
    });
  });

  test('goes on where it was when the process dies around the change', async () => {
    const begin = async () => {
      const world = new World({ seed: 2, behaviours: { openai: FADING, bfl: LASTING } });
      const settings = { models: [GPT, FLUX], rotateEvery: 'auto', size: SIZE } as const;
      const runId = await prepareRun(world, PROMPTS, { ...settings, onUnknown: 'retry' });
      return { world, runId, life: await world.start() };
    };
    const changedAt = await (async () => {
      const { world, runId, life } = await begin();
      await using _whole = world;
      let events = 0;
      const work = life.engine.drive(runId, {
        onNotice: () => {
          events ||= life.events();
        },
      });
      let ended = false;
      void work.finally(() => (ended = true));
      while (!ended) await world.clock.step();
      return events;
    })();
    for (const killAfter of [changedAt - 1, changedAt, changedAt + 2]) {
      const { world, runId, life } = await begin();
      await using _whole = world;
      life.killAfter(killAfter);
      life.engine.drive(runId).catch(() => {});
      while (!life.isDead()) await world.clock.step();
      const report = await driveRun(world, runId);
      expect(report.items).toMatchObject({ delivered: ROWS });
      const flux = report.byModel.filter(({ model }) => model === FLUX);
      expect(flux.reduce((sum, { items }) => sum + items, 0)).toBeGreaterThan(30);
      await checkInvariants(world.audit.database, runId, { plannedItems: ROWS });
    }
  });

  test('leaves alone the rows that name their model', async () => {
    await using world = new World({ seed: 3, behaviours: { openai: FADING, bfl: LASTING } });
    const own = PROMPTS.map((prompt, place) => `${prompt},${place % 10 === 9 ? GPT : ''}`);
    const runId = await prepareRun(
      world,
      own,
      { models: [GPT, FLUX], rotateEvery: 'auto', size: SIZE },
      { columns: 'prompt,model' },
    );
    await driveRun(world, runId);
    const { engine } = await world.start();
    const records = await collect(engine.items(runId));
    const named = records.filter(({ row }) => row.number % 10 === 0);
    expect(named.map(({ model }) => model)).toEqual(Array<string>(ROWS / 10).fill(GPT));
    expect(records.at(-2)?.model).toBe(FLUX);
  });

  test('stays with the first model while its quality lasts', async () => {
    await using world = new World({ seed: 4, behaviours: { openai: LASTING, bfl: LASTING } });
    const runId = await prepareRun(world, PROMPTS, {
      models: [GPT, FLUX],
      rotateEvery: 'auto',
      size: SIZE,
    });
    const report = await driveRun(world, runId);
    expect(report.byModel).toMatchObject([{ model: GPT, items: ROWS, state: 'delivered' }]);
    expect(report.quality.models).toMatchObject([{ model: GPT, verdict: 'steady' }]);
  });

  test('cries wolf in none of 20 queues of 120 lasting images, asked after each', async () => {
    const alarms = [];
    for (let seed = 1; seed <= 20; seed += 1) {
      const queue = new ModelDetail();
      const random = seededRandom(seed);
      for (let place = 1; place <= 120; place += 1) {
        const prompt = `queue ${seed}: ${random.id(8)}`;
        const detail = await detailOf(prompt, 0);
        queue.add({ order: place, streak: place, detail });
        if (queue.judge().verdict === 'fell') alarms.push(seed);
      }
    }
    expect(alarms).toEqual([]);
  });
});

describe('--canary', () => {
  const settings = { models: [FLUX], canary: 10, size: SIZE } as const;

  test('gives a sure answer where the model honours seeds', async () => {
    const fade = { after: 25, blur: 2 };
    await using world = new World({ seed: 5, behaviours: { bfl: { latencyMs: 1_000, fade } } });
    const runId = await prepareRun(world, PROMPTS.slice(0, 40), { ...settings, concurrency: 1 });
    const report = await driveRun(world, runId);
    expect(report).toMatchObject({ rows: 40, items: { delivered: 45 } });
    const [flux] = report.quality.models;
    expect(flux!.canaries.map(({ number, row, verdict }) => [number, row, verdict])).toEqual([
      [2, 10, 'same'],
      [3, 20, 'same'],
      [4, 30, 'less-detail'],
      [5, 40, 'less-detail'],
    ]);
    expect(flux!.canaries[0]).toMatchObject({ ratio: 1, difference: 0 });
    expect(report.run.actualUsdMicros).toBe(world.billedUsdMicros);
    expect(world.billedImages).toBe(45);
  });

  test('ends the turn of a model that shows less detail, before the curve could tell', async () => {
    const fade = { after: 12, blur: 2 };
    const behaviours = { bfl: { latencyMs: 1_000, fade }, openai: LASTING };
    await using world = new World({ seed: 6, behaviours });
    const runId = await prepareRun(world, PROMPTS.slice(0, 40), {
      ...settings,
      models: [FLUX, GPT],
      rotateEvery: 'auto',
      concurrency: 1,
    });
    const report = await driveRun(world, runId);
    const made = Object.fromEntries(report.byModel.map(({ model, items }) => [model, items]));
    // 20 images and 3 canaries, of which the last was soft; its further canaries have no place at GPT.
    expect(made[GPT]).toBe(20);
    expect(made[FLUX]).toBe(25);
  });
});

describe('flags', () => {
  test('mark near-duplicates, and failures by their kind', async () => {
    const behaviours = {
      openai: {
        latencyMs: 10,
        fade: { after: 1_000, blur: 2 },
        faults: { blank: 0.2, wrongSize: 0.2 },
      },
    };
    await using world = new World({ seed: 7, behaviours });
    const prompts = [...PROMPTS.slice(0, 12), ...PROMPTS.slice(0, 8)];
    const runId = await prepareRun(world, prompts, { size: SIZE, concurrency: 1 });
    const report = await driveRun(world, runId);
    const { engine } = await world.start();
    const records = await collect(engine.items(runId));
    for (const { state, reason, flags } of records) {
      if (state === 'delivered') continue;
      expect(flags).toEqual([{ kind: reason === 'blank' ? 'blank' : 'wrong-size' }]);
    }
    const { flags } = report.quality;
    expect(flags.blank + flags['wrong-size']).toBe(report.items.failed);
    const twins = records.filter(({ flags: each }) => each?.[0]?.kind === 'near-duplicate');
    // Rows 13 to 20 repeat rows 1 to 8.
    const isMade = (row: number) => records[row - 1]?.state === 'delivered';
    const repeated = [13, 14, 15, 16, 17, 18, 19, 20].filter(
      (row) => isMade(row) && isMade(row - 12),
    );
    expect(twins.map(({ row, flags: each }) => [row.number, each])).toEqual(
      repeated.map((row) => [row, [{ kind: 'near-duplicate', row: row - 12, index: 1 }]]),
    );
    expect(twins.length).toBeGreaterThan(0);
  });
});

async function detailOf(prompt: string, blur: number): Promise<number> {
  const size = { width: 128, height: 96 };
  const order = { size, format: 'png', blank: false, prompt, imageId: 'one-0', blur } as const;
  const inspection = inspectPng((await paintPicture(order)).bytes);
  if (inspection.kind !== 'image') throw new Error(inspection.reason);
  return inspection.measures.detail;
}
