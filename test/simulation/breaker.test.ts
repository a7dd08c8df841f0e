import { join } from 'node:path';
import { writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../../src/engine/core/settings.ts';
import { World } from './world.ts';

const ROWS = 80;

async function drive(world: World, runId: string): Promise<void> {
  const life = await world.start();
  let ended = false;
  const work = life.engine.drive(runId).finally(() => {
    ended = true;
  });
  work.catch(() => {});
  while (!ended) await world.clock.step();
  await work;
}

/** A run of 80 rows, of which those that match are refused. */
async function runWith(pattern: string) {
  const refusing = { latencyMs: 500, refusals: { pattern } };
  const world = new World({ seed: 1, behaviours: { openai: refusing } });
  const sheet = join(world.folder, 'sheet.csv');
  const prompts = Array.from({ length: ROWS }, (_, place) => `thing ${place} of ${place % 10}`);
  await writeFile(sheet, `prompt\n${prompts.join('\n')}\n`);
  const { engine } = await world.start();
  const { runId } = await engine.prepare({
    sheet,
    settings: {
      ...DEFAULT_SETTINGS,
      models: ['gpt-image-2'],
      spendingAllowed: true,
      concurrency: 4,
    },
    out: join(world.folder, 'out'),
    fresh: false,
    title: 'refused',
  });
  await drive(world, runId);
  return { world, runId, engine };
}

test('a flood of refusals pauses the run soon, and whoever goes on has seen them', async () => {
  const { world, runId, engine } = await runWith('of [5-9]');
  await using _ = world;
  const { run, items, exitCode } = await engine.report(runId);
  expect(run).toMatchObject({ state: 'paused', reason: 'refusals' });
  expect(exitCode).toBe(8);
  expect(run.reasonText).toContain('were refused');
  // 20 outcomes, and what was in flight beside the last of them.
  expect(items.delivered + items.refused).toBeGreaterThanOrEqual(20);
  expect(items.waiting).toBeGreaterThanOrEqual(ROWS - 40);
  await drive(world, runId);
  const later = (await engine.report(runId)).items;
  expect(later.delivered + later.refused).toBeGreaterThan(items.delivered + items.refused);
});

test('fewer refusals than half stop nothing', async () => {
  const { world, runId, engine } = await runWith('of [6-9]');
  await using _ = world;
  const { run, items } = await engine.report(runId);
  expect(run.state).toBe('done');
  expect(items).toMatchObject({ refused: 32, delivered: 48 });
});
