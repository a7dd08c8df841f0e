/** References in a whole world: what is granted is sent at once, and a life that follows sends the same. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { driveRun, prepareRun } from '../support/drive-world.ts';
import { grainy, turnedPhoto } from '../support/reference-pictures.ts';
import { World } from './world.ts';

/** A run at OpenAI of two rows with large pictures that must be fitted, and one without any. */
async function preparedRun(world: World): Promise<string> {
  const write = async (name: string, picture: Promise<Buffer>) =>
    writeFile(join(world.folder, name), await picture);
  await write('photo.jpg', turnedPhoto(3000, 2000));
  await write('scan.tif', grainy(1800, 1500).tiff().toBuffer());
  const rows = ['a fox,photo.jpg', 'an owl,', 'a hare,photo.jpg|scan.tif'];
  return prepareRun(world, rows, {}, { columns: 'prompt,image' });
}

async function returnsOf(world: World, runId: string): Promise<unknown[]> {
  const { engine } = await world.start();
  const returns = [];
  for await (const { event } of engine.journal(runId)) {
    if (event.type === 'attempt-returned') returns.push(event);
  }
  return returns;
}

describe('a run with references', () => {
  test('wastes no grant of a window while pictures are fitted and uploaded', async () => {
    await using world = new World({
      seed: 1,
      behaviours: { openai: { limits: { imagesPerMinute: 5 } } },
      config: { vendors: { openai: { limits: { 'images-per-minute': 5 } } } },
    });
    const runId = await preparedRun(world);
    const report = await driveRun(world, runId);
    expect(report.items).toMatchObject({ delivered: 3 });
    expect(await returnsOf(world, runId)).toEqual([]);
    const { entries } = world.simulators.openai.log;
    const submits = entries.filter(({ operation }) => operation === 'submit');
    expect(submits).toHaveLength(3);
    // The two pictures went to the vendor once each, fitted, before anything was asked for.
    const uploads = entries.filter(({ operation }) => operation === 'upload');
    expect(uploads.map(({ references }) => references)).toMatchObject([
      [{ mediaType: 'image/jpeg', width: 2000, height: 3000 }],
      [{ mediaType: 'image/png', width: 1800, height: 1500 }],
    ]);
  });

  test('sends the same after its process was killed between any two steps', async () => {
    for (const killAfter of [1, 2, 3, 5, 8]) {
      await using world = new World({ seed: killAfter });
      const runId = await preparedRun(world);
      const first = await world.start();
      first.killAfter(killAfter);
      void first.engine.drive(runId).catch(() => undefined);
      while (!first.isDead()) {
        await world.clock.settle();
        if (first.isDead()) break;
        await world.clock.step();
      }
      const report = await driveRun(world, runId);
      const { delivered, unknown } = report.items;
      expect([killAfter, delivered + unknown]).toEqual([killAfter, 3]);
      const sent = world.simulators.openai.log.entries.flatMap(
        ({ references }) => references?.map(({ width, height }) => `${width}x${height}`) ?? [],
      );
      expect(new Set(sent)).toEqual(new Set(['2000x3000', '1800x1500']));
    }
  });
});
