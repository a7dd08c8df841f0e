import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Cluster } from './cluster.ts';
import { accounted, expectSound, testCluster, untilBilled } from './test-cluster.ts';

const IMAGES = 24;
const LEASE_SECONDS = 4;
const WORKERS = ['worker-0', 'worker-1', 'worker-2'];

/** Workers by the name of their machine: those that have a run, and those that were found gone. */
async function look({ database }: Cluster): Promise<{ owners: Set<string>; ended: Set<string> }> {
  const workers = await database.selectFrom('workers').select(['id', 'host', 'ended_at']).execute();
  const runs = await database.selectFrom('runs').select('worker_id').execute();
  const named = (some: typeof workers) => new Set(some.map(({ host }) => host.split('/')[0]!));
  return {
    owners: named(workers.filter(({ id }) => runs.some((run) => run.worker_id === id))),
    ended: named(workers.filter(({ ended_at }) => ended_at !== null)),
  };
}

test('processes frozen for longer than their lease change nothing when they come back', async () => {
  const cluster = await testCluster({
    leaseSeconds: LEASE_SECONDS,
    vendors: { latencyMs: [200, 900] },
  });
  // Two runs have two owners at most: one of three is left to find them gone.
  await cluster.serve('server-0', { words: ['--take', 'nothing'] });
  for (const name of WORKERS) cluster.worker(name);
  await Promise.all(cluster.machines.map((machine) => machine.untilReady()));
  await Promise.all([
    cluster.order('rich', 'gpt-image-2', IMAGES),
    cluster.order('rich', 'kling-v3', IMAGES),
  ]);
  await untilBilled(cluster, 8);
  const { owners } = await look(cluster);
  expect(owners.size).toBeGreaterThan(0);
  const frozen = cluster.machines.filter(({ order }) => owners.has(order.name));
  for (const worker of frozen) worker.signal('SIGSTOP');
  // What is frozen has been given up, and others have gone on.
  await expect
    .poll(async () => [...(await look(cluster)).ended], { timeout: 60_000, interval: 200 })
    .toEqual(expect.arrayContaining([...owners]));
  for (const worker of frozen) worker.signal('SIGCONT');
  await pause(100);
  expect(accounted(await expectSound(cluster))).toBe(2 * IMAGES);
}, 240_000);
