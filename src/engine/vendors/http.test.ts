import { describe, expect, test } from 'vitest';
import { call, failedBeforeSending, jsonOf, retryAfterMs, streamCall } from './http.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');
const signal = new AbortController().signal;

function fetchGiving(response: Response | Error): typeof fetch {
  return async () => {
    if (response instanceof Error) throw response;
    return response;
  };
}

function fetchFailure(code: string, more: object = {}): TypeError {
  return new TypeError('fetch failed', {
    cause: Object.assign(new Error(code), { code, ...more }),
  });
}

describe('call()', () => {
  test('gives status, headers and the whole body', async () => {
    const fetch = fetchGiving(Response.json({ a: 1 }, { status: 418, headers: { 'x-a': 'b' } }));
    const answer = await call({ fetch, method: 'GET', url: 'https://a.example', signal });
    if (answer.kind !== 'response') throw new Error('no answer');
    expect(answer.status).toBe(418);
    expect(answer.headers.get('x-a')).toBe('b');
    expect(jsonOf(answer)).toEqual({ a: 1 });
  });

  test('follows no redirect', async () => {
    const seen: (string | undefined)[] = [];
    const fetch: typeof globalThis.fetch = async (_url, init) => {
      seen.push(init?.redirect);
      return new Response();
    };
    await call({ fetch, method: 'GET', url: 'https://a.example', signal });
    expect(seen).toEqual(['manual']);
  });

  test('loses an answer that is longer than allowed', async () => {
    const fetch = fetchGiving(new Response('12345'));
    const answer = await call({
      fetch,
      method: 'GET',
      url: 'https://a.example',
      signal,
      maxBytes: 4,
    });
    expect(answer).toMatchObject({ kind: 'lost', sent: true });
  });

  test('sends nothing that is stopped already, and nothing to a file', async () => {
    const fetch = fetchGiving(new Error('was called'));
    const stopped = await call({
      fetch,
      method: 'GET',
      url: 'https://a.example',
      signal: AbortSignal.abort(),
    });
    const file = await call({ fetch, method: 'GET', url: 'file:///etc/passwd', signal });
    expect([stopped, file]).toMatchObject([
      { kind: 'lost', sent: false },
      { kind: 'lost', sent: false },
    ]);
  });

  test('knows that a header which cannot be sent was not sent', async () => {
    const fetch = fetchGiving(new Error('was called'));
    const answer = await call({
      fetch,
      method: 'GET',
      url: 'https://a.example',
      headers: { a: 'ключ' },
      signal,
    });
    expect(answer).toMatchObject({ kind: 'lost', sent: false });
  });
});

describe('the body of a call', () => {
  async function sentBy(body: unknown, headers: Record<string, string> = {}): Promise<Request> {
    let sent = new Request('https://a.example');
    const fetch: typeof globalThis.fetch = async (url, init) => {
      sent = new Request(url, init);
      return new Response();
    };
    await call({ fetch, method: 'POST', url: 'https://a.example', headers, body, signal });
    return sent;
  }

  test('is JSON for objects, and itself for texts and bytes', async () => {
    expect(await (await sentBy({ a: 1 })).text()).toBe('{"a":1}');
    expect(await (await sentBy('a: 1')).text()).toBe('a: 1');
    expect(await (await sentBy(new Uint8Array([0, 255]))).bytes()).toEqual(
      new Uint8Array([0, 255]),
    );
  });

  test('is multipart for a form, whoever implements fetch', async () => {
    const form = new FormData();
    form.set('purpose', 'batch');
    form.set('file', new File(['{}'], 'a.jsonl'));
    const sent = await sentBy(form, { authorization: 'Bearer key' });
    expect(sent.headers.get('authorization')).toBe('Bearer key');
    const read = await sent.formData();
    expect(read.get('purpose')).toBe('batch');
    expect(await (read.get('file') as File).text()).toBe('{}');
  });
});

describe('streamCall()', () => {
  const asked = { method: 'GET', url: 'https://a.example', signal } as const;

  test('gives status and headers before the body is read', async () => {
    const fetch = fetchGiving(new Response('long', { status: 206, headers: { 'x-a': 'b' } }));
    const answer = await streamCall({ fetch, ...asked });
    if (answer.kind !== 'stream') throw new Error('no answer');
    expect([answer.status, answer.headers.get('x-a')]).toEqual([206, 'b']);
    expect(await new Response(answer.body).text()).toBe('long');
  });

  test('gives an empty body where the answer has none', async () => {
    const answer = await streamCall({ fetch: fetchGiving(new Response(null)), ...asked });
    if (answer.kind !== 'stream') throw new Error('no answer');
    expect(await new Response(answer.body).text()).toBe('');
  });

  test('is lost, and known not to be sent, when nobody listens', async () => {
    const answer = await streamCall({ fetch: fetchGiving(fetchFailure('ECONNREFUSED')), ...asked });
    expect(answer).toMatchObject({ kind: 'lost', sent: false });
  });
});

describe('failedBeforeSending()', () => {
  test.each(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'])(
    'is true for %s',
    (code) => {
      expect(failedBeforeSending(fetchFailure(code))).toBe(true);
    },
  );

  test('is true when connecting itself failed, whatever the code', () => {
    expect(failedBeforeSending(fetchFailure('ETIMEDOUT', { syscall: 'connect' }))).toBe(true);
  });

  test('is true when every address refused', () => {
    const refused = Object.assign(new Error('refused'), {
      code: 'EHOSTUNREACH',
      syscall: 'connect',
    });
    const cause = new AggregateError([refused, refused]);
    expect(failedBeforeSending(new TypeError('fetch failed', { cause }))).toBe(true);
  });

  test.each(['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'UND_ERR_SOCKET', 'UND_ERR_HEADERS_TIMEOUT'])(
    'is false for %s',
    (code) => {
      expect(failedBeforeSending(fetchFailure(code))).toBe(false);
    },
  );
});

describe('retryAfterMs()', () => {
  test.each([
    [{ 'retry-after': '2' }, 2000],
    [{ 'retry-after': '0.5' }, 500],
    [{ 'retry-after': '2', 'retry-after-ms': '1500' }, 1500],
    [{ 'retry-after': 'Sun, 22 Nov 2026 12:00:30 GMT' }, 30_000],
    [{ 'retry-after': 'Sun, 22 Nov 2026 11:00:00 GMT' }, 0],
    [{ 'retry-after': 'soon' }, undefined],
    [{ 'retry-after': '-3' }, undefined],
    [{}, undefined],
  ])('reads %o as %s', (headers, wait) => {
    expect(retryAfterMs(new Headers(headers), NOW)).toBe(wait);
  });
});
