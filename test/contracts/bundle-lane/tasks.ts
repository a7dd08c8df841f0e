import { describe, expect, test } from 'vitest';
import type { Simulator } from '../../../simulators/index.ts';
import type { BundleLine } from '../../../src/engine/vendors/vendor.ts';
import {
  BUNDLE,
  NOBODY_STOPS,
  PROMPTS,
  MOST_POLLS,
  faulty,
  finish,
  readAll,
  linesOf,
  failureOf,
  refOf,
  isTaskLane,
  canFind,
  canCancel,
  type Subject,
  usdOf,
} from './subject.ts';

/** What a poll may say of itself, and not of the bundle (`BundlePollAnswer`). */
const ABOUT_ASKING = ['rate-limited', 'overloaded', 'not-sent', 'key-unusable', 'unknown'];

/** A lane that answers with a ref: polled, read, cancelled, and found again. */
export function describeTasks({ harness, createWorld, bundleOf, submitOne, carry }: Subject): void {
  describe.runIf(isTaskLane(harness))('as a lane of tasks', () => {
    test('can be polled on and read by another process that has the ref only', async () => {
      const { createLane, submitted, bundle, clock, simulator } = await submitOne();
      const other = createLane();
      expect((await other.poll!(refOf(submitted), NOBODY_STOPS)).kind).toBe('pending');
      await clock.advance(60_000);
      expect(await other.poll!(refOf(submitted), NOBODY_STOPS)).toEqual({ kind: 'ended' });
      const lines = await readAll(other, refOf(submitted), bundle.requests);
      expect(lines).toHaveLength(PROMPTS.length);
      expect(simulator.bill.images).toBe(PROMPTS.length);
    });

    test('never says that more are completed than there are', async () => {
      const { lane, submitted, clock } = await submitOne();
      const told: number[] = [];
      for (let polls = 0; polls < MOST_POLLS; polls += 1) {
        const polled = await lane.poll!(refOf(submitted), NOBODY_STOPS);
        if (polled.kind !== 'pending') break;
        told.push(polled.completed ?? 0);
        expect(polled.pollAfterMs).toBeGreaterThan(0);
        await clock.advance(5_000);
      }
      expect(told).toEqual(told.toSorted((one, other) => one - other));
      expect(told.length).toBeGreaterThan(5);
      expect(told.at(-1)).toBeLessThanOrEqual(PROMPTS.length);
    });

    test('takes a poll that fails for a failed question', async () => {
      const { lane, submitted, clock } = await submitOne({ pollError: 1 });
      await clock.advance(60_000);
      const polled = await lane.poll!(refOf(submitted), NOBODY_STOPS);
      expect(['overloaded', 'unknown']).toContain(failureOf(polled).kind);
    });

    test.each([
      ['the key stops working', { apiKey: 'another' }],
      ['the account is used up', { accountImages: 0 }],
      ['all limits are full', { limits: { requestsPerMinute: 1, imagesPerMinute: 1 } }],
    ])('says nothing against a batch that was taken when %s', async (_what, change) => {
      const { lane, submitted, clock, simulator } = await submitOne();
      simulator.change(change);
      await clock.advance(10_000);
      const polled = await lane.poll!(refOf(submitted), NOBODY_STOPS);
      const said = polled.kind === 'failed' ? polled.failure.kind : polled.kind;
      expect(['pending', 'ended', ...ABOUT_ASKING]).toContain(said);
    });

    test('says nothing about a batch that the vendor does not know', async () => {
      const { lane } = createWorld();
      const polled = await lane.poll!('batch_unheard-of', NOBODY_STOPS);
      expect(failureOf(polled).kind).toBe('unknown');
    });

    test('reads the results as often as it is asked, and only what is of interest', async () => {
      const { lane, submitted, bundle, ended } = await carry();
      const again = await readAll(lane, refOf(submitted), bundle.requests);
      expect(again).toEqual(linesOf(ended));
      const some = bundle.requests.slice(1, 3);
      const rest = await readAll(lane, refOf(submitted), some);
      expect(rest.map(({ key }) => key).toSorted()).toEqual(some.map(({ key }) => key));
    });

    test('throws when the reading breaks off, after lines that are right', async () => {
      const { lane, submitted, bundle, clock, simulator } = await submitOne({
        batch: { resultsCut: 1 },
      });
      await clock.advance(60_000);
      const read: BundleLine[] = [];
      const reading = async () => {
        const lines = lane.results!(refOf(submitted), bundle.requests, NOBODY_STOPS);
        for await (const line of lines) read.push(line);
      };
      await expect(reading()).rejects.toThrow();
      expect(read.length).toBeLessThan(PROMPTS.length);
      simulator.change({ batch: { resultsCut: null } });
      const whole = await readAll(lane, refOf(submitted), bundle.requests);
      expect(whole.slice(0, read.length)).toEqual(read);
      expect(whole).toHaveLength(PROMPTS.length);
      expect(simulator.bill.images).toBe(PROMPTS.length);
    });

    test('ends a reading that is stopped', async () => {
      const { lane, submitted, bundle, clock } = await submitOne();
      await clock.advance(60_000);
      const context = { signal: AbortSignal.abort() };
      const reading = Array.fromAsync(lane.results!(refOf(submitted), bundle.requests, context));
      await expect(reading).rejects.toThrow();
    });

    test.each([0, 0.4, 1])('brings the share %d of a batch that expired', async (share) => {
      const batch = { durationMs: 100_000, expireAfterMs: 50_000, finishedShare: share };
      const { ended, simulator } = await carry({ batch });
      expectPart(linesOf(ended), simulator, share * PROMPTS.length);
    });

    test.runIf(canCancel(harness))('brings the made part of a cancelled batch', async () => {
      const world = await submitOne({ batch: { finishedShare: 0.4 } });
      await world.clock.advance(10_000);
      const ref = refOf(world.submitted);
      expect(await world.lane.cancel!(ref, NOBODY_STOPS)).toEqual({ kind: 'cancelling' });
      const ended = await finish(world, world.submitted, world.bundle.requests);
      expectPart(linesOf(ended), world.simulator, 2);
    });

    test.runIf(canCancel(harness))('cancels what has ended without any effect', async () => {
      const { lane, submitted, simulator } = await carry();
      expect(await lane.cancel!(refOf(submitted), NOBODY_STOPS)).toEqual({ kind: 'cancelling' });
      expect(await lane.poll!(refOf(submitted), NOBODY_STOPS)).toEqual({ kind: 'ended' });
      expect(simulator.bill.images).toBe(PROMPTS.length);
    });
  });

  describe.runIf(canFind(harness))('as a lane that finds by our own key', () => {
    test.each(['replyLost', 'truncated', 'status500'] as const)(
      'finds what was taken before %s, and pays once',
      async (fault) => {
        const world = await submitOne(faulty(fault));
        const found = await world.lane.find!(BUNDLE, NOBODY_STOPS);
        if (found.kind === 'nothing') throw new Error('It was not found.');
        const ended = await finish(world, found, world.bundle.requests);
        expect(linesOf(ended)).toHaveLength(PROMPTS.length);
        expect(world.simulator.bill.images).toBe(PROMPTS.length);
        expect(world.orders()).toHaveLength(1);
      },
    );

    test('finds its own among many others, by another process', async () => {
      const { lane, createLane } = createWorld();
      for (let other = 0; other < 120; other += 1) {
        const bundle = { ...bundleOf(['a fox']), key: `im-other-${other}` };
        await lane.submit(bundle, NOBODY_STOPS);
      }
      const found = await createLane().find!('im-other-3', NOBODY_STOPS);
      expect(['accepted', 'answered']).toContain(found.kind);
      expect(await createLane().find!('im-other-1000', NOBODY_STOPS)).toEqual({
        kind: 'nothing',
      });
    });

    test('says nothing where nothing arrived', async () => {
      const { lane } = createWorld();
      expect(await lane.find!(BUNDLE, NOBODY_STOPS)).toEqual({ kind: 'nothing' });
    });

    test('says nothing after a refusal at the door', async () => {
      const { lane } = await submitOne(faulty('status503'));
      expect(await lane.find!(BUNDLE, NOBODY_STOPS)).toEqual({ kind: 'nothing' });
    });

    test('never takes a question that failed for a no', async () => {
      const { lane } = createWorld({}, 'wrong-key-that-nobody-may-see');
      expect((await lane.find!(BUNDLE, NOBODY_STOPS)).kind).toBe('failed');
    });
  });

  /** Some were made, and of the others nothing: by the lines and by the bill. */
  function expectPart(lines: readonly BundleLine[], simulator: Simulator, made: number): void {
    const kinds = lines.map(({ answer }) =>
      answer.kind === 'answered' ? 'made' : answer.failure.kind,
    );
    expect(kinds.filter((kind) => kind === 'made')).toHaveLength(made);
    expect(kinds.filter((kind) => kind === 'overloaded')).toHaveLength(PROMPTS.length - made);
    expect(simulator.bill.images).toBe(made);
    if (harness.tellsDollars) expect(usdOf(lines)).toBe(simulator.bill.usdMicros);
  }
}
