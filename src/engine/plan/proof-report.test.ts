import { describe, expect, test } from 'vitest';
import { pricePlan } from './price-plan.ts';
import { proofReport } from './proof-report.ts';

const rest = {
  items: 90,
  expected: { creditMicros: 180_000_000, usdMicros: 3_600_000 },
  worst: { creditMicros: 180_000_000, usdMicros: 4_000_000 },
};
const expected = { creditMicros: 20_000_000, usdMicros: 400_000 };

describe('what a proof says of the rest', () => {
  test('credits follow what was delivered, dollars what was billed', () => {
    const spent = { creditMicros: 16_000_000, usdMicros: 360_000 };
    const proof = { delivered: 8, refused: 1, failed: 1, unknown: 0, spent, expected };
    expect(proofReport(proof, rest)).toEqual({
      refusedShare: 0.1,
      failedShare: 0.1,
      likely: { creditMicros: 144_000_000, usdMicros: 3_240_000 },
      atMost: rest.worst,
      likelyDelivered: 72,
    });
  });

  test('dollars follow what was delivered where the bill is not known', () => {
    const spent = { creditMicros: 10_000_000, usdMicros: undefined };
    const proof = { delivered: 5, refused: 5, failed: 0, unknown: 0, spent, expected };
    expect(proofReport(proof, rest).likely.usdMicros).toBe(1_800_000);
  });

  test('before anything was billed the rest is not free', () => {
    const spent = { creditMicros: 0, usdMicros: 0 };
    const proof = { delivered: 0, refused: 0, failed: 0, unknown: 0, spent, expected };
    expect(proofReport(proof, rest).likely.usdMicros).toBe(3_420_000);
  });

  test('is never more than the rest can cost', () => {
    const spent = { creditMicros: 20_000_000, usdMicros: 800_000 };
    const proof = { delivered: 10, refused: 0, failed: 0, unknown: 0, spent, expected };
    expect(proofReport(proof, rest).likely.usdMicros).toBe(4_000_000);
  });

  test('falls back on the plan’s assumption while nothing is known', () => {
    const spent = { creditMicros: 0, usdMicros: undefined };
    const proof = { delivered: 0, refused: 0, failed: 0, unknown: 10, spent, expected };
    expect(proofReport(proof, rest)).toMatchObject({
      refusedShare: 0.05,
      likely: { creditMicros: 171_000_000, usdMicros: 3_420_000 },
    });
  });
});

test('the low total takes the share of refusals that a proof measured', () => {
  expect(
    pricePlan(rest.expected, { ...rest.expected, usdMicros: 4_000_000 }, 'hold', 0.5).low,
  ).toEqual({
    creditMicros: 90_000_000,
    usdMicros: 1_800_000,
  });
});
