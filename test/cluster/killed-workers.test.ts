import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { beginMachines, expectSound, testCluster, untilBilled } from './test-cluster.ts';

const IMAGES = 24;
const KILLS = 5;

test('processes that are killed under load lose no image and buy none twice', async () => {
  const cluster = await testCluster();
  await beginMachines(cluster);
  await Promise.all([
    cluster.order('rich', 'gpt-image-2', IMAGES),
    cluster.order('rich', 'kling-v3', IMAGES),
  ]);
  for (let kill = 1; kill <= KILLS; kill += 1) {
    await untilBilled(cluster, (kill * 2 * IMAGES) / (KILLS + 2));
    const machine = cluster.machines[kill % cluster.machines.length]!;
    // At any step of a request.
    await pause(cluster.random.next() * 150);
    machine.signal('SIGKILL');
    await machine.ended();
    machine.start();
  }
  const { images, unknownRequests } = await expectSound(cluster);
  expect((images['delivered'] ?? 0) + (images['unknown'] ?? 0)).toBe(2 * IMAGES);
  // Of the calls to OpenAI that were in flight at a kill; Kling can be asked.
  expect(unknownRequests).toBeLessThanOrEqual(IMAGES);
}, 180_000);
