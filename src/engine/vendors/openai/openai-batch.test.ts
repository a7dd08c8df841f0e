import { describe, expect, test } from 'vitest';
import { laneRequest } from '../../../../test/support/lane-request.ts';
import { fetchFailure, formOf, recordedFetch } from '../../../../test/support/recorded-fetch.ts';
import { createOpenaiBatchLane } from './openai-batch.ts';
import type { BundleLine, LaneBundle } from '../vendor.ts';

const KEY = 'sk-proj-secret-123456';
const CREATED_AT = 1_800_000_000;
const NOW = (CREATED_AT + 100) * 1000;
const context = { signal: new AbortController().signal };
const request = laneRequest({ model: 'gpt-image-2' });
const other = { ...request, key: 'run-7f3a-request-2', prompt: 'a lake' };
const bundle: LaneBundle = { key: 'im-1', model: 'gpt-image-2', requests: [request, other] };

function laneAnswering(...answers: readonly (Response | Error)[]) {
  const recorded = recordedFetch(...answers);
  const lane = createOpenaiBatchLane({
    apiKey: KEY,
    baseUrl: 'https://api.openai.com/v1/',
    fetch: recorded.fetch,
    clock: { now: () => NOW, sleep: async () => {} },
  });
  return { lane, calls: recorded.calls };
}

function batch(status: string, more: object = {}): Response {
  return Response.json({ id: 'batch_1', object: 'batch', status, created_at: CREATED_AT, ...more });
}

function refusal(status: number, error: object): Response {
  return Response.json({ error: { message: 'The vendor said so.', ...error } }, { status });
}

const kept = () => Response.json({ id: 'file-in' });

async function linesFrom(output: string | Error, errors?: string): Promise<readonly BundleLine[]> {
  const files = { output_file_id: 'file-out', error_file_id: errors === undefined ? null : 'e' };
  const { lane } = laneAnswering(
    batch('completed', files),
    output instanceof Error ? output : new Response(output),
    new Response(errors ?? ''),
  );
  return await Array.fromAsync(lane.results!('batch_1', bundle.requests, context));
}

function line(customId: string, response: unknown, error: unknown = null): string {
  return `${JSON.stringify({ id: 'r', custom_id: customId, response, error })}\n`;
}

function picture(content: string, usage?: object) {
  const data = [{ b64_json: Buffer.from(content).toString('base64') }];
  return { status_code: 200, request_id: 'r', body: { created: 1, data, usage } };
}

describe('submit()', () => {
  test('uploads a line for each request, and begins a batch that carries our key', async () => {
    const { lane, calls } = laneAnswering(kept(), batch('validating'));
    expect(await lane.submit(bundle, context)).toEqual({
      kind: 'accepted',
      ref: 'batch_1',
      pollAfterMs: 10_000,
    });

    const form = await formOf(calls[0]!);
    expect([calls[0]!.url, form.get('purpose')]).toEqual([
      'https://api.openai.com/v1/files',
      'batch',
    ]);
    const file = form.get('file') as File;
    expect(file.name).toBe('imagemill-im-1.jsonl');
    expect(
      (await file.text())
        .trim()
        .split('\n')
        .map((text) => JSON.parse(text)),
    ).toEqual(
      bundle.requests.map(({ key, prompt }) => ({
        custom_id: key,
        method: 'POST',
        url: '/v1/images/generations',
        body: {
          model: 'gpt-image-2',
          prompt,
          n: 1,
          size: '1024x1024',
          quality: 'medium',
          output_format: 'png',
        },
      })),
    );
    expect(calls[1]).toMatchObject({
      url: 'https://api.openai.com/v1/batches',
      method: 'POST',
      redirect: 'manual',
      body: {
        input_file_id: 'file-in',
        endpoint: '/v1/images/generations',
        completion_window: '24h',
        metadata: { imagemill: 'im-1' },
        output_expires_after: { anchor: 'created_at', seconds: 2_592_000 },
      },
    });
  });

  test('edits in JSON where requests have references', async () => {
    const references = [{ kind: 'uploaded', handle: 'file-7', mediaType: 'image/png' }] as const;
    const { lane, calls } = laneAnswering(kept(), batch('validating'));
    await lane.submit({ ...bundle, requests: [{ ...request, references }] }, context);
    const file = (await formOf(calls[0]!)).get('file') as File;
    expect(JSON.parse(await file.text())).toMatchObject({
      url: '/v1/images/edits',
      body: { images: [{ file_id: 'file-7' }] },
    });
    expect(calls[1]?.body).toMatchObject({ endpoint: '/v1/images/edits' });
  });

  test.each([
    ['no request', { ...bundle, requests: [] }],
    ['two models', { ...bundle, requests: [request, { ...other, model: 'gpt-image-3' }] }],
    [
      'more than 200 MB',
      {
        ...bundle,
        requests: [0, 1, 2].map((index) => ({
          ...request,
          key: `row-${index}`,
          prompt: 'x'.repeat(70_000_000),
        })),
      },
    ],
  ])('sends nothing of a bundle with %s', async (_what, wrong) => {
    const { lane, calls } = laneAnswering();
    expect(await lane.submit(wrong, context)).toMatchObject({
      kind: 'failed',
      failure: { kind: 'invalid-request' },
    });
    expect(calls).toEqual([]);
  });

  test.each([
    ['overloaded', fetchFailure('UND_ERR_SOCKET')],
    ['overloaded', new Response('<html>', { status: 502 })],
    ['overloaded', new Response('cut off')],
    ['not-sent', fetchFailure('ECONNREFUSED')],
    ['rate-limited', refusal(429, { code: 'rate_limit_exceeded' })],
    ['account-exhausted', refusal(429, { code: 'insufficient_quota' })],
    ['invalid-request', refusal(400, {})],
  ])('promises that nothing was made (%s) without the file (%#)', async (kind, answer) => {
    const { lane, calls } = laneAnswering(answer);
    expect(await lane.submit(bundle, context)).toMatchObject({ failure: { kind } });
    expect(calls).toHaveLength(1);
  });

  test.each([
    ['unknown', fetchFailure('UND_ERR_SOCKET')],
    ['unknown', new Response('<html>', { status: 502 })],
    ['unknown', new Response('{"id":"batch_')],
    ['unknown', Response.json({ id: 'batch_1' })],
    ['not-sent', fetchFailure('ECONNREFUSED')],
    ['overloaded', refusal(503, {})],
    ['invalid-request', refusal(400, { param: 'input_file_id' })],
  ])('says %s of a batch by the answer to its creation (%#)', async (kind, answer) => {
    const { lane, calls } = laneAnswering(kept(), answer);
    expect(await lane.submit(bundle, context)).toMatchObject({ failure: { kind } });
    expect(calls).toHaveLength(2);
  });
});

describe('poll()', () => {
  test.each(['validating', 'in_progress', 'finalizing', 'cancelling', 'a_new_state'])(
    'is pending while the batch is %s',
    async (status) => {
      const { lane, calls } = laneAnswering(
        batch(status, { request_counts: { total: 9, completed: 4, failed: 1 } }),
      );
      const polled = await lane.poll!('batch_1', context);
      expect(polled).toEqual({ kind: 'pending', pollAfterMs: 10_000, completed: 5 });
      expect(calls[0]?.url).toBe('https://api.openai.com/v1/batches/batch_1');
    },
  );

  test.each([
    [CREATED_AT + 100, 2_000],
    [CREATED_AT + 50, 5_000],
    [CREATED_AT - 80_000, 60_000],
  ])('asks again soon while the batch is young (created at %d: %d ms)', async (at, waitMs) => {
    const { lane } = laneAnswering(batch('in_progress', { created_at: at }));
    expect(await lane.poll!('batch_1', context)).toMatchObject({ pollAfterMs: waitMs });
  });

  test.each(['completed', 'expired', 'cancelled'])('has ended when it is %s', async (status) => {
    const { lane } = laneAnswering(batch(status));
    expect(await lane.poll!('batch_1', context)).toEqual({ kind: 'ended' });
  });

  test.each([
    ['invalid-request', 'invalid_json_line'],
    ['slots-full', 'token_limit_exceeded'],
    ['account-exhausted', 'billing_hard_limit_reached'],
    ['model-gone', 'model_not_found'],
  ])('says %s of a file that was rejected with %s, with the line', async (kind, code) => {
    const data = [{ code, message: `It is so (${KEY}).`, param: null, line: 3 }];
    const { lane } = laneAnswering(batch('failed', { errors: { object: 'list', data } }));
    expect(await lane.poll!('batch_1', context)).toEqual({
      kind: 'failed',
      failure: { kind, words: `line 3: It is so ([key]). (${code})` },
    });
  });

  test('says it without a reason as well', async () => {
    const { lane } = laneAnswering(batch('failed'));
    expect(await lane.poll!('batch_1', context)).toMatchObject({
      failure: { kind: 'invalid-request', words: 'The batch was rejected.' },
    });
  });

  test.each([
    ['unknown', refusal(400, {})],
    ['unknown', refusal(404, {})],
    ['unknown', refusal(429, { code: 'insufficient_quota' })],
    ['unknown', new Response('{"id":')],
    ['unknown', fetchFailure('UND_ERR_SOCKET')],
    ['not-sent', fetchFailure('ECONNREFUSED')],
    ['rate-limited', refusal(429, { code: 'rate_limit_exceeded' })],
    ['key-unusable', refusal(401, {})],
  ])('says no more than %s when the asking went wrong (%#)', async (kind, answer) => {
    const { lane } = laneAnswering(answer);
    expect(await lane.poll!('batch_1', context)).toMatchObject({ failure: { kind } });
  });
});

describe('results()', () => {
  const half = { input_tokens: 11, output_tokens: 1766, input_tokens_details: { text_tokens: 11 } };

  test('reads pictures by their key at half the price, in the order of the file', async () => {
    const output = line(other.key, picture('lake', half)) + line(request.key, picture('fox'));
    expect(await linesFrom(output)).toEqual([
      {
        key: other.key,
        answer: {
          kind: 'answered',
          images: [
            { index: 0, kind: 'image', source: { kind: 'bytes', bytes: Buffer.from('lake') } },
          ],
          usdMicros: Math.round((11 * 5 + 1766 * 30) / 2),
        },
      },
      { key: request.key, answer: expect.objectContaining({ kind: 'answered' }) },
    ]);
  });

  test.each([
    [
      'refused',
      { status_code: 400, body: { error: { message: 'no', code: 'moderation_blocked' } } },
    ],
    ['invalid-request', { status_code: 400, body: { error: { message: 'no', code: 'x' } } }],
    ['rate-limited', { status_code: 429, body: { error: { message: 'slow', code: 'x' } } }],
    ['task-failed', { status_code: 500, body: { error: { message: 'oh', code: 'server_error' } } }],
    ['task-failed', { status_code: 504, body: '<html>' }],
    ['task-failed', { status_code: 200, body: { nothing: true } }],
    ['task-failed', null],
  ])('says %s of a line by its own status and code (%#)', async (kind, response) => {
    expect(await linesFrom('', line(request.key, response))).toMatchObject([
      { key: request.key, answer: { kind: 'failed', failure: { kind } } },
    ]);
  });

  test.each([
    ['overloaded', 'batch_expired'],
    ['overloaded', 'batch_cancelled'],
    ['task-failed', 'something_else'],
  ])('says %s of a line that ended with %s', async (kind, code) => {
    const errors = line(request.key, null, { code, message: `said with ${KEY}` });
    expect(await linesFrom('', errors)).toEqual([
      {
        key: request.key,
        answer: { kind: 'failed', failure: { kind, words: 'said with [key]' } },
      },
    ]);
  });

  test('ignores what it does not know, and what comes twice', async () => {
    const output =
      line('of-another', picture('cat')) +
      'not even JSON\n\n' +
      line(request.key, picture('fox')) +
      line(request.key, picture('wolf'));
    const lines = await linesFrom(output, line(request.key, null, { code: 'x', message: 'y' }));
    expect(lines).toMatchObject([
      { answer: { images: [{ source: { bytes: Buffer.from('fox') } }] } },
    ]);
  });

  test.each([
    ['a connection that is lost', fetchFailure('UND_ERR_SOCKET')],
    [
      'a cut last line',
      line(request.key, picture('fox')) + line(other.key, picture('x')).slice(0, 40),
    ],
  ])('throws at %s', async (_what, output) => {
    await expect(linesFrom(output)).rejects.toThrow(/file-out/);
  });

  test('gives each line as it comes, and hangs up when nobody reads on', async () => {
    let isHungUp = false;
    const endless = new ReadableStream<Uint8Array>({
      start: (controller) =>
        controller.enqueue(new TextEncoder().encode(line(request.key, picture('fox')))),
      cancel: () => {
        isHungUp = true;
      },
    });
    const { lane } = laneAnswering(
      batch('completed', { output_file_id: 'file-out' }),
      new Response(endless),
    );
    for await (const { key } of lane.results!('batch_1', bundle.requests, context)) {
      expect(key).toBe(request.key);
      break;
    }
    expect(isHungUp).toBe(true);
  });

  test('throws while the batch has not ended, and when it cannot be asked for', async () => {
    const readAll = (answer: Response) => {
      const { lane } = laneAnswering(answer);
      return Array.fromAsync(lane.results!('batch_1', bundle.requests, context));
    };
    await expect(readAll(batch('in_progress'))).rejects.toThrow('still in_progress');
    await expect(readAll(refusal(401, { message: `Wrong ${KEY}` }))).rejects.toThrow('Wrong [key]');
  });

  test.each(['expired', 'cancelled'])(
    'says of a line that an %s batch forgets that it was not made',
    async (status) => {
      const { lane } = laneAnswering(
        batch(status, { output_file_id: 'file-out' }),
        new Response(line(request.key, picture('fox'))),
      );
      const lines = await Array.fromAsync(lane.results!('batch_1', bundle.requests, context));
      expect(lines).toMatchObject([
        { key: request.key, answer: { kind: 'answered' } },
        { key: other.key, answer: { kind: 'failed', failure: { kind: 'overloaded' } } },
      ]);
    },
  );

  test.each(['completed', 'cancelled'])(
    'throws while a batch that is %s does not show what it has made',
    async (status) => {
      const counts = { request_counts: { total: 2, completed: 1, failed: 1 } };
      const { lane } = laneAnswering(batch(status, counts));
      const reading = Array.fromAsync(lane.results!('batch_1', bundle.requests, context));
      await expect(reading).rejects.toThrow('does not show its results yet');
    },
  );

  test('says why a file is not there any more', async () => {
    const { lane } = laneAnswering(
      batch('completed', { output_file_id: 'file-out' }),
      refusal(404, { message: 'No such File object: file-out' }),
    );
    const reading = Array.fromAsync(lane.results!('batch_1', bundle.requests, context));
    await expect(reading).rejects.toThrow('No such File object');
  });
});

describe('find()', () => {
  const listed = (keys: readonly string[], hasMore = false) =>
    Response.json({
      object: 'list',
      data: keys.map((key, index) => ({
        id: `batch_${key}_${index}`,
        status: 'in_progress',
        created_at: CREATED_AT,
        metadata: key === '' ? null : { imagemill: key },
      })),
      has_more: hasMore,
    });

  test('goes from page to page, and takes the newest with our key', async () => {
    const { lane, calls } = laneAnswering(listed(['a', ''], true), listed(['b', 'im-1', 'im-1']));
    expect(await lane.find!('im-1', context)).toMatchObject({
      kind: 'accepted',
      ref: 'batch_im-1_1',
    });
    expect(calls.map(({ url }) => url)).toEqual([
      'https://api.openai.com/v1/batches?limit=100',
      'https://api.openai.com/v1/batches?limit=100&after=batch__1',
    ]);
  });

  test('says nothing only at the end of the list', async () => {
    const { lane } = laneAnswering(listed(['a'], true), listed([]));
    expect(await lane.find!('im-1', context)).toEqual({ kind: 'nothing' });
  });

  test.each([400, 404])(
    'takes a list that is refused with %i for no word on the batch',
    async (status) => {
      const { lane } = laneAnswering(refusal(status, {}));
      expect(await lane.find!('im-1', context)).toMatchObject({ failure: { kind: 'unknown' } });
    },
  );

  test('knows nothing when a page cannot be read', async () => {
    const { lane } = laneAnswering(listed(['a'], true), new Response('<html>', { status: 502 }));
    expect(await lane.find!('im-1', context)).toMatchObject({ failure: { kind: 'unknown' } });
  });
});

describe('cancel()', () => {
  test('asks for it', async () => {
    const { lane, calls } = laneAnswering(batch('cancelling'));
    expect(await lane.cancel!('batch_1', context)).toEqual({ kind: 'cancelling' });
    expect(calls[0]).toMatchObject({
      url: 'https://api.openai.com/v1/batches/batch_1/cancel',
      method: 'POST',
    });
  });

  test('says when the asking went wrong', async () => {
    const { lane } = laneAnswering(refusal(400, {}));
    expect(await lane.cancel!('batch_1', context)).toMatchObject({ failure: { kind: 'unknown' } });
  });
});
