import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { MortalPostgres, PostgresEnd } from './mortal-postgres.ts';
import { beginMachines, accounted, expectSound, testCluster, untilBilled } from './test-cluster.ts';

const IMAGES = 20;
const AWAY_MS = 1_000;

const endedAnd = (how: PostgresEnd) => async (postgres: MortalPostgres) => {
  await postgres.end(how);
  await pause(AWAY_MS);
  await postgres.start();
};

const FAULTS: readonly (readonly [string, (postgres: MortalPostgres) => Promise<void>])[] = [
  ['is restarted', endedAnd('fast')],
  ['is killed', endedAnd('kill')],
  [
    'loses its connections again and again',
    async ({ proxy }) => {
      for (let cuts = 0; cuts < 8; cuts += 1) {
        proxy.cut();
        await pause(150);
      }
    },
  ],
  [
    'answers nothing for a while',
    async ({ proxy }) => {
      proxy.stall();
      await pause(2 * AWAY_MS);
      proxy.flow();
    },
  ],
];

test.each(FAULTS)(
  'a database that %s under load costs nothing but time',
  async (_, fault) => {
    const cluster = await testCluster();
    await beginMachines(cluster);
    await Promise.all([
      cluster.order('rich', 'gpt-image-2', IMAGES),
      cluster.order('rich', 'kling-v3', IMAGES),
    ]);
    for (const share of [0.2, 0.5]) {
      await untilBilled(cluster, share * 2 * IMAGES);
      await fault(cluster.options.postgres);
    }
    expect(accounted(await expectSound(cluster))).toBe(2 * IMAGES);
  },
  180_000,
);
