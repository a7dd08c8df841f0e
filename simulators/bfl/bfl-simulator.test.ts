import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { paintPicture } from '../../test/support/pictures.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import { audit } from '../audit.ts';
import { hashPrompt, readSimulatedMark } from '../simulated-mark.ts';
import type { SimulatorOptions } from '../simulator.ts';
import { simulate as simulateAll } from '../simulate.ts';
import { createBflSimulator } from './bfl-simulator.ts';

const ORIGIN = 'http://bfl.simulated';

interface Submitted {
  readonly id: string;
  readonly polling_url: string;
  readonly cost: number;
}
interface Polled {
  readonly status: string;
  readonly result: { readonly sample: string } | null;
  readonly details: unknown;
}

function world(options: Partial<SimulatorOptions> = {}) {
  const clock = new VirtualClock();
  const simulator = createBflSimulator({ clock, ...options });
  const get = (url: string) => simulator.fetch(new Request(url, { headers: { 'x-key': 'k' } }));
  const submit = (body: unknown, model = 'flux-kontext-pro', key = 'k') =>
    simulator.fetch(
      new Request(`${ORIGIN}/v1/${model}`, {
        method: 'POST',
        headers: { 'x-key': key, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    );
  const submitted = async (body: unknown) => (await (await submit(body)).json()) as Submitted;
  const polled = async (url: string) => (await (await get(url)).json()) as Polled;
  return { clock, simulator, get, submit, submitted, polled };
}

test('a task is submitted, polled and fetched, and costs its credits', async () => {
  const { clock, simulator, get, submitted, polled } = world({ latencyMs: 8000 });
  const task = await submitted({ prompt: 'a fox', aspect_ratio: '16:9' });
  expect(task.cost).toBe(4);
  expect(await polled(task.polling_url)).toMatchObject({ status: 'Pending', result: null });

  await clock.advance(8000);
  const { status, result } = await polled(task.polling_url);
  expect(status).toBe('Ready');
  const image = Buffer.from(await (await get(result!.sample)).arrayBuffer());
  expect(await sharp(image).metadata()).toMatchObject({ format: 'png', width: 1360, height: 768 });
  expect(readSimulatedMark(image)?.promptHash).toBe(hashPrompt('a fox'));
  expect(simulator.bill.entries).toMatchObject([
    { taskId: task.id, images: 1, usdMicros: 40_000, delivered: true },
  ]);
});

test('kontext-max costs eight credits, and the account shows what is left', async () => {
  const { simulator, get, submit } = world();
  await submit({ prompt: 'a fox' }, 'flux-kontext-max');
  expect(simulator.bill.usdMicros).toBe(80_000);
  expect(await (await get(`${ORIGIN}/v1/credits`)).json()).toEqual({ credits: 999_992 });
});

test('an address of a picture dies after ten minutes, and polling gives a new one', async () => {
  const { clock, get, submitted, polled } = world();
  const task = await submitted({ prompt: 'a fox' });
  const first = (await polled(task.polling_url)).result!.sample;
  await clock.advance(10 * 60_000);
  expect((await get(first)).status).toBe(200);
  await clock.advance(1);
  expect((await get(first)).status).toBe(403);
  const second = (await polled(task.polling_url)).result!.sample;
  expect((await get(second)).status).toBe(200);
});

test('the fault of an expired address is cured by polling again', async () => {
  const { get, submitted, polled } = world({ faults: { expiredUrl: 1 } });
  const task = await submitted({ prompt: 'a fox' });
  expect((await get((await polled(task.polling_url)).result!.sample)).status).toBe(403);
  expect((await get((await polled(task.polling_url)).result!.sample)).status).toBe(200);
});

describe('moderation', () => {
  test.each([
    ['input', 'Request Moderated'],
    ['output', 'Content Moderated'],
  ] as const)('at %s is the status %s and is not billed', async (stage, status) => {
    const { simulator, submitted, polled } = world({ refusals: { share: 1, stage } });
    const task = await submitted({ prompt: 'a fox' });
    expect(await polled(task.polling_url)).toMatchObject({ status, result: null });
    expect(simulator.bill.entries).toEqual([]);
  });

  test('refuses a prompt always or never', async () => {
    const { submitted, polled, simulator } = world({ refusals: { share: 0.5 } });
    const statusOf = async (prompt: string) =>
      (await polled((await submitted({ prompt })).polling_url)).status;
    const prompts = Array.from({ length: 40 }, (_, index) => `prompt ${index}`);
    const first = await Promise.all(prompts.map(statusOf));
    expect(await Promise.all(prompts.map(statusOf))).toEqual(first);
    expect(simulator.bill.images).toBe(2 * first.filter((status) => status === 'Ready').length);
    expect(new Set(first).size).toBe(3);
  });
});

test('at most 24 tasks are active, 6 for max; a finished one makes room', async () => {
  const { clock, simulator, submit } = world({ latencyMs: 5000 });
  const send = async (model: string, count: number) => {
    const sent = Array.from({ length: count }, () => submit({ prompt: 'a fox' }, model));
    return (await Promise.all(sent)).map((response) => response.status);
  };
  expect((await send('flux-kontext-pro', 25)).filter((status) => status === 429)).toHaveLength(1);
  expect((await send('flux-kontext-max', 8)).filter((status) => status === 429)).toHaveLength(2);
  await clock.advance(5000);
  expect(await send('flux-kontext-max', 1)).toEqual([200]);
  const limit = { windowMs: 60_000, max: Infinity };
  expect(audit(simulator.log, { ...limit, model: 'flux-kontext-pro' })).toMatchObject({
    refused: 1,
    peakSlots: 24,
  });
  expect(audit(simulator.log, { ...limit, model: 'flux-kontext-max' })).toMatchObject({
    refused: 2,
    peakSlots: 6,
  });
});

test('references come as addresses or as pictures in bare base64', async () => {
  const { simulator, submit } = world();
  const picture = await paintPicture(40, 30, 'webp');
  const images = {
    input_image: 'https://example.com/a.png',
    input_image_2: picture.toString('base64'),
  };
  expect((await submit({ prompt: 'a fox', ...images })).status).toBe(200);
  expect(simulator.log.entries[0]?.references).toEqual([
    { mediaType: 'image/webp', bytes: picture.length, width: 40, height: 30 },
  ]);
});

describe('errors', () => {
  test.each([
    [{}, ['body', 'prompt'], 'missing'],
    [{ prompt: 'x', safety_tolerance: 7 }, ['body', 'safety_tolerance'], 'less_than_equal'],
    [{ prompt: 'x', output_format: 'gif' }, ['body', 'output_format'], 'enum'],
    [{ prompt: 'x', aspect_ratio: '3:1' }, ['body', 'aspect_ratio'], 'value_error'],
    [{ prompt: 'x', seed: 'one' }, ['body', 'seed'], 'int_type'],
    [{ prompt: 'x', input_image_2: 'AAAA' }, ['body', 'input_image_2'], 'value_error'],
  ])('%j is a 422 with its place', async (body, loc, type) => {
    const response = await world().submit(body);
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ detail: [{ loc, type }] });
  });

  test('a missing or wrong key is a 403 with detail', async () => {
    const { submit } = world({ apiKey: 'right' });
    const response = await submit({ prompt: 'x' }, 'flux-kontext-pro', 'wrong');
    expect(response.status).toBe(403);
    expect(await response.json()).toHaveProperty('detail');
  });

  test('no credits left is a 402', async () => {
    const { submit } = world({ accountImages: 0 });
    expect((await submit({ prompt: 'x' })).status).toBe(402);
  });

  test('an unknown or self-built polling address is a task not found', async () => {
    const { submitted, polled } = world();
    const { id } = await submitted({ prompt: 'x' });
    const status = async (query: string) =>
      (await polled(`${ORIGIN}/v1/get_result?${query}`)).status;
    expect(await status('id=nothing&cluster=sim-1')).toBe('Task not found');
    expect(await status(`id=${id}`)).toBe('Task not found');
  });

  test('a failed task is not billed', async () => {
    const { simulator, submitted, polled } = world({ faults: { taskFailed: 1 } });
    const task = await submitted({ prompt: 'x' });
    expect((await polled(task.polling_url)).status).toBe('Error');
    expect(simulator.bill.entries).toEqual([]);
  });

  test('polls fail in their share, and the task lives on', async () => {
    const { simulator, submitted, get } = world({ pollError: 1 });
    const task = await submitted({ prompt: 'x' });
    expect((await get(task.polling_url)).status).toBe(503);
    simulator.change({ pollError: null });
    expect((await get(task.polling_url)).status).toBe(200);
  });

  test('a lost reply leaves a billed task that nobody can find', async () => {
    const { simulator, submit } = world({ faults: { replyLost: 1 } });
    await expect(submit({ prompt: 'x' })).rejects.toThrow('fetch failed');
    expect(simulator.bill.entries).toMatchObject([{ images: 1, delivered: false }]);
  });
});

test('over HTTP everything lies on one origin', async () => {
  await using simulation = await simulateAll();
  const submit = await fetch(`${simulation.urls.bfl}/v1/flux-kontext-pro`, {
    method: 'POST',
    headers: { 'x-key': 'k' },
    body: JSON.stringify({ prompt: 'a fox', output_format: 'webp' }),
  });
  const task = (await submit.json()) as Submitted;
  expect(new URL(task.polling_url).origin).toBe(simulation.urls.bfl);
  const { result } = (await (await fetch(task.polling_url)).json()) as Polled;
  const image = await fetch(result!.sample);
  expect(image.headers.get('content-type')).toBe('image/webp');
  expect((await sharp(await image.bytes()).metadata()).format).toBe('webp');
  expect(simulation.exportLines).toContain(`export BFL_BASE_URL=${simulation.urls.bfl}`);
});
