import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import { audit } from '../audit.ts';
import { hashPrompt, readSimulatedMark } from '../simulated-mark.ts';
import { simulate as simulateAll } from '../simulate.ts';
import type { SimulatorOptions } from '../simulator.ts';
import { createDashscopeSimulator } from './dashscope-simulator.ts';

const ORIGIN = 'http://dashscope.simulated';
const PATH = '/api/v1/services/aigc/image-generation/generation';
const SYNC_PATH = '/api/v1/services/aigc/multimodal-generation/generation';
const ASYNC = { 'x-dashscope-async': 'enable' };
const DAY = 24 * 3_600_000;

interface Said {
  readonly code?: string;
  readonly message?: string;
  readonly output?: {
    readonly task_id: string;
    readonly task_status: string;
    readonly code?: string;
    readonly message?: string;
    readonly submit_time?: string;
    readonly choices?: readonly {
      readonly message: { readonly content: readonly { readonly image: string }[] };
    }[];
  };
  readonly usage?: { readonly image_count: number; readonly size: string };
}

function order(parameters: object = {}, content: readonly object[] = [{ text: 'a fox' }]) {
  return {
    model: 'wan2.7-image',
    input: { messages: [{ role: 'user', content }] },
    parameters: { size: '1024*1024', n: 1, ...parameters },
  };
}

function world(options: Partial<SimulatorOptions> = {}) {
  const clock = new VirtualClock();
  const simulator = createDashscopeSimulator({ clock, ...options });
  const call = (path: string, init: RequestInit = {}, key = 'k') => {
    const headers = new Headers(init.headers);
    if (key !== '') headers.set('authorization', `Bearer ${key}`);
    const url = path.startsWith('http') ? path : `${ORIGIN}${path}`;
    return simulator.fetch(new Request(url, { ...init, headers }));
  };
  const read = async (path: string, init?: RequestInit, key?: string) => {
    const response = await call(path, init, key);
    return { status: response.status, ...((await response.json()) as Said) };
  };
  const post = (body: unknown, headers: Record<string, string> = ASYNC, path = PATH) =>
    read(path, { method: 'POST', headers, body: JSON.stringify(body) });
  const submit = async (body: unknown = order()) => (await post(body)).output!.task_id;
  const ask = (id: string) => read(`/api/v1/tasks/${id}`);
  const cancel = (id: string) => read(`/api/v1/tasks/${id}/cancel`, { method: 'POST' });
  return { clock, simulator, call, read, post, submit, ask, cancel };
}

function addressesIn({ output }: Said): readonly string[] {
  return output!.choices!.flatMap(({ message }) => message.content.map(({ image }) => image));
}

test('a task goes from PENDING over RUNNING to SUCCEEDED, with its pictures', async () => {
  const { clock, simulator, call, submit, ask } = world({ latencyMs: 10_000 });
  const id = await submit(order({ n: 3, size: '1280*720' }));
  expect((await ask(id)).output).toMatchObject({ task_status: 'PENDING' });
  await clock.advance(5000);
  expect((await ask(id)).output).toMatchObject({ task_status: 'RUNNING' });
  await clock.advance(5000);
  const done = await ask(id);
  expect(done).toMatchObject({
    output: { task_status: 'SUCCEEDED', submit_time: expect.stringMatching(/^\d{4}-\d\d-\d\d /) },
    usage: { image_count: 3, size: '1280*720' },
  });
  expect(simulator.bill.entries).toMatchObject([
    { model: 'wan2.7-image', images: 3, usdMicros: 90_000 },
  ]);
  const image = await (await call(addressesIn(done)[2]!)).bytes();
  expect(await sharp(image).metadata()).toMatchObject({ width: 1280, height: 720 });
});

test('who does not say how many gets four, and pays for them', async () => {
  const { simulator, submit } = world();
  await submit({ ...order(), parameters: {} });
  expect(simulator.bill.entries).toMatchObject([{ images: 4, usdMicros: 120_000 }]);
});

describe('images that are missing', () => {
  test('leave a success, which is billed as made', async () => {
    const { simulator, submit, ask } = world({ faults: { fewerImages: 1 } });
    const done = await ask(await submit(order({ n: 3 })));
    expect(done.output?.task_status).toBe('SUCCEEDED');
    expect(addressesIn(done)).toHaveLength(2);
    expect(done.usage?.image_count).toBe(2);
    expect(simulator.bill.images).toBe(2);
  });

  test('are a failure when none is left', async () => {
    const { simulator, submit, ask } = world({ faults: { fewerImages: 1 } });
    expect((await ask(await submit())).output?.task_status).toBe('FAILED');
    expect(simulator.bill.images).toBe(0);
  });
});

describe('what is kept', () => {
  test('is a task for a day after its end', async () => {
    const { clock, submit, ask } = world();
    const id = await submit();
    await clock.advance(DAY);
    expect((await ask(id)).output?.task_status).toBe('SUCCEEDED');
    await clock.advance(1);
    expect(await ask(id)).toMatchObject({
      status: 200,
      output: { task_id: id, task_status: 'UNKNOWN' },
    });
  });

  test('is an address as long, however late it was asked for', async () => {
    const { clock, call, submit, ask } = world();
    const id = await submit();
    await clock.advance(DAY - 1000);
    const [address] = addressesIn(await ask(id));
    await clock.advance(1000);
    expect((await call(address!)).status).toBe(200);
    await clock.advance(1);
    expect((await call(address!)).status).toBe(403);
  });

  test('is nothing of a task that never was', async () => {
    expect((await world().ask('nothing')).output?.task_status).toBe('UNKNOWN');
  });
});

describe('a cancelled task', () => {
  test('leaves the queue and the bill', async () => {
    const { clock, simulator, submit, ask, cancel } = world({ latencyMs: 10_000 });
    const id = await submit();
    expect(simulator.bill.images).toBe(1);
    expect((await cancel(id)).status).toBe(200);
    await clock.advance(10_000);
    expect((await ask(id)).output?.task_status).toBe('CANCELED');
    expect(simulator.bill).toMatchObject({ images: 0, usdMicros: 0, entries: [] });
  });

  test('is only one that still waits', async () => {
    const { clock, simulator, submit, cancel } = world({ latencyMs: 10_000 });
    const id = await submit();
    await clock.advance(1000);
    expect(await cancel(id)).toMatchObject({ status: 400, code: 'UnsupportedOperation' });
    expect(await cancel('nothing')).toMatchObject({ code: 'UnsupportedOperation' });
    expect(simulator.bill.images).toBe(1);
  });
});

describe('limits', () => {
  test('of questions are 20 in any second', async () => {
    const { clock, submit, ask } = world();
    const id = await submit();
    const codes = async (count: number) =>
      (await Promise.all(Array.from({ length: count }, () => ask(id)))).map(({ code }) => code);
    expect(await codes(21)).toEqual([...Array<undefined>(20), 'Throttling.RateQuota']);
    await clock.advance(999);
    expect(await codes(1)).toEqual(['Throttling.RateQuota']);
    await clock.advance(1);
    expect(await codes(1)).toEqual([undefined]);
  });

  test('of questions can be set', async () => {
    const { submit, ask } = world({ limits: { pollsPerSecond: 1 } });
    const id = await submit();
    await ask(id);
    expect(await ask(id)).toMatchObject({ status: 429, code: 'Throttling.RateQuota' });
  });

  test.each([
    [{ requestsPerMinute: 1 }, 'Throttling.RateQuota'],
    [{ imagesPerMinute: 1 }, 'Throttling.AllocationQuota'],
    [{ slots: 1 }, 'Throttling.Concurrency'],
  ])('of orders: %j is kept with %s', async (limits, code) => {
    const { simulator, post, submit } = world({ latencyMs: 5000, limits });
    await submit();
    expect(await post(order())).toMatchObject({ status: 429, code });
    const findings = audit(simulator.log, { windowMs: 60_000, max: 1 });
    expect(findings).toMatchObject({ isWithin: true, refused: 1, peakSlots: 1 });
  });
});

describe('moderation', () => {
  test('of the prompt is a 400 without a task', async () => {
    const { simulator, post } = world({ refusals: { pattern: 'FOX', stage: 'input' } });
    expect(await post(order())).toMatchObject({ status: 400, code: 'DataInspectionFailed' });
    expect(simulator.bill.entries).toEqual([]);
  });

  test('of the picture is a failed task with the same code, not billed', async () => {
    const { simulator, submit, ask } = world({ refusals: { share: 1, stage: 'output' } });
    expect(await ask(await submit())).toMatchObject({
      status: 200,
      output: { task_status: 'FAILED', code: 'DataInspectionFailed' },
    });
    expect(simulator.bill.entries).toEqual([]);
  });
});

describe('errors', () => {
  const images = (count: number, image = 'https://example.com/a.png') =>
    Array.from({ length: count }, () => ({ image }));

  test.each([
    [order({}, [...images(10), { text: 'a fox' }])],
    [order({}, [...images(1, 'AAAA'), { text: 'a fox' }])],
    [order({}, [{ text: 'a fox' }, { text: 'in snow' }])],
    [order({}, images(1))],
    [{ ...order(), input: { prompt: 'a fox' } }],
    [order({ n: 5 })],
    [order({ n: 0 })],
    [order({ seed: -1 })],
    [order({ seed: 2 ** 31 })],
    [order({ watermark: 'no' })],
    [order({ size: '1024x1024' })],
    [order({ size: '512*512' })],
    [order({ size: '4096*4096' })],
    [order({ size: '4K' })],
    [order({ size: '8000*800' })],
  ])('%j is answered with InvalidParameter', async (body) => {
    const { simulator, post } = world();
    expect(await post(body)).toMatchObject({ status: 400, code: 'InvalidParameter' });
    expect(simulator.bill.entries).toEqual([]);
  });

  test('a model that is not served is a 404', async () => {
    const body = { ...order(), model: 'wan9-image' };
    expect(await world().post(body)).toMatchObject({ status: 404, code: 'ModelNotFound' });
  });

  test('a missing or wrong key is a 401', async () => {
    const { read } = world({ apiKey: 'right' });
    const wrong = { status: 401, code: 'InvalidApiKey' };
    expect(await read('/api/v1/tasks/1', {}, '')).toMatchObject(wrong);
    expect(await read('/api/v1/tasks/1', {}, 'wrong')).toMatchObject(wrong);
  });

  test.each([
    ['an order that does not say that it is asynchronous', {}, PATH],
    ['the synchronous interface', {}, SYNC_PATH],
    ['the synchronous interface, asynchronously', ASYNC, SYNC_PATH],
  ])('%s is denied', async (_what, headers, path) => {
    const { simulator, post } = world();
    expect(await post(order(), headers, path)).toMatchObject({
      status: 403,
      code: 'AccessDenied',
    });
    expect(simulator.bill.entries).toEqual([]);
  });

  test('a question that says that it is asynchronous is denied', async () => {
    const { read, submit } = world();
    const path = `/api/v1/tasks/${await submit()}`;
    expect(await read(path, { headers: ASYNC })).toMatchObject({ code: 'AccessDenied' });
  });

  test('an account in arrears is a 400', async () => {
    const { post } = world({ accountImages: 0 });
    expect(await post(order())).toMatchObject({ status: 400, code: 'Arrearage' });
  });

  test('any code can be had by setting it', async () => {
    const { post } = world({ forcedCode: 'AllocationQuota.FreeTierOnly' });
    expect(await post(order())).toMatchObject({
      status: 403,
      code: 'AllocationQuota.FreeTierOnly',
    });
  });
});

describe('the pro model', () => {
  const pro = (parameters: object, content?: readonly object[]) => ({
    ...order(parameters, content),
    model: 'wan2.7-image-pro',
  });

  test('makes 4K of words alone, for its own price', async () => {
    const { simulator, submit, ask } = world();
    const done = await ask(await submit(pro({ size: '4K' })));
    expect(done.usage?.size).toBe('4096*4096');
    expect(simulator.bill.entries).toMatchObject([{ usdMicros: 75_000 }]);
  });

  test('makes no 4K of references', async () => {
    const content = [{ image: 'https://example.com/a.png' }, { text: 'a fox' }];
    expect(await world().post(pro({ size: '4K' }, content))).toMatchObject({
      code: 'InvalidParameter',
    });
  });
});

test('a prompt above 5,000 characters is cut without a word', async () => {
  const { call, submit, ask } = world();
  const prompt = '狐'.repeat(5001);
  const [address] = addressesIn(await ask(await submit(order({}, [{ text: prompt }]))));
  const mark = readSimulatedMark(await (await call(address!)).bytes());
  expect(mark?.promptHash).toBe(hashPrompt(prompt.slice(1)));
});

test('works over HTTP, where a lost reply drops the connection', async () => {
  await using simulation = await simulateAll({ faults: { replyLost: 1 } });
  const headers = { authorization: 'Bearer k', ...ASYNC };
  const sending = fetch(`${simulation.urls.dashscope}${PATH}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(order()),
  });
  await expect(sending).rejects.toThrow('fetch failed');
  expect(simulation.dashscope.bill.entries).toMatchObject([{ images: 1, delivered: false }]);
});
