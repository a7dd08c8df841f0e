import { describe, expect, test } from 'vitest';
import type { Behaviour } from '../../simulators/index.ts';
import { checkInvariants } from '../support/check-invariants.ts';
import { driveRun, prepareRun } from '../support/drive-world.ts';
import { collect } from '../support/store-run.ts';
import { World } from './world.ts';

const PROMPTS = Array.from({ length: 12 }, (_, place) => `thing ${place} of ${place % 4}`);
const REFUSED = PROMPTS.filter((prompt) => prompt.endsWith('of 3'));
const FALLBACK = { fallback: 'flux-kontext-pro', refusalBreaker: 'off' } as const;

/** OpenAI refuses every fourth prompt; BFL behaves as given. */
function world(openai: Behaviour = {}, bfl: Behaviour = {}): World {
  return new World({
    seed: 3,
    behaviours: {
      openai: { latencyMs: 500, refusals: { pattern: 'of 3', stage: 'input' }, ...openai },
      bfl: { latencyMs: 500, ...bfl },
    },
  });
}

async function recordsOf(scene: World, runId: string) {
  const { engine } = await scene.start();
  return collect(engine.items(runId));
}

describe('a run with a fallback', () => {
  test('sends what was refused elsewhere, and pays each vendor for its own', async () => {
    await using scene = world();
    const runId = await prepareRun(scene, PROMPTS, FALLBACK);
    const { run, items, exitCode } = await driveRun(scene, runId);
    expect([run.state, exitCode, items.delivered]).toEqual(['done', 0, 12]);
    const { openai, bfl } = scene.simulators;
    expect(bfl.bill.entries.map(({ prompt }) => prompt).toSorted()).toEqual(REFUSED.toSorted());
    expect(openai.bill.images).toBe(9);
    expect(run.actualUsdMicros).toBe(scene.billedUsdMicros);
    const records = await recordsOf(scene, runId);
    const models = records.map(({ row, model }) => [row.prompt, model]);
    expect(models.filter(([, model]) => model === 'flux-kontext-pro')).toEqual(
      REFUSED.map((prompt) => [prompt, 'flux-kontext-pro']),
    );
    await checkInvariants(scene.audit.database, runId, { plannedItems: 12 });
  });

  test('asks each image of the fallback once, whatever that one says', async () => {
    await using scene = world({}, { refusals: { share: 1, stage: 'output' } });
    const runId = await prepareRun(scene, PROMPTS, FALLBACK);
    const { items } = await driveRun(scene, runId);
    expect(items).toMatchObject({ delivered: 9, refused: 3, waiting: 0 });
    const submits = () =>
      scene.simulators.bfl.log.entries.filter(({ operation }) => operation === 'submit');
    expect(submits()).toHaveLength(3);
    // Worked on again, it is left as it is.
    await driveRun(scene, runId);
    expect(submits()).toHaveLength(3);
  });

  test('sends what the vendor certainly did not make', async () => {
    await using scene = world({ refusals: { share: 0 } }, { faults: { taskFailed: 1 } });
    const runId = await prepareRun(scene, PROMPTS.slice(0, 4), {
      ...FALLBACK,
      models: ['flux-kontext-pro'],
      fallback: 'gpt-image-2',
    });
    const { items } = await driveRun(scene, runId);
    expect(items).toMatchObject({ delivered: 4 });
    expect(scene.simulators.openai.bill.images).toBe(4);
  });

  test.each(['blank', 'wrongSize', 'replyLost'] as const)(
    'sends nothing elsewhere after %s, since it was paid for or may be',
    async (fault) => {
      await using scene = world({ refusals: { share: 0 }, faults: { [fault]: 1 } });
      const runId = await prepareRun(scene, PROMPTS.slice(0, 4), FALLBACK);
      const { items } = await driveRun(scene, runId);
      expect(items.failed + items.unknown).toBe(4);
      expect(scene.simulators.bfl.log.entries).toEqual([]);
    },
  );

  test('counts refusals that went elsewhere for the breaker all the same', async () => {
    await using scene = world({ refusals: { pattern: 'thing' } });
    const many = Array.from({ length: 60 }, (_, place) => `thing ${place}`);
    const runId = await prepareRun(scene, many, { fallback: 'flux-kontext-pro' });
    const { run } = await driveRun(scene, runId);
    expect(run).toMatchObject({ state: 'paused', reason: 'refusals' });
  });

  test('leaves nothing behind wherever the process dies', async () => {
    const points = await eventsOfARun();
    for (let point = 1; point <= points; point += 1) {
      await using scene = world();
      const runId = await prepareRun(scene, PROMPTS.slice(0, 4), FALLBACK);
      const life = await scene.start();
      life.killAfter(point);
      void life.engine.drive(runId).catch(() => {});
      while (!life.isDead() && (await scene.clock.step()));
      life.kill();
      const { run, items } = await driveRun(scene, runId);
      // What was on its way to OpenAI cannot be asked for: its outcome is unknown, and it stays there.
      expect(items.delivered + items.unknown, `killed after ${point}`).toBe(4);
      expect(items.refused + items.failed + items.waiting, `killed after ${point}`).toBe(0);
      expect(run.actualUsdMicros).toBeLessThanOrEqual(scene.billedUsdMicros);
      await checkInvariants(scene.audit.database, runId, { plannedItems: 4 });
    }
  });

  async function eventsOfARun(): Promise<number> {
    await using scene = world();
    const runId = await prepareRun(scene, PROMPTS.slice(0, 4), FALLBACK);
    const life = await scene.start();
    let ended = false;
    const work = life.engine.drive(runId).finally(() => (ended = true));
    while (!ended) await scene.clock.step();
    await work;
    return life.events();
  }
});
