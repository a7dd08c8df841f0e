import { describe, expect, test } from 'vitest';
import { laneRequest } from '../../../../test/support/lane-request.ts';
import { recordedFetch } from '../../../../test/support/recorded-fetch.ts';
import type { CompatibleVendor } from './configured-vendor.ts';
import { createCompatibleLane } from './openai-compatible.ts';

const context = { signal: new AbortController().signal };
const BASE = 'http://127.0.0.1:8080/v1';
const PICTURE = { data: [{ b64_json: 'AAAA' }] };

function world(answer: unknown, vendor: Partial<CompatibleVendor> = {}, apiKey = '') {
  const response = answer instanceof Response ? answer : Response.json(answer);
  const { fetch, calls } = recordedFetch(response);
  const bodies: unknown[] = [];
  const lane = createCompatibleLane({
    apiKey,
    baseUrl: BASE,
    fetch: (input, init) => {
      bodies.push(init?.body);
      return fetch(input, init);
    },
    clock: { now: () => 0, sleep: async () => {} },
    name: 'localai',
    vendor: { kind: 'openai-compatible', ...vendor },
  });
  return { lane, calls, bodies };
}

describe('the order', () => {
  test('has the standard fields, and none besides', async () => {
    const { lane, calls } = world(PICTURE);
    await lane.submit(laneRequest({ count: 2, seed: 7, negativePrompt: 'snow' }), context);
    expect(calls[0]).toMatchObject({ url: `${BASE}/images/generations`, method: 'POST' });
    expect(calls[0]?.headers.get('authorization')).toBeNull();
    expect(calls[0]?.body).toEqual({
      model: 'a-model',
      prompt: 'a red fox in fresh snow',
      n: 2,
      size: '1024x1024',
      response_format: 'b64_json',
    });
  });

  test('takes seed, negative prompt and anything else by the user’s options', async () => {
    const options = {
      seed: '{{seed}}',
      step: 25,
      prompt: '{{prompt}}|{{negative_prompt}}',
      response_format: null,
    };
    const { lane, calls } = world(PICTURE, { options });
    await lane.submit(laneRequest({ seed: 7, negativePrompt: 'snow' }), context);
    expect(calls[0]?.body).toEqual({
      model: 'a-model',
      prompt: 'a red fox in fresh snow|snow',
      n: 1,
      size: '1024x1024',
      seed: 7,
      step: 25,
    });
  });

  test('with references is an edit, its pictures as files', async () => {
    const { lane, calls, bodies } = world(PICTURE);
    const bytes = new Uint8Array([1, 2, 3]);
    const reference = { kind: 'bytes', bytes, mediaType: 'image/png' } as const;
    await lane.submit(laneRequest({ references: [reference, reference] }), context);
    expect(calls[0]?.url).toBe(`${BASE}/images/edits`);
    const type = calls[0]?.headers.get('content-type') ?? '';
    const body = bodies[0] as Uint8Array<ArrayBuffer>;
    const form = await new Response(body, { headers: { 'content-type': type } }).formData();
    expect(form.getAll('image[]')).toHaveLength(2);
    expect([form.get('prompt'), form.get('n')]).toEqual(['a red fox in fresh snow', '1']);
  });

  test('takes no reference by address, which such servers do not read', async () => {
    const { lane, calls } = world(PICTURE);
    const reference = { kind: 'url', url: 'http://pictures/1.png' } as const;
    const answer = await lane.submit(laneRequest({ references: [reference] }), context);
    expect(answer).toMatchObject({ kind: 'failed', failure: { kind: 'invalid-request' } });
    expect(calls).toHaveLength(0);
  });

  test.each([
    [undefined, 'authorization', 'Bearer a-key'],
    ['x-api-key', 'x-api-key', 'a-key'],
  ])('carries the key in the header %s', async (keyHeader, header, value) => {
    const { lane, calls } = world(PICTURE, { ...(keyHeader && { keyHeader }) }, 'a-key');
    await lane.submit(laneRequest(), context);
    expect(calls[0]?.headers.get(header)).toBe(value);
  });
});

describe('the answer', () => {
  test.each([
    [{ b64_json: 'AAAA' }, { kind: 'bytes', bytes: Buffer.from([0, 0, 0]) }],
    [{ b64_json: 'data:image/png;base64,AAAA' }, { kind: 'bytes', bytes: Buffer.from([0, 0, 0]) }],
    [{ url: 'data:image/png;base64,AAAA' }, { kind: 'bytes', bytes: Buffer.from([0, 0, 0]) }],
    [{ url: 'http://127.0.0.1:8080/x.png' }, { kind: 'url', url: 'http://127.0.0.1:8080/x.png' }],
    [{ url: '/generated/x.png' }, { kind: 'url', url: 'http://127.0.0.1:8080/generated/x.png' }],
  ])('may hold a picture as %j', async (data, source) => {
    const { lane } = world({ created: 1, data: [data] });
    const answer = await lane.submit(laneRequest(), context);
    expect(answer).toEqual({ kind: 'answered', images: [{ index: 0, kind: 'image', source }] });
  });

  test('without a picture in a place says so of that place', async () => {
    const { lane } = world({ data: [{}, { b64_json: 'AAAA' }] });
    const answer = await lane.submit(laneRequest({ count: 2 }), context);
    expect(answer).toMatchObject({ images: [{ kind: 'failed' }, { kind: 'image' }] });
  });

  test('that is no list of pictures is unknown, whatever its status says', async () => {
    const { lane } = world({ error: 'the model crashed' });
    const answer = await lane.submit(laneRequest(), context);
    expect(answer).toMatchObject({ kind: 'failed', failure: { kind: 'unknown' } });
  });

  test('of a public server leads to no address inside our own network', async () => {
    const { fetch, calls } = recordedFetch();
    const lane = createCompatibleLane({
      apiKey: '',
      baseUrl: 'https://images.example.com/v1',
      fetch,
      clock: { now: () => 0, sleep: async () => {} },
      name: 'hosted',
      vendor: { kind: 'openai-compatible' },
    });
    const answer = await lane.fetch!('http://169.254.169.254/latest', context);
    expect(answer.kind).toBe('forbidden');
    expect(calls).toHaveLength(0);
  });
});
