/** What is asked of a run whose calls are at the vendor: each must hold, whatever comes after it. */
import { expect, onTestFinished, test } from 'vitest';
import { simulate } from '../../simulators/index.ts';
import { imagemill } from '../support/imagemill.ts';
import { liveServer } from '../support/live-server.ts';
import { startServe } from '../support/serve-process.ts';
import { newRun, seenRun, untilRun } from '../support/service-run.ts';

const PROMPTS = Array.from({ length: 60 }, (_, at) => `a boat, number ${at}`);
const ORDER = { prompts: PROMPTS, settings: { models: ['flux-kontext-pro'] } };
const SLOW = { latencyMs: 1_500, limits: { slots: 4 } };

async function runAtVendor() {
  const server = await liveServer({ vendors: SLOW });
  const run = await newRun(server.call, ORDER);
  const { call } = server;
  await expect
    .poll(async () => (await seenRun(call, run)).items['sent'], { timeout: 20_000 })
    .toBeGreaterThan(0);
  return { server, call, run };
}

test('a run that is cancelled while it is being paused is cancelled', async () => {
  const { call, run } = await runAtVendor();
  await call('POST', `/v1/runs/${run}/pause`);
  await call('POST', `/v1/runs/${run}/cancel`);
  await expect
    .poll(async () => (await seenRun(call, run)).state, { timeout: 20_000 })
    .not.toBe('running');
  expect(await seenRun(call, run)).toMatchObject({ state: 'cancelled', items: { waiting: 0 } });
});

test('a run that is resumed while it is being paused goes on', { timeout: 60_000 }, async () => {
  const { call, run } = await runAtVendor();
  await call('POST', `/v1/runs/${run}/pause`);
  const made = (await seenRun(call, run)).items['delivered']!;
  await call('POST', `/v1/runs/${run}/resume`);
  await expect
    .poll(async () => (await seenRun(call, run)).items['delivered'], { timeout: 30_000 })
    .toBeGreaterThan(made + 8);
  expect((await seenRun(call, run)).state).toBe('running');
});

test('a run that is cancelled while the server stops makes nothing more', async () => {
  const { server, call, run } = await runAtVendor();
  const stopping = server.stop();
  await call('POST', `/v1/runs/${run}/cancel`).catch(() => undefined);
  await server.engine.cancel(run).catch(() => undefined);
  await stopping;
  const next = await liveServer({ home: server.home, vendors: SLOW });
  expect(await next.engine.run(run)).toMatchObject({ state: 'cancelled' });
});

test.each([
  ['pause', 'paused'],
  ['cancel', 'cancelled'],
])(
  'a run that was asked to %s is %s though the server is killed',
  { timeout: 60_000 },
  async (ask, state) => {
    const simulation = await simulate(SLOW);
    onTestFinished(() => simulation.close());
    const mill = await imagemill(simulation.environment);
    const first = await startServe(mill);
    const run = await newRun(first.call, ORDER);
    await expect.poll(() => simulation.bfl.bill.images, { timeout: 20_000 }).toBeGreaterThan(3);
    const asked = first.call('POST', `/v1/runs/${run}/${ask}`);
    await asked.catch(() => undefined);
    first.signal('SIGKILL');
    await first.ended;
    const next = await startServe(mill);
    const call: typeof next.call = (method, path, init) =>
      next.call(method, path, { key: first.key, ...init });
    await untilRun(call, run, state);
    expect(simulation.bfl.bill.images).toBeLessThan(20);
  },
);
