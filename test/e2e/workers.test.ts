/** Several workers on one run, as processes on machines of their own: a database and a bucket is all they share. */
import { expect, onTestFinished, test } from 'vitest';
import { simulate, type Simulation } from '../../simulators/index.ts';
import { createEngine } from '../../src/engine/engine.ts';
import { openPostgres } from '../../src/engine/store/postgres.ts';
import { checkInvariants } from '../support/check-invariants.ts';
import { imagemill, type Imagemill } from '../support/imagemill.ts';
import { matchBill } from '../support/match-bill.ts';
import { S3_CREDENTIALS, s3Server } from '../support/s3-server.ts';
import { startServe } from '../support/serve-process.ts';
import { postgresHome } from '../support/stores.ts';
import { startWorker } from '../support/worker-process.ts';

const IMAGES = 120;
const ENDED = { timeout: 120_000, interval: 200 };

/** Machines with nothing in common but a database and a bucket. */
async function machines(simulation: Simulation) {
  const postgres = await postgresHome();
  onTestFinished(() => postgres[Symbol.asyncDispose]());
  const bucket = await s3Server();
  const environment = {
    ...simulation.environment,
    ...S3_CREDENTIALS,
    DATABASE_URL: postgres.address,
    IMAGEMILL_S3_BUCKET: bucket.bucket,
    IMAGEMILL_S3_ENDPOINT: bucket.endpoint,
    IMAGEMILL_LEASE: '10',
  };
  const machine = (): Promise<Imagemill> => imagemill(environment);
  return { address: postgres.address, machine };
}

async function makeRun(
  server: Awaited<ReturnType<typeof startServe>>,
  model: string,
): Promise<string> {
  const prompts = Array.from({ length: IMAGES }, (_, place) => `a lamp, number ${place}`);
  const settings = { models: [model], size: '1024x1024' };
  const answer = await server.call('POST', '/v1/runs', {
    body: { prompts, settings, approve: true },
  });
  expect(answer.status).toBe(201);
  return ((await answer.json()) as { run: string }).run;
}

async function itemsOf(
  server: Awaited<ReturnType<typeof startServe>>,
  run: string,
): Promise<{ state: string; items: Record<string, number>; hands: number }> {
  const answer = await server.call('GET', `/v1/runs/${run}`);
  return (await answer.json()) as Awaited<ReturnType<typeof itemsOf>>;
}

test(
  'workers share the requests of one run; one that dies leaves nothing behind that is not told',
  {
    timeout: 240_000,
  },
  async () => {
    const simulation = await simulate({ latencyMs: [600, 1_200] });
    onTestFinished(() => simulation.close());
    const { address, machine } = await machines(simulation);
    const server = await startServe(await machine(), '--take', 'nothing');
    const workers = await Promise.all(
      [1, 2, 3].map(async () => startWorker(await machine(), '--take', 'runs,jobs')),
    );
    const run = await makeRun(server, 'gpt-image-2');
    await expect.poll(async () => (await itemsOf(server, run)).hands, ENDED).toBeGreaterThan(0);
    await expect
      .poll(async () => (await itemsOf(server, run)).items['delivered'], ENDED)
      .toBeGreaterThan(10);
    workers[0]!.signal('SIGKILL');
    await expect.poll(async () => (await itemsOf(server, run)).state, ENDED).toBe('done');

    const { items } = await itemsOf(server, run);
    expect(items['delivered']! + items['unknown']!).toBe(IMAGES);
    const { database } = openPostgres(address);
    onTestFinished(() => database.destroy());
    await checkInvariants(database, run);
    const bill = await matchBill(database, run, simulation.openai, ['gpt-image-2']);
    expect(bill.problems).toEqual([]);
    const attempts = await database
      .selectFrom('attempts')
      .select(['worker_id', 'state'])
      .where('run_id', '=', run)
      .execute();
    const senders = new Set(attempts.map(({ worker_id: id }) => id));
    expect(
      [...senders].filter((id) => workers.some((worker) => worker.id === id)).length,
    ).toBeGreaterThan(1);
    // Each worker that is told to stop gives back what it has, and says goodbye.
    for (const worker of workers.slice(1)) worker.signal('SIGTERM');
    for (const worker of workers.slice(1)) expect((await worker.ended).code).toBe(0);
    const engine = await createEngine({
      home: (await machine()).folder,
      databaseUrl: address,
      config: { vendors: {} },
    });
    onTestFinished(() => engine[Symbol.asyncDispose]());
    const left = await engine.service.operations.otherWorkers();
    expect(left.length).toBeLessThanOrEqual(1);
  },
);

test(
  'pictures are finished wherever there is room, and a worker that dies with some is replaced',
  {
    timeout: 240_000,
  },
  async () => {
    const simulation = await simulate();
    onTestFinished(() => simulation.close());
    const { address, machine } = await machines(simulation);
    const server = await startServe(await machine(), '--take', 'runs');
    const [doomed, other] = await Promise.all(
      [1, 2].map(async () => startWorker(await machine(), '--take', 'finishing')),
    );
    const { database } = openPostgres(address);
    onTestFinished(() => database.destroy());
    const finishedBy = async (id: string): Promise<number> => {
      const row = await database
        .selectFrom('workers')
        .select('load')
        .where('id', '=', id)
        .executeTakeFirst();
      return row?.load ? (JSON.parse(row.load) as { finished: number }).finished : 0;
    };
    const prompts = Array.from({ length: 40 }, (_, place) => `a tile, number ${place}`);
    const settings = {
      models: ['gpt-image-2'],
      size: '1024x1024',
      finish: 'upscale 2x lanczos; webp 80',
    };
    const answer = await server.call('POST', '/v1/runs', {
      body: { prompts, settings, approve: true },
    });
    expect(answer.status).toBe(201);
    const { run } = (await answer.json()) as { run: string };
    const taken = () =>
      database
        .selectFrom('finishing_tasks')
        .select('id')
        .where('taken_by', '=', doomed!.id)
        .where('result', 'is', null)
        .execute();
    await expect.poll(taken, { timeout: 60_000, interval: 20 }).not.toEqual([]);
    doomed!.signal('SIGKILL');
    await expect.poll(async () => (await itemsOf(server, run)).state, ENDED).toBe('done');
    const items = await server.call('GET', `/v1/runs/${run}/items?limit=100`);
    const { data } = (await items.json()) as { data: { file: string; width: number }[] };
    expect(data).toHaveLength(prompts.length);
    expect(new Set(data.map(({ file }) => file.split('.').at(-1)))).toEqual(new Set(['webp']));
    await expect.poll(() => finishedBy(other!.id), ENDED).toBeGreaterThan(0);
    expect(await database.selectFrom('finishing_tasks').select('id').execute()).toEqual([]);
  },
);
