import { describe, expect, test } from 'vitest';
import { type Evidence, judge } from '../../bench/yardstick/judge.ts';
import type { BillEntry, LoggedRequest } from '../../simulators/index.ts';

const prompts = new Map([
  ['a fox', 'fox'],
  ['a tram', 'tram'],
  ['a violin', 'violin'],
]);

function billed(prompt: string): BillEntry {
  return {
    vendor: 'openai',
    at: 0,
    model: 'gpt-image-2',
    prompt,
    taskId: 'any',
    images: 1,
    usdMicros: 50_000,
    delivered: true,
    imageHashes: [],
  };
}

function call(number: number, fields: Partial<LoggedRequest>): LoggedRequest {
  return {
    number,
    at: 0,
    method: 'POST',
    path: '/',
    operation: 'submit',
    admitted: false,
    ...fields,
  };
}

function verdict(evidence: Partial<Evidence>) {
  return judge({ prompts, bill: [], log: [], files: new Set(), told: new Map(), ...evidence });
}

describe('judge()', () => {
  test('a row that is paid, has its picture, and was paid again is paid twice', () => {
    const found = verdict({
      bill: [billed('a fox'), billed('a fox'), billed('a tram')],
      files: new Set(['fox', 'tram']),
    });
    expect(found).toMatchObject({ paid: 3, paidTwice: 1, lost: 0, held: 0, unaccounted: 1 });
  });

  test('a row that is paid without a picture is lost, even if an error is told', () => {
    const bill = [billed('a fox'), billed('a tram')];
    expect(verdict({ bill, told: new Map([['fox', 'ended']]) })).toMatchObject({
      lost: 2,
      held: 0,
      unaccounted: 2,
    });
  });

  test('a row that is told as unknown is held instead', () => {
    const bill = [billed('a fox')];
    expect(verdict({ bill, told: new Map([['fox', 'unknown']]) })).toMatchObject({
      lost: 0,
      held: 1,
      unaccounted: 2,
    });
  });

  test('only what is billed above the cap is over it', () => {
    const bill = [billed('a fox'), billed('a tram')];
    expect(verdict({ bill, capUsd: 0.08 }).overCapUsd).toBeCloseTo(0.02);
    expect(verdict({ bill, capUsd: 0.1 }).overCapUsd).toBe(0);
    expect(verdict({ bill }).overCapUsd).toBe(0);
  });

  test('refusals for pace are counted, and the fullest window', () => {
    const admitted = [0, 400, 999, 1400].map((admittedAt, at) =>
      call(at, { admitted: true, admittedAt, status: 200 }),
    );
    const found = verdict({
      log: [...admitted, call(9, { status: 429 })],
      limit: { images: 3, windowMs: 1000 },
    });
    expect(found).toMatchObject({ tooMany: 1, mostInWindow: 3 });
  });
});
