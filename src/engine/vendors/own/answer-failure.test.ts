import { describe, expect, test } from 'vitest';
import { answerFailure, readServerError } from './answer-failure.ts';

function answer(status: number, body: unknown, headers: Record<string, string> = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const bytes = new TextEncoder().encode(text);
  return { kind: 'response', status, headers: new Headers(headers), body: bytes } as const;
}

describe('answerFailure()', () => {
  test.each([
    [429, { error: { message: 'slow down', code: 'rate_limit_exceeded' } }, 'rate-limited'],
    [429, { error: { message: 'no money', code: 'insufficient_quota' } }, 'account-exhausted'],
    [400, { error: { message: 'no', type: 'BUDGET_EXCEEDED' } }, 'account-exhausted'],
    [400, { error: { message: 'no', code: 'content_policy_violation' } }, 'refused'],
    [400, { error: { message: 'no', code: 'ResponsibleAIPolicyViolation' } }, 'refused'],
    [404, { error: { message: 'no such model', code: 'model_not_found' } }, 'model-gone'],
    [503, { detail: 'Model is loading' }, 'overloaded'],
    [422, { detail: [{ loc: ['body', 'size'], msg: 'bad size' }] }, 'invalid-request'],
    [401, { message: 'wrong key' }, 'key-unusable'],
    [402, { detail: 'out of credits' }, 'account-exhausted'],
    [500, { error: 'boom' }, 'unknown'],
    [504, { error: { message: 'gateway' } }, 'unknown'],
  ])('reads a %i of %j as %s', (status, body, kind) => {
    expect(answerFailure(answer(status, body), 0).kind).toBe(kind);
  });

  test('believes no proxy that nothing was made', () => {
    for (const status of [429, 500, 502, 503, 504]) {
      expect(answerFailure(answer(status, '<html>'), 0).kind).toBe('unknown');
    }
  });

  test('decides nothing by the words', () => {
    const body = { error: { message: 'content_policy_violation: insufficient_quota' } };
    expect(answerFailure(answer(400, body), 0).kind).toBe('invalid-request');
  });

  test('keeps the wait that is asked for', () => {
    const failure = answerFailure(answer(429, { error: 'slow down' }, { 'retry-after': '3' }), 0);
    expect(failure).toMatchObject({ kind: 'rate-limited', retryAfterMs: 3000 });
  });
});

test('Google’s details say what the status does not', () => {
  const wrongKey = { code: 400, message: 'no', details: [{ reason: 'API_KEY_INVALID' }] };
  expect(answerFailure(answer(400, { error: wrongKey }), 0).kind).toBe('key-unusable');
  const tooFast = { code: 429, message: 'slow down', details: [{ retryDelay: '1.5s' }] };
  expect(answerFailure(answer(429, { error: tooFast }), 0)).toMatchObject({ retryAfterMs: 1500 });
});

describe('readServerError()', () => {
  test.each([
    [{ error: { message: 'a', code: 7 } }, 'a'],
    [{ error: 'Boom', message: 'a' }, 'Boom: a'],
    [{ detail: [{ loc: ['body', 'n'], msg: 'too many' }] }, 'body.n: too many'],
    [{ detail: { message: 'a' } }, 'a'],
    [{ errors: [{ message: 'a' }, { message: 'b' }] }, 'a: b'],
  ])('finds the words of %j', (body, words) => {
    expect(readServerError(body)?.words).toBe(words);
  });

  test.each([undefined, 'text', [], {}, { data: [] }, { error: null }])(
    'finds none in %j',
    (body) => {
      expect(readServerError(body)).toBeUndefined();
    },
  );
});
