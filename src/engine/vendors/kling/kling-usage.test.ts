import { describe, expect, test } from 'vitest';
import { createKlingSimulator, simulatedFetch } from '../../../../simulators/index.ts';
import type { Behaviour } from '../../../../simulators/behaviour.ts';
import { laneRequest } from '../../../../test/support/lane-request.ts';
import { recordedFetch } from '../../../../test/support/recorded-fetch.ts';
import { VirtualClock } from '../../../../test/support/virtual-clock.ts';
import { createKlingLane } from './kling.ts';

const ORIGIN = 'http://kling.simulated';
const KEY = 'kling-secret-123456';
const context = { signal: new AbortController().signal };

async function worldWithTasks(behaviour: Behaviour, models: readonly string[]) {
  const clock = new VirtualClock();
  const simulator = createKlingSimulator({ clock, ...behaviour });
  const fetch = simulatedFetch({ [ORIGIN]: simulator });
  const lane = createKlingLane({ apiKey: KEY, baseUrl: ORIGIN, fetch, clock });
  for (const [index, model] of models.entries()) {
    await lane.submit(laneRequest({ model, key: `request-${index}`, count: 1 + index }), context);
    await clock.advance(1000);
  }
  return { clock, simulator, lane };
}

function laneAnswering(...answers: readonly Response[]) {
  const recorded = recordedFetch(...answers);
  const clock = { now: () => 0, sleep: async () => {} };
  const lane = createKlingLane({ apiKey: KEY, baseUrl: ORIGIN, fetch: recorded.fetch, clock });
  return { lane, calls: recorded.calls };
}

function page(detail: readonly object[], more: object = { has_more: false }): Response {
  return Response.json({ code: 0, data: { result: { detail, count: detail.length }, ...more } });
}

const row = { task_id: 'task-1', model_name: 'kling-v3', deduction_time: '1779549455861' };

describe('usage()', () => {
  test.each([[{}], [{ paysFromBalance: true }]])(
    'has a line for each task, which together are the bill (%o)',
    async (behaviour) => {
      const models = ['kling-v3', 'kling-v3-omni', 'kling-v3'];
      const { clock, simulator, lane } = await worldWithTasks(behaviour, models);
      const usage = await lane.usage!({ from: clock.now() - 3000, to: clock.now() }, context);
      expect(usage).toEqual({
        kind: 'usage',
        lines: simulator.bill.entries.map(({ taskId, model, usdMicros, at }) => ({
          ref: taskId,
          model,
          usdMicros,
          at,
        })),
      });
      expect(simulator.bill.usdMicros).toBe((1 + 2 + 3) * 28_000);
    },
  );

  test('has only what was made in the time that is asked about', async () => {
    const { clock, lane } = await worldWithTasks({}, ['kling-v3', 'kling-v3']);
    const usage = await lane.usage!({ from: clock.now() - 1500, to: clock.now() }, context);
    expect(usage.kind === 'usage' && usage.lines).toHaveLength(1);
  });

  test('goes on where a page ended, and asks for nothing beside the cursor', async () => {
    const { lane, calls } = laneAnswering(
      page([row], { has_more: true, next_cursor: 'c2' }),
      page([{ ...row, task_id: 'task-2' }], { has_more: false, next_cursor: 'c3' }),
      page([]),
    );
    const usage = await lane.usage!({ from: 1, to: 2 }, context);
    expect(usage.kind === 'usage' && usage.lines.map(({ ref }) => ref)).toEqual([
      'task-1',
      'task-2',
    ]);
    expect(calls.map(({ url, body }) => [url, body])).toEqual([
      [`${ORIGIN}/account/billing/package`, { start_time: 1, end_time: 2, limit: 500 }],
      [`${ORIGIN}/account/billing/package`, { cursor: 'c2' }],
      [`${ORIGIN}/account/billing/balance`, { start_time: 1, end_time: 2, limit: 500 }],
    ]);
  });

  test.each([
    ['units of a pack', { deduction_amount: 8 }, 28_000],
    [
      'dollars at the list price',
      { deduction_amount: 0.02, list_price: 0.028, currency: 'USD' },
      28_000,
    ],
    ['dollars without a list price', { deduction_amount: '0.02', currency: 'USD' }, 20_000],
    ['yuan', { deduction_amount: 0.2, list_price: 0.2, currency: 'CNY' }, undefined],
    ['a row without figures', {}, undefined],
  ])('of %s', async (_what, figures, usdMicros) => {
    const { lane } = laneAnswering(page([]), page([{ ...row, ...figures }]));
    const usage = await lane.usage!({ from: 1, to: 2 }, context);
    const line = usage.kind === 'usage' ? usage.lines[0] : undefined;
    expect(line).toMatchObject({ ref: 'task-1', model: 'kling-v3', at: 1779549455861 });
    expect(line?.usdMicros).toBe(usdMicros);
  });

  test('is a failure when a part of it cannot be read', async () => {
    const { lane } = laneAnswering(
      page([row]),
      Response.json({ code: 1002, message: `No ${KEY}` }, { status: 401 }),
    );
    expect(await lane.usage!({ from: 1, to: 2 }, context)).toEqual({
      kind: 'failed',
      failure: { kind: 'key-unusable', words: 'No [key]' },
    });
  });

  test('ends at a report that never ends', async () => {
    const endless = Array.from({ length: 200 }, () =>
      page([row], { has_more: true, next_cursor: 'again' }),
    );
    const { lane, calls } = laneAnswering(...endless);
    const usage = await lane.usage!({ from: 1, to: 2 }, context);
    expect(usage).toMatchObject({ kind: 'failed', failure: { kind: 'unknown' } });
    expect(calls).toHaveLength(200);
  });
});
