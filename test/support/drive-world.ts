/** Plans a small sheet in a simulated world and drives it, life by life, on the virtual clock. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DEFAULT_SETTINGS, type RunSettings } from '../../src/engine/core/settings.ts';
import type { World } from '../simulation/world.ts';

/** A planned run of these prompts at OpenAI, four in flight. Answers its id. */
export async function prepareRun(
  world: World,
  prompts: readonly string[],
  settings: Partial<RunSettings> = {},
  {
    fresh = false,
    columns = 'prompt',
  }: { readonly fresh?: boolean; readonly columns?: string } = {},
): Promise<string> {
  const sheet = join(world.folder, 'sheet.csv');
  await writeFile(sheet, `${columns}\n${prompts.join('\n')}\n`);
  const { engine } = await world.start();
  const { runId } = await engine.prepare({
    sheet,
    settings: {
      ...DEFAULT_SETTINGS,
      models: ['gpt-image-2'],
      spendingAllowed: true,
      concurrency: 4,
      ...settings,
    },
    out: join(world.folder, 'out'),
    fresh,
    title: 'simulated',
  });
  return runId;
}

/** Drives the run in a process of its own to where nothing more can be done, and reports. */
export async function driveRun(world: World, runId: string) {
  const { engine } = await world.start();
  let ended = false;
  const work = engine.drive(runId).finally(() => {
    ended = true;
  });
  work.catch(() => {});
  while (!ended) await world.clock.step();
  await work;
  return engine.report(runId);
}
