import { describe, expect, test } from 'vitest';
import type { Behaviour } from '../../simulators/index.ts';
import type { RunSettings } from '../../src/engine/core/settings.ts';
import { checkInvariants } from '../support/check-invariants.ts';
import { driveRun, prepareRun } from '../support/drive-world.ts';
import { WORLD_BEGINS } from '../support/virtual-clock.ts';
import { World } from './world.ts';

const HOUR_MS = 3_600_000;
const ROWS = 40;
const PROMPTS = Array.from({ length: ROWS }, (_, place) => `a lamp, number ${place}`);
const MODELS = ['gpt-image-2', 'gemini-nano-banana-2.1'];

/** A world whose vendors' batches go like this. */
function worldOf(batch: NonNullable<Behaviour['batch']>, more: Behaviour = {}): World {
  const behaviour = { latencyMs: 5_000, ...more, batch };
  return new World({
    seed: 3,
    // Files and long streams take many turns, in which no hours may pass.
    settleTurns: 60,
    behaviours: { openai: behaviour, gemini: behaviour },
    // 60 images a minute: the live lane needs less than a minute for all.
    config: {
      vendors: {
        openai: { limits: { 'images-per-minute': 60 } },
        gemini: { limits: { 'requests-per-minute': 60 } },
      },
    },
  });
}

/** Batches that the vendors were asked for. */
function batchesBegun({ simulators: { openai, gemini } }: World): number {
  const entries = [...openai.log.entries, ...gemini.log.entries];
  return entries.filter(({ operation }) => operation === 'batch').length;
}

/** Drives the run until nothing waits or is under way any more; the hours that it took. */
async function live(world: World, settings: Partial<RunSettings>) {
  return ended(world, await prepareRun(world, PROMPTS, settings));
}

async function ended(world: World, runId: string) {
  const report = await driveRun(world, runId);
  await checkInvariants(world.audit.database, runId);
  const lanes = await world.audit.database
    .selectFrom('items')
    .innerJoin('requests', 'requests.id', 'items.request_id')
    .select(['requests.lane', 'items.state', 'items.credit_micros'])
    .where('items.run_id', '=', runId)
    .execute();
  const on = (kind: 'live' | 'batch') =>
    lanes.filter(
      ({ lane, state }) => state === 'delivered' && lane.endsWith(':batch') === (kind === 'batch'),
    );
  return {
    report,
    byBatch: on('batch'),
    byLive: on('live'),
    hours: (world.clock.now() - WORLD_BEGINS) / HOUR_MS,
  };
}

describe.each(MODELS)('the half-price lane of %s', (model) => {
  test('makes everything at half the price, in a batch', async () => {
    await using world = worldOf({ durationMs: 2 * HOUR_MS });
    const { report, byBatch, byLive } = await live(world, { models: [model], lane: 'batch' });
    expect(report.items.delivered).toBe(ROWS);
    expect([byBatch.length, byLive.length]).toEqual([ROWS, 0]);
    expect(report.run.actualUsdMicros).toBe(world.billedUsdMicros);
    const full = world.simulators.openai.bill.images + world.simulators.gemini.bill.images;
    expect(full).toBe(ROWS);
    const price = { 'gpt-image-2': 1_200_000, 'gemini-nano-banana-2.1': 700_000 }[model];
    expect(report.run.postedCreditMicros).toBe(ROWS * price!);
  });

  test('keeps what an expired batch has made, and asks again for the rest only', async () => {
    await using world = worldOf({
      durationMs: 30 * HOUR_MS,
      expireAfterMs: 3 * HOUR_MS,
      finishedShare: 0.5,
    });
    const { report } = await live(world, { models: [model], lane: 'batch' });
    expect(report.items.delivered + report.items.failed).toBe(ROWS);
    expect(world.billedImages).toBe(report.items.delivered);
    expect(report.run.actualUsdMicros).toBe(world.billedUsdMicros);
  });

  test('is left in time for a deadline, and no row is paid for in both lanes', async () => {
    await using world = worldOf({ durationMs: 20 * HOUR_MS, finishedShare: 0.4 });
    const { report, byBatch, byLive, hours } = await live(world, {
      models: [model],
      lane: 'auto',
      deadlineAt: WORLD_BEGINS + 6 * HOUR_MS,
    });
    expect(report.items.delivered).toBe(ROWS);
    // What the cancelled batch had made is taken; only the rest went live.
    expect(byBatch.length).toBeGreaterThan(0);
    expect(byLive.length).toBe(ROWS - byBatch.length);
    expect(world.billedImages).toBe(ROWS);
    expect(report.run.actualUsdMicros).toBe(world.billedUsdMicros);
    expect(hours).toBeLessThan(6);
    // It was not left earlier than the live lane and the cancelling need.
    expect(hours).toBeGreaterThan(5.5);
  });

  test('is not left when the batch comes in time', async () => {
    await using world = worldOf({ durationMs: 4 * HOUR_MS });
    const { byBatch } = await live(world, {
      models: [model],
      lane: 'auto',
      deadlineAt: WORLD_BEGINS + 6 * HOUR_MS,
    });
    expect(byBatch).toHaveLength(ROWS);
  });

  test('is not begun when the deadline leaves the live lane no time beside it', async () => {
    await using world = worldOf({ durationMs: 60_000 });
    const { byLive, report } = await live(world, {
      models: [model],
      lane: 'auto',
      deadlineAt: WORLD_BEGINS + 10 * 60_000,
    });
    expect(byLive).toHaveLength(ROWS);
    expect(report.run.actualUsdMicros).toBe(world.billedUsdMicros);
    expect(batchesBegun(world)).toBe(0);
  });

  test('is not begun by a run that goes on after its deadline', async () => {
    await using world = worldOf({ durationMs: 60_000 });
    const settings = { models: [model], lane: 'auto', deadlineAt: WORLD_BEGINS + 6 * HOUR_MS };
    const runId = await prepareRun(world, PROMPTS, settings as Partial<RunSettings>);
    await world.clock.advance(7 * HOUR_MS);
    const report = await driveRun(world, runId);
    expect(report.items.delivered).toBe(ROWS);
    expect(batchesBegun(world)).toBe(0);
  });

  test('is kept, with its price, by what a cancelled run takes up again', async () => {
    await using world = worldOf({ durationMs: 4 * HOUR_MS, finishedShare: 0.4 });
    const settings = { models: [model], lane: 'batch' } as const;
    const runId = await prepareRun(world, PROMPTS, settings);
    const { engine } = await world.start();
    void world.clock.sleep(2 * HOUR_MS).then(() => engine.cancel(runId));
    await world.clock.runUntil(engine.drive(runId));
    const cancelled = await engine.report(runId);
    expect(cancelled.run.state).toBe('cancelled');
    expect(cancelled.items).toMatchObject({ sent: 0, waiting: 0 });
    expect(cancelled.items.cancelled).toBeGreaterThan(0);
    expect(new Set(cancelled.byModel.map(({ lane }) => lane))).toEqual(new Set(['batch']));
    expect(await prepareRun(world, PROMPTS, settings)).toBe(runId);
    const { report, byBatch } = await ended(world, runId);
    expect(byBatch).toHaveLength(report.items.delivered);
    expect(report.items.delivered).toBe(ROWS);
    expect(world.billedImages).toBe(ROWS);
    expect(report.run.actualUsdMicros).toBe(world.billedUsdMicros);
  });

  test('is stopped by cancelling a run that no process works on, and what is made is taken', async () => {
    await using world = worldOf({ durationMs: 4 * HOUR_MS, finishedShare: 0.4 });
    const runId = await prepareRun(world, PROMPTS, { models: [model], lane: 'batch' });
    const first = await world.start();
    first.engine.drive(runId).catch(() => {});
    await world.clock.advance(2 * HOUR_MS);
    first.kill();
    const { engine } = await world.start();
    await world.clock.runUntil(engine.cancel(runId));
    const { run, items } = await engine.report(runId);
    await checkInvariants(world.audit.database, runId);
    expect(run.state).toBe('cancelled');
    expect(run.heldCreditMicros).toBe(0);
    expect(items.delivered).toBeGreaterThan(0);
    expect(items.delivered + items.cancelled).toBe(ROWS);
    expect(items.delivered).toBe(world.billedImages);
    // It was stopped, and not waited for.
    expect(world.clock.now() - WORLD_BEGINS).toBeLessThan(2.5 * HOUR_MS);
  });

  test('is not given up by a cancelling that is interrupted', async () => {
    await using world = worldOf({ durationMs: 4 * HOUR_MS, finishedShare: 0.4 });
    const runId = await prepareRun(world, PROMPTS, { models: [model], lane: 'batch' });
    const { engine } = await world.start();
    const drain = new AbortController();
    const driving = engine.drive(runId, { drain: drain.signal });
    await world.clock.advance(2 * HOUR_MS);
    await engine.cancel(runId);
    drain.abort();
    await world.clock.runUntil(driving);
    const left = await engine.report(runId);
    expect(left.run.state).toBe('stopped');
    expect(left.items.sent).toBe(ROWS);
    await world.clock.runUntil(engine.cancel(runId));
    const { run, items } = await engine.report(runId);
    expect(run.state).toBe('cancelled');
    expect(items.delivered).toBe(world.billedImages);
    expect(items.delivered + items.cancelled).toBe(ROWS);
  });

  test.each([
    ['live', 'batch'],
    ['batch', 'live'],
  ] as const)('is %s at last where the sheet is run again so, after %s', async (lane, before) => {
    await using world = worldOf({ durationMs: HOUR_MS });
    const runId = await prepareRun(world, PROMPTS, { models: [model], lane: before });
    // What waits still, and what was cancelled before it was sent.
    await (await world.start()).engine.cancel(runId);
    await prepareRun(world, PROMPTS, { models: [model], lane });
    const { report, byBatch, byLive } = await ended(world, runId);
    expect((lane === 'batch' ? byBatch : byLive).length).toBe(ROWS);
    expect(report.run.actualUsdMicros).toBe(world.billedUsdMicros);
    const [full, half] = model === 'gpt-image-2' ? [2_400_000, 1_200_000] : [1_400_000, 700_000];
    expect(report.run.postedCreditMicros).toBe(ROWS * (lane === 'batch' ? half : full));
  });

  test('keeps the refusals of each line', async () => {
    await using world = worldOf(
      { durationMs: HOUR_MS },
      { refusals: { pattern: 'number [1-4]$' } },
    );
    const { report } = await live(world, { models: [model], lane: 'batch' });
    expect(report.items).toMatchObject({ delivered: ROWS - 4, refused: 4 });
    expect(report.run.actualUsdMicros).toBe(world.billedUsdMicros);
  });

  test('finds a batch again whose creation was not answered', async () => {
    await using world = worldOf({ durationMs: HOUR_MS }, { faults: { replyLost: 0.5 } });
    const { report } = await live(world, { models: [model], lane: 'batch' });
    expect(report.items.unknown).toBe(0);
    expect(world.billedImages).toBe(report.items.delivered + report.items.failed);
    expect(report.run.actualUsdMicros).toBe(world.billedUsdMicros);
  });

  test('is not bought again when its results cannot be read for a while', async () => {
    await using world = worldOf({ durationMs: HOUR_MS, resultsCut: 1 });
    const settings = { models: [model], lane: 'batch', onUnknown: 'retry' } as const;
    const runId = await prepareRun(world, PROMPTS, settings);
    const first = await driveRun(world, runId);
    expect(first.items.unknown).toBeGreaterThan(0);
    world.simulators.openai.change({ batch: { resultsCut: 0 } });
    world.simulators.gemini.change({ batch: { resultsCut: 0 } });
    const { items } = await driveRun(world, runId);
    expect(items.delivered).toBe(ROWS);
    expect(world.billedImages).toBe(ROWS);
  });
});
