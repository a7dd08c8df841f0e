import { describe, expect, test } from 'vitest';
import type { SentAttempt } from '../core/reconciliation.ts';
import { matchUsage, probablyUnknown } from './match-usage.ts';

function sent(change: Partial<SentAttempt> = {}): SentAttempt {
  return {
    attemptId: 'a-1',
    runId: 'ours',
    lane: 'kling-v3',
    state: 'settled',
    sentAt: 1_000,
    endedAt: 9_000,
    ref: 'task-1',
    images: 1,
    made: 1,
    usdMicros: 28_000,
    ...change,
  };
}

describe('a task of the report', () => {
  test('is matched by its id, its lines summed up', () => {
    const lines = [
      { ref: 'task-1', at: 8_000, usdMicros: 20_000 },
      { ref: 'task-1', at: 8_000, usdMicros: 8_000 },
    ];
    expect(matchUsage(lines, [sent()], 'ours')).toMatchObject({
      matched: 1,
      differing: [],
      ledgerUsdMicros: 28_000,
      reportUsdMicros: 28_000,
    });
  });

  test('without an amount is matched all the same', () => {
    const comparison = matchUsage([{ ref: 'task-1', at: 8_000 }], [sent()], 'ours');
    expect(comparison).toMatchObject({ matched: 1, reportUsdMicros: 28_000 });
  });

  test('of another amount differs', () => {
    const lines = [{ ref: 'task-1', at: 8_000, usdMicros: 56_000 }];
    expect(matchUsage(lines, [sent()], 'ours')).toMatchObject({
      matched: 0,
      differing: [{ ref: 'task-1', ledgerUsdMicros: 28_000, reportUsdMicros: 56_000 }],
    });
  });

  test('of a request that gave nothing back, and was billed, differs', () => {
    const { usdMicros: _never, ...returned } = sent({ state: 'returned', made: 0 });
    const lines = [{ ref: 'task-1', at: 8_000, usdMicros: 28_000 }];
    expect(matchUsage(lines, [returned], 'ours')).toMatchObject({
      differing: [{ reportUsdMicros: 28_000 }],
    });
  });

  test('of an unknown request is told as billed; of one that was written off it is expected', () => {
    const { usdMicros: _never, ...open } = sent({ made: 0 });
    const lines = [{ ref: 'task-1', at: 8_000, usdMicros: 28_000 }];
    expect(matchUsage(lines, [{ ...open, state: 'unknown' }], 'ours')).toMatchObject({
      matched: 0,
      unknownBilled: [{ attemptId: 'a-1', reportUsdMicros: 28_000 }],
    });
    expect(matchUsage(lines, [{ ...open, state: 'written-off' }], 'ours')).toMatchObject({
      matched: 1,
      unknownBilled: [],
    });
  });

  test('is matched by time and price where the answer came without its id', () => {
    const { ref: _lost, ...found } = sent();
    const lines = [
      { ref: 'early', at: 500, usdMicros: 28_000 },
      { ref: 'dearer', at: 5_000, usdMicros: 56_000 },
      { ref: 'meant', at: 5_000, usdMicros: 28_000 },
    ];
    const { matched, onlyReport } = matchUsage(lines, [found], 'ours');
    expect(matched).toBe(1);
    expect(onlyReport.map(({ ref }) => ref)).toEqual(['early', 'dearer']);
  });

  test('is never matched twice', () => {
    const { ref: _lost, ...found } = sent();
    const lines = [{ ref: 'one', at: 5_000, usdMicros: 28_000 }];
    expect(matchUsage(lines, [found, { ...found, attemptId: 'a-2' }], 'ours')).toMatchObject({
      matched: 1,
      onlyLedger: [{ attemptId: 'a-2' }],
      onlyReport: [],
    });
  });

  test('of another run is counted apart', () => {
    const lines = [{ ref: 'task-1', at: 8_000, usdMicros: 28_000 }];
    expect(matchUsage(lines, [sent({ runId: 'theirs' })], 'ours')).toMatchObject({
      matched: 0,
      otherRuns: 1,
      onlyReport: [],
    });
  });
});

test('what was not billed need not be in the report', () => {
  const refused = sent({ usdMicros: 0, made: 0 });
  expect(matchUsage([], [refused], 'ours')).toMatchObject({ matched: 0, onlyLedger: [] });
});

test('a foreign task is probably an unknown request’s if it was billed meanwhile', () => {
  const { ref: _lost, usdMicros: _never, ...unknown } = sent({ state: 'unknown' });
  const during = matchUsage([{ ref: 'x', at: 5_000, usdMicros: 28_000 }], [unknown], 'ours');
  expect(probablyUnknown(during, [unknown])).toBe(1);
  const later = matchUsage([{ ref: 'x', at: 5_000_000, usdMicros: 28_000 }], [unknown], 'ours');
  expect(probablyUnknown(later, [unknown])).toBe(0);
});
