import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Failure, FailureKind } from '../core/failure.ts';
import { type Polling, type Sending, decide, decidePoll } from './retry-policy.ts';

const NOW = 1_000_000;

function sending(given: Partial<Sending> = {}): Sending {
  return { attempts: 0, now: NOW, canFind: false, random: { next: () => 0 }, ...given };
}

function polling(given: Partial<Polling> = {}): Polling {
  return { failures: 0, now: NOW, giveUpAt: NOW + 60_000, random: { next: () => 0 }, ...given };
}

function failure(kind: FailureKind): Failure {
  return kind === 'refused' ? { kind, stage: 'input', words: 'No.' } : { kind, words: 'No.' };
}

const anyKind = fc.constantFrom<FailureKind>(
  'rate-limited',
  'slots-full',
  'overloaded',
  'not-sent',
  'account-exhausted',
  'key-unusable',
  'model-gone',
  'refused',
  'invalid-request',
  'duplicate',
  'task-failed',
  'unknown',
);

const anySending = fc
  .record({
    attempts: fc.nat(50),
    sendings: fc.nat(5000),
    canFind: fc.boolean(),
    chance: fc.double({ min: 0, max: 0.999, noNaN: true }),
  })
  .map(({ chance, ...rest }) => sending({ ...rest, random: { next: () => chance } }));

describe('decide()', () => {
  test('sends again only what was surely not made', () => {
    const nothingWasMade = new Set<FailureKind>([
      'rate-limited',
      'slots-full',
      'overloaded',
      'not-sent',
    ]);
    fc.assert(
      fc.property(anyKind, anySending, (kind, given) => {
        const decision = decide(failure(kind), given);
        if (decision.kind === 'resend') expect(nothingWasMade).toContain(kind);
      }),
    );
  });

  test('never sends again what has an unknown outcome', () => {
    fc.assert(
      fc.property(anySending, (given) => {
        const decision = decide(failure('unknown'), given);
        expect(decision.kind).toBe(given.canFind ? 'look-up' : 'unknown');
      }),
    );
  });

  test('sends nothing again more than 8 counted times', () => {
    fc.assert(
      fc.property(anyKind, anySending, (kind, given) => {
        const decision = decide(failure(kind), given);
        if (decision.kind === 'resend' && decision.countsAttempt) {
          expect(given.attempts + 1).toBeLessThan(8);
        }
      }),
    );
  });

  test('waits as long as the vendor says when its pace was exceeded, at the cost of no attempt', () => {
    const limited: Failure = { kind: 'rate-limited', retryAfterMs: 12_000, words: 'Too fast.' };
    expect(decide(limited, sending({ attempts: 7 }))).toEqual({
      kind: 'resend',
      notBeforeMs: NOW + 12_000,
      countsAttempt: false,
      reason: 'Too fast.',
    });
  });

  test('waits longer with each full slot that the vendor gives no time for', () => {
    const waits = [0, 1, 2].map((sendings) => decide(failure('slots-full'), sending({ sendings })));
    expect(waits.map((wait) => wait.kind === 'resend' && wait.notBeforeMs - NOW)).toEqual([
      500, 1000, 2000,
    ]);
  });

  test.each(['overloaded', 'not-sent'] as const)(
    'counts attempts when it is %s and gives up',
    (kind) => {
      expect(decide(failure(kind), sending({ attempts: 6 }))).toMatchObject({
        kind: 'resend',
        countsAttempt: true,
      });
      expect(decide(failure(kind), sending({ attempts: 7 }))).toEqual({
        kind: 'settle',
        verdict: { state: 'failed', reason: 'No. (after 8 attempts)', unmade: true },
      });
    },
  );

  test.each(['account-exhausted', 'key-unusable', 'model-gone'] as const)(
    'stops the lane when it is %s',
    (kind) => {
      expect(decide(failure(kind), sending())).toEqual({ kind: 'stop-lane', reason: 'No.' });
    },
  );

  test('keeps the words of a refusal and never asks again', () => {
    expect(decide(failure('refused'), sending())).toEqual({
      kind: 'settle',
      verdict: { state: 'refused', reason: 'No.', stage: 'input' },
    });
    const sorted = {
      kind: 'refused',
      stage: 'output',
      category: 'violence',
      words: 'No.',
    } as const;
    expect(decide(sorted, sending())).toEqual({
      kind: 'settle',
      verdict: { state: 'refused', reason: 'No.', stage: 'output', category: 'violence' },
    });
  });

  test.each(['invalid-request', 'task-failed'] as const)(
    'settles %s as failed, and unmade',
    (kind) => {
      expect(decide(failure(kind), sending())).toEqual({
        kind: 'settle',
        verdict: { state: 'failed', reason: 'No.', unmade: true },
      });
    },
  );

  test('looks a duplicate up', () => {
    expect(decide(failure('duplicate'), sending({ canFind: true }))).toEqual({ kind: 'look-up' });
  });
});

describe('decidePoll()', () => {
  test('polls again until the task must have ended, whatever went wrong with the asking', () => {
    fc.assert(
      fc.property(anyKind, fc.nat(1000), (kind, failures) => {
        const decision = decidePoll(failure(kind), polling({ failures }));
        if (kind === 'refused' || kind === 'task-failed') expect(decision.kind).toBe('settle');
        else expect(decision.kind).toBe('poll-again');
      }),
    );
  });

  test('does not sleep past the moment at which it gives up', () => {
    const decision = decidePoll(failure('unknown'), polling({ failures: 30, giveUpAt: NOW + 100 }));
    expect(decision).toMatchObject({ kind: 'poll-again', notBeforeMs: NOW + 100 });
  });

  test('calls the outcome unknown when the time of the task is over', () => {
    const decision = decidePoll(failure('unknown'), polling({ giveUpAt: NOW }));
    expect(decision).toEqual({ kind: 'unknown', reason: 'No.' });
  });
});
