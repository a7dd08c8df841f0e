import { describe, expect, test } from 'vitest';
import { laneRequest } from '../../../../test/support/lane-request.ts';
import { recordedFetch } from '../../../../test/support/recorded-fetch.ts';
import { createGeminiBatchLane } from './gemini-batch.ts';
import type { LaneRequest } from '../vendor.ts';

const KEY = 'AIza-secret-123456';
const BASE_URL = 'https://generativelanguage.googleapis.com';
const NOW = Date.UTC(2026, 10, 23);
const context = { signal: new AbortController().signal };
const REF = 'batches/b1';

function laneAnswering(...answers: readonly (Response | Error)[]) {
  const recorded = recordedFetch(...answers);
  const sent: (string | undefined)[] = [];
  const lane = createGeminiBatchLane({
    apiKey: KEY,
    baseUrl: BASE_URL,
    clock: { now: () => NOW, sleep: async () => {} },
    fetch: (input, init) => {
      sent.push(init?.body instanceof Uint8Array ? textOf(init.body) : undefined);
      return recorded.fetch(input, init);
    },
  });
  return { lane, calls: recorded.calls, sent };
}

const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

function requestsOf(...keys: readonly string[]): LaneRequest[] {
  return keys.map((key) =>
    laneRequest({ model: 'gemini-nano-banana-2.1', key, prompt: `prompt of ${key}` }),
  );
}

function bundleOf(...keys: readonly string[]) {
  return { key: 'im-bundle-7', model: 'gemini-nano-banana-2.1', requests: requestsOf(...keys) };
}

function started(): Response {
  const url = `${BASE_URL}/upload/v1beta/files?upload_id=7`;
  return new Response(null, { headers: { 'x-goog-upload-url': url } });
}

function stored(): Response {
  return Response.json({ file: { name: 'files/in1', uri: `${BASE_URL}/v1beta/files/in1` } });
}

function job(state: string, more: object = {}, metadata: object = {}): Response {
  return Response.json(jobBody(state, more, metadata));
}

function jobBody(state: string, more: object = {}, metadata: object = {}) {
  return { name: REF, metadata: { displayName: 'im-bundle-7', state, ...metadata }, ...more };
}

const withResults = { done: true, response: { responsesFile: 'files/batch-out' } };

/** A result file that comes in pieces of 7 bytes, so that no line ends with its piece. */
function results(...lines: readonly (object | string)[]): Response {
  const text = lines
    .map((line) => (typeof line === 'string' ? line : JSON.stringify(line)))
    .join('\n');
  const bytes = new TextEncoder().encode(`${text}\n`);
  const pieces = Array.from({ length: Math.ceil(bytes.length / 7) }, (_, index) =>
    bytes.subarray(index * 7, index * 7 + 7),
  );
  return new Response(ReadableStream.from(pieces));
}

function painted(key: string) {
  const parts = [{ inlineData: { mimeType: 'image/png', data: btoa(`picture of ${key}`) } }];
  const usageMetadata = {
    promptTokenCount: 10,
    candidatesTokenCount: 1120,
    candidatesTokensDetails: [{ modality: 'IMAGE', tokenCount: 1120 }],
  };
  return { key, response: { candidates: [{ content: { parts } }], usageMetadata } };
}

async function readAll(answers: readonly Response[], ...keys: readonly string[]) {
  const { lane, calls } = laneAnswering(...answers);
  const lines = await Array.fromAsync(lane.results!(REF, requestsOf(...keys), context));
  return { lines, calls };
}

describe('submit()', () => {
  test('uploads the lines as a file, and names the batch by our own key', async () => {
    const { lane, calls, sent } = laneAnswering(started(), stored(), job('BATCH_STATE_PENDING'));
    const answer = await lane.submit(bundleOf('row-1', 'row-2'), context);
    expect(answer).toEqual({ kind: 'accepted', ref: REF, pollAfterMs: 2_000 });
    const lines = sent[1]!
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    expect(lines).toMatchObject([
      { key: 'row-1', request: { contents: [{ parts: [{ text: 'prompt of row-1' }] }] } },
      {
        key: 'row-2',
        request: {
          generationConfig: {
            responseModalities: ['IMAGE'],
            imageConfig: { aspectRatio: '1:1', imageSize: '1K' },
          },
        },
      },
    ]);
    const announced = calls[0]?.headers.get('x-goog-upload-header-content-length');
    expect(Number(announced)).toBe(Buffer.byteLength(sent[1]!));
    expect(calls[2]).toMatchObject({
      url: `${BASE_URL}/v1beta/models/gemini-nano-banana-2.1:batchGenerateContent`,
      body: { batch: { displayName: 'im-bundle-7', inputConfig: { fileName: 'files/in1' } } },
    });
    expect(calls.every(({ headers }) => headers.get('x-goog-api-key') === KEY)).toBe(true);
  });

  test('sends a long file in pieces of 8 MiB, none of them cut anywhere else', async () => {
    const [first, second] = requestsOf('row-1', 'row-2');
    const bytes = new Uint8Array(7_000_000);
    const references = [{ kind: 'bytes', bytes, mediaType: 'image/png' }] as const;
    const requests = [{ ...first!, references }, second!];
    const answers = [started(), new Response(null), stored(), job('BATCH_STATE_PENDING')];
    const { lane, calls, sent } = laneAnswering(...answers);
    await lane.submit({ ...bundleOf(), requests }, context);
    expect(sent[1]).toHaveLength(8 * 1024 * 1024);
    const announced = calls[0]?.headers.get('x-goog-upload-header-content-length');
    expect(Number(announced)).toBe(sent[1]!.length + sent[2]!.length);
    const lines = `${sent[1]}${sent[2]}`.trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { key: string }).key)).toEqual([
      'row-1',
      'row-2',
    ]);
  });

  test('sends nothing of a file that Google would not take', async () => {
    const { lane, calls } = laneAnswering();
    // Forty times the same picture of 40 MB, which is held once.
    const picture = new Uint8Array(40_000_000);
    const references = Array.from({ length: 40 }, () => ({
      kind: 'bytes' as const,
      bytes: picture,
      mediaType: 'image/png',
    }));
    const requests = references.map((reference, index) => ({
      ...requestsOf(`row-${index}`)[0]!,
      references: [reference],
    }));
    const answer = await lane.submit({ ...bundleOf(), requests }, context);
    expect(answer).toMatchObject({ failure: { kind: 'invalid-request' } });
    expect(calls).toHaveLength(0);
  });

  test.each([
    ['a lost upload', [started(), new Error('reset')], 'overloaded'],
    ['a pushback of the upload', [new Response(null, { status: 403 })], 'key-unusable'],
    ['a lost answer', [started(), stored(), new Error('reset')], 'unknown'],
    ['an answer without a name', [started(), stored(), Response.json({})], 'unknown'],
  ] as const)('says after %s what may have been made', async (_, answers, kind) => {
    const { lane } = laneAnswering(...answers);
    const answer = await lane.submit(bundleOf('row-1'), context);
    expect(answer).toMatchObject({ kind: 'failed', failure: { kind } });
  });
});

describe('poll()', () => {
  test.each([
    ['BATCH_STATE_PENDING', 'pending'],
    ['JOB_STATE_RUNNING', 'pending'],
    ['JOB_STATE_CANCELLING', 'pending'],
    ['A_STATE_OF_TOMORROW', 'pending'],
    ['JOB_STATE_SUCCEEDED', 'ended'],
    ['BATCH_STATE_CANCELLED', 'ended'],
    ['BATCH_STATE_EXPIRED', 'ended'],
  ])('takes %s for %s', async (state, kind) => {
    const { lane, calls } = laneAnswering(job(state));
    expect(await lane.poll!(REF, context)).toMatchObject({ kind });
    expect(calls[0]).toMatchObject({ url: `${BASE_URL}/v1beta/batches/b1`, method: 'GET' });
  });

  test('tells how many have ended, and asks an older batch more rarely', async () => {
    const { lane } = laneAnswering(
      job(
        'BATCH_STATE_RUNNING',
        {},
        {
          createTime: '2026-11-22T23:55:00.123456789Z',
          // 64-bit integers are texts, and what is nothing is left out.
          batchStats: {
            requestCount: '20',
            pendingRequestCount: '12',
            successfulRequestCount: '8',
          },
        },
      ),
      job('BATCH_STATE_RUNNING', {}, { batchStats: { requestCount: '20' } }),
    );
    expect(await lane.poll!(REF, context)).toEqual({
      kind: 'pending',
      pollAfterMs: 29_988,
      completed: 8,
    });
    expect(await lane.poll!(REF, context)).toMatchObject({ completed: 20 });
  });

  test('says that a batch failed, with its words, unless there are results', async () => {
    const error = { code: 3, message: 'The file is no JSONL.' };
    const { lane } = laneAnswering(
      job('BATCH_STATE_FAILED', { done: true, error }),
      job('BATCH_STATE_FAILED', { ...withResults, error }),
    );
    expect(await lane.poll!(REF, context)).toEqual({
      kind: 'failed',
      failure: { kind: 'task-failed', words: 'The file is no JSONL.' },
    });
    expect(await lane.poll!(REF, context)).toEqual({ kind: 'ended' });
  });

  test('of a batch that is not found says nothing about it', async () => {
    const gone = Response.json({ error: { code: 404, message: 'Not found.' } }, { status: 404 });
    const { lane } = laneAnswering(gone);
    expect(await lane.poll!(REF, context)).toMatchObject({ failure: { kind: 'unknown' } });
  });
});

describe('results()', () => {
  test('reads line by line, at half the price, what is of interest', async () => {
    const { lines, calls } = await readAll(
      [
        job('BATCH_STATE_SUCCEEDED', withResults),
        results(painted('row-2'), painted('row-9'), '', painted('row-1')),
      ],
      'row-1',
      'row-2',
      'row-3',
    );
    expect(lines).toMatchObject(
      ['row-2', 'row-1'].map((key) => ({
        key,
        answer: {
          kind: 'answered',
          images: [{ source: { bytes: Buffer.from(`picture of ${key}`) } }],
          usdMicros: Math.round((15 + 33_600) / 2),
        },
      })),
    );
    expect(lines).toHaveLength(2);
    expect(calls[1]).toMatchObject({
      url: `${BASE_URL}/download/v1beta/files/batch-out:download?alt=media`,
      redirect: 'manual',
    });
  });

  test('finds the file where it stands in the metadata only', async () => {
    const metadata = { output: { responsesFile: 'files/batch-out' } };
    const answers = [job('BATCH_STATE_SUCCEEDED', { done: true }, metadata), results(painted('a'))];
    expect((await readAll(answers, 'a')).lines).toHaveLength(1);
  });

  test.each([
    [{ code: 3, message: 'Bad size.' }, 'invalid-request'],
    [{ code: 7, message: 'No such file.' }, 'invalid-request'],
    [{ code: 8, message: 'Quota.' }, 'rate-limited'],
    [{ code: 14, message: 'Busy.' }, 'overloaded'],
    [{ code: 1, message: 'Cancelled.' }, 'overloaded'],
    [{ code: 13, message: 'Internal.' }, 'task-failed'],
    [{ code: '429', message: 'Quota.' }, 'rate-limited'],
    [{ status: 'UNAVAILABLE', message: 'Busy.' }, 'overloaded'],
    [{ message: 'Who knows.' }, 'task-failed'],
  ])('takes the error %j of a line for %s', async (error, kind) => {
    const answers = [job('BATCH_STATE_SUCCEEDED', withResults), results({ key: 'a', error })];
    expect((await readAll(answers, 'a')).lines).toEqual([
      { key: 'a', answer: { kind: 'failed', failure: { kind, words: error.message } } },
    ]);
  });

  test('knows a refusal inside a line', async () => {
    const response = { promptFeedback: { blockReason: 'BLOCKLIST' } };
    const answers = [job('BATCH_STATE_SUCCEEDED', withResults), results({ key: 'a', response })];
    expect((await readAll(answers, 'a')).lines).toMatchObject([
      { answer: { failure: { kind: 'refused', stage: 'input', category: 'blocklist' } } },
    ]);
  });

  test.each([
    ['BATCH_STATE_EXPIRED', 'overloaded'],
    ['JOB_STATE_CANCELLED', 'overloaded'],
    ['BATCH_STATE_FAILED', 'task-failed'],
  ])('ends what is missing after %s as %s', async (state, kind) => {
    const answers = [job(state, withResults), results(painted('row-1'))];
    const { lines } = await readAll(answers, 'row-1', 'row-2');
    expect(lines).toMatchObject([
      { key: 'row-1', answer: { kind: 'answered' } },
      { key: 'row-2', answer: { kind: 'failed', failure: { kind } } },
    ]);
  });

  test('reads no file where an expired batch has none', async () => {
    const { lines, calls } = await readAll([job('BATCH_STATE_EXPIRED', { done: true })], 'a');
    expect(lines).toMatchObject([{ key: 'a', answer: { failure: { kind: 'overloaded' } } }]);
    expect(calls).toHaveLength(1);
  });

  test.each([
    ['a cut line', [job('BATCH_STATE_SUCCEEDED', withResults), new Response('{"key": "a", "resp')]],
    ['no file', [job('BATCH_STATE_SUCCEEDED', withResults), new Response('gone', { status: 404 })]],
    ['a batch that still runs', [job('BATCH_STATE_RUNNING')]],
    ['a failed question', [new Response('busy', { status: 503 })]],
  ])('throws after %s', async (_, answers) => {
    await expect(readAll(answers, 'a')).rejects.toThrow();
  });

  test('passes over one line that nobody can read, and gives those after it', async () => {
    const file = new Response(`{"strange": 1}\nnot even JSON\n${JSON.stringify(painted('a'))}\n`);
    const { lines } = await readAll([job('BATCH_STATE_SUCCEEDED', withResults), file], 'a', 'b');
    expect(lines).toMatchObject([{ key: 'a', answer: { kind: 'answered' } }]);
  });

  test('follows no name of a file that leads elsewhere', async () => {
    const response = { responsesFile: 'files/../../v1beta/models' };
    const { lines, calls } = await readAll([job('BATCH_STATE_SUCCEEDED', { response })], 'a');
    expect([lines, calls.length]).toEqual([[], 1]);
  });
});

describe('find()', () => {
  const page = (operations: readonly unknown[], nextPageToken?: string) =>
    Response.json({ operations, ...(nextPageToken !== undefined && { nextPageToken }) });
  const other = jobBody('BATCH_STATE_RUNNING', { name: 'batches/b0' }, { displayName: 'other' });

  test.each([400, 404])(
    'takes a list that is answered with %i for no word on the batch',
    async (status) => {
      const error = { code: status, message: 'No.', status: 'SOMETHING' };
      const { lane } = laneAnswering(Response.json({ error }, { status }));
      expect(await lane.find!('im-bundle-7', context)).toMatchObject({
        failure: { kind: 'unknown' },
      });
    },
  );

  test('looks through the pages until it finds our own', async () => {
    const { lane, calls } = laneAnswering(
      page([other, { strange: true }], 'next page'),
      page([jobBody('BATCH_STATE_SUCCEEDED')]),
    );
    expect(await lane.find!('im-bundle-7', context)).toMatchObject({ kind: 'accepted', ref: REF });
    expect(calls.map(({ url }) => new URL(url).search)).toEqual([
      '?pageSize=100',
      '?pageSize=100&pageToken=next+page',
    ]);
  });

  test('says nothing only when it has seen all', async () => {
    const { lane } = laneAnswering(Response.json({}), page([other], 'more'), new Error('reset'));
    expect(await lane.find!('im-bundle-7', context)).toEqual({ kind: 'nothing' });
    expect(await lane.find!('im-bundle-7', context)).toMatchObject({ kind: 'failed' });
  });
});

test('cancel() asks once, and of what has ended leaves it to the next poll', async () => {
  const ended = { error: { code: 400, status: 'FAILED_PRECONDITION', message: 'It has ended.' } };
  const { lane, calls } = laneAnswering(
    Response.json({}),
    Response.json(ended, { status: 400 }),
    new Response('busy', { status: 503 }),
  );
  expect(await lane.cancel!(REF, context)).toEqual({ kind: 'cancelling' });
  expect(calls[0]).toMatchObject({ url: `${BASE_URL}/v1beta/batches/b1:cancel`, method: 'POST' });
  expect(await lane.cancel!(REF, context)).toEqual({ kind: 'cancelling' });
  expect(await lane.cancel!(REF, context)).toMatchObject({ kind: 'failed' });
});
