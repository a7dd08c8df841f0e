import { describe, expect, test } from 'vitest';
import type { Problem } from '../../src/api/problem.ts';
import { liveServer } from '../support/live-server.ts';

const ROWS = [{ prompt: 'a boat' }];

interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly type?: string;
  readonly body?: string;
}

async function problemOf({ method = 'POST', path = '/v1/runs', type, body }: Sent) {
  const { url, secret } = await liveServer({ settings: { mostJsonBytes: 20_000 } });
  const answer = await fetch(new URL(path, url), {
    method,
    headers: { authorization: `Bearer ${secret}`, ...(type && { 'content-type': type }) },
    ...(body !== undefined && { body: Buffer.from(body) }),
  });
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  return { answer, problem: (await answer.json()) as Problem };
}

const asJson = (body: unknown, more: Sent = {}) =>
  problemOf({ type: 'application/json', body: JSON.stringify(body), ...more });

describe('a request that cannot be read', () => {
  test.each(['{"rows":', '', '{"rows":[]}}', '\u0000'])('is malformed: %j', async (body) => {
    const { answer, problem } = await problemOf({ type: 'application/json', body });
    expect(answer.status).toBe(400);
    expect(problem).toMatchObject({ code: 'malformed-request', problems: [{ field: 'body' }] });
  });

  test.each([undefined, 'text/plain', 'application/xml; charset=utf-8'])(
    'is of a type that is not read here: %s',
    async (type) => {
      const { answer, problem } = await problemOf({ body: '{}', ...(type && { type }) });
      expect(answer.status).toBe(415);
      expect(problem.code).toBe('unsupported-media-type');
      expect(problem.detail).toContain('application/json');
    },
  );

  test('is larger than it may be', async () => {
    const { answer, problem } = await asJson({ rows: [{ prompt: 'x'.repeat(30_000) }] });
    expect(answer.status).toBe(413);
    expect(problem).toMatchObject({ code: 'too-large' });
    expect(problem.detail).toContain('20000 bytes');
  });

  test('has objects without end within each other', async () => {
    const body = `{"rows":${'['.repeat(5_000)}${']'.repeat(5_000)}}`;
    const { answer, problem } = await problemOf({ type: 'application/json', body });
    expect(answer.status).toBe(422);
    expect(problem.problems).toMatchObject([{ field: 'body', remedy: 'Send it flatter.' }]);
  });

  test('has a character that no database keeps', async () => {
    const { answer, problem } = await asJson({ rows: [{ prompt: 'a\u0000b' }] });
    expect(answer.status).toBe(422);
    expect(problem.problems[0]?.message).toContain('U+0000');
    const { answer: odd } = await problemOf({ method: 'GET', path: '/v1/runs/%00' });
    expect(odd.status).toBe(422);
  });
});

describe('a request that is wrong', () => {
  test('is answered with every field, the value found and what to do', async () => {
    const { problem } = await asJson({
      rows: [{ prompt: 'fine' }, { prompt: {} }],
      title: 'x'.repeat(300),
      approve: 'yes',
      colour: 'red',
    });
    expect(problem).toMatchObject({ code: 'invalid', status: 422, type: '/problems/invalid' });
    const byField = new Map(problem.problems.map((each) => [each.field, each]));
    expect(byField.get('body.rows[1].prompt')).toMatchObject({
      value: '{}',
      remedy: 'Send a string.',
    });
    expect(byField.get('body.title')?.remedy).toBe('Send at most 200 characters.');
    expect(byField.get('body.title')?.value?.length).toBeLessThan(130);
    expect(byField.get('body.approve')?.value).toBe('yes');
    expect(byField.get('body.colour')?.message).toBe('There is no such field.');
    expect(problem.request_id).not.toBe('');
  });

  test.each([
    ['{}', 'name', 'It is missing.', 'Send a string.'],
    ['{"name":""}', 'name', 'It is empty.', 'Send at least 1 character.'],
    ['{"name":5}', 'name', 'It is not a string.', 'Send a string.'],
    ['{"name":"a","budget":-1}', 'budget', 'It is too small.', 'Send at least 0.'],
    ['{"name":"a","scopes":[]}', 'scopes', 'It is empty.', 'Send at least 1 entry.'],
    [
      '{"name":"a","role":"boss"}',
      'role',
      'There is no such choice.',
      'Send one of viewer, member, admin, operator.',
    ],
  ])('says so in our words: %s', async (body, field, message, remedy) => {
    const { problem } = await problemOf({ path: '/v1/keys', type: 'application/json', body });
    expect(problem.problems).toMatchObject([{ field: `body.${field}`, message, remedy }]);
  });

  test('names the forms that it could have had', async () => {
    const { problem } = await asJson({ kind: 'shrink' }, { path: '/v1/jobs' });
    expect(problem.problems).toMatchObject([
      {
        field: 'body.kind',
        message: 'There is no such choice.',
        remedy: 'Send one of upscale, convert, finish, mark, check.',
      },
    ]);
  });

  test('has whole sentences of the engine in it too', async () => {
    const { problem } = await asJson({ rows: [{ prompt: 'a', size: '12x' }] });
    expect(problem.problems.length).toBeGreaterThan(0);
    for (const { message } of problem.problems) expect(message).toMatch(/[.!?…]$/);
  });

  test('does not send thousands of mistakes back', async () => {
    const rows = Array.from({ length: 800 }, () => ({ prompt: {} }));
    const { problem } = await asJson({ rows });
    expect(problem.problems).toHaveLength(200);
  });

  test('has a word in its query that nobody reads', async () => {
    const { answer, problem } = await problemOf({ method: 'GET', path: '/v1/models?limt=5' });
    expect(answer.status).toBe(422);
    expect(problem.problems).toMatchObject([{ field: 'query.limt' }]);
    expect(problem.problems[0]?.remedy).toContain('limit');
  });
});

describe('a request to nowhere', () => {
  test('says which methods there are', async () => {
    const { answer, problem } = await asJson({ rows: ROWS }, { method: 'PUT', path: '/v1/runs' });
    expect(answer.status).toBe(405);
    expect(problem.code).toBe('method-not-allowed');
    expect(answer.headers.get('allow')?.split(', ')).toContain('POST');
  });

  test('of a program with a base URL that lacks the rest is told where OpenAI’s API is', async () => {
    for (const path of ['/v1/images/generations', '/images/edits', '/v1/chat/completions']) {
      const { answer, problem } = await asJson({}, { path });
      expect(answer.status).toBe(404);
      expect(problem.detail).toContain('below /openai/v1');
    }
    const { url, secret } = await liveServer();
    const answer = await fetch(new URL('/openai/images/generations', url), {
      method: 'POST',
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
      body: '{}',
    });
    expect(answer.status).toBe(404);
    expect(await answer.text()).toContain('below /openai/v1');
  });

  test('is not found', async () => {
    const { answer } = await problemOf({ method: 'GET', path: '/v1/nothing' });
    expect(answer.status).toBe(404);
  });
});
