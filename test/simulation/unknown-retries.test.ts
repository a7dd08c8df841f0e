import { expect, test } from 'vitest';
import { driveRun, prepareRun } from '../support/drive-world.ts';
import { World } from './world.ts';

const PROMPTS = ['a fox', 'an owl'];
/** The first sending, and three that `--on-unknown retry` may buy after it. */
const MOST_SENDINGS = 4;

function losing(): World {
  return new World({ seed: 1, behaviours: { openai: { faults: { replyLost: 1 } } } });
}

test('an unknown outcome is bought again three times at most when retrying is allowed', async () => {
  await using world = losing();
  const { items } = await driveRun(world, await prepareRun(world, PROMPTS, { onUnknown: 'retry' }));
  expect(items).toMatchObject({ unknown: 2, waiting: 0 });
  expect(world.billedImages).toBe(MOST_SENDINGS * PROMPTS.length);
});

test('an unknown outcome is never bought again by itself', async () => {
  await using world = losing();
  const runId = await prepareRun(world, PROMPTS);
  for (let lives = 0; lives < 3; lives += 1) {
    const { items } = await driveRun(world, runId);
    expect(items).toMatchObject({ unknown: 2, waiting: 0 });
  }
  expect(world.billedImages).toBe(PROMPTS.length);
});
