import { join } from 'node:path';
import { expect, test } from 'vitest';
import { VERSION } from '../../src/engine/version.ts';
import type { Cluster } from './cluster.ts';
import { type LaterMigration, laterVersion } from './other-version.ts';
import { accounted, expectSound, testCluster, untilBilled } from './test-cluster.ts';

const IMAGES = 20;

/** Adds, as migrations do that older programs go on beside. */
const EXPANDING: LaterMigration = {
  name: '0901-notes',
  up: ['alter table items add column note text'],
  more: `indexes: [{ name: 'items_by_note', table: 'items', columns: ['run_id', 'note'] }]`,
};
/** Takes away, and lets no program write that does not know the one before. */
const CONTRACTING: LaterMigration = {
  name: '0902-no-waits',
  up: [
    'alter table runs rename column title to heading',
    'alter table runs rename column heading to title',
  ],
  more: 'oldestLevel: 901',
};

async function versionsAtWork({ database }: Cluster): Promise<string[]> {
  const rows = await database
    .selectFrom('attempts')
    .innerJoin('workers', 'workers.id', 'attempts.worker_id')
    .select('workers.version')
    .distinct()
    .execute();
  return rows.map(({ version }) => version ?? '').toSorted();
}

test('a newer version takes over under load, and an older one is asked to end before anything is taken away', async () => {
  const cluster = await testCluster();
  const begin = async (kind: 'serve' | 'worker', name: string, tree?: string) => {
    const options = tree === undefined ? {} : { tree };
    const machine =
      kind === 'serve' ? await cluster.serve(name, options) : cluster.worker(name, options);
    await machine.untilReady();
    return machine;
  };
  const older = [await begin('serve', 'old-server'), await begin('worker', 'old-worker')];
  const orders = () =>
    Promise.all([
      cluster.order('rich', 'gpt-image-2', IMAGES),
      cluster.order('rich', 'kling-v3', IMAGES),
    ]);
  await orders();
  await untilBilled(cluster, 4);

  const newer = laterVersion(join(cluster.options.folder, '..'), '9.1.0', [EXPANDING]);
  await begin('serve', 'new-server', newer);
  await begin('worker', 'new-worker', newer);
  await orders();
  await expect.poll(() => versionsAtWork(cluster), { timeout: 60_000 }).toEqual([VERSION, '9.1.0']);
  const late = await begin('worker', 'late-old-worker');
  expect(late.text()).toContain('A newer Imagemill works on this store as well (level 901');
  for (const machine of older) {
    machine.signal('SIGTERM');
    await machine.ended();
    expect(machine.exitCode).toBe(0);
  }
  await expectSound(cluster);

  const newest = laterVersion(join(cluster.options.folder, '..'), '9.2.0', [
    EXPANDING,
    CONTRACTING,
  ]);
  await begin('worker', 'newest-worker', newest);
  expect(late.isRunning).toBe(false);
  expect(late.exitCode).toBe(2);
  const refusal = `Imagemill 9.2.0 has brought this store to a shape that programs below level 901 cannot write. This is Imagemill ${VERSION}`;
  expect(late.text()).toContain(refusal);
  older[1]!.start();
  await expect(older[1]!.untilReady()).rejects.toThrow(refusal);
  await orders();
  expect(accounted(await expectSound(cluster))).toBe(6 * IMAGES);
}, 300_000);
