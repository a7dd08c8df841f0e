/** How processes on a store stand, and what nobody has, on both databases. */
import { describe, expect, onTestFinished, test } from 'vitest';
import { seededRandom } from '../../src/engine/core/random.ts';
import { WorkerLease } from '../../src/engine/drive/worker-lease.ts';
import { WorkerBoard } from '../../src/engine/service/worker-board.ts';
import type { ProcessIdentity } from '../../src/engine/ports/processes.ts';
import { createRun } from '../support/store-run.ts';
import { postgresHome, sqliteHome } from '../support/stores.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const LEASE_MS = 60_000;
const LOAD = { runs: 1, hands: 2, inFlight: 30, finishing: 4, ended: 500, finished: 60 };
const FACTS = {
  version: '1.0.0',
  kinds: ['runs', 'jobs'],
  capabilities: [
    'vendor:openai',
    'vendor:kling',
    'learned-upscale',
    'images s3 http://10.0.0.7:9000 secret-bucket',
    'files signed by Acme, Acme CA, 1790000000000',
  ],
  imagesPlace: 's3 http://10.0.0.7:9000 secret-bucket',
} as const;

describe.each([
  ['SQLite', sqliteHome],
  ['PostgreSQL', postgresHome],
] as const)('the board of workers on %s', (_name, createHome) => {
  async function open() {
    const home = await createHome();
    onTestFinished(() => home[Symbol.asyncDispose]());
    const { store } = await home.open();
    const clock = new VirtualClock();
    const dead = new Set<number>();
    const processes = {
      self: { host: 'here/boot', pid: 1, incarnation: 'a' },
      look: ({ pid }: ProcessIdentity) => (dead.has(pid) ? ('dead' as const) : 'elsewhere'),
    };
    const deps = { store, clock, random: seededRandom(7), processes };
    const lease = new WorkerLease({ ...deps, leaseMs: LEASE_MS });
    const imagesPlace = FACTS.imagesPlace;
    // A new one each time: it remembers for half a second what it saw.
    const board = () => new WorkerBoard({ ...deps, lease, imagesPlace });
    const standings = async () =>
      Object.fromEntries((await board().list()).map(({ id, standing }) => [id, standing]));
    const register = async (id: string, pid: number, forMs: number) => {
      const leaseUntil = (await store.now()) + forMs;
      const worker = { id, host: 'there/boot', pid, incarnation: 'b', leaseUntil };
      await store.registerWorker(worker, FACTS);
      return worker;
    };
    return { store, clock, dead, board, standings, register };
  }

  test('tells who works, drains, is not heard of, and is gone', async () => {
    const { store, clock, dead, board, standings, register } = await open();
    await register('w-works', 11, LEASE_MS);
    const drains = await register('w-drains', 12, LEASE_MS);
    await store.renewWorker(drains.id, drains.leaseUntil, { load: LOAD, isDraining: true });
    await register('w-silent', 13, -1_000);
    const fenced = await register('w-fenced', 14, -1_000);
    await store.fenceWorker(fenced.id, false);
    await register('w-dead', 15, LEASE_MS);
    dead.add(15);
    expect(await standings()).toEqual({
      'w-works': 'working',
      'w-drains': 'draining',
      'w-silent': 'lapsed',
      'w-fenced': 'gone',
      'w-dead': 'gone',
    });
    // After a database that was away all leases are over: who stays silent after that is gone.
    await clock.advance(LEASE_MS);
    expect(await standings()).toMatchObject({ 'w-silent': 'gone', 'w-works': 'working' });
    const { taking, load } = await board().figures();
    expect(taking).toEqual({ runs: 1, finishing: 0, jobs: 1 });
    expect(load).toEqual(LOAD);
  });

  test('tells vendors and means in words, and no place, bucket or signer', async () => {
    const { board, register } = await open();
    await register('w-one', 11, LEASE_MS);
    const [worker] = await board().list();
    expect(worker).toMatchObject({
      host: 'there',
      vendors: ['kling', 'openai'],
      skills: ['enlarges by the network', 'signs files'],
      hasSameImages: true,
    });
    expect(JSON.stringify(worker)).not.toMatch(/bucket|10\.0\.0\.7|Acme|boot/);
  });

  test('counts runs and jobs that no living process has, by workspace', async () => {
    const { store, board, register } = await open();
    const payer = { workspace: 'acme', origin: 'api' } as const;
    const run = await createRun(store, ['a fox'], { payer });
    // A run of the command line is nobody else's.
    await createRun(store, ['a fox'], { payer: { workspace: 'acme' } });
    await store.orderJob({
      id: 'j1',
      workspace: 'acme',
      kind: 'check',
      request: {},
      jobId: 't1',
    });
    expect(await store.untakenWork()).toEqual({ runs: 1, finishing: 0, jobs: 1 });
    expect(await store.untakenWork('other')).toEqual({ runs: 0, finishing: 0, jobs: 0 });
    expect((await board().untaken('acme')).kinds).toEqual(['runs', 'jobs']);

    const { id, leaseUntil } = await register('w-one', 11, LEASE_MS);
    await store.claimRun(run, id, undefined);
    await store.changeRun(run, { state: 'running' });
    expect(await store.untakenWork('acme')).toMatchObject({ runs: 0, jobs: 1 });
    expect((await board().untaken('acme')).kinds).toEqual([]);
    expect(await board().list()).toMatchObject([{ id, runs: [run] }]);
    // Its lease is over: nobody has the run.
    await store.renewWorker(id, leaseUntil - 2 * LEASE_MS);
    expect(await store.untakenWork('acme')).toMatchObject({ runs: 1 });
  });

  test('counts the living hands of a run', async () => {
    const { store, register } = await open();
    const run = await createRun(store, ['a fox'], {
      payer: { workspace: 'acme', origin: 'api' },
    });
    await store.changeRun(run, { state: 'running' });
    await register('w-one', 11, LEASE_MS);
    await register('w-two', 12, -1_000);
    expect(await store.countHands(run)).toBe(0);
    await store.joinRun(run, 'w-one');
    await store.joinRun(run, 'w-two');
    expect(await store.countHands(run)).toBe(1);
    await store.leaveRun(run, 'w-one');
    expect(await store.countHands(run)).toBe(0);
  });
});
