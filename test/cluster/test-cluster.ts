/** A cluster for a test: gone when the test is over, and its logs with it. */
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { auditCluster, type Findings } from './audit-cluster.ts';
import { Cluster, type ClusterOptions } from './cluster.ts';
import { mortalPostgres } from './mortal-postgres.ts';

const SEED = 7;
export const REST_MS = 90_000;

export async function testCluster(
  options: Partial<Omit<ClusterOptions, 'folder' | 'postgres'>> = {},
): Promise<Cluster> {
  const folder = await temporaryFolder();
  // The database's own user has to pass through it.
  chmodSync(folder, 0o755);
  const postgres = await mortalPostgres(folder);
  onTestFinished(() => postgres[Symbol.asyncDispose]());
  const cluster = await Cluster.open({
    folder: join(folder, 'cluster'),
    seed: SEED,
    postgres,
    ...options,
  });
  onTestFinished(() => cluster[Symbol.asyncDispose]());
  await cluster.admitPayers([{ workspace: 'rich', credits: 1_000 }]);
  return cluster;
}

/** A server and two workers, ready. */
export async function beginMachines(cluster: Cluster): Promise<void> {
  await cluster.serve('server-0');
  cluster.worker('worker-0');
  cluster.worker('worker-1');
  await Promise.all(cluster.machines.map((machine) => machine.untilReady()));
}

/** Waits until the vendors have billed so many images. */
export async function untilBilled({ vendors }: Cluster, images: number): Promise<void> {
  const billed = async () =>
    (await vendors.bill('openai')).images + (await vendors.bill('kling')).images;
  await expect.poll(billed, { timeout: 60_000, interval: 50 }).toBeGreaterThanOrEqual(images);
}

/** All rests, and nothing is wrong when everything is asked from outside. */
export async function expectSound(cluster: Cluster): Promise<Findings> {
  expect(await cluster.untilRest(REST_MS), 'not at rest').toEqual([]);
  const found = await auditCluster(cluster);
  expect(found.problems).toEqual([]);
  return found;
}

/**
 * Images that were made, or are reported as nobody can tell: on a very busy machine a lease may end while a call to a
 * vendor that cannot be asked is in flight.
 */
export function accounted({ images }: Findings): number {
  const { delivered = 0, unknown = 0, ...others } = images;
  expect(others, 'neither delivered nor unknown').toEqual({});
  return delivered + unknown;
}
