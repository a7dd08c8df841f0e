import { expect, test } from 'vitest';
import { driveRun, prepareRun } from '../support/drive-world.ts';
import { World } from './world.ts';

const ROWS = 80;
const PROMPTS = Array.from({ length: ROWS }, (_, place) => `thing ${place} of ${place % 10}`);

/** Refuses the prompts that match. */
function refusing(pattern: string): World {
  return new World({
    seed: 1,
    behaviours: { openai: { latencyMs: 500, refusals: { pattern } } },
  });
}

test('a flood of refusals pauses the run soon, and whoever goes on has seen them', async () => {
  await using world = refusing('of [5-9]');
  const runId = await prepareRun(world, PROMPTS);
  const { run, items, exitCode } = await driveRun(world, runId);
  expect(run).toMatchObject({ state: 'paused', reason: 'refusals' });
  expect(exitCode).toBe(8);
  expect(run.reasonText).toContain('were refused');
  // 20 outcomes, and what was in flight beside the last of them.
  expect(items.delivered + items.refused).toBeGreaterThanOrEqual(20);
  expect(items.waiting).toBeGreaterThanOrEqual(ROWS - 40);
  const later = await driveRun(world, runId);
  expect(later.items.waiting).toBeLessThan(items.waiting);
});

test('fewer refusals than half stop nothing', async () => {
  await using world = refusing('of [6-9]');
  const { run, items } = await driveRun(world, await prepareRun(world, PROMPTS));
  expect(run.state).toBe('done');
  expect(items).toMatchObject({ refused: 32, delivered: 48 });
});
