import { describe, expect, test } from 'vitest';
import { laneRequest } from '../../../../test/support/lane-request.ts';
import { fetchFailure, recordedFetch } from '../../../../test/support/recorded-fetch.ts';
import { parseSize } from '../../core/size.ts';
import { createGeminiLane } from './gemini.ts';

const KEY = 'AIza-secret-123456';
const BASE_URL = 'https://generativelanguage.googleapis.com';
const context = { signal: new AbortController().signal };
const request = laneRequest({ model: 'gemini-nano-banana-2.1' });
const PICTURE = { inlineData: { mimeType: 'image/png', data: btoa('a picture') } };

function laneAnswering(...answers: readonly (Response | Error)[]) {
  const recorded = recordedFetch(...answers);
  const clock = { now: () => 0, sleep: async () => {} };
  const baseUrl = `${BASE_URL}/`;
  const lane = createGeminiLane({ apiKey: KEY, baseUrl, fetch: recorded.fetch, clock });
  return { lane, calls: recorded.calls };
}

function submit(answer: Response | Error, given = request) {
  return laneAnswering(answer).lane.submit(given, context);
}

function painted(more: object = {}, ...parts: readonly object[]): Response {
  const content = { role: 'model', parts: parts.length === 0 ? [PICTURE] : parts };
  return Response.json({ candidates: [{ content, finishReason: 'STOP' }], ...more });
}

function unpainted(candidate: object, more: object = {}): Response {
  return Response.json({ candidates: [{ index: 0, ...candidate }], ...more });
}

function error(code: number, status: string, details: readonly object[] = []): Response {
  return Response.json(
    { error: { code, message: 'Google said so.', status, details } },
    {
      status: code,
    },
  );
}

const quota = (quotaId: string, more: object = {}) => ({
  '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
  violations: [{ quotaId, ...more }],
});
const retryIn = (retryDelay: string) => ({
  '@type': 'type.googleapis.com/google.rpc.RetryInfo',
  retryDelay,
});

describe('the request', () => {
  test('asks for one picture by ratio and class, with the key in a header only', async () => {
    const { lane, calls } = laneAnswering(painted());
    const answer = await lane.submit({ ...request, seed: 4_294_967_295 }, context);
    expect(calls).toHaveLength(1);
    expect(calls[0]).toMatchObject({
      url: `${BASE_URL}/v1beta/models/gemini-nano-banana-2.1:generateContent`,
      method: 'POST',
      redirect: 'manual',
    });
    expect(calls[0]?.body).toEqual({
      contents: [{ role: 'user', parts: [{ text: 'a red fox in fresh snow' }] }],
      generationConfig: {
        responseModalities: ['IMAGE'],
        imageConfig: { aspectRatio: '1:1', imageSize: '1K' },
        // The field is a signed 32-bit integer.
        seed: 2_147_483_647,
      },
    });
    expect(calls[0]?.headers.get('x-goog-api-key')).toBe(KEY);
    expect(answer).toEqual({
      kind: 'answered',
      images: [
        { index: 0, kind: 'image', source: { kind: 'bytes', bytes: Buffer.from('a picture') } },
      ],
    });
  });

  test.each([
    ['1024x768', '4:3', '1K'],
    ['512x512', '1:1', '1K'],
    ['768x1360', '9:16', '1K'],
    ['1600x900', '16:9', '2K'],
    ['4096x4096', '1:1', '4K'],
    ['512x2048', '1:4', '1K'],
  ])('asks for %s as %s and %s', async (size, aspectRatio, imageSize) => {
    const { lane, calls } = laneAnswering(painted());
    await lane.submit({ ...request, size: parseSize(size)! }, context);
    expect(calls[0]?.body).toMatchObject({
      generationConfig: { imageConfig: { aspectRatio, imageSize } },
    });
  });

  test('asks for 512 only of the one model that makes it', async () => {
    const { lane, calls } = laneAnswering(painted());
    const size = { width: 512, height: 512 };
    await lane.submit({ ...request, model: 'gemini-3.1-flash-image', size }, context);
    expect(calls[0]?.body).toMatchObject({
      generationConfig: { imageConfig: { aspectRatio: '1:1', imageSize: '512' } },
    });
  });

  test('sends references as bytes, by address, and by the name of an upload', async () => {
    const { lane, calls } = laneAnswering(painted());
    const references = [
      { kind: 'bytes', bytes: new Uint8Array([1, 2, 3]), mediaType: 'image/png' },
      { kind: 'url', url: 'https://pictures.example/fox.JPG?width=9' },
      { kind: 'url', url: 'https://pictures.example/fox' },
      { kind: 'uploaded', handle: `${BASE_URL}/v1beta/files/abc`, mediaType: 'image/webp' },
    ] as const;
    await lane.submit({ ...request, references }, context);
    expect(calls[0]?.body).toMatchObject({
      contents: [
        {
          parts: [
            { text: 'a red fox in fresh snow' },
            { inlineData: { mimeType: 'image/png', data: 'AQID' } },
            {
              fileData: {
                mimeType: 'image/jpeg',
                fileUri: 'https://pictures.example/fox.JPG?width=9',
              },
            },
            { fileData: { fileUri: 'https://pictures.example/fox' } },
            { fileData: { mimeType: 'image/webp', fileUri: `${BASE_URL}/v1beta/files/abc` } },
          ],
        },
      ],
    });
  });
});

describe('a good answer', () => {
  test('gives the picture, and neither thoughts nor more than were asked for', async () => {
    const draft = { inlineData: { mimeType: 'image/png', data: btoa('a draft') }, thought: true };
    const answer = await submit(painted({}, draft, { text: 'Here it is.' }, PICTURE, PICTURE));
    expect(answer).toMatchObject({
      images: [{ index: 0, source: { bytes: Buffer.from('a picture') } }],
    });
  });

  test.each([
    // 10 tokens read at $1.50 a million, 1,120 painted at $30, 40 thought at $7.50.
    ['gemini-nano-banana-2.1', 15 + 33_600 + 300],
    ['gemini-3.1-flash-image', 5 + 67_200 + 120],
  ])('turns the usage of %s into micro-dollars', async (model, usdMicros) => {
    const usageMetadata = {
      promptTokenCount: 10,
      candidatesTokenCount: 1120,
      candidatesTokensDetails: [{ modality: 'IMAGE', tokenCount: 1120 }],
      thoughtsTokenCount: 40,
    };
    const answer = await submit(painted({ usageMetadata }), { ...request, model });
    expect(answer).toMatchObject({ usdMicros });
  });

  test.each([
    ['an unknown model', 'gemini-9-image', [{ modality: 'IMAGE', tokenCount: 1120 }]],
    ['tokens that are not told apart', request.model, undefined],
  ])('leaves the price to the catalog for %s', async (_, model, candidatesTokensDetails) => {
    const usageMetadata = {
      promptTokenCount: 10,
      candidatesTokenCount: 1120,
      ...(candidatesTokensDetails && { candidatesTokensDetails }),
    };
    const answer = await submit(painted({ usageMetadata }), { ...request, model });
    expect(answer).not.toHaveProperty('usdMicros');
  });

  test.each([
    [{ finishReason: 'NO_IMAGE' }, 'NO_IMAGE: no picture was made'],
    [{ finishReason: 'IMAGE_OTHER', finishMessage: 'Try again.' }, 'IMAGE_OTHER: Try again.'],
    [
      { finishReason: 'STOP', content: { parts: [{ text: 'I would rather describe it.' }] } },
      'STOP: I would rather describe it.',
    ],
    [{}, 'No picture: no picture was made'],
  ])('without a picture and a refusal (%j) is a failed image', async (candidate, words) => {
    const usageMetadata = { promptTokenCount: 100, thoughtsTokenCount: 40 };
    expect(await submit(unpainted(candidate, { usageMetadata }))).toEqual({
      kind: 'answered',
      images: [{ index: 0, kind: 'failed', words }],
      usdMicros: 150 + 300,
    });
  });

  test.each([Response.json({}), Response.json([]), new Response('{"candidates": [')])(
    'that says nothing leaves the outcome unknown',
    async (answer) => {
      expect(await submit(answer)).toMatchObject({ failure: { kind: 'unknown' } });
    },
  );
});

describe('a refusal, which comes with HTTP 200', () => {
  test.each([
    ['PROHIBITED_CONTENT', 'prohibited'],
    ['BLOCKLIST', 'blocklist'],
    ['SAFETY', 'unspecified'],
    ['OTHER', 'unspecified'],
    ['A_REASON_OF_TOMORROW', 'unspecified'],
  ])('of the prompt by %s is about %s, and bills what was read', async (blockReason, category) => {
    const usageMetadata = { promptTokenCount: 100, totalTokenCount: 100 };
    const answer = await submit(Response.json({ promptFeedback: { blockReason }, usageMetadata }));
    expect(answer).toEqual({
      kind: 'failed',
      failure: { kind: 'refused', stage: 'input', category, words: blockReason },
      usdMicros: 150,
    });
  });

  test.each([
    ['IMAGE_SAFETY', 'unspecified'],
    ['IMAGE_PROHIBITED_CONTENT', 'prohibited'],
    ['IMAGE_RECITATION', 'copyright'],
    ['RECITATION', 'copyright'],
    ['SPII', 'personal-data'],
    ['BLOCKLIST', 'blocklist'],
  ])('of the picture by %s is about %s', async (finishReason, category) => {
    const finishMessage = 'Unable to show it.';
    expect(await submit(unpainted({ finishReason, finishMessage }))).toEqual({
      kind: 'failed',
      failure: {
        kind: 'refused',
        stage: 'output',
        category,
        words: `${finishReason}: Unable to show it.`,
      },
    });
  });

  test.each([
    ['HARM_CATEGORY_SEXUALLY_EXPLICIT', 'sexual'],
    ['HARM_CATEGORY_HATE_SPEECH', 'hate'],
    ['HARM_CATEGORY_DANGEROUS_CONTENT', 'illicit'],
    ['HARM_CATEGORY_IMAGE_HARASSMENT', 'harassment'],
  ])('for safety names the harm that was rated: %s is %s', async (harm, category) => {
    const safetyRatings = [
      { category: 'HARM_CATEGORY_CIVIC_INTEGRITY', probability: 'HIGH' },
      { category: harm, probability: 'MEDIUM', blocked: true },
    ];
    const answers = [
      Response.json({ promptFeedback: { blockReason: 'IMAGE_SAFETY', safetyRatings } }),
      unpainted({ finishReason: 'SAFETY', safetyRatings }),
    ];
    for (const answer of answers) {
      expect(await submit(answer)).toMatchObject({ failure: { kind: 'refused', category } });
    }
  });
});

describe('an error', () => {
  test.each([
    [400, 'INVALID_ARGUMENT', 'invalid-request'],
    [400, 'FAILED_PRECONDITION', 'invalid-request'],
    [401, 'UNAUTHENTICATED', 'key-unusable'],
    [402, 'RESOURCE_EXHAUSTED', 'account-exhausted'],
    [403, 'PERMISSION_DENIED', 'key-unusable'],
    [404, 'NOT_FOUND', 'model-gone'],
    [429, 'RESOURCE_EXHAUSTED', 'rate-limited'],
    [500, 'INTERNAL', 'unknown'],
    [503, 'UNAVAILABLE', 'overloaded'],
    [504, 'DEADLINE_EXCEEDED', 'unknown'],
  ])('%d %s means %s', async (code, status, kind) => {
    expect(await submit(error(code, status))).toEqual({
      kind: 'failed',
      failure: { kind, words: 'Google said so.' },
    });
  });

  test('429 for a minute waits as it is told, and takes the figure', async () => {
    const details = [
      quota('GenerateRequestsPerMinutePerProjectPerModel', { quotaValue: '10' }),
      retryIn('21.5s'),
    ];
    expect(await submit(error(429, 'RESOURCE_EXHAUSTED', details))).toEqual({
      kind: 'failed',
      failure: { kind: 'rate-limited', retryAfterMs: 21_500, words: 'Google said so.' },
      limits: [{ name: 'requests-per-minute', max: 10 }],
    });
  });

  test('429 for a day stops the lane, whatever wait stands beside it', async () => {
    const details = [
      quota('GenerateRequestsPerDayPerProjectPerModel-FreeTier', { quotaValue: '250' }),
      retryIn('38s'),
    ];
    expect(await submit(error(429, 'RESOURCE_EXHAUSTED', details))).toEqual({
      kind: 'failed',
      failure: {
        kind: 'account-exhausted',
        words: expect.stringMatching(/^Google said so\. \(.*midnight Pacific time\)$/),
      },
      limits: [{ name: 'requests-per-day', max: 250 }],
    });
  });

  test('400 for the key is about the key', async () => {
    const details = [{ reason: 'API_KEY_INVALID', domain: 'googleapis.com' }];
    const answer = await submit(error(400, 'INVALID_ARGUMENT', details));
    expect(answer).toMatchObject({ failure: { kind: 'key-unusable' } });
  });

  test('403 is about the file where one is named, but not where it gives a reason', async () => {
    const references = [
      { kind: 'uploaded', handle: `${BASE_URL}/v1beta/files/gone`, mediaType: 'image/png' },
    ] as const;
    const kindAfter = async (answer: Response) => {
      const { failure } = (await submit(answer, { ...request, references })) as {
        failure: { kind: string };
      };
      return failure.kind;
    };
    expect(await kindAfter(error(403, 'PERMISSION_DENIED'))).toBe('invalid-request');
    const details = [{ reason: 'SERVICE_DISABLED' }];
    expect(await kindAfter(error(403, 'PERMISSION_DENIED', details))).toBe('key-unusable');
  });

  test.each([429, 502, 503])('of a proxy (%d) leaves the outcome unknown', async (status) => {
    const answer = await submit(new Response('<html>busy</html>', { status }));
    expect(answer).toMatchObject({ failure: { kind: 'unknown' } });
  });

  test('before the connection stands promises that nothing was sent', async () => {
    expect(await submit(fetchFailure('ECONNREFUSED'))).toMatchObject({
      failure: { kind: 'not-sent' },
    });
    expect(await submit(fetchFailure('ECONNRESET'))).toMatchObject({
      failure: { kind: 'unknown' },
    });
  });

  test('never repeats the key', async () => {
    const { lane } = laneAnswering(
      Response.json({ error: { code: 400, message: `Bad key ${KEY}` } }, { status: 400 }),
    );
    expect(await lane.submit(request, context)).toMatchObject({
      failure: { words: 'Bad key [key]' },
    });
  });

  test('is not followed by another call, and a redirect is not followed at all', async () => {
    const { lane, calls } = laneAnswering(
      new Response(null, { status: 302, headers: { location: 'https://elsewhere.example/' } }),
    );
    const answer = await lane.submit(request, context);
    expect(answer).toMatchObject({ failure: { kind: 'model-gone' } });
    expect(calls).toHaveLength(1);
  });
});

describe('uploadReference()', () => {
  const reference = {
    kind: 'bytes',
    bytes: new Uint8Array(8 * 1024 * 1024 + 3),
    mediaType: 'image/png',
  } as const;
  const started = (url: string) =>
    new Response(null, { headers: { 'x-goog-upload-url': url, 'x-goog-upload-status': 'active' } });
  const kept = {
    name: 'files/abc-123',
    uri: `${BASE_URL}/v1beta/files/abc-123`,
    expirationTime: '1970-01-03T00:00:00.000Z',
  };

  test('sends pieces to our own base URL only, and tells until when it is kept', async () => {
    const { lane, calls } = laneAnswering(
      started('https://elsewhere.example/upload/v1beta/files?upload_id=7'),
      new Response(null),
      Response.json({ file: kept }),
    );
    expect(await lane.uploadReference!(reference, context)).toEqual({
      kind: 'uploaded',
      handle: kept.uri,
      expiresAt: 172_800_000,
    });
    const upload = `${BASE_URL}/upload/v1beta/files`;
    expect(calls.map(({ url }) => url)).toEqual([
      upload,
      `${upload}?upload_id=7`,
      `${upload}?upload_id=7`,
    ]);
    expect(calls[0]?.headers.get('x-goog-upload-header-content-length')).toBe('8388611');
    expect(
      calls
        .slice(1)
        .map(({ headers }) => [
          headers.get('x-goog-upload-command'),
          headers.get('x-goog-upload-offset'),
        ]),
    ).toEqual([
      ['upload', '0'],
      ['upload, finalize', '8388608'],
    ]);
  });

  test.each([
    ['no address', [new Response(null)], 'unknown'],
    ['no file', [started(`${BASE_URL}/u`), new Response(null), Response.json({})], 'unknown'],
    ['an error', [error(400, 'INVALID_ARGUMENT')], 'invalid-request'],
    ['an error of a piece', [started(`${BASE_URL}/u`), error(503, 'UNAVAILABLE')], 'overloaded'],
  ] as const)('says when %s came back', async (_, answers, kind) => {
    const { lane } = laneAnswering(...answers);
    const answer = await lane.uploadReference!(reference, context);
    expect(answer).toMatchObject({ kind: 'failed', failure: { kind } });
  });
});
