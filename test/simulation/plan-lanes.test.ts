import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DEFAULT_SETTINGS, type RunSettings } from '../../src/engine/core/settings.ts';
import { WORLD_BEGINS } from '../support/virtual-clock.ts';
import { World } from './world.ts';

const HOUR_MS = 3_600_000;
/** Twenty images of 2.4 credits. */
const LIVE = 48_000_000;
const BATCH = LIVE / 2;

async function planned(settings: Partial<RunSettings>) {
  await using world = new World({ seed: 3 });
  const sheet = join(world.folder, 'sheet.csv');
  const prompts = Array.from({ length: 20 }, (_, place) => `a lamp, number ${place}`);
  await writeFile(sheet, `prompt\n${prompts.join('\n')}\n`);
  const { engine } = await world.start();
  const { plan, warnings } = await engine.plan({
    sheet,
    settings: { ...DEFAULT_SETTINGS, models: ['gpt-image-2'], ...settings },
  });
  const [model] = plan.models;
  return {
    low: plan.low.creditMicros,
    expected: plan.expected.creditMicros,
    worst: plan.worst.creditMicros,
    model: model?.amount.creditMicros,
    warnings: warnings.join('\n'),
  };
}

// The batches of this model usually take six hours.
test('the half price is expected where batches usually come before the deadline', async () => {
  const plan = await planned({ lane: 'auto', deadlineAt: WORLD_BEGINS + 8 * HOUR_MS });
  expect(plan).toMatchObject({ low: BATCH * 0.95, expected: BATCH, model: BATCH, worst: LIVE });
  expect(plan.warnings).toBe('');
});

test('the live price is expected where batches usually take longer than is left', async () => {
  const plan = await planned({ lane: 'auto', deadlineAt: WORLD_BEGINS + 2 * HOUR_MS });
  expect(plan).toMatchObject({ low: BATCH * 0.95, expected: LIVE, model: LIVE, worst: LIVE });
  expect(plan.warnings).toContain('the live price is expected');
});

test('every figure is the live lane’s where the deadline leaves batches no time at all', async () => {
  const plan = await planned({ lane: 'auto', deadlineAt: WORLD_BEGINS + 5 * 60_000 });
  expect(plan).toMatchObject({ low: LIVE * 0.95, expected: LIVE, model: LIVE, worst: LIVE });
  expect(plan.warnings).toContain('everything is made live');
});

test.each(['live', 'batch'] as const)(
  'a deadline beside --lane %s is said to do nothing',
  async (lane) => {
    const plan = await planned({ lane, deadlineAt: WORLD_BEGINS + 2 * HOUR_MS });
    expect(plan.warnings).toContain('The deadline changes nothing');
  },
);

test('a proof is said to be live where the rest goes by batch', async () => {
  const { warnings } = await planned({ lane: 'batch', proof: 3 });
  expect(warnings).toContain('The proof is made live');
});
