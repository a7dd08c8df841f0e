import { describe, expect, test } from 'vitest';
import {
  DASHSCOPE_CODES,
  type DashscopeCode,
} from '../../../../simulators/dashscope/error-codes.ts';
import { createDashscopeSimulator, simulatedFetch } from '../../../../simulators/index.ts';
import { laneRequest } from '../../../../test/support/lane-request.ts';
import { fetchFailure, recordedFetch } from '../../../../test/support/recorded-fetch.ts';
import { VirtualClock } from '../../../../test/support/virtual-clock.ts';
import type { FailureKind } from '../../core/failure.ts';
import { createDashscopeLane } from './dashscope.ts';

const KEY = 'sk-dashscope-123456';
const BASE_URL = 'https://dashscope-intl.aliyuncs.com';
const SUBMIT_URL = `${BASE_URL}/api/v1/services/aigc/image-generation/generation`;
const OSS = 'dashscope-result-intl.oss-cn-singapore.aliyuncs.com';
const context = { signal: new AbortController().signal };
const request = laneRequest({ model: 'wan2.7-image' });

function laneAnswering(...answers: readonly (Response | Error)[]) {
  const recorded = recordedFetch(...answers);
  const clock = { now: () => 0, sleep: async () => {} };
  const baseUrl = `${BASE_URL}/`;
  const lane = createDashscopeLane({ apiKey: KEY, baseUrl, fetch: recorded.fetch, clock });
  return { lane, calls: recorded.calls };
}

function task(output: object): Response {
  return Response.json({ request_id: 'r', output: { task_id: 'task-1', ...output } });
}

function error(status: number, code: string, headers: Record<string, string> = {}): Response {
  const body = { code, message: 'DashScope said so.', request_id: 'r' };
  return Response.json(body, { status, headers });
}

/** A success with a choice for each list of pictures. */
function succeeded(...choices: readonly (readonly string[])[]): Response {
  return task({
    task_status: 'SUCCEEDED',
    choices: choices.map((images) => ({
      finish_reason: 'stop',
      message: { role: 'assistant', content: images.map((image) => ({ image, type: 'image' })) },
    })),
  });
}

describe('submit()', () => {
  test('orders asynchronously, and always says how many', async () => {
    const { lane, calls } = laneAnswering(task({ task_status: 'PENDING' }));
    const size = { width: 1280, height: 720 };
    const answer = await lane.submit({ ...request, size, count: 3, seed: 7 }, context);
    expect(answer).toEqual({ kind: 'accepted', ref: 'task-1', pollAfterMs: 7000 });
    expect(calls[0]).toMatchObject({ url: SUBMIT_URL, method: 'POST', redirect: 'manual' });
    expect(calls[0]?.body).toEqual({
      model: 'wan2.7-image',
      input: { messages: [{ role: 'user', content: [{ text: 'a red fox in fresh snow' }] }] },
      parameters: { size: '1280*720', n: 3, seed: 7, watermark: false },
    });
    expect(calls[0]?.headers.get('x-dashscope-async')).toBe('enable');
    expect(calls[0]?.headers.get('authorization')).toBe(`Bearer ${KEY}`);
  });

  test('sends references before the words, as data URLs or by address', async () => {
    const { lane, calls } = laneAnswering(task({ task_status: 'PENDING' }));
    const bytes = new Uint8Array([1, 2, 3]);
    const references = [
      { kind: 'bytes', bytes, mediaType: 'image/webp' },
      { kind: 'url', url: 'https://example.com/hero.jpg' },
    ] as const;
    await lane.submit({ ...request, references }, context);
    expect(calls[0]?.body).toMatchObject({
      input: {
        messages: [
          {
            content: [
              { image: 'data:image/webp;base64,AQID' },
              { image: 'https://example.com/hero.jpg' },
              { text: 'a red fox in fresh snow' },
            ],
          },
        ],
      },
    });
  });

  test.each([
    ['rate-limited', error(429, 'Throttling.SomethingNew')],
    ['overloaded', error(503, 'SomethingNew')],
    ['invalid-request', error(400, 'InvalidParameter.DataInspection')],
    ['invalid-request', error(400, 'InternalError.Algo')],
    ['refused', error(400, 'InternalError.Algo.DataInspectionFailed')],
    ['account-exhausted', error(403, 'Arrearage')],
    ['key-unusable', error(403, 'Endpoint.AccessDenied')],
    ['model-gone', error(404, 'SomethingNew')],
    ['unknown', error(500, 'InternalError.Timeout')],
    ['unknown', error(500, 'SomethingNew')],
    ['unknown', error(200, 'SomethingNew')],
    ['unknown', new Response('<html>', { status: 503 })],
    ['unknown', new Response('<html>', { status: 429 })],
    ['unknown', new Response('{"output":{"task_')],
    ['unknown', Response.json({ request_id: 'r', output: {} })],
    ['unknown', fetchFailure('UND_ERR_SOCKET')],
    ['not-sent', fetchFailure('ECONNREFUSED')],
  ])('answers %s from status and code (%#)', async (kind, answer) => {
    const { lane, calls } = laneAnswering(answer);
    expect(await lane.submit(request, context)).toMatchObject({
      kind: 'failed',
      failure: { kind },
    });
    expect(calls).toHaveLength(1);
  });

  test('keeps code and message, without the key', async () => {
    const { lane } = laneAnswering(
      Response.json({ code: 'InvalidApiKey', message: `No ${KEY}` }, { status: 401 }),
    );
    expect(await lane.submit(request, context)).toEqual({
      kind: 'failed',
      failure: { kind: 'key-unusable', words: 'InvalidApiKey: No [key]' },
    });
  });

  test('waits a minute for an allocated quota, or as long as the vendor says', async () => {
    const { lane } = laneAnswering(
      error(429, 'Throttling.AllocationQuota'),
      error(429, 'Throttling.AllocationQuota', { 'retry-after': '5' }),
    );
    const failure = (retryAfterMs: number) => ({ failure: { kind: 'rate-limited', retryAfterMs } });
    expect(await lane.submit(request, context)).toMatchObject(failure(60_000));
    expect(await lane.submit(request, context)).toMatchObject(failure(5000));
  });

  test.each([
    ['DataInspectionFailed', 'unspecified'],
    ['IPInfringementSuspect', 'copyright'],
    ['CustomRoleBlocked', 'blocklist'],
  ])('sorts a refusal by its code: %s is %s', async (code, category) => {
    const { lane } = laneAnswering(error(400, code));
    expect(await lane.submit(request, context)).toMatchObject({
      failure: { kind: 'refused', stage: 'input', category },
    });
  });
});

/** What each error of the simulator means; one that is added there is missing here. */
const KINDS: Readonly<Record<DashscopeCode, FailureKind>> = {
  InvalidParameter: 'invalid-request',
  DataInspectionFailed: 'refused',
  IPInfringementSuspect: 'refused',
  UnsupportedOperation: 'invalid-request',
  Arrearage: 'account-exhausted',
  InvalidApiKey: 'key-unusable',
  AccessDenied: 'key-unusable',
  'AccessDenied.Unpurchased': 'key-unusable',
  'Model.AccessDenied': 'key-unusable',
  'AllocationQuota.FreeTierOnly': 'account-exhausted',
  ModelNotFound: 'model-gone',
  RequestTimeOut: 'unknown',
  'BadRequest.TooLarge': 'invalid-request',
  Throttling: 'rate-limited',
  'Throttling.RateQuota': 'rate-limited',
  'Throttling.BurstRate': 'rate-limited',
  'Throttling.AllocationQuota': 'rate-limited',
  insufficient_quota: 'rate-limited',
  'Throttling.Concurrency': 'slots-full',
  'Throttling.ServiceOverloaded': 'overloaded',
  PrepaidBillOverdue: 'account-exhausted',
  PostpaidBillOverdue: 'account-exhausted',
  BudgetLimitExceeded: 'account-exhausted',
  CommodityNotPurchased: 'key-unusable',
  InternalError: 'unknown',
  SystemError: 'unknown',
  ModelUnavailable: 'overloaded',
};

test.each(DASHSCOPE_CODES.map((code) => [code, KINDS[code]] as const))(
  '%s means %s, and nothing was made',
  async (forcedCode, kind) => {
    const clock = new VirtualClock();
    const simulator = createDashscopeSimulator({ clock, forcedCode });
    const fetch = simulatedFetch({ 'http://dashscope.simulated': simulator });
    const baseUrl = 'http://dashscope.simulated';
    const lane = createDashscopeLane({ apiKey: KEY, baseUrl, fetch, clock });
    expect(await lane.submit(request, context)).toMatchObject({ failure: { kind } });
    expect(simulator.bill.images).toBe(0);
  },
);

describe('poll()', () => {
  test.each(['PENDING', 'RUNNING', 'SUSPENDED'])('goes on while it is %s', async (task_status) => {
    const { lane, calls } = laneAnswering(task({ task_status }));
    expect(await lane.poll!('task-1', request, context)).toEqual({
      kind: 'pending',
      pollAfterMs: 7000,
    });
    expect(calls[0]).toMatchObject({ url: `${BASE_URL}/api/v1/tasks/task-1`, method: 'GET' });
    expect(calls[0]?.headers.get('x-dashscope-async')).toBeNull();
  });

  test('counts the pictures of a success, of which some may be missing', async () => {
    const { lane } = laneAnswering(
      succeeded([`https://${OSS}/0.png`], [], [`https://${OSS}/2.png`]),
    );
    expect(await lane.poll!('task-1', { ...request, count: 3 }, context)).toEqual({
      kind: 'answered',
      images: [
        { index: 0, kind: 'image', source: { kind: 'url', url: `https://${OSS}/0.png` } },
        { index: 1, kind: 'image', source: { kind: 'url', url: `https://${OSS}/2.png` } },
      ],
    });
  });

  test('gives never more than asked for, and passes over words', async () => {
    const { lane } = laneAnswering(
      task({
        task_status: 'SUCCEEDED',
        choices: [
          {
            message: {
              content: [
                { text: 'Two foxes.', type: 'text' },
                { image: `https://${OSS}/0.png` },
                { image: `https://${OSS}/1.png` },
              ],
            },
          },
        ],
      }),
    );
    expect(await lane.poll!('task-1', request, context)).toMatchObject({
      images: [{ index: 0, source: { url: `https://${OSS}/0.png` } }],
    });
  });

  test.each([
    [
      `http://${OSS}/0.png?Expires=1&Signature=a%2Bb`,
      `https://${OSS}/0.png?Expires=1&Signature=a%2Bb`,
    ],
    ['http://127.0.0.1:9411/0.png', 'http://127.0.0.1:9411/0.png'],
    ['http://aliyuncs.com.example/0.png', 'http://aliyuncs.com.example/0.png'],
  ])('fetches %s from %s', async (given, fetched) => {
    const { lane } = laneAnswering(succeeded([given]));
    expect(await lane.poll!('task-1', request, context)).toMatchObject({
      images: [{ source: { url: fetched } }],
    });
  });

  test.each([
    ['DataInspectionFailed', { kind: 'refused', stage: 'output', category: 'unspecified' }],
    ['IPInfringementSuspect', { kind: 'refused', stage: 'output', category: 'copyright' }],
    ['InternalError.Algo', { kind: 'task-failed' }],
    ['InvalidParameter', { kind: 'task-failed' }],
  ])('takes a task that failed with %s for %o', async (code, failure) => {
    const { lane } = laneAnswering(task({ task_status: 'FAILED', code, message: 'Why.' }));
    expect(await lane.poll!('task-1', request, context)).toEqual({
      kind: 'failed',
      failure: { ...failure, words: `${code}: Why.` },
    });
  });

  test.each([
    ['task-failed', task({ task_status: 'FAILED' })],
    ['task-failed', task({ task_status: 'CANCELED' })],
    ['unknown', task({ task_status: 'UNKNOWN' })],
    ['unknown', task({ task_status: 'SOMETHING_NEW' })],
    ['rate-limited', error(429, 'Throttling.RateQuota')],
    ['unknown', fetchFailure('UND_ERR_SOCKET')],
  ])('answers %s (%#)', async (kind, answer) => {
    const { lane } = laneAnswering(answer);
    const polled = await lane.poll!('task-1', request, context);
    expect(polled).toMatchObject({ kind: 'failed', failure: { kind } });
    expect(polled.kind === 'failed' && polled.failure.words).not.toBe('');
  });
});

test('fetches a picture from the object store of the vendor, without the key', async () => {
  const { lane, calls } = laneAnswering(new Response('png'));
  const fetched = await lane.fetch!(`https://${OSS}/0.png?Expires=1`, context);
  expect(fetched).toMatchObject({ kind: 'fetched' });
  expect([...calls[0]!.headers]).toEqual([]);
});

test('cannot look a request up, since the vendor takes no id of ours', () => {
  expect('find' in laneAnswering().lane).toBe(false);
});
