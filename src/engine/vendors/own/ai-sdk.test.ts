import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { laneRequest } from '../../../../test/support/lane-request.ts';
import { fetchFailure, recordedFetch } from '../../../../test/support/recorded-fetch.ts';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { createAiSdkLane } from './ai-sdk.ts';
import type { AiSdkVendor } from './configured-vendor.ts';
import type { LaneRequest, SubmitAnswer } from '../vendor.ts';

const context = { signal: new AbortController().signal };
const KEY = 'key-that-nobody-may-see';
const BFL = '@ai-sdk/black-forest-labs';
const BFL_URL = 'https://api.bfl.ai/v1';
const TASK = { id: 't1', polling_url: 'https://api.bfl.ai/v1/get_result?id=t1' };
const PICTURE = Response.json({ created: 1, data: [{ b64_json: 'AAAA' }] });

function world(
  answers: readonly (Response | Error)[],
  vendor: Partial<AiSdkVendor> = {},
  baseUrl = '',
) {
  const { fetch, calls } = recordedFetch(...answers);
  const sent: unknown[] = [];
  const lane = createAiSdkLane({
    apiKey: KEY,
    baseUrl,
    fetch: (input, init) => {
      const { body } = init ?? {};
      sent.push(body instanceof Uint8Array ? new TextDecoder().decode(body) : body);
      return fetch(input, init);
    },
    clock: { now: () => 0, sleep: async () => {} },
    name: 'bridge',
    vendor: {
      kind: 'ai-sdk',
      package: '@ai-sdk/openai',
      folders: [import.meta.dirname],
      ...vendor,
    },
  });
  const bodyOf = (call: number) => JSON.parse(String(sent[call])) as Record<string, unknown>;
  return { lane, calls, bodyOf };
}

function failureOf(answer: SubmitAnswer) {
  if (answer.kind !== 'failed') throw new Error(JSON.stringify(answer));
  return answer.failure;
}

/** A package of the user's own: a file that exports a factory whose models do as `generate` says. */
async function ownPackage(generate: string, more = ''): Promise<Partial<AiSdkVendor>> {
  const folder = await temporaryFolder();
  const model = `{ specificationVersion: 'v4', provider: 'own', modelId: id, maxImagesPerCall: 2,
    ${more} doGenerate: async (options) => { ${generate} } }`;
  const source = `export const createOwn = (settings) => ({ imageModel: (id) => (${model}) });`;
  await writeFile(join(folder, 'own.mjs'), source);
  return { package: './own.mjs', folders: [folder] };
}

const submitOwn = async (
  generate: string,
  answers: readonly (Response | Error)[],
  given: Partial<LaneRequest> = {},
  more = '',
) => {
  const { lane, calls } = world(answers, await ownPackage(generate, more));
  return { answer: await lane.submit(laneRequest(given), context), calls };
};

describe('the call', () => {
  test('asks by size, with the user’s options filled in, at the package’s own address', async () => {
    const { lane, calls, bodyOf } = world([PICTURE.clone()], {
      options: { openai: { quality: '{{quality}}', background: 'opaque' } },
    });
    const answer = await lane.submit(laneRequest({ model: 'gpt-image-2' }), context);
    expect(answer.kind).toBe('answered');
    expect(calls[0]?.url).toBe('https://api.openai.com/v1/images/generations');
    expect(calls[0]?.headers.get('authorization')).toBe(`Bearer ${KEY}`);
    expect(bodyOf(0)).toEqual({
      model: 'gpt-image-2',
      prompt: 'a red fox in fresh snow',
      n: 1,
      size: '1024x1024',
      quality: 'medium',
      background: 'opaque',
    });
  });

  test('asks a package by ratio that wants one, and leaves out what the row has not', async () => {
    const { lane, bodyOf } = world([new Response('', { status: 402 })], {
      package: BFL,
      options: { blackForestLabs: { outputFormat: '{{format}}', steps: '{{seed}}' } },
    });
    const size = { width: 1344, height: 768 };
    await lane.submit(laneRequest({ model: 'flux-kontext-pro', size }), context);
    expect(bodyOf(0)).toEqual({
      prompt: 'a red fox in fresh snow',
      aspect_ratio: '16:9',
      output_format: 'png',
    });
  });

  test('asks in the way that the user said', async () => {
    const { lane, bodyOf } = world([new Response('', { status: 402 })], {
      package: BFL,
      asksBy: 'size',
    });
    await lane.submit(laneRequest({ model: 'flux-pro-1.1' }), context);
    expect(bodyOf(0)).toMatchObject({ width: 1024, height: 1024 });
  });

  test('carries references as files', async () => {
    const { lane, calls } = world([PICTURE.clone()]);
    const reference = {
      kind: 'bytes',
      bytes: new Uint8Array([1, 2, 3]),
      mediaType: 'image/png',
    } as const;
    await lane.submit(laneRequest({ model: 'gpt-image-2', references: [reference] }), context);
    expect(calls[0]?.url).toBe('https://api.openai.com/v1/images/edits');
    expect(calls[0]?.headers.get('content-type')).toContain('multipart/form-data');
  });

  test('with more images than the package makes at once is told, and not split', async () => {
    const { answer, calls } = await submitOwn('throw new Error()', [], { count: 3 });
    expect(failureOf(answer)).toMatchObject({ kind: 'invalid-request' });
    expect(failureOf(answer).words).toContain('imagesPerRequest');
    expect(calls).toHaveLength(0);
  });

  test('with references to a model that takes none is told', async () => {
    const references = [{ kind: 'url', url: 'https://x/1.png' } as const];
    for (const more of ['supportsFileInputs: false,', "specificationVersion: 'v2',"]) {
      const { answer } = await submitOwn('throw new Error()', [], { references }, more);
      expect(failureOf(answer).kind).toBe('invalid-request');
    }
  });
});

describe('an order is sent once', () => {
  const order = `await settings.fetch('https://own.example/make', { method: 'POST', body: '{}' })`;

  test('even where the package would repeat it', async () => {
    const { answer, calls } = await submitOwn(
      `for (let i = 0; i < 3; i += 1) { try { const r = ${order}; if (r.ok) break; } catch {} } throw new Error('gave up');`,
      [fetchFailure('UND_ERR_SOCKET'), PICTURE.clone(), PICTURE.clone()],
    );
    expect(calls).toHaveLength(1);
    expect(failureOf(answer).kind).toBe('unknown');
  });

  test('and a poll that fails does not make it one that was never taken', async () => {
    const { lane, calls } = world(
      [Response.json(TASK), Response.json({ detail: 'overloaded' }, { status: 503 })],
      { package: BFL },
    );
    const answer = await lane.submit(laneRequest({ model: 'flux-kontext-pro' }), context);
    expect(calls).toHaveLength(2);
    expect(failureOf(answer).kind).toBe('unknown');
  });

  test('and a picture that cannot be downloaded is unknown', async () => {
    const sample = 'https://delivery.bfl.ai/x.png';
    const { lane } = world(
      [
        Response.json(TASK),
        Response.json({ status: 'Ready', result: { sample } }),
        fetchFailure('ECONNRESET'),
      ],
      { package: BFL },
    );
    const answer = await lane.submit(laneRequest({ model: 'flux-kontext-pro' }), context);
    expect(failureOf(answer).kind).toBe('unknown');
  });

  test('and a question that goes before it orders nothing', async () => {
    const ask = `await settings.fetch('https://own.example/models').then((r) => { if (!r.ok) throw new Error('down'); })`;
    const down = new Response('<html>', { status: 502 });
    expect(failureOf((await submitOwn(ask, [down])).answer).kind).toBe('overloaded');
    const lost = fetchFailure('UND_ERR_SOCKET');
    expect(failureOf((await submitOwn(ask, [lost])).answer).kind).toBe('not-sent');
  });
});

describe('what the vendor says of the end of a task', () => {
  test.each([
    ['Request Moderated', { kind: 'refused', stage: 'input' }],
    ['Content Moderated', { kind: 'refused', stage: 'output' }],
    ['Error', { kind: 'task-failed' }],
  ])('%s is heard at the first poll', async (status, failure) => {
    const { lane, calls } = world([Response.json(TASK), Response.json({ status })], {
      package: BFL,
    });
    const answer = await lane.submit(laneRequest({ model: 'flux-kontext-pro' }), context);
    expect(calls).toHaveLength(2);
    expect(failureOf(answer)).toMatchObject(failure);
  });

  test.each([
    [
      { promptFeedback: { blockReason: 'PROHIBITED_CONTENT' } },
      { kind: 'refused', stage: 'input' },
    ],
    [
      { candidates: [{ finishReason: 'IMAGE_SAFETY', content: { parts: [] } }] },
      { kind: 'refused', stage: 'output' },
    ],
  ])('%j is Gemini’s refusal', async (body, failure) => {
    const { lane } = world([Response.json(body)], { package: '@ai-sdk/google' });
    const answer = await lane.submit(laneRequest({ model: 'gemini-nano-banana-2.1' }), context);
    expect(failureOf(answer)).toMatchObject(failure);
  });

  test('no picture without a reason is one that did not come', async () => {
    const { lane } = world(
      [Response.json({ candidates: [{ finishReason: 'NO_IMAGE', content: { parts: [] } }] })],
      { package: '@ai-sdk/google' },
    );
    const answer = await lane.submit(laneRequest({ model: 'gemini-nano-banana-2.1' }), context);
    expect(answer).toEqual({ kind: 'answered', images: [] });
  });

  test('a filter that left nothing is a refusal, where the package says so', async () => {
    const { answer } = await submitOwn(
      'return { images: [], warnings: [], isRetryable: false }',
      [],
    );
    expect(failureOf(answer)).toMatchObject({ kind: 'refused', stage: 'output' });
  });
});

describe('the answer', () => {
  test('brings the pictures as bytes, however the package has them', async () => {
    const { answer } = await submitOwn(
      `return { images: ['AAAA', new Uint8Array([0, 0, 0])].slice(0, options.n), warnings: [] }`,
      [],
      { count: 2 },
    );
    const bytes = Buffer.from([0, 0, 0]);
    if (answer.kind !== 'answered') throw new Error(answer.kind);
    const sources = answer.images.map((image) => (image.kind === 'image' ? image.source : image));
    expect(sources.map((each) => ('bytes' in each ? Buffer.from(each.bytes) : each))).toEqual([
      bytes,
      bytes,
    ]);
  });

  test('without the references that were asked for is no picture of the row', async () => {
    const { answer } = await submitOwn(
      `return { images: ['AAAA'], warnings: [{ type: 'unsupported', feature: 'files' }] }`,
      [],
      { references: [{ kind: 'url', url: 'https://x/1.png' }] },
    );
    const leftOut = { words: 'the package left out: files', spoils: true };
    expect(answer).toMatchObject({ images: [{ kind: 'image', leftOut }] });
  });

  test('keeps the package’s words where it left out a size, which the picture itself shows', async () => {
    const warning = `{ type: 'unsupported', feature: 'size', details: 'Use aspectRatio.' }`;
    const { answer } = await submitOwn(`return { images: ['AAAA'], warnings: [${warning}] }`, []);
    const leftOut = { words: 'the package left out: Use aspectRatio.', spoils: false };
    expect(answer).toMatchObject({ images: [{ kind: 'image', leftOut }] });
  });

  test('repeats neither the key nor what was sent', async () => {
    const refusal = Response.json(
      { error: { message: `Incorrect API key provided: ${KEY}`, code: 'invalid_api_key' } },
      { status: 401 },
    );
    const { lane } = world([refusal]);
    const failure = failureOf(await lane.submit(laneRequest({ model: 'gpt-image-2' }), context));
    expect(failure.kind).toBe('key-unusable');
    expect(JSON.stringify(failure)).not.toMatch(new RegExp(`${KEY}|red fox`));
  });

  test('of a public vendor leads to no address inside our own network', async () => {
    const sample = 'http://169.254.169.254/latest';
    const { lane, calls } = world(
      [Response.json(TASK), Response.json({ status: 'Ready', result: { sample } })],
      { package: BFL },
      BFL_URL,
    );
    const answer = await lane.submit(laneRequest({ model: 'flux-kontext-pro' }), context);
    expect(failureOf(answer).kind).toBe('unknown');
    expect(calls.map(({ url }) => url)).not.toContain(sample);
  });
});

describe('the package', () => {
  const submit = async (vendor: Partial<AiSdkVendor>) =>
    failureOf(await world([], vendor).lane.submit(laneRequest(), context));

  test('that is not installed is named, with the command that installs it', async () => {
    const failure = await submit({ package: '@ai-sdk/nobody-has-this', folders: ['/somewhere'] });
    expect(failure.kind).toBe('model-gone');
    expect(failure.words).toBe(
      'The package @ai-sdk/nobody-has-this is not installed. Run `npm install @ai-sdk/nobody-has-this` in /somewhere.',
    );
  });

  test('that cannot be loaded says why', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'own.mjs'), 'throw new Error("no luck");');
    const failure = await submit({ package: './own.mjs', folders: [folder] });
    expect(failure.words).toContain('no luck');
  });

  test.each([
    ['export const x = 1;', undefined, 'it has none'],
    ['export const createA = () => ({}), createB = () => ({});', undefined, 'createA, createB'],
    ['export const createA = () => ({});', 'createC', 'it has createA'],
    ['export const createA = () => ({});', undefined, 'makes no image models'],
  ])('of %s, with the factory %s: %s', async (source, factory, words) => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'own.mjs'), source);
    const vendor = { package: './own.mjs', folders: [folder], ...(factory && { factory }) };
    expect((await submit(vendor)).words).toContain(words);
  });

  test('may export its factory under two names', async () => {
    const { lane } = world([new Response('', { status: 402 })], { package: '@ai-sdk/google' });
    const answer = await lane.submit(laneRequest({ model: 'gemini-nano-banana-2.1' }), context);
    expect(failureOf(answer).kind).toBe('account-exhausted');
  });

  test('does not make a model of any name', async () => {
    const source = `export const createOwn = () => ({ imageModel: (id) => {
      throw Object.assign(new Error('No such imageModel: ' + id), { name: 'AI_NoSuchModelError' });
    } });`;
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'own.mjs'), source);
    const failure = await submit({ package: './own.mjs', folders: [folder] });
    expect(failure).toEqual({ kind: 'model-gone', words: 'No such imageModel: a-model' });
  });
});
