import { describe, expect, test } from 'vitest';
import { laneRequest } from '../../../../test/support/lane-request.ts';
import { recordedFetch } from '../../../../test/support/recorded-fetch.ts';
import { createManyPromptsLane } from './many-prompts.ts';
import type { LaneBundle } from '../vendor.ts';

const KEY = 'many-secret-123456';
const BASE_URL = 'https://images.example.com/v1';
const context = { signal: new AbortController().signal };
const BUNDLE: LaneBundle = {
  key: 'im-bundle-1',
  model: 'painter-2',
  requests: [
    laneRequest({ key: 'run-row-0' }),
    laneRequest({
      key: 'run-row-1',
      prompt: 'an owl',
      negativePrompt: 'people',
      seed: 7,
      count: 2,
      references: [
        { kind: 'bytes', bytes: Buffer.from('fox'), mediaType: 'image/png' },
        { kind: 'url', url: 'https://pictures.example/owl.png' },
      ],
    }),
  ],
};

function laneAnswering(...answers: readonly (Response | Error)[]) {
  const recorded = recordedFetch(...answers);
  const clock = { now: () => 0, sleep: async () => {} };
  const lane = createManyPromptsLane({
    apiKey: KEY,
    baseUrl: `${BASE_URL}/`,
    fetch: recorded.fetch,
    clock,
  });
  return { lane, calls: recorded.calls };
}

function error(status: number, code: string, more: object = {}): Response {
  return Response.json({ error: { code, message: `No, with ${KEY}.`, ...more } }, { status });
}

const answering = (...results: readonly object[]) => laneAnswering(Response.json({ results }));

describe('submit()', () => {
  test('sends all prompts in one request with our own keys', async () => {
    const { lane, calls } = answering({ key: 'run-row-0', images: [] });
    await lane.submit(BUNDLE, context);
    expect(calls).toHaveLength(1);
    expect(calls[0]).toMatchObject({ url: `${BASE_URL}/prompts`, method: 'POST' });
    expect(calls[0]!.headers.get('authorization')).toBe(`Bearer ${KEY}`);
    expect(calls[0]!.headers.get('prefer')).toBe('wait=240');
    const size = { width: 1024, height: 1024, quality: 'medium', format: 'png' };
    expect(calls[0]!.body).toEqual({
      key: 'im-bundle-1',
      model: 'painter-2',
      prompts: [
        { key: 'run-row-0', prompt: 'a red fox in fresh snow', count: 1, ...size },
        {
          key: 'run-row-1',
          prompt: 'an owl',
          negative_prompt: 'people',
          seed: 7,
          count: 2,
          ...size,
          references: [
            { b64: 'Zm94', media_type: 'image/png' },
            { url: 'https://pictures.example/owl.png' },
          ],
        },
      ],
    });
  });

  test('reads each result by its key, its images by their index', async () => {
    const { lane } = answering(
      {
        key: 'run-row-1',
        usd: 0.04,
        images: [
          { index: 1, b64: 'Zm94' },
          { index: 0, url: 'https://images.example.com/0.png' },
        ],
      },
      { key: 'run-row-0', usd: 0, failed: { message: 'It gave up.' } },
    );
    expect(await lane.submit(BUNDLE, context)).toEqual({
      kind: 'answered',
      lines: [
        {
          key: 'run-row-1',
          answer: {
            kind: 'answered',
            usdMicros: 40_000,
            images: [
              { index: 1, kind: 'image', source: { kind: 'bytes', bytes: Buffer.from('fox') } },
              {
                index: 0,
                kind: 'image',
                source: { kind: 'url', url: 'https://images.example.com/0.png' },
              },
            ],
          },
        },
        {
          key: 'run-row-0',
          answer: {
            kind: 'failed',
            usdMicros: 0,
            failure: { kind: 'task-failed', words: 'It gave up.' },
          },
        },
      ],
    });
  });

  test('keeps the refusal of a prompt, and of one of its pictures', async () => {
    const refused = { stage: 'output', category: 'violence', message: 'A fight.' };
    const { lane } = answering(
      { key: 'run-row-0', usd: 0.01, refused },
      { key: 'run-row-1', images: [{ b64: 'Zm94' }, { refused }] },
    );
    const words = { kind: 'refused', stage: 'output', category: 'violence', words: 'A fight.' };
    expect(await lane.submit(BUNDLE, context)).toMatchObject({
      lines: [
        { answer: { kind: 'failed', failure: words, usdMicros: 10_000 } },
        { answer: { kind: 'answered', images: [{ kind: 'image' }, { index: 1, ...words }] } },
      ],
    });
  });

  test('knows a prompt of which nothing was made', async () => {
    const { lane } = answering({ key: 'run-row-0', not_made: { message: 'No time left.' } });
    expect(await lane.submit(BUNDLE, context)).toMatchObject({
      lines: [{ answer: { kind: 'failed', failure: { kind: 'overloaded' } } }],
    });
  });

  test('keeps a refusal of all prompts for one, and sorts only what it knows', async () => {
    const { lane } = laneAnswering(
      error(422, 'refused', { stage: 'input', category: 'self-harm' }),
      error(422, 'refused', { stage: 'sideways', category: 'bad manners' }),
    );
    const whole = { kind: 'failed', failure: { kind: 'refused', words: 'No, with [key].' } };
    expect(await lane.submit(BUNDLE, context)).toMatchObject({
      ...whole,
      failure: { ...whole.failure, stage: 'input', category: 'self-harm' },
    });
    const other = await lane.submit(BUNDLE, context);
    expect(other).toEqual({
      kind: 'failed',
      failure: { kind: 'refused', stage: 'input', words: 'No, with [key].' },
    });
  });

  test('knows what a refusal of all has cost', async () => {
    const { lane } = laneAnswering(error(422, 'refused', { usd: 0.003 }));
    expect(await lane.submit(BUNDLE, context)).toMatchObject({
      failure: { kind: 'refused' },
      usdMicros: 3_000,
    });
  });

  test.each([
    [400, 'invalid_request', 'invalid-request'],
    [401, 'unauthorized', 'key-unusable'],
    [402, 'account_exhausted', 'account-exhausted'],
    [404, 'model_not_found', 'model-gone'],
    [409, 'key_used', 'duplicate'],
    [429, 'rate_limited', 'rate-limited'],
    [429, 'slots_full', 'slots-full'],
    [503, 'overloaded', 'overloaded'],
    // A code of its own is judged by its status.
    [400, 'out_of_paint', 'invalid-request'],
    [500, 'internal', 'unknown'],
    [503, 'internal', 'unknown'],
  ])('reads %i %s as %s', async (status, code, kind) => {
    const { lane } = laneAnswering(error(status, code));
    expect(await lane.submit(BUNDLE, context)).toMatchObject({ failure: { kind } });
  });

  test('has an unknown outcome while the vendor is still at work, or its answer is cut', async () => {
    const { lane } = laneAnswering(
      Response.json({ status: 'working' }, { status: 202 }),
      new Response('{"results": [{"key": "run-ro', { status: 200 }),
    );
    expect(await lane.submit(BUNDLE, context)).toMatchObject({ failure: { kind: 'unknown' } });
    expect(await lane.submit(BUNDLE, context)).toMatchObject({ failure: { kind: 'unknown' } });
  });

  test('reads what the headers say of limits', async () => {
    const headers = { 'x-ratelimit-limit-images': '60', 'x-ratelimit-remaining-images': '58' };
    const { lane } = laneAnswering(Response.json({ results: [] }, { headers }));
    expect(await lane.submit(BUNDLE, context)).toMatchObject({
      limits: [{ name: 'images-per-minute', max: 60, remaining: 58 }],
    });
  });
});

describe('find()', () => {
  test('asks by our own key, and takes the vendor’s word only that there is nothing', async () => {
    const { lane, calls } = laneAnswering(
      error(404, 'not_found'),
      new Response('<html>404</html>', { status: 404 }),
      Response.json({}, { status: 202 }),
      Response.json({ results: [{ key: 'run-row-0', images: [{ b64: 'Zm94' }] }] }),
      error(422, 'refused'),
    );
    const kinds: string[] = [];
    for (let asked = 0; asked < 5; asked += 1) {
      const found = await lane.find!('im-bundle-1', context);
      kinds.push(found.kind === 'failed' ? found.failure.kind : found.kind);
    }
    expect(kinds).toEqual(['nothing', 'model-gone', 'unknown', 'answered', 'refused']);
    expect(calls[0]).toMatchObject({ method: 'GET', url: `${BASE_URL}/prompts/im-bundle-1` });
  });
});

describe('quote()', () => {
  test('asks for the price of the whole', async () => {
    const { lane, calls } = laneAnswering(
      Response.json({ usd: 0.123_456 }),
      Response.json({ usd: 'much' }),
    );
    expect(await lane.quote!(BUNDLE, context)).toEqual({ kind: 'quoted', usdMicros: 123_456 });
    expect(calls[0]).toMatchObject({ method: 'POST', url: `${BASE_URL}/quote` });
    expect(await lane.quote!(BUNDLE, context)).toMatchObject({ failure: { kind: 'unknown' } });
  });
});
