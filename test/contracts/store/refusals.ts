import { describe, expect, test } from 'vitest';
import type { Amend } from '../../../src/engine/core/amendment.ts';
import type { BundleRules } from '../../../src/engine/core/bundle.ts';
import type { AttemptTicket } from '../../../src/engine/store/store.ts';
import { admit, collect, outcomes, picture, PRICE, startRun } from '../../support/store-run.ts';
import { settlement } from './reading.ts';
import type { Subject } from './subject.ts';

const RULES: BundleRules = { mostRequests: 8, refusesWhole: true };

export function describeRefusals(subject: Subject): void {
  const numbered = (length: number) => Array.from({ length }, (_, place) => `picture ${place}`);
  const promptsOf = (granted: readonly AttemptTicket[]) => granted.map(({ row }) => row.prompt);

  async function next(runId: string): Promise<readonly AttemptTicket[]> {
    return (await admit(subject.store, runId, { bundle: RULES })).granted;
  }

  /** All of them are refused for one. */
  async function refuse(tickets: readonly AttemptTicket[], usdMicros?: number): Promise<void> {
    const bundleId = tickets[0]!.bundleId!;
    await subject.store.returnBundle({
      bundleId,
      workerId: 'worker',
      reason: 'one of them was refused',
      notBeforeMs: 0,
      countsAttempt: false,
      suspectGroup: `suspects-${bundleId}`,
      ...(usdMicros !== undefined && { usdMicros }),
    });
  }

  async function settleEach(tickets: readonly AttemptTicket[], letter: string): Promise<void> {
    for (const { attemptId } of tickets) {
      await subject.store.settle(settlement(attemptId, letter));
    }
  }

  describe('prompts that were refused together', () => {
    test('are asked about in parts, one part of a group at a time', async () => {
      const id = await startRun(subject.store, numbered(20));
      const whole = await next(id);
      expect(whole).toHaveLength(8);
      await refuse(whole);
      const part = await next(id);
      expect(promptsOf(part)).toEqual(['picture 0', 'picture 1', 'picture 2']);
      // What is not suspected goes on beside it.
      expect(promptsOf(await next(id))).toEqual(numbered(20).slice(8, 16));
    });

    test('wait for the answer about others of their group, and say so', async () => {
      const id = await startRun(subject.store, numbered(8));
      await refuse(await next(id));
      await next(id);
      expect(await admit(subject.store, id, { bundle: RULES })).toMatchObject({
        granted: [],
        empty: false,
        obstacle: { limit: 'suspects' },
      });
    });

    test('stay suspected while a part of them is good', async () => {
      const id = await startRun(subject.store, numbered(20));
      await refuse(await next(id));
      await settleEach(await next(id), 'd');
      expect(promptsOf(await next(id))).toEqual(['picture 3', 'picture 4']);
    });

    test('are suspected no more when the offender is in another part', async () => {
      const id = await startRun(subject.store, numbered(20));
      await refuse(await next(id));
      await refuse(await next(id));
      const [first] = await next(id);
      expect(first!.row.prompt).toBe('picture 0');
      await settleEach([first!], 'r');
      // Neither the rest of the part nor that of the whole has an offender for certain.
      expect(promptsOf(await next(id))).toEqual(numbered(20).slice(1, 9));
    });

    test('are suspected no more when nobody knows the outcome of one of them', async () => {
      const { store } = subject;
      const id = await startRun(store, numbered(20));
      await refuse(await next(id));
      for (const { attemptId } of await next(id)) {
        await store.markUnknown(attemptId, 'worker', 'time-out');
      }
      expect(promptsOf(await next(id))).toEqual(numbered(20).slice(3, 11));
    });

    test('go back with their group where nothing was made for another reason', async () => {
      const { store } = subject;
      const id = await startRun(store, numbered(20));
      await refuse(await next(id));
      const part = await next(id);
      await store.returnBundle({
        bundleId: part[0]!.bundleId!,
        workerId: 'worker',
        reason: 'too fast',
        notBeforeMs: 0,
        countsAttempt: false,
      });
      expect(promptsOf(await next(id))).toEqual(promptsOf(part));
    });

    test('have what their refusal cost on the bill, and no credits', async () => {
      const { store } = subject;
      const id = await startRun(store, numbered(3));
      await refuse(await next(id), 1_001);
      expect(await store.findRun(id)).toMatchObject({
        actualUsdMicros: 1_001,
        heldUsdMicros: 0,
        heldCreditMicros: 0,
        postedCreditMicros: 0,
      });
      const records = await collect(store.records(id));
      const shares = records.map(({ usdMicros = 0 }) => usdMicros).toSorted((a, b) => a - b);
      expect(shares).toEqual([333, 334, 334]);
      await subject.check(id, 3);
    });
  });

  describe('a refusal', () => {
    test('keeps its stage and its kind, until the image is made after all', async () => {
      const { store } = subject;
      const id = await startRun(store, ['a fox']);
      const [ticket] = (await admit(store, id)).granted;
      await store.settle({
        ...settlement(ticket!.attemptId, ''),
        outcomes: [
          { index: 0, state: 'refused', reason: 'No.', stage: 'output', category: 'violence' },
        ],
      });
      const [refused] = await collect(store.records(id));
      expect(refused?.refusal).toEqual({ stage: 'output', category: 'violence' });
      await store.retry(id, 'refused');
      const [again] = (await admit(store, id)).granted;
      await store.settle(settlement(again!.attemptId, 'd'));
      const [delivered] = await collect(store.records(id));
      expect(delivered).toMatchObject({ state: 'delivered', creditMicros: PRICE.creditMicros });
      expect(delivered).not.toHaveProperty('refusal');
    });

    test('is of no known kind where the vendor did not say', async () => {
      const { store } = subject;
      const id = await startRun(store, ['a fox']);
      const [ticket] = (await admit(store, id)).granted;
      await store.settle({ ...settlement(ticket!.attemptId, ''), outcomes: outcomes('r') });
      const [refused] = await collect(store.records(id));
      expect(refused?.refusal).toEqual({});
    });

    test('is counted of its run and of its account, wherever the image goes after it', async () => {
      const { store } = subject;
      const account = `account-${subject.kind.name}-${await store.now()}`;
      const [one, other] = [
        await startRun(store, [{ prompt: 'a fox', count: 4 }, 'an owl']),
        await startRun(store, ['a hare']),
      ];
      const start = (await store.now()) - 1;
      const [fox, owl] = (await admit(store, one, { account })).granted;
      const [hare] = (await admit(store, other, { account })).granted;
      await store.settle({ ...settlement(fox!.attemptId, ''), outcomes: outcomes('rrfd') });
      await store.settle({ ...settlement(hare!.attemptId, ''), outcomes: outcomes('r') });
      expect(await store.refusalTally({ runId: one })).toEqual({ outcomes: 4, refused: 2 });
      expect(await store.refusalTally({ account, since: start })).toEqual({
        outcomes: 5,
        refused: 3,
      });
      const later = (await store.now()) + 1;
      expect(await store.refusalTally({ account, since: later })).toEqual({
        outcomes: 0,
        refused: 0,
      });
      expect(await store.refusedRows(one)).toEqual([1]);
      await store.retry(one, 'refused');
      expect(await store.refusalTally({ runId: one })).toEqual({ outcomes: 4, refused: 2 });
      expect(await store.refusedRows(one)).toEqual([1]);
      await store.settle(settlement(owl!.attemptId, 'd'));
      expect(await store.refusalTally({ runId: one })).toEqual({ outcomes: 5, refused: 2 });
    });

    test('is told by kind, the most first', async () => {
      const { store } = subject;
      const id = await startRun(store, [{ prompt: 'a fox', count: 5 }]);
      const [ticket] = (await admit(store, id)).granted;
      const refused = (index: number, more: object) =>
        ({ index, state: 'refused', reason: 'No.', ...more }) as const;
      await store.settle({
        ...settlement(ticket!.attemptId, ''),
        outcomes: [
          refused(0, { stage: 'input' }),
          refused(1, { stage: 'output', category: 'violence' }),
          refused(2, { stage: 'output', category: 'violence' }),
          refused(3, { stage: 'input', category: 'hate' }),
          ...outcomes('xxxxd').slice(4),
        ],
      });
      expect(await store.refusalKinds(id)).toEqual([
        { category: 'violence', stage: 'output', items: 2 },
        { category: 'hate', stage: 'input', items: 1 },
        { category: 'unspecified', stage: 'input', items: 1 },
      ]);
    });
  });

  describe('what ended badly', () => {
    /** Five images of one request: refused, certainly not made, blank, missing, delivered. */
    async function ended(): Promise<string> {
      const { store } = subject;
      const id = await startRun(store, [{ prompt: 'a fox', name: 'fox', count: 5 }]);
      const [ticket] = (await admit(store, id)).granted;
      await store.settle({
        ...settlement(ticket!.attemptId, ''),
        outcomes: [
          { index: 0, state: 'refused', reason: 'No.', stage: 'input' },
          { index: 1, state: 'failed', reason: 'The task failed.', unmade: true },
          { index: 2, state: 'failed', reason: 'blank', image: picture('blank') },
          { index: 4, state: 'delivered', image: picture('fox') },
        ],
      });
      return id;
    }

    const elsewhere: Amend = (_row, indexes) =>
      indexes.map((index) => ({
        indexes: [index],
        amendment: { model: 'b-model', by: 'fallback' },
        lane: 'b-model',
        creditMicrosPerImage: 1,
        worstUsdMicros: 1,
        expectedUsdMicros: 1,
      }));

    test('goes elsewhere only where the vendor certainly made nothing', async () => {
      const { store } = subject;
      const id = await ended();
      const which = { onlyUnmade: true } as const;
      expect(await store.amendEnded(id, { states: ['refused'], ...which }, elsewhere)).toBe(1);
      expect(await store.amendEnded(id, { states: ['failed'], ...which }, elsewhere)).toBe(1);
      const left = await collect(store.records(id, { states: ['failed', 'refused'] }));
      expect(left.map(({ index, reason }) => [index, reason])).toEqual([
        [3, 'blank'],
        [4, expect.stringMatching(/^not returned/)],
      ]);
      const { granted } = await admit(store, id, { lane: 'b-model' });
      expect(granted.map(({ indexes }) => indexes)).toEqual([[1], [2]]);
    });

    test('is priced as it was, with its cells, before it is asked for again', async () => {
      const { store } = subject;
      const id = await ended();
      const [request, ...others] = await store.endedRequests(id, ['refused', 'failed']);
      expect(others).toEqual([]);
      expect(request).toMatchObject({
        indexes: [1, 2, 3, 4],
        row: { prompt: 'a fox', row: { cells: { name: 'fox' } } },
        creditMicros: 4 * PRICE.creditMicros,
        worstUsdMicros: 4 * PRICE.usdMicros,
        expectedUsdMicros: 4 * PRICE.usdMicros,
      });
      expect(request).not.toHaveProperty('amendment');
      expect(await store.endedRequests(id, ['unknown'])).toEqual([]);
      expect(await store.endedRequests(id, [])).toEqual([]);
      await store.amendEnded(id, { states: ['refused'] }, elsewhere);
      const [again] = (await admit(store, id, { lane: 'b-model' })).granted;
      await store.settle(settlement(again!.attemptId, 'r'));
      const [refused] = await store.endedRequests(id, ['refused']);
      expect(refused).toMatchObject({
        amendment: { model: 'b-model', by: 'fallback' },
        creditMicros: 1,
      });
    });
  });
}
