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
  expect(run.reasonText).toMatch(/^\d+ of \d+ images were refused: rows 6, 7, 8, 9, 10, /);
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

test('names the rows, and none more than ten', async () => {
  await using world = refusing('of [5-9]');
  const runId = await prepareRun(world, PROMPTS, { refusalBreaker: { share: 0.5, after: 40 } });
  const { run } = await driveRun(world, runId);
  expect(run.reasonText).toMatch(/rows 6, 7, 8, 9, 10, 16, 17, 18, 19, 20 and \d+ more\./);
  expect(run.reasonText).toContain(`imagemill retry ${runId} --refused`);
});

test('a smaller share stops sooner, and off never does', async () => {
  await using world = refusing('of [89]');
  const careful = await prepareRun(world, PROMPTS, { refusalBreaker: { share: 0.15, after: 20 } });
  expect((await driveRun(world, careful)).run).toMatchObject({ reason: 'refusals' });
  await using other = refusing('thing');
  const careless = await prepareRun(other, PROMPTS, { refusalBreaker: 'off' });
  const { run, items } = await driveRun(other, careless);
  expect([run.state, items.refused]).toEqual(['done', ROWS]);
});

test('a flood that is spread over runs stops them as well, until a person has seen it', async () => {
  await using world = refusing('of [5-9]');
  const settings = { refusalBreaker: { share: 0.35, after: 20 } };
  const first = await driveRun(world, await prepareRun(world, PROMPTS.slice(0, 18), settings));
  expect(first.run.state).toBe('done');
  // 8 of the first run's 18 were refused; with the first of these the account is past its share.
  const second = await prepareRun(world, PROMPTS.slice(20, 38), settings, { fresh: true });
  const stopped = await driveRun(world, second);
  expect(stopped.run).toMatchObject({ state: 'paused', reason: 'refusals' });
  expect(stopped.run.reasonText).toContain('of this account were refused within an hour');
  expect((await driveRun(world, second)).run.state).toBe('done');
});
