import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { simulate } from '../../simulators/index.ts';
import { systemClock } from '../../src/engine/ports/system-clock.ts';
import { openSqlite } from '../../src/engine/store/sqlite.ts';
import { auditCredits } from '../support/audit-credits.ts';
import { checkInvariants } from '../support/check-invariants.ts';
import { callServer } from '../support/live-server.ts';
import { matchBill } from '../support/match-bill.ts';
import { smallDisk } from '../support/small-disk.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { freePort } from './free-port.ts';
import { MillProcess } from './mill-process.ts';
import { accounted, expectSound, REST_MS, testCluster, untilBilled } from './test-cluster.ts';

const IMAGES = 20;
const FULL_MS = 3_000;

test('a worker whose disk is full loses no image that was paid for', async ({ skip }) => {
  const disk = await smallDisk();
  if (disk === undefined) return skip('this user may not mount a disk');
  const cluster = await testCluster();
  await cluster.serve('server-0');
  cluster.worker('worker-0', { home: join(disk.folder, 'home') });
  await Promise.all(cluster.machines.map((machine) => machine.untilReady()));
  await Promise.all([
    cluster.order('rich', 'gpt-image-2', IMAGES),
    cluster.order('rich', 'kling-v3', IMAGES),
  ]);
  await untilBilled(cluster, 6);
  disk.fill();
  await pause(FULL_MS);
  disk.clear();
  expect(accounted(await expectSound(cluster))).toBe(2 * IMAGES);
}, 180_000);

test.for(['gpt-image-2', 'kling-v3'] as const)(
  'a store whose disk is full takes nothing more on, and has lost nothing when there is room (%s)',
  { timeout: 180_000 },
  async (model, { skip }) => {
    const disk = await smallDisk();
    if (disk === undefined) return skip('this user may not mount a disk');
    const simulation = await simulate({ latencyMs: [200, 1_000] });
    onTestFinished(() => simulation.close());
    const vendor = simulation[model === 'kling-v3' ? 'kling' : 'openai'];
    const port = await freePort();
    const server = new MillProcess({
      name: 'server',
      words: ['serve', '--port', String(port)],
      folder: await temporaryFolder(),
      home: join(disk.folder, 'home'),
      environment: simulation.environment,
      ready: 'Ctrl-C stops it',
    });
    onTestFinished(() => server[Symbol.asyncDispose]());
    server.start();
    await server.untilReady();
    const key = /one time: (\S+)/.exec(server.text())![1]!;
    const url = `http://127.0.0.1:${port}`;
    const prompts = Array.from({ length: IMAGES }, (_, place) => `picture ${place}`);
    const settings = { models: [model] };
    const made = await callServer(url, key, 'POST', '/v1/runs', {
      body: { prompts, settings, approve: true },
    });
    const { run } = (await made.json()) as { run: string };
    await expect.poll(() => vendor.bill.images, { timeout: 30_000 }).toBeGreaterThan(3);
    disk.fill();
    await pause(FULL_MS);
    disk.clear();

    const seen = async () => {
      const answer = await callServer(url, key, 'GET', `/v1/runs/${run}`);
      return ((await answer.json()) as { state: string }).state;
    };
    await expect.poll(seen, { timeout: REST_MS, interval: 250 }).toBe('done');
    server.signal('SIGTERM');
    await server.ended();
    const { database } = openSqlite(join(server.home, 'imagemill.db'), { clock: systemClock });
    onTestFinished(() => database.destroy());
    await checkInvariants(database, run, { plannedItems: IMAGES });
    await auditCredits(database);
    const matched = await matchBill(database, run, vendor, [model]);
    expect(matched).toMatchObject({ problems: [], unknownAttempts: 0 });
    expect(matched.bookedUsdMicros).toBe(matched.billedUsdMicros);
    expect(vendor.bill.images).toBe(IMAGES);
  },
);
