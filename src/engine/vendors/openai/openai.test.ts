import { describe, expect, test } from 'vitest';
import { laneRequest } from '../../../../test/support/lane-request.ts';
import { fetchFailure, formOf, recordedFetch } from '../../../../test/support/recorded-fetch.ts';
import { createOpenaiLane } from './openai.ts';

const KEY = 'sk-proj-secret-123456';
const context = { signal: new AbortController().signal };
const request = laneRequest({ model: 'gpt-image-2' });

function laneAnswering(...answers: readonly (Response | Error)[]) {
  const recorded = recordedFetch(...answers);
  const lane = createOpenaiLane({
    apiKey: KEY,
    baseUrl: 'https://api.openai.com/v1/',
    fetch: recorded.fetch,
    clock: { now: () => 0, sleep: async () => {} },
  });
  return { lane, calls: recorded.calls };
}

function pictures(...contents: readonly string[]) {
  return contents.map((content) => ({ b64_json: Buffer.from(content).toString('base64') }));
}

function refusal(status: number, error: object, headers: Record<string, string> = {}): Response {
  return Response.json(
    { error: { message: 'The vendor said so.', ...error } },
    { status, headers },
  );
}

describe('submit()', () => {
  test('asks for size, quality, count and format, and gives the pictures in order', async () => {
    const { lane, calls } = laneAnswering(Response.json({ data: pictures('one', 'two') }));
    const answer = await lane.submit({ ...request, count: 2, seed: 7 }, context);

    expect(calls).toHaveLength(1);
    expect(calls[0]).toMatchObject({
      url: 'https://api.openai.com/v1/images/generations',
      method: 'POST',
      redirect: 'manual',
      body: {
        model: 'gpt-image-2',
        prompt: 'a red fox in fresh snow',
        n: 2,
        size: '1024x1024',
        quality: 'medium',
        output_format: 'png',
      },
    });
    expect(calls[0]?.headers.get('authorization')).toBe(`Bearer ${KEY}`);
    expect(calls[0]?.body).not.toHaveProperty('seed');
    expect(answer).toEqual({
      kind: 'answered',
      images: [
        { index: 0, kind: 'image', source: { kind: 'bytes', bytes: Buffer.from('one') } },
        { index: 1, kind: 'image', source: { kind: 'bytes', bytes: Buffer.from('two') } },
      ],
    });
  });

  test('edits with references as data URLs and addresses, in JSON', async () => {
    const { lane, calls } = laneAnswering(Response.json({ data: pictures('one') }));
    const bytes = new Uint8Array([1, 2, 3]);
    const references = [
      { kind: 'bytes', bytes, mediaType: 'image/png' },
      { kind: 'url', url: 'https://pictures.example/fox.jpg' },
    ] as const;
    await lane.submit({ ...request, references }, context);

    expect(calls[0]).toMatchObject({
      url: 'https://api.openai.com/v1/images/edits',
      body: {
        images: [
          { image_url: 'data:image/png;base64,AQID' },
          { image_url: 'https://pictures.example/fox.jpg' },
        ],
        size: '1024x1024',
      },
    });
  });

  test('turns usage into micro-dollars', async () => {
    const usage = {
      input_tokens: 110,
      output_tokens: 1756,
      input_tokens_details: { text_tokens: 10, image_tokens: 100 },
    };
    const { lane } = laneAnswering(Response.json({ data: pictures('one'), usage }));
    const answer = await lane.submit(request, context);
    expect(answer).toMatchObject({ usdMicros: 10 * 5 + 100 * 8 + 1756 * 30 });
  });

  test('reads rate headers of an answer and of an error', async () => {
    const headers = {
      'x-ratelimit-limit-images': '5',
      'x-ratelimit-remaining-images': '3',
      'x-ratelimit-reset-images': '1m0.5s',
      'x-ratelimit-limit-input-images': '20',
      'x-ratelimit-limit-requests': '50',
      'x-ratelimit-reset-requests': '20ms',
    };
    const limits = [
      { name: 'images-per-minute', max: 5, remaining: 3, resetMs: 60_500 },
      { name: 'input-images-per-minute', max: 20 },
      { name: 'requests-per-minute', max: 50, resetMs: 20 },
    ];
    const { lane } = laneAnswering(
      Response.json({ data: pictures('one') }, { headers }),
      refusal(429, { code: 'rate_limit_exceeded' }, { ...headers, 'retry-after-ms': '1200' }),
    );
    expect(await lane.submit(request, context)).toMatchObject({ kind: 'answered', limits });
    expect(await lane.submit(request, context)).toEqual({
      kind: 'failed',
      failure: { kind: 'rate-limited', retryAfterMs: 1200, words: 'The vendor said so.' },
      limits,
    });
  });

  test('never gives more pictures than were asked for', async () => {
    const { lane } = laneAnswering(Response.json({ data: pictures('one', 'two') }));
    expect(await lane.submit(request, context)).toMatchObject({ images: [{ index: 0 }] });
  });

  test.each([
    ['rate-limited', refusal(429, { code: 'rate_limit_exceeded' })],
    ['account-exhausted', refusal(429, { code: 'insufficient_quota', type: 'insufficient_quota' })],
    ['account-exhausted', refusal(400, { code: 'billing_hard_limit_reached' })],
    ['account-exhausted', refusal(400, { code: 'organization_spend_limit_exceeded' })],
    ['account-exhausted', refusal(403, { code: 'project_spend_limit_exceeded' })],
    ['refused', refusal(400, { code: 'moderation_blocked' })],
    ['refused', refusal(400, { code: 'content_policy_violation' })],
    ['invalid-request', refusal(400, { code: 'invalid_value', param: 'size' })],
    ['key-unusable', refusal(401, { code: 'invalid_api_key' })],
    ['key-unusable', refusal(403, { code: null })],
    ['model-gone', refusal(404, { code: 'model_not_found' })],
    ['model-gone', new Response(null, { status: 301, headers: { location: 'https://b.example' } })],
    ['overloaded', refusal(503, { type: 'server_error' })],
    ['unknown', new Response('<html>503</html>', { status: 503 })],
    ['unknown', new Response('<html>429</html>', { status: 429 })],
    ['unknown', refusal(500, { type: 'server_error' })],
    ['unknown', refusal(502, { type: 'server_error' })],
    ['unknown', new Response('<html>504</html>', { status: 504 })],
    ['unknown', new Response('{"data":[{"b64_json":"aaaa')],
    [
      'unknown',
      new Response('{"data":[{"b64_', { headers: { 'content-type': 'application/json' } }),
    ],
    ['unknown', Response.json({ made: 'something else' })],
    ['unknown', fetchFailure('UND_ERR_SOCKET')],
    ['unknown', fetchFailure('ECONNRESET')],
    ['unknown', fetchFailure('UND_ERR_HEADERS_TIMEOUT')],
    ['not-sent', fetchFailure('ECONNREFUSED')],
    ['not-sent', fetchFailure('UND_ERR_CONNECT_TIMEOUT')],
  ])('answers %s from status, code and shape (%#)', async (kind, answer) => {
    const { lane, calls } = laneAnswering(answer);
    expect(await lane.submit(request, context)).toMatchObject({
      kind: 'failed',
      failure: { kind },
    });
    expect(calls).toHaveLength(1);
  });

  test('ends a call that is stopped, as unknown once it was sent and as not sent before', async () => {
    const stop = new AbortController();
    const lane = createOpenaiLane({
      apiKey: KEY,
      baseUrl: 'https://api.openai.com/v1',
      clock: { now: () => 0, sleep: async () => {} },
      fetch: (_url, init) =>
        new Promise((_resolve, reject) => {
          init?.signal?.addEventListener('abort', () => reject(init.signal?.reason as Error));
          stop.abort();
        }),
    });
    const ended = await lane.submit(request, { signal: stop.signal });
    const never = await lane.submit(request, { signal: stop.signal });
    expect([ended, never]).toMatchObject([
      { failure: { kind: 'unknown' } },
      { failure: { kind: 'not-sent' } },
    ]);
  });

  test('takes the key out of the words of the vendor', async () => {
    const { lane } = laneAnswering(refusal(401, { message: `No such key: ${KEY}.` }));
    expect(await lane.submit(request, context)).toMatchObject({
      failure: { words: 'No such key: [key].' },
    });
  });
});

describe('uploadReference()', () => {
  const bytes = new Uint8Array([137, 80, 78, 71]);
  const reference = { kind: 'bytes', bytes, mediaType: 'image/jpeg' } as const;

  test('keeps a picture for 30 days, and says until when', async () => {
    const { lane, calls } = laneAnswering(Response.json({ id: 'file-7', expires_at: 1_700_000 }));
    expect(await lane.uploadReference!(reference, context)).toEqual({
      kind: 'uploaded',
      handle: 'file-7',
      expiresAt: 1_700_000_000,
    });
    expect(calls[0]).toMatchObject({ url: 'https://api.openai.com/v1/files', method: 'POST' });
    const form = await formOf(calls[0]!);
    expect(form.get('purpose')).toBe('vision');
    expect(form.get('expires_after[anchor]')).toBe('created_at');
    expect(form.get('expires_after[seconds]')).toBe('2592000');
    const file = form.get('file') as File;
    expect([file.name, file.type]).toEqual(['reference.jpg', 'image/jpeg']);
    expect(new Uint8Array(await file.arrayBuffer())).toEqual(bytes);
  });

  test('is referred to by its id', async () => {
    const { lane, calls } = laneAnswering(Response.json({ data: pictures('one') }));
    const kept = { kind: 'uploaded', handle: 'file-7', mediaType: 'image/png' } as const;
    await lane.submit({ ...request, references: [kept] }, context);
    expect(calls[0]?.body).toMatchObject({ images: [{ file_id: 'file-7' }] });
  });

  test.each([
    ['unknown', new Response('<html>')],
    ['not-sent', fetchFailure('ECONNREFUSED')],
    ['key-unusable', refusal(401, { code: 'invalid_api_key', message: `No such key: ${KEY}` })],
  ])('says %s when it could not be kept (%#)', async (kind, answer) => {
    const { lane } = laneAnswering(answer);
    const kept = await lane.uploadReference!(reference, context);
    expect(kept).toMatchObject({ kind: 'failed', failure: { kind } });
    expect(JSON.stringify(kept)).not.toContain(KEY);
  });
});

describe('account', () => {
  test('tells keys and addresses apart and shows neither', () => {
    const { fetch } = recordedFetch();
    const clock = { now: () => 0, sleep: async () => {} };
    const accountOf = (apiKey: string, baseUrl: string) =>
      createOpenaiLane({ apiKey, baseUrl, fetch, clock }).account;
    const accounts = [
      accountOf('a', 'https://a.example'),
      accountOf('b', 'https://a.example'),
      accountOf('a', 'https://b.example'),
    ];
    expect(new Set(accounts).size).toBe(3);
    expect(accountOf('a', 'https://a.example/')).toBe(accounts[0]);
    for (const account of accounts) expect(account).toMatch(/^[0-9a-f]{12}$/);
  });
});
