import { GoogleGenAI, type GenerateContentResponse } from '@google/genai';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import { audit } from '../audit.ts';
import type { FaultName } from '../behaviour.ts';
import { serveSimulators } from '../serve.ts';
import { hashPrompt, readSimulatedMark } from '../simulated-mark.ts';
import type { Simulator, SimulatorOptions } from '../simulator.ts';
import { systemClock } from '../system-clock.ts';
import { createGeminiSimulator } from './gemini-simulator.ts';

const MODEL = 'gemini-nano-banana-2.1';
const IMAGE = { responseModalities: ['IMAGE'], imageConfig: { aspectRatio: '1:1' } };

async function serve(options: Partial<SimulatorOptions> = {}) {
  const simulator = createGeminiSimulator({ clock: systemClock, ...options });
  const served = await serveSimulators({ gemini: simulator });
  const httpOptions = { baseUrl: served.urls.gemini };
  const client = new GoogleGenAI({ apiKey: 'a-key', vertexai: false, httpOptions });
  return { simulator, client, url: served.urls.gemini, [Symbol.asyncDispose]: served.close };
}

function simulate(options: Partial<SimulatorOptions> = {}) {
  const clock = new VirtualClock();
  const simulator = createGeminiSimulator({ clock, ...options });
  const call = (path: string, body?: unknown, key = 'a-key') =>
    simulator.fetch(
      new Request(`http://gemini.simulated${path}`, {
        method: body === undefined ? 'GET' : 'POST',
        headers: { 'x-goog-api-key': key },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      }),
    );
  const generate = (prompt = 'a fox', imageConfig: object = {}, model = MODEL) =>
    call(`/v1beta/models/${model}:generateContent`, bodyOf(prompt, imageConfig));
  return { simulator, clock, call, generate };
}

function bodyOf(prompt: string, imageConfig: object = {}) {
  return {
    contents: [{ parts: [{ text: prompt }] }],
    generationConfig: { responseModalities: ['IMAGE'], imageConfig },
  };
}

function pictureOf({ candidates }: GenerateContentResponse): Buffer {
  return Buffer.from(candidates?.[0]?.content?.parts?.[0]?.inlineData?.data ?? '', 'base64');
}

/** Uploads a picture of three bytes, which is not looked at, and gives its address. */
async function upload(simulator: Simulator): Promise<string> {
  const send = (
    url: string,
    headers: Record<string, string>,
    body: string | Uint8Array<ArrayBuffer>,
  ) =>
    simulator.fetch(
      new Request(url, {
        method: 'POST',
        headers: { 'x-goog-api-key': 'a-key', ...headers },
        body,
      }),
    );
  const started = await send(
    'http://gemini.simulated/upload/v1beta/files',
    {
      'x-goog-upload-protocol': 'resumable',
      'x-goog-upload-command': 'start',
      'x-goog-upload-header-content-type': 'image/png',
    },
    JSON.stringify({ file: {} }),
  );
  const ended = await send(
    started.headers.get('x-goog-upload-url')!,
    { 'x-goog-upload-command': 'upload, finalize', 'x-goog-upload-offset': '0' },
    new Uint8Array([1, 2, 3]),
  );
  return ((await ended.json()) as { file: { uri: string } }).file.uri;
}

async function errorOf(response: Response) {
  const { error } = (await response.json()) as {
    error: { code: number; status: string; details?: readonly Record<string, unknown>[] };
  };
  return { http: response.status, ...error };
}

describe('the official client', () => {
  test('generates a picture of its prompt, with its usage', async () => {
    await using world = await serve();
    const answer = await world.client.models.generateContent({
      model: MODEL,
      contents: 'a lighthouse',
      config: { ...IMAGE, imageConfig: { aspectRatio: '16:9', imageSize: '2K' }, seed: 7 },
    });
    const picture = pictureOf(answer);
    expect(await sharp(picture).metadata()).toMatchObject({ width: 2752, height: 1536 });
    expect(readSimulatedMark(picture)?.promptHash).toBe(hashPrompt('a lighthouse'));
    expect(answer.usageMetadata).toMatchObject({ promptTokenCount: 3, candidatesTokenCount: 1680 });
    const thoughts = answer.usageMetadata!.thoughtsTokenCount!;
    expect(thoughts).toBeGreaterThan(0);
    expect(world.simulator.bill.usdMicros).toBe(Math.round(3 * 1.5 + 1680 * 30 + thoughts * 7.5));
  });

  test('uploads a picture and refers to it', async () => {
    await using world = await serve();
    const create = { width: 64, height: 64, channels: 3, background: 'red' } as const;
    const bytes = new Uint8Array(await sharp({ create }).png().toBuffer());
    const file = await world.client.files.upload({
      file: new Blob([bytes], { type: 'image/png' }),
      config: { displayName: 'a square' },
    });
    expect(file).toMatchObject({ displayName: 'a square', state: 'ACTIVE' });
    expect((await world.client.files.get({ name: file.name! })).uri).toBe(file.uri);
    const fileData = { fileUri: file.uri!, mimeType: 'image/png' };
    const answer = await world.client.models.generateContent({
      model: MODEL,
      contents: [{ text: 'the same in blue' }, { fileData }],
      config: IMAGE,
    });
    expect(answer.usageMetadata?.promptTokenCount).toBe(4 + 1120);
  });

  test('sends a batch by file, asks for it, lists it, and finds the name of its results', async () => {
    await using world = await serve({ batch: { durationMs: 0 } });
    const { client, simulator } = world;
    const lines = ['a fox', 'a mill'].map((prompt) =>
      JSON.stringify({ key: prompt, request: bodyOf(prompt) }),
    );
    const file = await client.files.upload({
      file: new Blob([lines.join('\n')], { type: 'application/jsonl' }),
    });
    const made = await client.batches.create({
      model: MODEL,
      src: file.name!,
      config: { displayName: 'mine' },
    });
    await expect.poll(() => simulator.bill.images).toBe(2);
    const asked = await client.batches.get({ name: made.name! });
    expect(asked).toMatchObject({ displayName: 'mine', state: 'JOB_STATE_SUCCEEDED' });
    const listed = await client.batches.list({ config: { pageSize: 5 } });
    expect(listed.page.map(({ name }) => name)).toEqual([made.name]);
    // The name is too long to be asked for, so that only the address of the download is left.
    const results = asked.dest!.fileName!;
    await expect(client.files.get({ name: results })).rejects.toMatchObject({ status: 400 });
    const address = `${world.url}/download/v1beta/${results}:download?alt=media`;
    const answer = await fetch(address, { headers: { 'x-goog-api-key': 'a-key' } });
    const read = (await answer.text()).trimEnd().split('\n');
    expect(read.map((line) => (JSON.parse(line) as { key: string }).key)).toEqual([
      'a fox',
      'a mill',
    ]);
  });

  test('sends a small batch inline, and cancels one', async () => {
    await using world = await serve({ batch: { durationMs: 0 } });
    const { client, simulator } = world;
    const src = [{ contents: [{ parts: [{ text: 'a fox' }] }], config: IMAGE }];
    const config = { displayName: 'inline' };
    const { name } = await client.batches.create({ model: MODEL, src, config });
    await expect.poll(() => simulator.bill.images).toBe(1);
    const asked = await client.batches.get({ name: name! });
    expect(pictureOf(asked.dest!.inlinedResponses![0]!.response!).length).toBeGreaterThan(1000);
    simulator.change({ batch: { durationMs: 100_000 } });
    const long = await client.batches.create({ model: MODEL, src, config });
    await client.batches.cancel({ name: long.name! });
    expect((await client.batches.get({ name: long.name! })).state).toBe('JOB_STATE_RUNNING');
  });

  test('sees errors with their status', async () => {
    await using world = await serve({ apiKey: 'another-key' });
    const asking = world.client.models.generateContent({ model: MODEL, contents: 'a fox' });
    await expect(asking).rejects.toMatchObject({ status: 400 });
  });
});

describe('what is taken', () => {
  test.each([
    ['21:9', '1K', 1584, 672],
    ['9:16', '4K', 3072, 5504],
    ['1:8', '1K', 352, 2928],
  ])(
    'paints %s at %s in the size that the vendor does',
    async (aspectRatio, imageSize, ...size) => {
      const { generate } = simulate();
      const response = await generate('a fox', { aspectRatio, imageSize });
      const { width, height } = await sharp(
        pictureOf((await response.json()) as GenerateContentResponse),
      ).metadata();
      expect([width, height]).toEqual(size);
    },
  );

  test('knows 512 of one model only', async () => {
    const { generate } = simulate();
    const small = { aspectRatio: '1:1', imageSize: '512' };
    expect((await generate('a fox', small, 'gemini-3.1-flash-image')).status).toBe(200);
    expect((await generate('a fox', small)).status).toBe(400);
  });

  test.each([
    [{ imageConfig: { aspectRatio: '5:7' } }],
    [{ imageConfig: { imageSize: '2k' } }],
    [{ imageConfig: { outputMimeType: 'image/png' } }],
    [{ seed: 2 ** 31 }],
    [{ candidateCount: 2 }],
    [{ responseModalities: ['TEXT'] }],
    [{ quality: 'high' }],
  ])('refuses the configuration %j', async (generationConfig) => {
    const { call, simulator } = simulate();
    const body = { ...bodyOf('a fox'), generationConfig };
    const error = await errorOf(await call(`/v1beta/models/${MODEL}:generateContent`, body));
    expect(error).toMatchObject({ http: 400, status: 'INVALID_ARGUMENT' });
    expect(simulator.bill.entries).toEqual([]);
  });

  test.each([
    [[]],
    [[{ text: 'a fox' }, { inlineData: { mimeType: 'text/html', data: 'AQID' } }]],
    [[{ text: 'a fox' }, { inlineData: { mimeType: 'image/png', data: 'no base64!' } }]],
    [[{ text: 'a fox' }, { fileData: { fileUri: 'gs://bucket/fox.png' } }]],
    [
      [
        { text: 'a fox' },
        ...Array.from({ length: 15 }, () => ({ fileData: { fileUri: 'https://x.example/1.png' } })),
      ],
    ],
    [[{ text: 'x'.repeat(140_000) }]],
  ])('refuses strange contents', async (parts) => {
    const { call } = simulate();
    const body = { contents: [{ parts }] };
    expect((await call(`/v1beta/models/${MODEL}:generateContent`, body)).status).toBe(400);
  });

  test('forgets a file after 48 hours', async () => {
    const { simulator, clock, call } = simulate();
    const fileData = { fileUri: await upload(simulator) };
    const body = { contents: [{ parts: [{ text: 'a fox' }, { fileData }] }] };
    const path = `/v1beta/models/${MODEL}:generateContent`;
    expect((await call(path, body)).status).toBe(200);
    await clock.advance(48 * 60 * 60_000);
    expect(await errorOf(await call(path, body))).toMatchObject({ http: 403 });
  });

  test('knows no other model, and a key in its header only', async () => {
    const { generate, call } = simulate({ apiKey: 'a-key' });
    expect((await generate('a fox', {}, 'gemini-9-image')).status).toBe(404);
    const path = `/v1beta/models/${MODEL}:generateContent?key=a-key`;
    expect((await call(path, bodyOf('a fox'), '')).status).toBe(403);
    const wrong = await errorOf(await call('/v1beta/models', undefined, 'wrong'));
    expect(wrong).toMatchObject({ http: 400, details: [{ reason: 'API_KEY_INVALID' }] });
  });
});

describe('refusals', () => {
  test.each(['input', 'output'] as const)(
    'of the %s are HTTP 200 and bill what was read',
    async (stage) => {
      const { generate, simulator } = simulate({ refusals: { share: 1, stage } });
      const reasons = new Set<string>();
      let usdMicros = 0;
      for (let turn = 10; turn < 70; turn += 1) {
        const response = await generate(`prompt ${turn}`);
        expect(response.status).toBe(200);
        const { promptFeedback, candidates, usageMetadata } =
          (await response.json()) as GenerateContentResponse;
        expect(candidates === undefined).toBe(stage === 'input');
        const { promptTokenCount = 0, thoughtsTokenCount = 0 } = usageMetadata!;
        expect([promptTokenCount, thoughtsTokenCount > 0]).toEqual([3, stage === 'output']);
        usdMicros += Math.round(promptTokenCount * 1.5 + thoughtsTokenCount * 7.5);
        reasons.add(String(promptFeedback?.blockReason ?? candidates?.[0]?.finishReason));
      }
      expect(reasons.size).toBe(stage === 'input' ? 5 : 8);
      expect(simulator.bill.images).toBe(0);
      expect(simulator.bill.usdMicros).toBe(usdMicros);
    },
  );

  test('a prompt is refused for the same reason each time', async () => {
    const { generate } = simulate({ refusals: { pattern: 'fox' } });
    const once = await (await generate()).text();
    const again = await (await generate()).text();
    expect(again.replace(/simulated-\d+/, '')).toBe(once.replace(/simulated-\d+/, ''));
  });
});

describe('limits', () => {
  test('name the quota, its figure, and the wait', async () => {
    const { generate } = simulate({ limits: { imagesPerMinute: 2 } });
    await generate();
    await generate();
    expect(await errorOf(await generate())).toMatchObject({
      http: 429,
      status: 'RESOURCE_EXHAUSTED',
      details: [
        { violations: [{ quotaId: 'GenerateImagesPerMinutePerProjectPerModel', quotaValue: '2' }] },
        { retryDelay: '60s' },
      ],
    });
  });

  test('name no figure where none is announced, and none of what is active', async () => {
    const limits = { requestsPerMinute: 1, slots: 1 };
    const { generate } = simulate({ limits, announceLimits: false });
    await generate();
    const { details } = await errorOf(await generate());
    expect(JSON.stringify(details)).toContain('GenerateRequestsPerMinutePerProjectPerModel');
    expect(JSON.stringify(details)).not.toContain('quotaValue');
  });

  test('are never exceeded in any window, by the independent auditor', async () => {
    const limits = { imagesPerMinute: 7, windowMs: 10_000 };
    const { simulator, clock, generate } = simulate({ limits, latencyMs: 300 });
    const client = async (name: number) => {
      for (let turn = 0; turn < 40; turn += 1) {
        await generate(`${name} ${turn}`);
        await clock.sleep(333 * name);
      }
    };
    await clock.runUntil(Promise.all([1, 2, 3].map(client)));
    const findings = audit(simulator.log, { windowMs: 10_000, max: 7 });
    expect(findings).toMatchObject({ highest: 7, isWithin: true });
    expect(findings.refused).toBeGreaterThan(0);
  });
});

describe('faults of a call', () => {
  const cases: readonly [FaultName, number, number][] = [
    ['status429', 429, 0],
    ['status429bare', 429, 0],
    ['status503', 503, 0],
    ['status500', 500, 1],
    ['status502', 502, 1],
    ['status504', 504, 1],
    ['blank', 200, 1],
    ['wrongSize', 200, 1],
    ['fewerImages', 200, 0],
    ['expiredUrl', 200, 1],
    ['taskFailed', 200, 1],
  ];
  test.each(cases)('%s answers %d and makes %d', async (fault, status, images) => {
    const { generate, simulator } = simulate({ faults: { [fault]: 1 }, billedShare: 1 });
    expect((await generate()).status).toBe(status);
    expect(simulator.bill.images).toBe(images);
  });

  test('an account that is used up is told by 402', async () => {
    const { generate } = simulate({ accountImages: 1 });
    expect((await generate()).status).toBe(200);
    expect(await errorOf(await generate())).toMatchObject({
      http: 402,
      status: 'RESOURCE_EXHAUSTED',
    });
  });
});

describe('batches', () => {
  const inline = (count: number) =>
    Array.from({ length: count }, (_, index) => ({
      request: bodyOf(`prompt ${index}`),
      metadata: { key: `row-${index}` },
    }));
  const batchOf = (requests: readonly unknown[], displayName = 'mine') => ({
    batch: { displayName, inputConfig: { requests: { requests } } },
  });
  const PATH = `/v1beta/models/${MODEL}:batchGenerateContent`;

  async function create(world: ReturnType<typeof simulate>, count: number): Promise<string> {
    const response = await world.call(PATH, batchOf(inline(count)));
    return ((await response.json()) as { name: string }).name;
  }

  async function stateOf(world: ReturnType<typeof simulate>, name: string) {
    const body = (await (await world.call(`/v1beta/${name}`)).json()) as {
      metadata: { state: string; batchStats: unknown };
    };
    return [body.metadata.state, body.metadata.batchStats];
  }

  test('go from pending to succeeded on the clock, at half the price', async () => {
    const world = simulate();
    const name = await create(world, 4);
    expect(await stateOf(world, name)).toEqual([
      'BATCH_STATE_PENDING',
      { requestCount: '4', pendingRequestCount: '4' },
    ]);
    await world.clock.advance(30_000);
    expect((await stateOf(world, name))[0]).toBe('BATCH_STATE_RUNNING');
    await world.clock.advance(30_000);
    expect(await stateOf(world, name)).toEqual([
      'BATCH_STATE_SUCCEEDED',
      { requestCount: '4', successfulRequestCount: '4' },
    ]);
    const live = simulate();
    for (let turn = 0; turn < 4; turn += 1) await live.generate(`prompt ${turn}`);
    const [batch, single] = [world, live].map(({ simulator }) => simulator.bill.entries);
    expect(batch).toHaveLength(4);
    for (const [index, { usdMicros }] of batch!.entries()) {
      // Both are rounded.
      expect(Math.abs(usdMicros - single![index]!.usdMicros / 2)).toBeLessThanOrEqual(1);
    }
  });

  test.each([
    [50, 200, 0],
    [51, 503, 60_000],
  ])('given inline with %d pictures are answered %d', async (count, status, waitedMs) => {
    const world = simulate();
    const name = await create(world, count);
    await world.clock.advance(60_000);
    const start = world.clock.now();
    const asking = world.call(`/v1beta/${name}`);
    await world.clock.runUntil(asking);
    expect([(await asking).status, world.clock.now() - start]).toEqual([status, waitedMs]);
    expect(world.simulator.bill.images).toBe(count);
  });

  test('say of each bad line what is wrong, and bill the others', async () => {
    const world = simulate();
    const bad = { request: { contents: [] }, metadata: { key: 'bad' } };
    const response = await world.call(PATH, batchOf([bad, ...inline(1)]));
    const { name } = (await response.json()) as { name: string };
    await world.clock.advance(60_000);
    const text = await (await world.call(`/v1beta/${name}`)).text();
    expect(text).toContain('"metadata":{"key":"bad"},"error":{"code":3');
    expect(world.simulator.bill.images).toBe(1);
  });

  test('are listed newest first, page by page', async () => {
    const world = simulate();
    const names = [];
    for (let turn = 0; turn < 5; turn += 1) names.push(await create(world, 1));
    const listed: string[] = [];
    let token = '0';
    for (let pages = 0; pages < 3; pages += 1) {
      const path = `/v1beta/batches?pageSize=2&pageToken=${token}`;
      const page = (await (await world.call(path)).json()) as {
        operations: readonly { name: string }[];
        nextPageToken?: string;
      };
      listed.push(...page.operations.map(({ name }) => name));
      token = page.nextPageToken ?? 'none';
    }
    expect([listed, token]).toEqual([names.toReversed(), 'none']);
  });

  test('are not taken beyond what may wait, nor without a name or a file', async () => {
    const world = simulate({ batch: { mostQueued: 3 } });
    await create(world, 3);
    expect((await world.call(PATH, batchOf(inline(1)))).status).toBe(429);
    const unnamed = { batch: { inputConfig: { fileName: 'files/none' } } };
    expect((await world.call(PATH, unnamed)).status).toBe(400);
    const unfiled = { batch: { displayName: 'mine', inputConfig: { fileName: 'files/none' } } };
    expect((await world.call(PATH, unfiled)).status).toBe(403);
  });
});

test('the same seed on a virtual clock gives the same log and bill', async () => {
  const runOnce = async (seed: number) => {
    const { simulator, clock, generate, call } = simulate({
      seed,
      latencyMs: [100, 9000],
      limits: { imagesPerMinute: 20 },
      refusals: { share: 0.2 },
      faults: { replyLost: 0.1, status503: 0.1, status500: 0.1, truncated: 0.1, blank: 0.1 },
    });
    const client = async (name: number) => {
      for (let turn = 0; turn < 10; turn += 1) {
        await generate(`${name} ${turn}`).catch(() => {});
        const requests = [{ request: bodyOf(`batch ${name} ${turn}`) }];
        const batch = { displayName: `${name}`, inputConfig: { requests: { requests } } };
        await call(`/v1beta/models/${MODEL}:batchGenerateContent`, { batch }).catch(() => {});
        await clock.sleep(500 * name);
      }
    };
    await clock.runUntil(Promise.all([1, 2, 3, 4].map(client)));
    await clock.advance(60_000);
    return JSON.stringify([simulator.log, simulator.bill]);
  };
  const first = await runOnce(7);
  expect(await runOnce(7)).toBe(first);
  expect(await runOnce(8)).not.toBe(first);
});
