import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LearnedLimit } from '../core/admission.ts';
import type { Limit } from '../core/limit.ts';
import { learnedMax, learnLimit } from './learn-limit.ts';
import { windowMarginMs } from './rolling-window.ts';

const MINUTE_MS = 60_000;
/** Too many refused to be stray ones. */
const MANY = 1_000;

const LIMIT: Limit = {
  kind: 'window',
  name: 'images-per-minute',
  unit: 'images',
  max: undefined,
  windowMs: MINUTE_MS,
  source: 'test',
  key: 'a/images-per-minute',
  learnable: true,
};

const refuse = (before: LearnedLimit | undefined, now: number, accepted: number) =>
  learnLimit(before, { limit: LIMIT, now, refused: { accepted, refusedUnits: MANY } });
const maxAt = (known: LearnedLimit | undefined, now: number) =>
  learnedMax(known, { now, windowMs: MINUTE_MS });

describe('learnLimit()', () => {
  test('knows nothing before anything was said', () => {
    expect(maxAt(undefined, 0)).toBeUndefined();
    expect(maxAt(learnLimit(undefined, { limit: LIMIT, now: 0 }), 0)).toBeUndefined();
  });

  test('believes the figure that the vendor names, at once and for good', () => {
    const known = learnLimit(undefined, { limit: LIMIT, now: 0, announced: 50 });
    expect(known).toMatchObject({ max: 50, firm: true });
    expect(maxAt(known, 10 * MINUTE_MS)).toBe(50);
    expect(learnLimit(known, { limit: LIMIT, now: 1_000, announced: 50 })).toBe(known);
    const raised = learnLimit(known, { limit: LIMIT, now: 2_000, announced: 80 });
    expect(raised).toMatchObject({ max: 80, firm: true, changedAt: 2_000 });
  });

  test('only waits when a vendor that named its figure refuses all the same', () => {
    const known = learnLimit(undefined, { limit: LIMIT, now: 0, announced: 50 });
    const after = learnLimit(known, {
      limit: LIMIT,
      now: 1_000,
      refused: { accepted: 3, refusedUnits: MANY, retryAfterMs: 5_000 },
    });
    expect(after).toEqual({ ...known, blockedUntil: 6_000 });
  });

  test('goes down at once to what was let through, but not below one', () => {
    expect(maxAt(refuse(undefined, 0, 7), 0)).toBe(7);
    expect(maxAt(refuse(undefined, 0, 0), 0)).toBe(1);
  });

  test('waits as long as was asked, else two seconds, and never shorter than before', () => {
    const first = learnLimit(undefined, {
      limit: LIMIT,
      now: 0,
      refused: { accepted: 7, refusedUnits: MANY, retryAfterMs: 9_000 },
    });
    expect(first.blockedUntil).toBe(9_000);
    expect(refuse(first, 1_000, 6).blockedUntil).toBe(9_000);
    expect(refuse(first, 8_000, 6).blockedUntil).toBe(10_000);
  });

  test('comes back slowly: one step for each quiet window', () => {
    const known = refuse(undefined, 0, 7);
    expect(maxAt(known, MINUTE_MS - 1)).toBe(7);
    expect(maxAt(known, MINUTE_MS)).toBe(8);
    expect(maxAt(known, 3 * MINUTE_MS)).toBe(10);
    // Five per cent where that is more than one.
    expect(maxAt(refuse(undefined, 0, 100), MINUTE_MS)).toBe(105);
  });

  test('is known once the vendor has refused a second time, and then stays', () => {
    const first = refuse(undefined, 0, 7);
    expect(first.firm).toBe(false);
    const second = refuse(first, MINUTE_MS, 7);
    expect(second).toMatchObject({ max: 7, firm: true });
    expect(maxAt(second, 100 * MINUTE_MS)).toBe(7);
  });

  test('is not known by one burst of refusals alone', () => {
    let known: LearnedLimit | undefined;
    for (const accepted of [9, 8, 7, 6, 5]) known = refuse(known, 100, accepted);
    expect(known).toMatchObject({ max: 5, firm: false });
  });

  test('takes the last refusal of the burst that makes it known', () => {
    let known: LearnedLimit | undefined = refuse(undefined, 0, 5);
    for (const accepted of [8, 7, 6, 5]) known = refuse(known, 4 * MINUTE_MS, accepted);
    expect(known).toMatchObject({ max: 5, firm: true });
  });

  test('does not take a straggler of a burst for a lower figure', () => {
    const known = refuse(refuse(undefined, 0, 5), 1_000, 6);
    expect(known).toMatchObject({ max: 5, firm: false, blockedUntil: 3_000 });
  });

  test('is learned anew when a figure that was thought known is refused', () => {
    const known = refuse(refuse(undefined, 0, 7), MINUTE_MS, 7);
    const lowered = refuse(known, 10 * MINUTE_MS, 3);
    expect(lowered).toMatchObject({ max: 3, firm: false });
    expect(maxAt(lowered, 12 * MINUTE_MS)).toBe(5);
  });

  const stray = (before: LearnedLimit | undefined, now: number, accepted: number) =>
    learnLimit(before, { limit: LIMIT, now, refused: { accepted, refusedUnits: 1 } });

  test('takes a single refusal for a stray one, and only pauses', () => {
    const known = stray(undefined, 0, 17);
    expect(known).toMatchObject({ blockedUntil: 2_000, suspectedAt: 0 });
    expect(maxAt(known, 3_000)).toBeUndefined();
  });

  test('forgets the suspicion when a request sent later was let through', () => {
    const suspected = stray(undefined, 1_000, 17);
    const early = learnLimit(suspected, { limit: LIMIT, now: 5_000, passed: { sentAt: 900 } });
    expect(early).toBe(suspected);
    const cleared = learnLimit(suspected, { limit: LIMIT, now: 5_000, passed: { sentAt: 3_100 } });
    expect(maxAt(stray(cleared, 9_000, 30), 9_000)).toBeUndefined();
  });

  test('believes a second refusal after the pause', () => {
    expect(maxAt(stray(stray(undefined, 0, 17), 2_500, 17), 2_500)).toBe(17);
  });

  test('counts slots at once, since a refusal shows how many are filled', () => {
    const slots: Limit = { ...LIMIT, kind: 'slots', name: 'slots' };
    const known = learnLimit(undefined, {
      limit: slots,
      now: 0,
      refused: { accepted: 5, refusedUnits: 1 },
    });
    expect(known).toMatchObject({ max: 5, firm: false });
  });

  test('finds a vendor’s fixed figure, and causes no refusal once it is known', () => {
    const vendors = fc.record({
      figure: fc.integer({ min: 1, max: 40 }),
      demands: fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 30, maxLength: 60 }),
      pausesMs: fc.array(fc.integer({ min: 500, max: 90_000 }), { minLength: 30, maxLength: 30 }),
      answerMs: fc.integer({ min: 1, max: 1_500 }),
    });
    fc.assert(
      fc.property(vendors, (vendor) => {
        const { known, refusalsOnceFirm } = simulate(vendor);
        expect(refusalsOnceFirm).toBe(0);
        if (known?.firm) expect(known.max).toBe(vendor.figure);
      }),
      { numRuns: 300 },
    );
  });

  test('gets to know a vendor’s figure when there is always something to send', () => {
    const demands = Array.from({ length: 200 }, () => 30);
    const { known } = simulate({ figure: 7, demands, pausesMs: [5_000], answerMs: 300 });
    expect(known).toMatchObject({ max: 7, firm: true });
  });
});

/**
 * A vendor that lets `figure` requests through in any minute and refuses the others after `answerMs`,
 * and a sender that sends what is asked of it as far as it believes that it may.
 */
function simulate(vendor: {
  readonly figure: number;
  readonly demands: readonly number[];
  readonly pausesMs: readonly number[];
  readonly answerMs: number;
}): { known: LearnedLimit | undefined; refusalsOnceFirm: number } {
  const grants: { at: number; refused: boolean }[] = [];
  const accepted: number[] = [];
  const windowMs = MINUTE_MS + windowMarginMs(MINUTE_MS);
  let known: LearnedLimit | undefined;
  let refusalsOnceFirm = 0;
  let now = 1_000_000;
  for (const [turn, demand] of vendor.demands.entries()) {
    now += vendor.pausesMs[turn % vendor.pausesMs.length]!;
    if ((known?.blockedUntil ?? 0) > now) continue;
    const max = maxAt(known, now) ?? Infinity;
    const wasFirm = known?.firm === true;
    const refusals: (typeof grants)[number][] = [];
    for (let sent = 0; sent < demand; sent += 1) {
      if (grants.filter((grant) => grant.at > now - windowMs).length >= max) break;
      const grant = { at: now, refused: false };
      grants.push(grant);
      if (accepted.filter((at) => at > now - MINUTE_MS).length < vendor.figure) accepted.push(now);
      else refusals.push(grant);
    }
    if (wasFirm) refusalsOnceFirm += refusals.length;
    const answeredAt = now + vendor.answerMs;
    for (const grant of refusals) {
      grant.refused = true;
      const inWindow = grants.filter((one) => one.at > answeredAt - MINUTE_MS);
      const refusedUnits = inWindow.filter((one) => one.refused).length;
      const refused = { accepted: inWindow.length - refusedUnits, refusedUnits };
      known = learnLimit(known, { limit: LIMIT, now: answeredAt, refused });
    }
    now = answeredAt;
  }
  return { known, refusalsOnceFirm };
}
