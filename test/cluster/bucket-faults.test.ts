import { expect, test } from 'vitest';
import type { S3Faults } from './s3-proxy.ts';
import { beginMachines, accounted, expectSound, testCluster, untilBilled } from './test-cluster.ts';

const IMAGES = 16;

const FAULTS: readonly (readonly [string, S3Faults])[] = [
  ['answers 503 to many calls', { unavailable: 0.4 }],
  ['takes half-written bodies, and gives them', { cutPut: 0.3, cutGet: 0.3, lostAnswer: 0.2 }],
  ['is slow to answer', { stall: 0.5, stallMs: 1_500 }],
];

test.each(FAULTS)(
  'a bucket that %s loses no image that was paid for',
  async (_, faults) => {
    const cluster = await testCluster();
    await beginMachines(cluster);
    cluster.s3.faults = faults;
    await Promise.all([
      cluster.order('rich', 'gpt-image-2', IMAGES),
      cluster.order('rich', 'kling-v3', IMAGES),
    ]);
    await untilBilled(cluster, IMAGES);
    cluster.s3.faults = {};
    expect(accounted(await expectSound(cluster))).toBe(2 * IMAGES);
    expect(Object.values(cluster.s3.met).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(0);
  },
  180_000,
);

test('a bucket that is away for a while is waited for', async () => {
  const cluster = await testCluster();
  await beginMachines(cluster);
  await cluster.order('rich', 'gpt-image-2', IMAGES);
  await untilBilled(cluster, 2);
  cluster.s3.faults = { unavailable: 1 };
  await expect.poll(() => cluster.s3.met.unavailable, { timeout: 30_000 }).toBeGreaterThan(20);
  cluster.s3.faults = {};
  expect(accounted(await expectSound(cluster))).toBe(IMAGES);
}, 180_000);
