/** The service as it is started and stopped, against vendors that keep a true bill. */
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { simulate, type SimulateOptions } from '../../simulators/index.ts';
import { systemClock } from '../../src/engine/ports/system-clock.ts';
import { openSqlite } from '../../src/engine/store/sqlite.ts';
import { checkInvariants } from '../support/check-invariants.ts';
import { imagemill } from '../support/imagemill.ts';
import { matchBill } from '../support/match-bill.ts';
import { logLines, type ServeProcess, startServe } from '../support/serve-process.ts';

interface Run {
  readonly run: string;
  readonly state: string;
  readonly items: Readonly<Record<string, number>>;
}

async function vendors(options: SimulateOptions) {
  const simulation = await simulate(options);
  onTestFinished(() => simulation.close());
  return { simulation, mill: await imagemill(simulation.environment) };
}

async function order(server: ServeProcess, model: string, images: number, key = server.key) {
  const rows = Array.from({ length: images }, (_, place) => ({
    prompt: `a red boat, number ${place + 1}`,
  }));
  const body = { rows, settings: { models: [model] }, approve: true };
  const answer = await server.call('POST', '/v1/runs', { body, key });
  expect(answer.status, await answer.clone().text()).toBe(201);
  return ((await answer.json()) as Run).run;
}

async function look(server: ServeProcess, run: string, key = server.key): Promise<Run> {
  return (await (await server.call('GET', `/v1/runs/${run}`, { key })).json()) as Run;
}

function untilDone(server: ServeProcess, run: string, key: string) {
  return expect.poll(async () => (await look(server, run, key)).state, { timeout: 40_000 });
}

async function books<Result>(
  home: string,
  read: (database: ReturnType<typeof openSqlite>['database']) => Promise<Result>,
) {
  const { database } = openSqlite(join(home, 'imagemill.db'), { clock: systemClock });
  try {
    return await read(database);
  } finally {
    await database.destroy();
  }
}

describe('SIGTERM under load', () => {
  test('ends what is in flight, leaves nothing unknown, and the bill is the ledger', async () => {
    const { simulation, mill } = await vendors({ latencyMs: 300 });
    const server = await startServe(mill);
    const runs = [
      [await order(server, 'gpt-image-2', 40), simulation.openai, 'gpt-image-2'],
      [await order(server, 'kling-v3', 20), simulation.kling, 'kling-v3'],
    ] as const;
    await expect.poll(() => simulation.openai.bill.images, { timeout: 20_000 }).toBeGreaterThan(4);
    server.signal('SIGTERM');
    const ended = await server.ended;
    expect([ended.code, ended.signal]).toEqual([0, null]);
    const home = join(mill.folder, 'home');
    const left = await books(home, async (database) => {
      for (const [run, vendor, model] of runs) {
        await checkInvariants(database, run);
        expect((await matchBill(database, run, vendor, [model])).problems).toEqual([]);
      }
      return database.selectFrom('items').select('state').execute();
    });
    const states = new Set(left.map(({ state }) => state));
    expect(states).not.toContain('unknown');
    expect(states).not.toContain('sent');
    // Else the stop came too late to show anything.
    expect(states).toContain('waiting');

    const again = await startServe(mill);
    expect(again.key).toBe('');
    for (const [run] of runs) await untilDone(again, run, server.key).toBe('done');
    again.signal('SIGINT');
    expect((await again.ended).code).toBe(0);
    await books(home, async (database) => {
      for (const [run, vendor, model] of runs) {
        await checkInvariants(database, run);
        const bill = await matchBill(database, run, vendor, [model]);
        expect(bill).toMatchObject({ problems: [], unknownAttempts: 0 });
      }
    });
  });

  test('says meanwhile that it is not ready, still answers, and takes nothing new', async () => {
    const { mill, simulation } = await vendors({ latencyMs: 4_000 });
    const server = await startServe(mill);
    expect((await server.call('GET', '/readyz', { key: '' })).status).toBe(200);
    const run = await order(server, 'gpt-image-2', 2);
    const stream = await server.call('GET', `/v1/runs/${run}/events`);
    await expect.poll(() => simulation.openai.log.entries.length, { timeout: 20_000 }).toBe(2);
    server.signal('SIGTERM');
    await expect
      .poll(async () => (await server.call('GET', '/readyz', { key: '' })).status)
      .toBe(503);
    expect((await server.call('GET', '/healthz', { key: '' })).status).toBe(200);
    expect((await look(server, run)).items['sent']).toBe(2);
    const refused = await server.call('POST', '/v1/runs', { body: { rows: [{ prompt: 'a' }] } });
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
    // The stream tells the end, and is closed by the server.
    expect(await stream.text()).toContain('delivered');
    expect((await server.ended).code).toBe(0);
  });

  test('waits no longer than its grace: what is left is taken up by the next start', async () => {
    const { mill, simulation } = await vendors({ latencyMs: 6_000 });
    const server = await startServe(mill, '--grace', '1');
    const run = await order(server, 'kling-v3', 2);
    await expect
      .poll(() => simulation.kling.log.entries.length, { timeout: 20_000 })
      .toBeGreaterThan(0);
    const startedAt = performance.now();
    server.signal('SIGTERM');
    const ended = await server.ended;
    expect(ended.code).toBe(0);
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    const warned = logLines(ended.stderr).some(({ level }) => level === 'warn');
    expect(warned).toBe(true);
    const again = await startServe(mill);
    await untilDone(again, run, server.key).toBe('done');
    expect(simulation.kling.bill.images).toBe(2);
  });

  test('a second signal ends it at once', async () => {
    const { mill, simulation } = await vendors({ latencyMs: 30_000 });
    const server = await startServe(mill);
    await order(server, 'gpt-image-2', 1);
    await expect.poll(() => simulation.openai.log.entries.length, { timeout: 20_000 }).toBe(1);
    server.signal('SIGTERM');
    await expect.poll(() => server.stdout()).toContain('Stopping');
    server.signal('SIGTERM');
    expect((await server.ended).code).toBe(130);
  });
});

describe('starting', () => {
  test('tells the first key once, on stdout only, and that another listens on the port', async () => {
    const { mill } = await vendors({ latencyMs: 1 });
    const server = await startServe(mill);
    expect(server.key).toMatch(/^im_[a-z0-9]{32,}$/);
    expect(server.stdout().split(server.key)).toHaveLength(2);
    expect(server.stderr()).not.toContain(server.key);
    const port = new URL(server.url).port;
    const second = await mill.run('serve', '--port', port, '--home', join(mill.folder, 'other'));
    expect([second.code, second.stderr]).toEqual([2, expect.stringContaining(`Port ${port}`)]);
    expect(second.stdout).not.toContain('im_');
  });

  test('warns where keys could be read on the way', async () => {
    const { mill } = await vendors({ latencyMs: 1 });
    const open = await startServe(mill, '--host', '0.0.0.0');
    await expect.poll(() => open.stderr()).toContain('without https');
    const behind = ['--host', '0.0.0.0', '--public-url', 'https://images.example.com'];
    const safe = await startServe(mill, ...behind, '--home', join(mill.folder, 'other'));
    expect(safe.stderr()).not.toContain('without https');
  });

  test('says so when the bucket of the images does not answer, as the doctor does', async () => {
    const mill = await imagemill({
      IMAGEMILL_S3_BUCKET: 'pictures',
      IMAGEMILL_S3_ENDPOINT: 'http://127.0.0.1:1',
      AWS_ACCESS_KEY_ID: 'simulated',
      AWS_SECRET_ACCESS_KEY: 'simulated-secret',
    });
    const server = await startServe(mill);
    await expect
      .poll(() => server.stderr(), { timeout: 20_000 })
      .toContain('The bucket does not answer: s3://pictures');
    const doctor = await mill.json<{ checks: readonly { name: string; ok: boolean }[] }>('doctor');
    expect(doctor.code).toBe(8);
    expect(doctor.answer.checks).toContainEqual(
      expect.objectContaining({ name: 'Images', ok: false }),
    );
  });

  test('names the option that cannot be used', async () => {
    const ended = await (await imagemill()).run('serve', '--port', 'many');
    expect([ended.code, ended.stderr]).toEqual([2, expect.stringContaining('  --port: ')]);
    expect(ended.stderr).not.toMatch(/column|spent/);
  });

  test.each([
    ['postgres://user:hidden@127.0.0.1:1/none', 'nothing listens there'],
    ['postgres://user:hidden@no-such-host.invalid/none', 'no such host'],
    ['mysql://user:hidden@127.0.0.1/none', 'no address of a PostgreSQL'],
  ])('says what is wrong with %s', async (url, words) => {
    const mill = await imagemill({ DATABASE_URL: url });
    const ended = await mill.run('serve', '--port', '0');
    expect([ended.code, ended.stderr]).toEqual([2, expect.stringContaining(words)]);
    expect(ended.stderr).not.toContain('hidden');
  });

  test('says that a home cannot be written to', async () => {
    const mill = await imagemill();
    const ended = await mill.run('serve', '--port', '0', '--home', '/proc/nowhere');
    expect([ended.code, ended.stderr]).toEqual([8, expect.stringContaining('/proc/nowhere')]);
  });

  test('gives the metrics port up again when the other one is taken', async () => {
    const mill = await imagemill();
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    onTestFinished(() => void taken.close());
    const { port } = taken.address() as AddressInfo;
    const ended = await mill.run('serve', '--port', '0', '--metrics-port', String(port));
    expect([ended.code, ended.stderr]).toEqual([2, expect.stringContaining('--metrics-port')]);
  });
});

test('two servers on one home share its runs, and each limit holds over both', async () => {
  const { mill, simulation } = await vendors({ latencyMs: 100 });
  const one = await startServe(mill);
  const first = await order(one, 'gpt-image-2', 15);
  await expect.poll(async () => (await look(one, first)).state).toBe('running');
  const other = await startServe(mill);
  await expect.poll(() => other.stderr()).toContain(`${one.pid} on`);
  const second = await order(other, 'gpt-image-2', 15, one.key);
  await untilDone(other, first, one.key).toBe('done');
  await untilDone(one, second, one.key).toBe('done');
  one.signal('SIGTERM');
  other.signal('SIGTERM');
  expect([(await one.ended).code, (await other.ended).code]).toEqual([0, 0]);
  expect(simulation.openai.bill.images).toBe(30);
  expect(simulation.openai.log.entries.filter(({ admitted }) => !admitted)).toEqual([]);
});
