import { expect, test } from 'vitest';
import { expectSound, testCluster, untilBilled } from './test-cluster.ts';

const IMAGES = 24;
const HOUR_MS = 3_600_000;

test('clocks that are hours apart change neither limits nor leases', async () => {
  const cluster = await testCluster();
  await cluster.serve('server-0', { skewMs: -HOUR_MS });
  cluster.worker('worker-0', { skewMs: 2 * HOUR_MS });
  cluster.worker('worker-1');
  await Promise.all(cluster.machines.map((machine) => machine.untilReady()));
  await Promise.all([
    cluster.order('rich', 'gpt-image-2', IMAGES),
    cluster.order('rich', 'kling-v3', IMAGES),
  ]);
  await untilBilled(cluster, IMAGES / 2);
  // Whoever goes on judges by a clock that is far from the one of who has begun.
  const [, ahead] = cluster.machines;
  ahead!.signal('SIGKILL');
  await ahead!.ended();
  ahead!.start();
  const { images, mostInWindow } = await expectSound(cluster);
  expect((images['delivered'] ?? 0) + (images['unknown'] ?? 0)).toBe(2 * IMAGES);
  expect(mostInWindow).toBeGreaterThan(0);
}, 120_000);
