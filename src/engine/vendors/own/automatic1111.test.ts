import { describe, expect, test } from 'vitest';
import {
  createA1111Simulator,
  simulatedFetch,
  type SimulatorOptions,
} from '../../../../simulators/index.ts';
import { laneRequest } from '../../../../test/support/lane-request.ts';
import { recordedFetch } from '../../../../test/support/recorded-fetch.ts';
import { VirtualClock } from '../../../../test/support/virtual-clock.ts';
import { createAutomatic1111Lane } from './automatic1111.ts';
import type { Automatic1111Vendor } from './configured-vendor.ts';
import type { SubmitAnswer } from '../vendor.ts';

const context = { signal: new AbortController().signal };
const ORIGIN = 'http://127.0.0.1:7860';
const MODEL = 'sd_xl_base_1.0.safetensors';

const CHECKPOINTS = Response.json([{ title: 'a-model.safetensors [abc]', model_name: 'a-model' }]);
const PICTURES = Response.json({
  images: ['AAAA', 'data:image/png;base64,BBBB', 'CCCC'],
  info: '',
});

function recorded(
  vendor: Partial<Automatic1111Vendor> = {},
  apiKey = '',
  answers: readonly Response[] = [CHECKPOINTS.clone(), PICTURES.clone()],
) {
  const { fetch, calls } = recordedFetch(...answers);
  const clock = { now: () => 0, sleep: async () => {} };
  const lane = createAutomatic1111Lane({
    apiKey,
    baseUrl: `${ORIGIN}/`,
    fetch,
    clock,
    name: 'forge',
    vendor: { kind: 'automatic1111', ...vendor },
  });
  return { lane, calls };
}

function simulated(options: Partial<SimulatorOptions> = {}, apiKey = '') {
  const simulator = createA1111Simulator({ clock: new VirtualClock(), ...options });
  const lane = createAutomatic1111Lane({
    apiKey,
    baseUrl: ORIGIN,
    fetch: simulatedFetch({ [ORIGIN]: simulator }),
    clock: new VirtualClock(),
    name: 'forge',
    vendor: { kind: 'automatic1111' },
  });
  return { simulator, lane };
}

function failureOf(answer: SubmitAnswer) {
  if (answer.kind !== 'failed') throw new Error(answer.kind);
  return answer.failure;
}

describe('the order', () => {
  test('says everything that the row says, in the server’s words', async () => {
    const { lane, calls } = recorded();
    const size = { width: 1024, height: 768 };
    await lane.submit(laneRequest({ negativePrompt: 'snow', seed: 7, count: 2, size }), context);
    expect(calls.map(({ url }) => url)).toEqual([
      `${ORIGIN}/sdapi/v1/sd-models`,
      `${ORIGIN}/sdapi/v1/txt2img`,
    ]);
    expect(calls[1]?.body).toEqual({
      prompt: 'a red fox in fresh snow',
      negative_prompt: 'snow',
      seed: 7,
      width: 1024,
      height: 768,
      batch_size: 2,
      n_iter: 1,
      override_settings: { sd_model_checkpoint: 'a-model' },
      override_settings_restore_afterwards: false,
    });
  });

  test('carries the user’s options, and those of one model over them', async () => {
    const { lane, calls } = recorded({
      options: { steps: 30, cfg_scale: 7, override_settings: { CLIP_stop_at_last_layers: 2 } },
      optionsFor: { 'a-model': { steps: 4 }, other: { steps: 50 } },
    });
    await lane.submit(laneRequest({ model: 'a-model' }), context);
    expect(calls[1]?.body).toMatchObject({
      steps: 4,
      cfg_scale: 7,
      override_settings: { CLIP_stop_at_last_layers: 2, sd_model_checkpoint: 'a-model' },
    });
  });

  test('with a reference is img2img, cropped rather than stretched', async () => {
    const { lane, calls } = recorded();
    const bytes = new Uint8Array([1, 2, 3]);
    const reference = { kind: 'bytes', bytes, mediaType: 'image/png' } as const;
    await lane.submit(laneRequest({ references: [reference] }), context);
    expect(calls[1]?.url).toBe(`${ORIGIN}/sdapi/v1/img2img`);
    expect(calls[1]?.body).toMatchObject({ init_images: ['AQID'], resize_mode: 1 });
  });

  test('takes one reference only', async () => {
    const { lane, calls } = recorded();
    const reference = { kind: 'url', url: 'http://pictures/1.png' } as const;
    const answer = await lane.submit(laneRequest({ references: [reference, reference] }), context);
    expect(failureOf(answer).kind).toBe('invalid-request');
    expect(calls).toHaveLength(0);
  });

  test.each([
    ['user:pass-word', 'Basic dXNlcjpwYXNzLXdvcmQ='],
    ['a-token', 'Bearer a-token'],
    ['', null],
  ])('goes with the key %j as %j', async (key, authorization) => {
    const { lane, calls } = recorded({}, key);
    await lane.submit(laneRequest(), context);
    expect(calls.map(({ headers }) => headers.get('authorization'))).toEqual([
      authorization,
      authorization,
    ]);
  });

  test('asks for the list of checkpoints once', async () => {
    const { lane, calls } = recorded({}, '', [
      CHECKPOINTS.clone(),
      PICTURES.clone(),
      PICTURES.clone(),
    ]);
    await lane.submit(laneRequest(), context);
    await lane.submit(laneRequest(), context);
    expect(calls).toHaveLength(3);
  });
});

describe('the answer', () => {
  test('leaves out the pictures that extensions append', async () => {
    const { lane } = recorded();
    const answer = await lane.submit(laneRequest({ count: 2 }), context);
    expect(answer).toMatchObject({ kind: 'answered', images: [{ index: 0 }, { index: 1 }] });
  });

  test.each(['sd_xl_base_1.0', '31e35c80fc', `${MODEL} [31e35c80fc]`, MODEL])(
    'is painted with the checkpoint that is called %s',
    async (model) => {
      const { lane, simulator } = simulated();
      expect((await lane.submit(laneRequest({ model }), context)).kind).toBe('answered');
      expect(simulator.bill.entries[0]?.model).toBe('sd_xl_base_1.0');
    },
  );

  test('never is another checkpoint’s picture', async () => {
    const { lane, simulator } = simulated();
    const failure = failureOf(await lane.submit(laneRequest({ model: 'sdxl' }), context));
    expect(failure.kind).toBe('model-gone');
    expect(failure.words).toContain(MODEL);
    expect(simulator.bill.images).toBe(0);
  });

  test('of a painting that broke is its end, with the server’s words', async () => {
    const { lane, simulator } = simulated({ faults: { taskFailed: 1 } });
    const failure = failureOf(await lane.submit(laneRequest({ model: MODEL }), context));
    expect(failure).toMatchObject({ kind: 'task-failed' });
    expect(failure.words).toContain('OutOfMemoryError: CUDA out of memory');
    expect(simulator.bill.images).toBe(0);
  });

  test('of a server without --api stops the lane, and says what is missing', async () => {
    const missing = Response.json({ detail: 'Not Found' }, { status: 404 });
    const { lane } = recorded({}, '', [missing]);
    const failure = failureOf(await lane.submit(laneRequest(), context));
    expect(failure.kind).toBe('model-gone');
    expect(failure.words).toContain('--api');
  });

  test('that names a sampler which is not there stops the lane', async () => {
    const { lane } = recorded({}, '', [
      CHECKPOINTS.clone(),
      Response.json(
        { error: 'HTTPException', detail: 'Sampler not found', errors: '' },
        { status: 404 },
      ),
    ]);
    const failure = failureOf(await lane.submit(laneRequest(), context));
    expect(failure).toMatchObject({ kind: 'model-gone' });
    expect(failure.words).toContain('Sampler not found');
  });

  test('repeats no part of a password', async () => {
    const key = 'user:pass-word-4711';
    const words = `bad: ${key}, ${Buffer.from(key).toString('base64')}, pass-word-4711`;
    const { lane } = recorded({}, key, [
      CHECKPOINTS.clone(),
      Response.json({ detail: words }, { status: 422 }),
    ]);
    const failure = failureOf(await lane.submit(laneRequest(), context));
    expect(failure.kind).toBe('invalid-request');
    expect(failure.words).not.toMatch(/4711|dXNlcjpw/);
  });

  test('that failed for the list alone promises that nothing was made', async () => {
    const broken = new Response('<html>', { status: 502 });
    const { lane } = recorded({}, '', [broken]);
    expect(failureOf(await lane.submit(laneRequest(), context)).kind).toBe('overloaded');
  });
});
