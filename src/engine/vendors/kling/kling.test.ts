import { describe, expect, test } from 'vitest';
import { laneRequest } from '../../../../test/support/lane-request.ts';
import { fetchFailure, recordedFetch } from '../../../../test/support/recorded-fetch.ts';
import { parseSize } from '../../core/size.ts';
import { createKlingLane } from './kling.ts';

const KEY = 'kling-secret-123456';
const context = { signal: new AbortController().signal };
const request = laneRequest({ model: 'kling-v3', key: 'run-1-request-1' });
const BASE_URL = 'https://api-singapore.klingai.com';

function laneAnswering(...answers: readonly (Response | Error)[]) {
  const recorded = recordedFetch(...answers);
  const clock = { now: () => 0, sleep: async () => {} };
  const lane = createKlingLane({ apiKey: KEY, baseUrl: BASE_URL, fetch: recorded.fetch, clock });
  return { lane, calls: recorded.calls };
}

function task(data: object, status = 200): Response {
  const envelope = { code: 0, message: 'SUCCEED', request_id: 'r' };
  const base = { task_id: 'task-1', task_status: 'submitted', created_at: 1, updated_at: 1 };
  return Response.json({ ...envelope, data: { ...base, ...data } }, { status });
}

function error(status: number, code: number, headers: Record<string, string> = {}): Response {
  return Response.json({ code, message: 'Kling said so.', request_id: 'r' }, { status, headers });
}

const succeeded = {
  task_status: 'succeed',
  task_result: {
    images: [
      { index: 1, url: 'https://cdn.example/1.png' },
      { index: 0, url: 'https://cdn.example/0.png' },
    ],
  },
};

describe('submit()', () => {
  test('sends our own id and always the model', async () => {
    const { lane, calls } = laneAnswering(task({}));
    const answer = await lane.submit({ ...request, count: 3, negativePrompt: 'blur' }, context);
    expect(calls[0]).toMatchObject({
      url: `${BASE_URL}/v1/images/generations`,
      method: 'POST',
      redirect: 'manual',
      body: {
        model_name: 'kling-v3',
        prompt: 'a red fox in fresh snow',
        negative_prompt: 'blur',
        resolution: '1k',
        aspect_ratio: '1:1',
        n: 3,
        external_task_id: 'run-1-request-1',
      },
    });
    expect(calls[0]?.headers.get('authorization')).toBe(`Bearer ${KEY}`);
    expect(answer).toEqual({ kind: 'accepted', ref: 'task-1', pollAfterMs: 2000 });
  });

  test('sends a reference as bare base64', async () => {
    const { lane, calls } = laneAnswering(task({}));
    const bytes = new Uint8Array([1, 2, 3]);
    await lane.submit(
      { ...request, references: [{ kind: 'bytes', bytes, mediaType: 'image/png' }] },
      context,
    );
    expect(calls[0]?.body).toMatchObject({ image: 'AQID' });
  });

  test.each([
    ['1024x1024', '1:1', '1k'],
    ['1280x720', '16:9', '1k'],
    ['1920x1080', '16:9', '2k'],
    ['2048x2048', '1:1', '2k'],
    ['768x1024', '3:4', '1k'],
    ['1344x576', '21:9', '1k'],
  ])('asks for %s as %s in %s', async (size, ratio, resolution) => {
    const { lane, calls } = laneAnswering(task({}));
    await lane.submit({ ...request, size: parseSize(size)! }, context);
    expect(calls[0]?.body).toMatchObject({ aspect_ratio: ratio, resolution });
  });

  test.each([
    ['rate-limited', error(429, 1302)],
    ['rate-limited', error(200, 1302)],
    ['slots-full', error(429, 1303)],
    ['account-exhausted', error(429, 1100)],
    ['account-exhausted', error(429, 1101)],
    ['account-exhausted', error(429, 1102)],
    ['key-unusable', error(429, 1304)],
    ['key-unusable', error(401, 1002)],
    ['key-unusable', error(403, 1103)],
    ['invalid-request', error(400, 1200)],
    ['model-gone', error(404, 1203)],
    ['refused', error(400, 1301)],
    ['overloaded', error(503, 5001)],
    ['unknown', error(500, 5000)],
    ['unknown', error(504, 5002)],
    ['unknown', error(500, 9999)],
    ['unknown', error(200, 9999)],
    ['unknown', new Response('<html>', { status: 503 })],
    ['unknown', new Response('{"code":0,"data":{"task_')],
    ['unknown', Response.json({ code: 0, message: 'SUCCEED' })],
    ['unknown', fetchFailure('UND_ERR_SOCKET')],
    ['not-sent', fetchFailure('ECONNREFUSED')],
  ])('answers %s from the code (%#)', async (kind, answer) => {
    const { lane, calls } = laneAnswering(answer);
    expect(await lane.submit(request, context)).toMatchObject({
      kind: 'failed',
      failure: { kind },
    });
    expect(calls).toHaveLength(1);
  });

  test.each([
    ['duplicate', 'is known', task({})],
    ['invalid-request', 'is not known', error(404, 1203)],
    ['unknown', 'cannot be asked for', fetchFailure('UND_ERR_SOCKET')],
  ])('answers %s to code 1201 when our id %s', async (kind, _known, found) => {
    const { lane, calls } = laneAnswering(error(400, 1201), found);
    expect(await lane.submit(request, context)).toMatchObject({
      kind: 'failed',
      failure: { kind },
    });
    expect(calls.map(({ method, url }) => `${method} ${url}`)).toEqual([
      `POST ${BASE_URL}/v1/images/generations`,
      `GET ${BASE_URL}/v1/images/generations/run-1-request-1`,
    ]);
  });
});

describe('poll()', () => {
  test.each(['submitted', 'processing'])('goes on while the task is %s', async (task_status) => {
    const { lane } = laneAnswering(task({ task_status }));
    expect(await lane.poll!('task-1', request, context)).toMatchObject({ kind: 'pending' });
  });

  test('gives the pictures in order and never more than asked for', async () => {
    const { lane, calls } = laneAnswering(task(succeeded), task(succeeded));
    const source = (url: string) => ({ kind: 'url', url });
    expect(await lane.poll!('task-1', { ...request, count: 2 }, context)).toEqual({
      kind: 'answered',
      images: [
        { index: 0, kind: 'image', source: source('https://cdn.example/0.png') },
        { index: 1, kind: 'image', source: source('https://cdn.example/1.png') },
      ],
    });
    expect(await lane.poll!('task-1', request, context)).toMatchObject({ images: [{ index: 0 }] });
    expect(calls[0]?.url).toBe(`${BASE_URL}/v1/images/generations/task-1`);
  });

  test.each([
    [{ final_balance_deduction: { quota: '0.02', list_price: '0.056' } }, 56_000],
    [{ final_unit_deduction: '8' }, 28_000],
    [{ final_unit_deduction: 'eight' }, undefined],
    [{}, undefined],
  ])('turns %o into %s micro-dollars', async (deduction, usdMicros) => {
    const { lane } = laneAnswering(task({ ...succeeded, ...deduction }));
    const answer = await lane.poll!('task-1', request, context);
    expect(answer.kind === 'answered' && answer.usdMicros).toBe(usdMicros);
  });

  test('keeps the words of a task that failed', async () => {
    const { lane } = laneAnswering(
      task({ task_status: 'failed', task_status_msg: 'Risk control' }),
    );
    expect(await lane.poll!('task-1', request, context)).toEqual({
      kind: 'failed',
      failure: { kind: 'task-failed', words: 'Risk control' },
    });
  });

  test('calls a task that is gone unknown', async () => {
    const { lane } = laneAnswering(error(404, 1203));
    expect(await lane.poll!('task-1', request, context)).toMatchObject({
      failure: { kind: 'unknown' },
    });
  });
});

describe('find()', () => {
  test('looks a request up by our own id', async () => {
    const { lane, calls } = laneAnswering(task({ task_status: 'processing' }), task(succeeded));
    const accepted = { kind: 'accepted', ref: 'task-1', pollAfterMs: 2000 };
    expect(await lane.find!(request, context)).toEqual(accepted);
    // One that has ended is named as well, so that its id is stored before it is read.
    expect(await lane.find!(request, context)).toEqual({ ...accepted, pollAfterMs: 0 });
    expect(calls[0]?.url).toBe(`${BASE_URL}/v1/images/generations/run-1-request-1`);
  });

  test('says nothing only when Kling itself says so', async () => {
    const { lane } = laneAnswering(error(404, 1203), new Response('<html>', { status: 404 }));
    expect(await lane.find!(request, context)).toEqual({ kind: 'nothing' });
    expect(await lane.find!(request, context)).toMatchObject({ kind: 'failed' });
  });
});
