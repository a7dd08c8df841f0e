import { describe, expect, test } from 'vitest';
import { QUARTER_HOUR_MS } from '../../../src/engine/core/calendar-day.ts';
import { admit, outcomes, PRICE, startRun } from '../../support/store-run.ts';
import { settlement } from './reading.ts';
import type { Subject } from './subject.ts';

let workspaces = 0;

export function describeDashboard(subject: Subject): void {
  /** Another one for each test, with all the time around now. */
  async function newWorkspace() {
    workspaces += 1;
    const workspace = `dashboard-${process.pid}-${workspaces}`;
    const now = await subject.store.now();
    const quarter = Math.floor(now / QUARTER_HOUR_MS) * QUARTER_HOUR_MS;
    const time = { workspace, from: quarter - QUARTER_HOUR_MS, to: quarter + 2 * QUARTER_HOUR_MS };
    return { workspace, time, payer: { workspace } };
  }

  describe('the dashboard', () => {
    test('adds up what ended by lane and by run, of one workspace', async () => {
      const { store } = subject;
      const { time, payer } = await newWorkspace();
      const other = await newWorkspace();
      const id = await startRun(store, [{ prompt: 'a fox', count: 3 }], { payer });
      const theirs = await startRun(store, ['an owl'], { payer: other.payer });
      const [fox] = (await admit(store, id)).granted;
      const [owl] = (await admit(store, theirs)).granted;
      await store.settle({ ...settlement(fox!.attemptId, 'ddd'), outcomes: outcomes('drf') });
      await store.settle(settlement(owl!.attemptId, 'd'));
      const sums = {
        lane: 'a-model',
        delivered: 1,
        refused: 1,
        failed: 1,
        postedCreditMicros: PRICE.creditMicros,
        usdMicros: 150_000,
      };
      expect(await store.usageOfLanes(time)).toEqual([{ ...sums, at: expect.any(Number) }]);
      expect(await store.usageOfRuns(time, [id, theirs])).toEqual([{ ...sums, runId: id }]);
      expect(await store.usageOfRuns(time, [])).toEqual([]);
      expect(await store.usageOfLanes({ ...time, to: time.from })).toEqual([]);
    });

    test('tells what is refused and failed by kind, the most first', async () => {
      const { store } = subject;
      const { time, payer } = await newWorkspace();
      const id = await startRun(store, [{ prompt: 'a fox', count: 5 }], { payer });
      const [ticket] = (await admit(store, id)).granted;
      await store.settle({
        ...settlement(ticket!.attemptId, 'ddddd'),
        outcomes: [
          { index: 0, state: 'refused', reason: 'No.', category: 'hate' },
          { index: 1, state: 'refused', reason: 'Never.', category: 'hate' },
          { index: 2, state: 'refused', reason: 'No.' },
          ...outcomes('...fd').slice(3),
        ],
      });
      const found = await store.notDelivered(time, 10);
      expect(found[0]).toEqual({ lane: 'a-model', state: 'refused', category: 'hate', items: 2 });
      expect(found).toHaveLength(3);
      expect(found).toContainEqual({
        lane: 'a-model',
        state: 'refused',
        category: 'unspecified',
        items: 1,
      });
      expect(found).toContainEqual({
        lane: 'a-model',
        state: 'failed',
        reason: 'blank',
        items: 1,
      });
      expect(await store.notDelivered({ ...time, workspace: 'nobody' }, 10)).toEqual([]);
    });

    test('tells how the last sendings of an account ended, with what the vendor said', async () => {
      const { store } = subject;
      const { workspace, payer } = await newWorkspace();
      const account = `account-of-${workspace}`;
      const since = (await store.now()) - 1;
      const id = await startRun(store, ['a fox', 'an owl', 'a hare'], { payer });
      const [fox, owl, hare] = (await admit(store, id, { account })).granted;
      await store.settle(settlement(fox!.attemptId, 'd'));
      await subject.later();
      await store.settle(settlement(owl!.attemptId, 'f'));
      await subject.later();
      await store.returned({
        attemptId: hare!.attemptId,
        workerId: 'worker',
        reason: 'Billing hard limit has been reached.',
        failure: 'account-exhausted',
        notBeforeMs: 0,
        countsAttempt: false,
      });
      const question = { workspace, account, since, most: 10 };
      const at = expect.any(Number) as number;
      expect(await store.laneEnds(question)).toEqual([
        {
          lane: 'a-model',
          at,
          made: 0,
          failure: 'account-exhausted',
          words: 'Billing hard limit has been reached.',
        },
        { lane: 'a-model', at, made: 0, words: 'blank' },
        { lane: 'a-model', at, made: 1 },
      ]);
      expect(await store.laneEnds({ ...question, most: 1 })).toHaveLength(1);
      expect(await store.laneEnds({ ...question, workspace: 'nobody' })).toEqual([]);
      expect(await store.laneEnds({ ...question, account: 'nobody' })).toEqual([]);
      expect(await store.laneLoads([id])).toEqual([{ lane: 'a-model', sent: 0, waiting: 1 }]);
    });

    test('counts requests under way, and those whose end nobody knows', async () => {
      const { store } = subject;
      const { workspace, payer } = await newWorkspace();
      const id = await startRun(store, ['a fox', 'an owl', 'a hare'], { payer });
      const [fox] = (await admit(store, id, { most: 2 })).granted;
      expect(await store.laneLoads([id])).toEqual([{ lane: 'a-model', sent: 2, waiting: 1 }]);
      expect(await store.laneLoads([])).toEqual([]);
      expect(await store.unknownRequests(workspace, 10)).toEqual([]);
      await store.markUnknown(fox!.attemptId, 'worker', 'time-out');
      expect(await store.unknownRequests(workspace, 10)).toEqual([{ runId: id, requests: 1 }]);
      expect(await store.unknownRequests('nobody', 10)).toEqual([]);
    });
  });
}
