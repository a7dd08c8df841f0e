import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { beginMachines, accounted, expectSound, testCluster, untilBilled } from './test-cluster.ts';

const IMAGES = 24;
const LEASE_SECONDS = 4;

test('processes frozen for longer than their lease change nothing when they come back', async () => {
  const cluster = await testCluster({
    leaseSeconds: LEASE_SECONDS,
    vendors: { latencyMs: [200, 900] },
  });
  await beginMachines(cluster);
  await Promise.all([
    cluster.order('rich', 'gpt-image-2', IMAGES),
    cluster.order('rich', 'kling-v3', IMAGES),
  ]);
  await untilBilled(cluster, 8);
  const [, ...workers] = cluster.machines;
  for (const worker of workers) worker.signal('SIGSTOP');
  // What is frozen has been given up, and others have gone on.
  const { database } = cluster;
  const fenced = async () => {
    const rows = await database.selectFrom('workers').select(['host', 'ended_at']).execute();
    const ended = rows.filter(({ ended_at }) => ended_at !== null);
    return new Set(ended.map(({ host }) => host.split('/')[0]));
  };
  await expect
    .poll(fenced, { timeout: 10 * LEASE_SECONDS * 1_000, interval: 200 })
    .toEqual(new Set(workers.map(({ order }) => order.name)));
  for (const worker of workers) worker.signal('SIGCONT');
  await pause(100);
  expect(accounted(await expectSound(cluster))).toBe(2 * IMAGES);
}, 180_000);
