import { describe, expect, test } from 'vitest';
import { laneRequest } from '../../../test/support/lane-request.ts';
import { fetchFailure, recordedFetch } from '../../../test/support/recorded-fetch.ts';
import { parseSize } from '../core/size.ts';
import { aspectRatioOf, createBflLane } from './bfl.ts';

const KEY = 'bfl-secret-123456';
const context = { signal: new AbortController().signal };
const request = laneRequest({ model: 'flux-kontext-pro' });
const POLLING_URL = 'https://api.eu1.bfl.ai/v1/get_result?id=task-1';
const REF = JSON.stringify({ id: 'task-1', pollingUrl: POLLING_URL });

function laneAnswering(...answers: readonly (Response | Error)[]) {
  const recorded = recordedFetch(...answers);
  const clock = { now: () => 0, sleep: async () => {} };
  const lane = createBflLane({
    apiKey: KEY,
    baseUrl: 'https://api.bfl.ai',
    fetch: recorded.fetch,
    clock,
  });
  return { lane, calls: recorded.calls };
}

describe('aspectRatioOf()', () => {
  test.each([
    ['1024x1024', '1:1'],
    ['1024x768', '4:3'],
    ['1920x1080', '16:9'],
    ['832x1248', '2:3'],
    ['1000x777', '9:7'],
    ['2100x900', '7:3'],
    ['3000x1000', '7:3'],
    ['500x2000', '3:7'],
  ])('asks for %s as %s', (size, ratio) => {
    expect(aspectRatioOf(parseSize(size)!)).toBe(ratio);
  });
});

describe('submit()', () => {
  test('buys a task and gives what polling needs, with its price', async () => {
    const { lane, calls } = laneAnswering(
      Response.json({ id: 'task-1', polling_url: POLLING_URL, cost: 4, input_mp: 0, output_mp: 1 }),
    );
    const references = [
      { kind: 'bytes', bytes: new Uint8Array([1, 2, 3]), mediaType: 'image/png' },
      { kind: 'url', url: 'https://pictures.example/fox.jpg' },
    ] as const;
    const answer = await lane.submit({ ...request, seed: 7, references }, context);

    expect(calls[0]).toMatchObject({
      url: 'https://api.bfl.ai/v1/flux-kontext-pro',
      method: 'POST',
      redirect: 'manual',
      body: {
        prompt: 'a red fox in fresh snow',
        aspect_ratio: '1:1',
        output_format: 'png',
        seed: 7,
        input_image: 'AQID',
        input_image_2: 'https://pictures.example/fox.jpg',
      },
    });
    expect(calls[0]?.headers.get('x-key')).toBe(KEY);
    expect(answer).toMatchObject({ kind: 'accepted', ref: REF, usdMicros: 40_000 });
  });

  test.each([
    ['slots-full', Response.json({ detail: 'Too many active tasks' }, { status: 429 })],
    ['slots-full', Response.json({ error: 'rate_limit', message: 'Slow down' }, { status: 429 })],
    ['account-exhausted', Response.json({ detail: 'Insufficient credits' }, { status: 402 })],
    ['key-unusable', Response.json({ detail: 'Not authenticated' }, { status: 403 })],
    ['model-gone', Response.json({ detail: 'Not Found' }, { status: 404 })],
    ['overloaded', Response.json({ detail: 'Busy' }, { status: 503 })],
    ['unknown', new Response('<html>', { status: 503 })],
    ['unknown', Response.json({ detail: 'Internal error' }, { status: 500 })],
    ['unknown', new Response('{"id":"task-1","polling')],
    ['unknown', fetchFailure('UND_ERR_SOCKET')],
    ['not-sent', fetchFailure('ENOTFOUND')],
  ])('answers %s from status and shape (%#)', async (kind, answer) => {
    const { lane, calls } = laneAnswering(answer);
    expect(await lane.submit(request, context)).toMatchObject({
      kind: 'failed',
      failure: { kind },
    });
    expect(calls).toHaveLength(1);
  });

  test('says which field was invalid', async () => {
    const detail = [{ loc: ['body', 'aspect_ratio'], msg: 'out of range', type: 'value_error' }];
    const { lane } = laneAnswering(Response.json({ detail }, { status: 422 }));
    expect(await lane.submit(request, context)).toMatchObject({
      failure: { kind: 'invalid-request', words: 'body.aspect_ratio: out of range' },
    });
  });
});

describe('poll()', () => {
  async function poll(body: unknown, ref = REF) {
    const { lane, calls } = laneAnswering(Response.json(body));
    return { answer: await lane.poll!(ref, request, context), calls };
  }

  test('gives the address of a picture that is ready', async () => {
    const sample = 'https://delivery.bfl.ai/fox.png?sig=1';
    const { answer, calls } = await poll({ id: 'task-1', status: 'Ready', result: { sample } });
    expect(calls[0]).toMatchObject({ url: POLLING_URL, method: 'GET' });
    expect(answer).toEqual({
      kind: 'answered',
      images: [{ index: 0, kind: 'image', source: { kind: 'url', url: sample } }],
    });
  });

  test('goes on while the task is pending', async () => {
    const { answer } = await poll({ status: 'Pending', progress: 0.4 });
    expect(answer.kind).toBe('pending');
  });

  test.each([
    ['Request Moderated', { kind: 'refused', stage: 'input' }],
    ['Content Moderated', { kind: 'refused', stage: 'output' }],
    ['Error', { kind: 'task-failed' }],
    ['Task not found', { kind: 'unknown' }],
    ['A status of tomorrow', { kind: 'unknown' }],
  ])('ends at "%s"', async (status, failure) => {
    const { answer } = await poll({ status, result: null });
    expect(answer).toMatchObject({ kind: 'failed', failure });
  });

  test('keeps the reasons of a refusal', async () => {
    const details = { 'Moderation Reasons': ['Derivative Works Filter'] };
    const { answer } = await poll({ status: 'Request Moderated', details });
    expect(answer).toMatchObject({
      failure: {
        category: 'copyright',
        words: 'Request Moderated: {"Moderation Reasons":["Derivative Works Filter"]}',
      },
    });
    const filtered = { 'Moderation Reasons': ['Safety Filter'] };
    const other = await poll({ status: 'Content Moderated', details: filtered });
    expect(other.answer).toMatchObject({ failure: { category: 'unspecified' } });
  });

  test.each([
    ['https://api.bfl.ai/v1/get_result?id=1', KEY],
    ['https://api.us2.bfl.ai/v1/get_result?id=1', KEY],
    ['http://api.us2.bfl.ai/v1/get_result?id=1', null],
    ['https://api.bfl.ai.example/v1/get_result?id=1', null],
    ['https://evilbfl.ai/v1/get_result?id=1', null],
  ])('at %s the key is %s', async (pollingUrl, key) => {
    const { calls } = await poll({ status: 'Pending' }, JSON.stringify({ id: '1', pollingUrl }));
    expect(calls[0]?.url).toBe(pollingUrl);
    expect(calls[0]?.headers.get('x-key')).toBe(key);
  });

  test('takes a 503 for a failed question, not for a failed task', async () => {
    const { lane } = laneAnswering(Response.json({ detail: 'Busy' }, { status: 503 }));
    expect(await lane.poll!(REF, request, context)).toMatchObject({
      failure: { kind: 'overloaded' },
    });
  });
});

describe('fetch()', () => {
  test.each([
    [new Response('picture'), 'fetched'],
    [new Response('', { status: 403 }), 'expired'],
    [new Response('', { status: 404 }), 'expired'],
    [new Response('', { status: 410 }), 'expired'],
    [new Response('', { status: 503 }), 'interrupted'],
    [new Response(''), 'interrupted'],
    [fetchFailure('UND_ERR_SOCKET'), 'interrupted'],
  ])('tells what became of the download (%#): %s', async (answer, kind) => {
    const { lane, calls } = laneAnswering(answer);
    const fetched = await lane.fetch!('https://delivery.bfl.ai/fox.png', context);
    expect(fetched.kind).toBe(kind);
    expect([...(calls[0]?.headers.keys() ?? [])]).toEqual([]);
  });
});
