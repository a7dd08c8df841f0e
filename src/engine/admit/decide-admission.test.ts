import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AdmissionQuestion, LimitUse, Purse, Return } from '../core/admission.ts';
import type { Limit } from '../core/limit.ts';
import { decideAdmission } from './decide-admission.ts';

const PURSE: Purse = {
  postedCreditMicros: 0,
  heldCreditMicros: 0,
  budgetCreditMicros: undefined,
  usedUsdMicros: 0,
  maxUsdMicros: undefined,
};

const WINDOW: Limit = {
  kind: 'window',
  name: 'images-per-minute',
  unit: 'images',
  max: 5,
  windowMs: 60_000,
  source: 'test',
  key: 'a/images-per-minute',
  learnable: true,
};
const SLOTS: Limit = {
  kind: 'slots',
  name: 'active-tasks',
  unit: 'requests',
  max: 2,
  source: 'test',
  key: 'a/active-tasks',
  learnable: true,
};

function use(
  limit: Limit,
  used: number,
  given: Partial<Omit<LimitUse, 'returns'>> & { returns?: Return[] } = {},
): LimitUse {
  const { returns = [], ...others } = given;
  return { limit, max: limit.max, blockedUntil: 0, used, ...others, returns: async () => returns };
}

function question(given: Partial<AdmissionQuestion> = {}): AdmissionQuestion {
  return {
    images: 1,
    creditMicros: 100,
    usdMicros: 50,
    purse: PURSE,
    limits: [],
    now: 1_000,
    ...given,
  };
}

describe('decideAdmission()', () => {
  test('grants what nothing stands in the way of', async () => {
    expect(await decideAdmission(question())).toEqual({ kind: 'grant' });
    const limits = [use(WINDOW, 4), use(SLOTS, 1)];
    expect(await decideAdmission(question({ limits }))).toEqual({ kind: 'grant' });
  });

  test('waits for the limit that is in the way longest', async () => {
    const limits = [
      use(WINDOW, 5, { returns: [{ at: 9_000, units: 1 }] }),
      use(SLOTS, 2, { returns: [{ at: 7_000, units: 1 }] }),
    ];
    expect(await decideAdmission(question({ limits }))).toEqual({
      kind: 'wait',
      obstacle: { limit: WINDOW.key, reason: 'images-per-minute: 5 of 5 used', until: 9_000 },
    });
  });

  test('says that a slot may be free earlier', async () => {
    const limits = [use(SLOTS, 2, { returns: [{ at: 7_000, units: 1 }] })];
    expect(await decideAdmission(question({ limits }))).toMatchObject({
      obstacle: { until: 7_000, endsEarly: true },
    });
  });

  test('names no moment when nobody can say', async () => {
    const limits = [
      use(WINDOW, 5, { max: 0 }),
      use(SLOTS, 2, { returns: [{ at: 7_000, units: 1 }] }),
    ];
    const decision = await decideAdmission(question({ limits }));
    expect(decision).toMatchObject({ kind: 'wait', obstacle: { limit: WINDOW.key } });
    expect(decision).not.toHaveProperty('obstacle.until');
  });

  test('waits as long as the vendor asked, and for room as well', async () => {
    const asked = { blockedUntil: 4_000 };
    expect(await decideAdmission(question({ limits: [use(WINDOW, 0, asked)] }))).toMatchObject({
      obstacle: { until: 4_000, reason: expect.stringContaining('asked to wait') },
    });
    const both = use(WINDOW, 5, { ...asked, returns: [{ at: 9_000, units: 1 }] });
    expect(await decideAdmission(question({ limits: [both] }))).toMatchObject({
      obstacle: { until: 9_000 },
    });
    expect(
      await decideAdmission(question({ limits: [use(WINDOW, 0, asked)], now: 4_000 })),
    ).toEqual({ kind: 'grant' });
  });

  test('splits what a limit could never let through, down to single images', async () => {
    expect(await decideAdmission(question({ images: 9, limits: [use(WINDOW, 0)] }))).toEqual({
      kind: 'split',
      images: 5,
    });
    const none = use(WINDOW, 0, { max: 0 });
    expect(await decideAdmission(question({ images: 2, limits: [none] }))).toEqual({
      kind: 'split',
      images: 1,
    });
    // Slots that count requests are not in the way of a large one.
    expect((await decideAdmission(question({ images: 9, limits: [use(SLOTS, 1)] }))).kind).toBe(
      'grant',
    );
  });

  test.each<[string, Partial<Purse>, number | undefined, boolean]>([
    [
      'exactly the budget',
      { budgetCreditMicros: 300, postedCreditMicros: 100, heldCreditMicros: 100 },
      50,
      true,
    ],
    [
      'one more than the budget',
      { budgetCreditMicros: 299, postedCreditMicros: 100, heldCreditMicros: 100 },
      50,
      false,
    ],
    ['exactly the cap', { maxUsdMicros: 150, usedUsdMicros: 100 }, 50, true],
    ['one more than the cap', { maxUsdMicros: 149, usedUsdMicros: 100 }, 50, false],
    ['an unknown price within the cap', { maxUsdMicros: 150, usedUsdMicros: 100 }, undefined, true],
    ['an unknown price and no cap', {}, undefined, true],
    [
      'an unknown price and nothing left',
      { maxUsdMicros: 100, usedUsdMicros: 100 },
      undefined,
      false,
    ],
  ])('with %s', async (_, purse, usdMicros, granted) => {
    const decision = await decideAdmission(
      question({ purse: { ...PURSE, ...purse }, usdMicros, limits: [use(WINDOW, 0)] }),
    );
    expect(decision.kind).toBe(granted ? 'grant' : 'budget');
  });

  test('grants exactly when every limit has room', async () => {
    const uses = fc.array(
      fc.record({
        max: fc.option(fc.nat(9), { nil: undefined }),
        used: fc.nat(9),
        images: fc.boolean(),
      }),
    );
    await fc.assert(
      fc.asyncProperty(uses, fc.integer({ min: 1, max: 9 }), async (limits, images) => {
        const decision = await decideAdmission(
          question({
            images,
            limits: limits.map(({ max, used, images: byImages }) =>
              use({ ...WINDOW, unit: byImages ? 'images' : 'requests' }, used, { max }),
            ),
          }),
        );
        const fits = limits.every(
          ({ max, used, images: byImages }) =>
            max === undefined || used + (byImages ? images : 1) <= max,
        );
        expect(decision.kind === 'grant').toBe(fits);
      }),
    );
  });
});
