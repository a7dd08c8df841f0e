import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../../src/engine/index.ts';
import { liveServer } from '../support/live-server.ts';
import { newRun, problemOf, seenRun, untilRun } from '../support/service-run.ts';

const PAID = { models: ['gpt-image-2'] };

test('a run that costs something waits until it is approved', async () => {
  const { call } = await liveServer();
  const run = await newRun(call, { settings: PAID, approve: false });
  expect(await seenRun(call, run)).toMatchObject({
    state: 'awaiting_approval',
    actions: ['approve', 'cancel', 'retry', 'export'],
  });
  expect((await call('POST', `/v1/runs/${run}/approve`)).status).toBe(200);
  expect((await untilRun(call, run)).items).toMatchObject({ delivered: 1 });
});

test('a run of the command line is shown, and left to the command line', async () => {
  const { call, engine } = await liveServer();
  const sheet = join(engine.home, 'prompts.txt');
  await writeFile(sheet, 'a boat');
  const settings = { ...DEFAULT_SETTINGS, ...PAID };
  const { runId } = await engine.prepare({
    sheet,
    settings,
    out: join(engine.home, 'pictures'),
    fresh: true,
    title: 'by hand',
  });
  await engine.drive(runId);
  expect(await seenRun(call, runId)).toMatchObject({
    state: 'awaiting_approval',
    origin: 'cli',
    actions: ['cancel', 'export'],
  });
  for (const action of ['approve', 'retry']) {
    const { detail } = await problemOf(
      await call('POST', `/v1/runs/${runId}/${action}`, {
        ...(action === 'retry' && { body: { states: ['refused'] } }),
      }),
      409,
    );
    expect(detail).toContain(`imagemill ${action} ${runId}`);
  }
});

test('after a proof the rest is approved on its own', async () => {
  const { call } = await liveServer();
  const prompts = ['one', 'two', 'three'];
  const run = await newRun(call, { prompts, settings: { ...PAID, proof: 1 } });
  expect(await untilRun(call, run, 'awaiting_approval')).toMatchObject({
    items: { delivered: 1 },
    reason_text: 'the proof is made: look at it, then approve the rest',
  });
  await call('POST', `/v1/runs/${run}/approve`);
  expect((await untilRun(call, run)).items).toMatchObject({ delivered: 3 });
});

test.each(['approve', 'pause', 'cancel'])(
  '%s is refused when the run has ended, and what may be done is told',
  async (action) => {
    const { call } = await liveServer();
    const run = await newRun(call);
    await untilRun(call, run);
    const { detail } = await problemOf(await call('POST', `/v1/runs/${run}/${action}`), 409);
    expect(detail).toBe(
      `Run ${run} is done: ${action} is not possible now. What is: resume, retry, export.`,
    );
  },
);

test('a run that was paused goes on when it is resumed, both as often as one likes', async () => {
  const { call } = await liveServer({ vendors: { latencyMs: 200 } });
  const prompts = Array.from({ length: 12 }, (_, at) => `boat ${at}`);
  const run = await newRun(call, { prompts, settings: { ...PAID, concurrency: 1 } });
  expect((await call('POST', `/v1/runs/${run}/pause`)).status).toBe(202);
  const paused = await untilRun(call, run, 'paused');
  expect(paused.items['delivered']).toBeLessThan(12);
  expect((await call('POST', `/v1/runs/${run}/pause`)).status).toBe(202);
  expect((await call('POST', `/v1/runs/${run}/resume`)).status).toBe(200);
  expect((await call('POST', `/v1/runs/${run}/resume`)).status).toBe(200);
  expect((await untilRun(call, run)).items).toMatchObject({ delivered: 12 });
});

test('a run that is being worked on is cancelled, and one that waits as well', async () => {
  const { call } = await liveServer({ vendors: { latencyMs: 200 } });
  const prompts = Array.from({ length: 12 }, (_, at) => `boat ${at}`);
  const busy = await newRun(call, { prompts, settings: { ...PAID, concurrency: 1 } });
  const waiting = await newRun(call, { prompts, settings: PAID, approve: false });
  for (const run of [busy, waiting]) {
    expect((await call('POST', `/v1/runs/${run}/cancel`)).status).toBe(202);
    const { items } = await untilRun(call, run, 'cancelled');
    expect(items['cancelled']).toBeGreaterThan(0);
    expect(items['waiting']).toBe(0);
    expect((await call('POST', `/v1/runs/${run}/cancel`)).status).toBe(202);
  }
});

test('what was refused is made again with other words, once its price was looked at', async () => {
  const { call } = await liveServer({ vendors: { refusals: { pattern: 'bad' } } });
  const run = await newRun(call, { prompts: ['a bad boat', 'a boat'], settings: PAID });
  expect((await untilRun(call, run)).items).toMatchObject({ delivered: 1, refused: 1 });
  const retry = async (body: object) => call('POST', `/v1/runs/${run}/retry`, { body });
  const order = { states: ['refused'], rewrite: 'a good boat' };
  const plan = await retry({ ...order, plan: true });
  expect(await plan.json()).toMatchObject({
    plan: { images: 1, examples: [{ row: 1, prompt: 'a good boat' }] },
    run: { state: 'done', items: { refused: 1 } },
  });
  expect((await retry(order)).status).toBe(200);
  expect((await untilRun(call, run)).items).toMatchObject({ delivered: 2, refused: 0 });
});

test('a retry that cannot be is told', async () => {
  const { call } = await liveServer({ vendors: { refusals: { pattern: 'bad' } } });
  const run = await newRun(call, { prompts: ['a bad boat'], settings: PAID });
  await untilRun(call, run);
  const retry = async (body: object) => call('POST', `/v1/runs/${run}/retry`, { body });
  const model = await problemOf(await retry({ states: ['refused'], model: 'none' }), 422);
  expect(model.problems[0]).toMatchObject({ value: 'none' });
  await problemOf(await retry({ states: ['unknown'], rewrite: 'x' }), 422);
  await problemOf(await retry({ states: [] }), 422);
});

test('a run that stopped at its budget goes on with a larger one', async () => {
  const { call } = await liveServer();
  const settings = { ...PAID, budget: 3 };
  const run = await newRun(call, { prompts: ['one', 'two', 'three'], settings });
  expect((await untilRun(call, run, 'stopped')).items['waiting']).toBeGreaterThan(0);
  await call('PATCH', `/v1/runs/${run}`, { body: { budget: null } });
  await call('POST', `/v1/runs/${run}/resume`);
  expect((await untilRun(call, run)).items).toMatchObject({ delivered: 3 });
});
