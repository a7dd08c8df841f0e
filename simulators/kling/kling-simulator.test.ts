import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { paintPicture } from '../../test/support/pictures.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import { audit } from '../audit.ts';
import { simulate as simulateAll } from '../simulate.ts';
import type { SimulatorOptions } from '../simulator.ts';
import { createKlingSimulator } from './kling-simulator.ts';

const ORIGIN = 'http://kling.simulated';
const PATH = '/v1/images/generations';
const REQUEST = { model_name: 'kling-v3', prompt: 'a fox', aspect_ratio: '1:1', resolution: '1k' };

/** The smallest picture that is taken as a reference. */
const PICTURE = (await paintPicture(300, 300)).toString('base64');

interface Task {
  readonly task_id: string;
  readonly task_status: string;
  readonly task_status_msg?: string;
  readonly task_result?: { readonly images: readonly { readonly url: string }[] };
  readonly final_unit_deduction?: string;
  readonly final_balance_deduction?: { readonly list_price: string };
}
interface Envelope<Data = Task> {
  readonly code: number;
  readonly message: string;
  readonly data: Data;
}

function world(options: Partial<SimulatorOptions> = {}) {
  const clock = new VirtualClock();
  const simulator = createKlingSimulator({ clock, ...options });
  const call = async (path: string, init: RequestInit = {}, key = 'k') => {
    const headers = key === '' ? {} : { authorization: `Bearer ${key}` };
    const url = path.startsWith('http') ? path : `${ORIGIN}${path}`;
    return simulator.fetch(new Request(url, { ...init, headers }));
  };
  const post = (body: unknown, key?: string) =>
    call(PATH, { method: 'POST', body: JSON.stringify(body) }, key);
  const submit = async (body: unknown) => (await (await post(body)).json()) as Envelope;
  const ask = async (id: string) => (await (await call(`${PATH}/${id}`)).json()) as Envelope;
  const postTo = async (path: string, body: unknown) =>
    (await (await call(path, { method: 'POST', body: JSON.stringify(body) })).json()) as Envelope;
  return { clock, simulator, call, post, postTo, submit, ask };
}

test('a task goes from submitted to succeed and says what it cost', async () => {
  const { clock, simulator, call, submit, ask } = world({ latencyMs: 10_000 });
  const { code, data } = await submit({ ...REQUEST, n: 3, external_task_id: 'mine-0001' });
  expect([code, data.task_status]).toEqual([0, 'submitted']);
  await clock.advance(5000);
  expect((await ask(data.task_id)).data.task_status).toBe('processing');
  await clock.advance(5000);
  const done = (await ask('mine-0001')).data;
  expect(done).toMatchObject({
    task_id: data.task_id,
    task_status: 'succeed',
    final_unit_deduction: '24',
    final_balance_deduction: { list_price: '0.084' },
  });
  expect(simulator.bill.entries).toMatchObject([
    { requestKey: 'mine-0001', images: 3, usdMicros: 84_000 },
  ]);
  const image = await (await call(done.task_result!.images[2]!.url)).bytes();
  expect(await sharp(image).metadata()).toMatchObject({ width: 1024, height: 1024 });
});

test('an id of the client can be used once only, also when the reply was lost', async () => {
  const { simulator, post, ask } = world({ faults: { replyLost: 1 } });
  const request = { ...REQUEST, external_task_id: 'mine-0001' };
  await expect(post(request)).rejects.toThrow('fetch failed');
  simulator.change({ faults: null });
  const again = await post(request);
  expect(again.status).toBe(400);
  expect(await again.json()).toMatchObject({ code: 1201 });
  expect((await ask('mine-0001')).data.task_status).toBe('succeed');
  expect(simulator.bill.images).toBe(1);
});

test('an image of a task fills a slot; what does not fit is a 429 with 1303', async () => {
  const { clock, simulator, post } = world({ latencyMs: 5000, limits: { slots: 5 } });
  expect((await post({ ...REQUEST, n: 3 })).status).toBe(200);
  const refused = await post({ ...REQUEST, n: 3 });
  expect(refused.status).toBe(429);
  expect(await refused.json()).toMatchObject({ code: 1303 });
  expect((await post({ ...REQUEST, n: 2 })).status).toBe(200);
  await clock.advance(5000);
  expect((await post({ ...REQUEST, n: 5 })).status).toBe(200);
  const findings = audit(simulator.log, { windowMs: 60_000, max: 10 });
  expect(findings).toMatchObject({ highest: 10, isWithin: true, refused: 1, peakSlots: 5 });
});

describe('moderation', () => {
  test('of the prompt is a 400 with 1301', async () => {
    const { simulator, post } = world({ refusals: { pattern: 'FOX', stage: 'input' } });
    const response = await post(REQUEST);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 1301 });
    expect(simulator.bill.entries).toEqual([]);
  });

  test('of the picture is a failed task with its reason, not billed', async () => {
    const { simulator, submit, ask } = world({ refusals: { share: 1, stage: 'output' } });
    const { data } = await submit(REQUEST);
    const task = (await ask(data.task_id)).data;
    expect(task.task_status).toBe('failed');
    expect(task.task_status_msg).toContain('risk control');
    expect(simulator.bill.entries).toEqual([]);
  });
});

describe('errors', () => {
  test.each([
    [{ ...REQUEST, prompt: undefined }, 400, 1201],
    [{ ...REQUEST, prompt: 'x'.repeat(2501) }, 400, 1201],
    [{ ...REQUEST, n: 10 }, 400, 1201],
    [{ ...REQUEST, aspect_ratio: '5:4' }, 400, 1201],
    [{ ...REQUEST, resolution: '4k' }, 400, 1201],
    [{ ...REQUEST, image: 'data:image/png;base64,AAAA' }, 400, 1201],
    [{ ...REQUEST, image: 'AAAA', negative_prompt: 'fog' }, 400, 1201],
    [{ ...REQUEST, model_name: 'kling-v9' }, 404, 1203],
  ])('%j is answered %i with %i', async (body, status, code) => {
    const response = await world().post(body);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ code });
  });

  test('keys: missing 1001, wrong 1002', async () => {
    const { post } = world({ apiKey: 'right' });
    const missing = await post(REQUEST, '');
    expect([missing.status, await missing.json()]).toMatchObject([401, { code: 1001 }]);
    expect(await (await post(REQUEST, 'wrong')).json()).toMatchObject({ code: 1002 });
  });

  test('an empty pack is a 429 with 1102', async () => {
    const { call, post } = world({ accountImages: 0 });
    const response = await post(REQUEST);
    expect([response.status, await response.json()]).toMatchObject([429, { code: 1102 }]);
    expect(await (await call('/account/costs')).json()).toMatchObject({
      code: 0,
      data: { resource_pack_subscribe_infos: [{ remaining_quantity: 0 }] },
    });
  });

  test('can hide behind HTTP 200', async () => {
    const { call } = world({ errorsAsHttp200: true });
    const response = await call(`${PATH}/nothing`);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ code: 1203 });
  });

  test('fewer images than asked are billed as made', async () => {
    const { simulator, submit, ask } = world({ faults: { fewerImages: 1 } });
    const { data } = await submit({ ...REQUEST, n: 4 });
    expect((await ask(data.task_id)).data.task_result!.images).toHaveLength(3);
    expect(simulator.bill.entries).toMatchObject([{ images: 3, usdMicros: 84_000 }]);
  });

  test('a failed task is not billed', async () => {
    const { simulator, submit, ask } = world({ faults: { taskFailed: 1 } });
    const { data } = await submit(REQUEST);
    expect((await ask(data.task_id)).data.task_status).toBe('failed');
    expect(simulator.bill.entries).toEqual([]);
  });
});

test('tasks are listed newest first, by pages', async () => {
  const { call, submit } = world();
  const ids: string[] = [];
  for (let turn = 0; turn < 3; turn += 1) ids.unshift((await submit(REQUEST)).data.task_id);
  const page = async (number: number) => {
    const response = await call(`${PATH}?pageNum=${number}&pageSize=2`);
    const { data } = (await response.json()) as Envelope<readonly Task[]>;
    return data.map((task) => task.task_id);
  };
  expect([await page(1), await page(2)]).toEqual([ids.slice(0, 2), ids.slice(2)]);
});

describe('a reference', () => {
  test.each<[string, number, number, 'png' | 'jpeg' | 'webp', number]>([
    ['of 300 pixels is taken', 300, 300, 'png', 0],
    ['of 2.5:1 is taken', 750, 300, 'jpeg', 0],
    ['below 300 pixels is refused', 299, 400, 'png', 1201],
    ['longer than 2.5:1 is refused', 751, 300, 'png', 1201],
    ['as WebP is refused', 300, 300, 'webp', 1201],
  ])('%s', async (_, width, height, format, code) => {
    const { simulator, submit } = world();
    const picture = await paintPicture(width, height, format);
    const answer = await submit({ ...REQUEST, image: picture.toString('base64') });
    expect(answer.code).toBe(code);
    if (code !== 0) return;
    expect(simulator.log.entries[0]?.references).toEqual([
      { mediaType: `image/${format}`, bytes: picture.length, width, height },
    ]);
  });

  test('is bare base64 of a picture', async () => {
    const { submit } = world();
    const url = `data:image/png;base64,${PICTURE}`;
    expect((await submit({ ...REQUEST, image: url })).code).toBe(1201);
    expect((await submit({ ...REQUEST, image: 'AAAA' })).code).toBe(1201);
  });
});

describe('omni images', () => {
  const OMNI_PATH = '/v1/images/omni-image';
  const OMNI = {
    model_name: 'kling-v3-omni',
    prompt: '<<<image_2>>> in the style of <<<image_1>>>',
    image_list: [{ image: PICTURE }, { image: 'https://example.com/a.png' }],
    resolution: '4k',
    aspect_ratio: '1:1',
    external_task_id: 'omni-0001',
  };

  test('are made at 4k for twice the price, and found at their own path only', async () => {
    const { simulator, call, postTo } = world();
    const { data } = await postTo(OMNI_PATH, OMNI);
    const found = (await (await call(`${OMNI_PATH}/omni-0001`)).json()) as Envelope;
    expect(found.data).toMatchObject({ task_id: data.task_id, final_unit_deduction: '16' });
    const image = await (await call(found.data.task_result!.images[0]!.url)).bytes();
    expect(await sharp(image).metadata()).toMatchObject({ width: 4096, height: 4096 });
    expect(simulator.bill.entries).toMatchObject([{ model: 'kling-v3-omni', usdMicros: 56_000 }]);
    expect((await call(`${PATH}/omni-0001`)).status).toBe(404);
  });

  test('are listed apart from the others', async () => {
    const { call, postTo, submit } = world();
    await submit(REQUEST);
    const { data } = await postTo(OMNI_PATH, OMNI);
    const listed = (await (await call(OMNI_PATH)).json()) as Envelope<readonly Task[]>;
    expect(listed.data.map((task) => task.task_id)).toEqual([data.task_id]);
  });

  test('share their ids with the others: one may be used once', async () => {
    const { postTo, submit } = world();
    await submit({ ...REQUEST, external_task_id: 'omni-0001' });
    expect((await postTo(OMNI_PATH, OMNI)).code).toBe(1201);
  });

  test.each([
    ['a mark without its image', { image_list: OMNI.image_list.slice(1) }, 1201],
    ['11 images', { image_list: Array.from({ length: 11 }, () => ({ image: PICTURE })) }, 1201],
    ['a data URL', { image_list: [{ image: `data:image/png;base64,${PICTURE}` }] }, 1201],
    ['an empty image', { image_list: [{ image: '' }, { image: PICTURE }] }, 1201],
    ['auto without images', { image_list: [], prompt: 'a fox', aspect_ratio: 'auto' }, 1201],
    ['8k', { resolution: '8k' }, 1201],
    ['a model of the other interface', { model_name: 'kling-v3' }, 1203],
  ])('%s is answered with an error', async (_, body, code) => {
    const { simulator, postTo } = world();
    expect((await postTo(OMNI_PATH, { ...OMNI, ...body })).code).toBe(code);
    expect(simulator.bill.entries).toEqual([]);
  });
});

describe('the billing export', () => {
  interface Page {
    readonly result: { readonly detail: readonly { readonly task_id: string }[] };
    readonly next_cursor: string;
    readonly has_more: boolean;
  }
  const YEAR = { start_time: 0, end_time: 4e12 };

  test('has a row for each task, by pages', async () => {
    const { postTo, submit } = world();
    const ids: string[] = [];
    for (let turn = 0; turn < 3; turn += 1) ids.push((await submit(REQUEST)).data.task_id);
    const ask = async (body: object) =>
      (await postTo('/account/billing/package', body)) as unknown as Envelope<Page>;
    const first = (await ask({ ...YEAR, limit: 2 })).data;
    const second = (await ask({ cursor: first.next_cursor })).data;
    expect([first.has_more, second.has_more]).toEqual([true, false]);
    const rows = [...first.result.detail, ...second.result.detail];
    expect(rows.map((row) => row.task_id)).toEqual(ids);
    expect(rows[2]).toMatchObject({
      unit_before_deduction: 999_984,
      deduction_amount: 8,
      unit_after_deduction: 999_976,
    });
  });

  test('has a task in the report of what it was paid from', async () => {
    const { postTo, submit } = world({ paysFromBalance: true });
    await submit(REQUEST);
    expect(await postTo('/account/billing/package', YEAR)).toMatchObject({
      data: { result: { detail: [] } },
    });
    expect(await postTo('/account/billing/balance', YEAR)).toMatchObject({
      data: { result: { detail: [{ list_price: 0.028, currency: 'USD' }] } },
    });
  });

  test.each([[{}], [{ start_time: 2, end_time: 1 }], [{ ...YEAR, limit: 501 }], [{ cursor: '?' }]])(
    '%j is answered with 1201',
    async (body) => {
      expect(await world().postTo('/account/billing/package', body)).toMatchObject({ code: 1201 });
    },
  );
});

test('works over HTTP, where a lost reply drops the connection', async () => {
  await using simulation = await simulateAll({ faults: { replyLost: 1 } });
  const url = `${simulation.urls.kling}${PATH}`;
  const headers = { authorization: 'Bearer k' };
  const body = JSON.stringify({ ...REQUEST, external_task_id: 'mine-0001' });
  await expect(fetch(url, { method: 'POST', headers, body })).rejects.toThrow('fetch failed');
  const found = (await (await fetch(`${url}/mine-0001`, { headers })).json()) as Envelope;
  expect(found.data.task_status).toBe('succeed');
});
