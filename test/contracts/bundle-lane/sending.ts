import { expect, test } from 'vitest';
import { simulatedFetch } from '../../../simulators/index.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import {
  ORIGIN,
  KEY,
  NOBODY_STOPS,
  PROMPTS,
  DAY_MS,
  faulty,
  rejectionOf,
  failureOf,
  type Subject,
} from './subject.ts';

/** What is said not to be made is not billed, and what may be made is never called a no. */
export function describeSending({
  harness,
  createWorld,
  bundleOf,
  submitOne,
  carry,
}: Subject): void {
  test.each(['status429', 'status429bare'] as const)(
    'takes a %s for a pushback, since nothing was made',
    async (fault) => {
      const { submitted, simulator, clock } = await submitOne(faulty(fault));
      expect(failureOf(submitted).kind).toBe(harness.pushback);
      await clock.advance(DAY_MS);
      expect(simulator.bill.images).toBe(0);
    },
  );

  test('takes a 503 of the vendor for overload, since nothing was made', async () => {
    const { submitted, simulator, clock } = await submitOne(faulty('status503'));
    expect(failureOf(submitted).kind).toBe('overloaded');
    await clock.advance(DAY_MS);
    expect(simulator.bill.images).toBe(0);
  });

  test.each(['replyLost', 'truncated', 'status500', 'status502', 'status504'] as const)(
    'calls the outcome unknown after %s, since it may be made',
    async (fault) => {
      const { submitted, simulator, clock } = await submitOne(faulty(fault));
      expect(failureOf(submitted).kind).toBe('unknown');
      await clock.advance(DAY_MS);
      expect(simulator.bill.images).toBe(PROMPTS.length);
    },
  );

  test('calls the outcome unknown when it stops waiting for the answer', async () => {
    const { lane, clock, orders } = createWorld(faulty('hang'));
    const stop = new AbortController();
    const submitting = lane.submit(bundleOf(PROMPTS), { signal: stop.signal });
    await expect.poll(() => orders().length).toBe(1);
    await clock.settle();
    stop.abort();
    expect(failureOf(await submitting).kind).toBe('unknown');
    expect(orders()).toHaveLength(1);
  });

  test('knows that nothing was sent when nobody listens', async () => {
    const clock = new VirtualClock();
    const fetch = simulatedFetch({});
    const lane = harness.createLane({ apiKey: KEY, baseUrl: ORIGIN, fetch, clock });
    const submitted = await lane.submit(bundleOf(PROMPTS), NOBODY_STOPS);
    expect(failureOf(submitted).kind).toBe('not-sent');
  });

  test('does not send a bundle that is not allowed to start', async () => {
    const { lane, simulator } = createWorld();
    const submitted = await lane.submit(bundleOf(PROMPTS), { signal: AbortSignal.abort() });
    expect(failureOf(submitted).kind).toBe('not-sent');
    expect(simulator.log.entries).toHaveLength(0);
  });

  test('knows an account that is used up', async () => {
    const { ended, simulator } = await carry({ accountImages: 0 });
    expect(rejectionOf(ended).kind).toBe('account-exhausted');
    expect(simulator.bill.images).toBe(0);
  });

  test('knows a key that is not accepted, and repeats it nowhere', async () => {
    const wrongKey = 'wrong-key-that-nobody-may-see';
    const { lane } = createWorld({}, wrongKey);
    const submitted = await lane.submit(bundleOf(PROMPTS), NOBODY_STOPS);
    expect(failureOf(submitted).kind).toBe('key-unusable');
    expect(JSON.stringify(submitted)).not.toContain(wrongKey);
  });

  test('has poll and results where it answers with a task', async () => {
    const { lane, submitted } = await submitOne();
    const isTask = submitted.kind === 'accepted';
    expect([lane.poll !== undefined, lane.results !== undefined]).toEqual([isTask, isTask]);
  });

  test.runIf(harness.sendsFile)(
    'says that nothing was made when the file that is sent ahead is lost',
    async () => {
      const { submitted, simulator, clock } = await submitOne({ batch: { uploadLost: 1 } });
      expect(failureOf(submitted).kind).toBe('overloaded');
      await clock.advance(DAY_MS);
      expect(simulator.bill.images).toBe(0);
    },
  );

  test.runIf(harness.spoil !== undefined)(
    'knows a bundle that is rejected as a whole, of which nothing is made',
    async () => {
      const { ended, simulator } = await carry({}, harness.spoil!(bundleOf(PROMPTS)));
      expect(rejectionOf(ended).kind).toBe('invalid-request');
      expect(rejectionOf(ended).words).not.toBe('');
      expect(simulator.bill.images).toBe(0);
    },
  );
}
