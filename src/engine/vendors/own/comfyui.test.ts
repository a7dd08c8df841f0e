import { describe, expect, test } from 'vitest';
import {
  createComfyuiSimulator,
  simulatedFetch,
  type SimulatorOptions,
} from '../../../../simulators/index.ts';
import { comfyWorkflow } from '../../../../test/support/comfy-workflow.ts';
import { laneRequest } from '../../../../test/support/lane-request.ts';
import { VirtualClock } from '../../../../test/support/virtual-clock.ts';
import { createComfyuiLane } from './comfyui.ts';
import type { ComfyuiVendor, JsonObject } from './configured-vendor.ts';
import type { Accepted, ReferenceBytes } from '../vendor.ts';

const ORIGIN = 'http://127.0.0.1:8188';
const context = { signal: new AbortController().signal };
const reference: ReferenceBytes = {
  kind: 'bytes',
  bytes: new Uint8Array([1, 2, 3]),
  mediaType: 'image/png',
};
const withReference: JsonObject = {
  ...comfyWorkflow,
  '10': { class_type: 'LoadImage', inputs: { image: '{{image_1}}' } },
};

function world(
  options: Partial<SimulatorOptions> = {},
  vendor: Partial<ComfyuiVendor> = {},
  apiKey = '',
) {
  const clock = new VirtualClock();
  const simulator = createComfyuiSimulator({ clock, ...options });
  const simulated = simulatedFetch({ [ORIGIN]: simulator });
  const seen: { readonly url: string; readonly body: unknown; readonly headers: Headers }[] = [];
  const lane = createComfyuiLane({
    apiKey,
    baseUrl: ORIGIN,
    clock,
    fetch: (input, init) => {
      const body: unknown = typeof init?.body === 'string' ? JSON.parse(init.body) : undefined;
      seen.push({
        url: input instanceof Request ? input.url : input.toString(),
        body,
        headers: new Headers(init?.headers),
      });
      return simulated(input, init);
    },
    name: 'comfy',
    vendor: { kind: 'comfyui', workflows: { '*': comfyWorkflow }, ...vendor },
  });
  const post = (path: string, body: unknown) =>
    simulator.fetch(
      new Request(`${ORIGIN}${path}`, { method: 'POST', body: JSON.stringify(body) }),
    );
  const request = laneRequest({ model: 'flux1-dev-fp8.safetensors' });
  return { clock, simulator, lane, seen, post, request };
}

const accepted = (answer: { readonly kind: string }) => {
  if (answer.kind !== 'accepted') throw new Error(JSON.stringify(answer));
  return answer as Accepted;
};
const failureOf = (answer: { readonly kind: string }) => {
  if (!('failure' in answer)) throw new Error(JSON.stringify(answer));
  return answer.failure as { readonly kind: string; readonly words: string };
};

describe('the workflow', () => {
  test('is filled with what the row says, and goes with an id of ours', async () => {
    const { lane, seen, request } = world();
    const { ref } = accepted(
      await lane.submit({ ...request, seed: 7, negativePrompt: 'snow', count: 2 }, context),
    );
    expect(ref).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(seen[0]?.body).toMatchObject({
      prompt_id: ref,
      extra_data: { imagemill_key: request.key },
      prompt: {
        '3': { inputs: { seed: 7, positive: ['6', 0] } },
        '4': { inputs: { ckpt_name: 'flux1-dev-fp8.safetensors' } },
        '5': { inputs: { width: 1024, height: 1024, batch_size: 2 } },
        '6': { inputs: { text: 'a red fox in fresh snow' } },
        '7': { inputs: { text: 'snow' } },
      },
    });
  });

  test('has a seed even where the row has none, the same at every sending', async () => {
    const seedsOf = async () => {
      const { lane, seen, request } = world();
      await lane.submit(request, context);
      const { prompt } = seen[0]!.body as { prompt: { '3': { inputs: { seed: number } } } };
      return prompt['3'].inputs.seed;
    };
    const seed = await seedsOf();
    expect(Number.isInteger(seed)).toBe(true);
    expect(await seedsOf()).toBe(seed);
  });

  test('is the model’s own where it has one, and takes its options', async () => {
    const own = {
      ...comfyWorkflow,
      '20': { class_type: 'PreviewImage', inputs: { n: '{{cfg}}' } },
    };
    const { lane, seen, request } = world(
      {},
      {
        workflows: { [laneRequest().model]: comfyWorkflow, 'flux1-dev-fp8.safetensors': own },
        options: { cfg: 3.5 },
      },
    );
    accepted(await lane.submit(request, context));
    expect(seen[0]?.body).toMatchObject({ prompt: { '20': { inputs: { n: 3.5 } } } });
  });

  test('that is missing for a model stops its lane', async () => {
    const { lane, request } = world({}, { workflows: { other: comfyWorkflow } });
    const failure = failureOf(await lane.submit(request, context));
    expect(failure.kind).toBe('model-gone');
    expect(failure.words).toContain('flux1-dev-fp8.safetensors');
  });

  test('whose checkpoint the server has not stops the lane, with the server’s list', async () => {
    const { lane, request } = world();
    const failure = failureOf(await lane.submit({ ...request, model: 'none' }, context));
    expect(failure.kind).toBe('model-gone');
    expect(failure.words).toContain('flux1-dev-fp8.safetensors');
  });

  test('with a value that a node does not take fails this row only', async () => {
    const { lane, request } = world();
    const failure = failureOf(await lane.submit({ ...request, seed: 0.5 }, context));
    expect(failure.kind).toBe('invalid-request');
    expect(failure.words).toContain('KSampler');
  });
});

describe('a reference', () => {
  test('is uploaded under the name of its content, and named in the workflow', async () => {
    const { lane, seen, request } = world({}, { workflows: { '*': withReference } });
    accepted(await lane.submit({ ...request, references: [reference] }, context));
    expect(seen.map(({ url }) => url)).toEqual([`${ORIGIN}/upload/image`, `${ORIGIN}/prompt`]);
    expect(seen[1]?.body).toMatchObject({
      prompt: {
        '10': { inputs: { image: expect.stringMatching(/^imagemill-[0-9a-f]{32}\.png$/) } },
      },
    });
  });

  test('that was uploaded before is not sent again', async () => {
    const { lane, seen, request } = world({}, { workflows: { '*': withReference } });
    const uploaded = await lane.uploadReference!(reference, context);
    if (uploaded.kind !== 'uploaded') throw new Error(uploaded.failure.words);
    const { handle } = uploaded;
    const known = { kind: 'uploaded', handle, mediaType: 'image/png' } as const;
    accepted(await lane.submit({ ...request, references: [known] }, context));
    expect(seen.map(({ url }) => url)).toEqual([`${ORIGIN}/upload/image`, `${ORIGIN}/prompt`]);
  });

  test.each([
    ['without a place', { '*': comfyWorkflow }, [reference]],
    ['that is missing', { '*': withReference }, []],
    ['by address', { '*': withReference }, [{ kind: 'url', url: 'http://x/1.png' } as const]],
  ])('%s is told before anything is ordered', async (_, workflows, references) => {
    const { lane, simulator, request } = world({}, { workflows });
    const answer = await lane.submit({ ...request, references }, context);
    expect(failureOf(answer).kind).toBe('invalid-request');
    expect(simulator.log.entries).toHaveLength(0);
  });
});

describe('the task', () => {
  test('waits in the queue, is painted, and is in the history then', async () => {
    const { lane, clock, request } = world({ latencyMs: 5000 });
    const first = accepted(await lane.submit(request, context));
    const second = accepted(await lane.submit({ ...request, key: 'another-key' }, context));
    await clock.advance(5000);
    expect((await lane.poll!(first.ref, request, context)).kind).toBe('answered');
    expect((await lane.poll!(second.ref, request, context)).kind).toBe('pending');
    await clock.advance(5000);
    expect((await lane.poll!(second.ref, request, context)).kind).toBe('answered');
  });

  test('that a server of an older version gave its own id is found by our key', async () => {
    const { lane, clock, request } = world({ ignoresIds: true, latencyMs: 5000 });
    const { ref } = accepted(await lane.submit(request, context));
    expect(await lane.find!(request, context)).toMatchObject({ kind: 'accepted', ref });
    await clock.advance(5000);
    expect(await lane.find!(request, context)).toMatchObject({ kind: 'accepted', ref });
    expect(await lane.find!({ ...request, key: 'never-sent' }, context)).toEqual({
      kind: 'nothing',
    });
  });

  test('that the server has forgotten is unknown, and not found any more', async () => {
    const { lane, post, request } = world();
    const { ref } = accepted(await lane.submit(request, context));
    await post('/history', { clear: true });
    expect(failureOf(await lane.poll!(ref, request, context)).kind).toBe('unknown');
    expect(await lane.find!(request, context)).toEqual({ kind: 'nothing' });
  });

  test('that broke says where, in the server’s words', async () => {
    const { lane, request } = world({ faults: { taskFailed: 1 } });
    const { ref } = accepted(await lane.submit(request, context));
    expect(failureOf(await lane.poll!(ref, request, context))).toEqual({
      kind: 'task-failed',
      words: 'KSampler: torch.OutOfMemoryError: Allocation on device',
    });
  });
});

describe('a picture', () => {
  test('is fetched from the server itself, with the key that a proxy wants', async () => {
    const { lane, seen, request } = world({ apiKey: 'a-key' }, {}, 'a-key');
    const { ref } = accepted(await lane.submit(request, context));
    const answer = await lane.poll!(ref, request, context);
    if (answer.kind !== 'answered') throw new Error(answer.kind);
    const [image] = answer.images;
    if (image?.kind !== 'image' || image.source.kind !== 'url') throw new Error('no address');
    expect(image.source.url).toBe(
      `${ORIGIN}/view?filename=ComfyUI_00001_.png&subfolder=&type=output`,
    );
    expect((await lane.fetch!(image.source.url, context)).kind).toBe('fetched');
    expect(seen.at(-1)?.headers.get('authorization')).toBe('Bearer a-key');
  });

  test.each([
    'http://127.0.0.1:9999/view?filename=1.png',
    'https://elsewhere/1.png',
    `${ORIGIN}/x`,
  ])('is not fetched from %s', async (url) => {
    const { lane, seen } = world();
    expect((await lane.fetch!(url, context)).kind).toBe('forbidden');
    expect(seen).toHaveLength(0);
  });

  test('whose file was deleted has expired', async () => {
    const { lane } = world();
    expect((await lane.fetch!(`${ORIGIN}/view?filename=gone.png`, context)).kind).toBe('expired');
  });
});

test('a key goes in the header that the user named', async () => {
  const { lane, seen, request } = world({}, { keyHeader: 'x-api-key' }, 'a-key');
  await lane.submit(request, context);
  expect(seen[0]?.headers.get('x-api-key')).toBe('a-key');
  expect(seen[0]?.headers.get('authorization')).toBeNull();
});
