import { expect, test } from 'vitest';
import { prepareRun } from '../support/drive-world.ts';
import { World } from './world.ts';

const A_MINUTE = 60_000;

test('a run that waits at its ceiling goes on soon after the ceiling was raised', async () => {
  await using world = new World({ seed: 1, behaviours: { openai: { latencyMs: 500 } } });
  const runId = await prepareRun(world, ['one', 'two', 'three']);
  const { engine } = await world.start();
  const { workspaces } = engine.service;
  await workspaces.ensureLocal();
  await workspaces.change('local', { imagesPerHour: 1 });
  let ended = false;
  const work = engine.drive(runId).finally(() => (ended = true));
  const waits = async () => Object.values((await engine.run(runId))!.waits);
  while ((await waits()).length === 0) await world.clock.step();
  expect((await waits())[0]?.reason).toContain('1 of 1 used');
  const raisedAt = world.clock.now();
  await workspaces.change('local', { imagesPerHour: 'none' });
  while (!ended) await world.clock.step();
  await work;
  expect((await engine.report(runId)).items).toMatchObject({ delivered: 3 });
  expect(world.clock.now() - raisedAt).toBeLessThan(A_MINUTE);
});
