import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import { hashPrompt, readSimulatedMark } from '../simulated-mark.ts';
import type { SimulatorOptions } from '../simulator.ts';
import { createComfyuiSimulator } from './comfyui-simulator.ts';

const ORIGIN = 'http://comfyui.simulated';
const ID = '0a1b2c3d-0a1b-4c3d-8a1b-0a1b2c3d4e5f';

const WORKFLOW = {
  '3': {
    class_type: 'KSampler',
    inputs: { seed: 7, positive: ['6', 0], latent_image: ['5', 0], model: ['4', 0] },
  },
  '4': {
    class_type: 'CheckpointLoaderSimple',
    inputs: { ckpt_name: 'sd_xl_base_1.0.safetensors' },
  },
  '5': { class_type: 'EmptyLatentImage', inputs: { width: 512, height: 512, batch_size: 2 } },
  '6': { class_type: 'CLIPTextEncode', inputs: { text: 'a fox', clip: ['4', 1] } },
  '9': { class_type: 'SaveImage', inputs: { images: ['8', 0] } },
};

function world(options: Partial<SimulatorOptions> = {}) {
  const clock = new VirtualClock();
  const simulator = createComfyuiSimulator({ clock, ...options });
  const get = (path: string) => simulator.fetch(new Request(`${ORIGIN}${path}`));
  const json = async (path: string) => (await (await get(path)).json()) as unknown;
  const order = (prompt: unknown, more: object = { prompt_id: ID }) =>
    simulator.fetch(
      new Request(`${ORIGIN}/prompt`, {
        method: 'POST',
        body: JSON.stringify({ prompt, client_id: 'test', ...more }),
      }),
    );
  return { clock, simulator, get, json, order };
}

test('a task goes from the queue to the history, and its files can be viewed', async () => {
  const { clock, simulator, get, json, order } = world({ latencyMs: 1000 });
  expect(await (await order(WORKFLOW)).json()).toEqual({
    prompt_id: ID,
    number: 0,
    node_errors: {},
  });
  expect(await json('/queue')).toMatchObject({
    queue_running: [[0, ID, WORKFLOW, { client_id: 'test' }, ['9']]],
    queue_pending: [],
  });
  expect(await json(`/history/${ID}`)).toEqual({});
  await clock.advance(1000);
  expect(await json('/queue')).toEqual({ queue_running: [], queue_pending: [] });
  const images = ['ComfyUI_00001_.png', 'ComfyUI_00002_.png'].map((filename) => ({
    filename,
    subfolder: '',
    type: 'output',
  }));
  expect(await json(`/history/${ID}`)).toMatchObject({
    [ID]: { outputs: { '9': { images } }, status: { status_str: 'success', completed: true } },
  });
  const file = await (await get('/view?filename=ComfyUI_00001_.png&type=output')).arrayBuffer();
  expect(readSimulatedMark(Buffer.from(file))?.promptHash).toBe(hashPrompt('a fox'));
  expect(simulator.bill.entries).toMatchObject([{ images: 2, usdMicros: 0, requestKey: ID }]);
});

describe('an order is refused', () => {
  const without = (id: string) =>
    Object.fromEntries(Object.entries(WORKFLOW).filter(([each]) => each !== id));

  test.each([
    [undefined, 'no_prompt'],
    [{}, 'invalid_prompt'],
    [{ ...WORKFLOW, '20': { class_type: 'Unknown', inputs: {} } }, 'missing_node_type'],
    [without('9'), 'prompt_no_outputs'],
    [
      { ...WORKFLOW, '4': { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'x' } } },
      'prompt_outputs_failed_validation',
    ],
    [
      { ...WORKFLOW, '20': { class_type: 'LoadImage', inputs: { image: 'never-uploaded.png' } } },
      'prompt_outputs_failed_validation',
    ],
  ])('%#: for %s', async (workflow, type) => {
    const { simulator, order } = world();
    const answer = await order(workflow);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: { type } });
    expect(simulator.bill.images).toBe(0);
  });

  test('for an id that is no UUID, unless the server gives its own', async () => {
    expect((await world().order(WORKFLOW, { prompt_id: 'mine' })).status).toBe(400);
    const older = await world({ ignoresIds: true }).order(WORKFLOW, { prompt_id: 'mine' });
    expect(older.status).toBe(200);
  });
});

test('an id is run as often as it is sent', async () => {
  const { simulator, order } = world();
  await order(WORKFLOW);
  await order(WORKFLOW);
  expect(simulator.bill.entries).toHaveLength(2);
});

test('a task that breaks has no pictures, and says what broke', async () => {
  const { json, order } = world({ faults: { taskFailed: 1 } });
  await order(WORKFLOW);
  expect(await json(`/history/${ID}`)).toMatchObject({
    [ID]: { outputs: {}, status: { status_str: 'error', messages: [{}, ['execution_error', {}]] } },
  });
});
