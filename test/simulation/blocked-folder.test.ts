import { expect, test } from 'vitest';
import { driveRun, prepareRun } from '../support/drive-world.ts';
import { World } from './world.ts';

test('an out folder that cannot be used stops the run before anything is paid', async () => {
  await using world = new World({ seed: 1 });
  const runId = await prepareRun(world, ['a fox', 'an owl', 'a lynx']);
  world.outFolderFault = 'not-writable';
  const { run, exitCode } = await driveRun(world, runId);
  expect(run).toMatchObject({ state: 'stopped', reason: 'storage' });
  expect(exitCode).toBe(8);
  expect(world.billedImages).toBe(0);
  world.outFolderFault = undefined;
  expect(await driveRun(world, runId)).toMatchObject({ exitCode: 0, items: { delivered: 3 } });
});
