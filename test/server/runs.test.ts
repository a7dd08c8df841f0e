import { readdir } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { liveServer } from '../support/live-server.ts';
import { paintPicture } from '../support/pictures.ts';
import { newRun, problemOf, seenRun, type SeenRun, untilRun } from '../support/service-run.ts';

test('a run that is ordered over HTTP is made, and can be watched', async () => {
  const { call } = await liveServer();
  const rows = [{ prompt: 'a red boat' }, { prompt: 'a blue boat', count: 2 }];
  const created = await call('POST', '/v1/runs', {
    body: { rows, settings: { models: ['demo'] }, approve: true, title: 'boats' },
  });
  expect(created.status).toBe(201);
  const { run, title } = (await created.json()) as SeenRun;
  expect(title).toBe('boats');
  expect(created.headers.get('location')).toContain(`/v1/runs/${run}`);
  expect((await untilRun(call, run)).items).toMatchObject({ delivered: 3 });
});

test('without a key there is nothing to see', async () => {
  const { call } = await liveServer();
  const answer = await call('GET', '/v1/runs/r123', { key: '' });
  expect(await problemOf(answer, 401)).toMatchObject({ code: 'unauthenticated' });
});

test('a run is told without paths and processes of the machine', async () => {
  const { call, home } = await liveServer();
  const run = await newRun(call);
  await untilRun(call, run);
  const text = await (await call('GET', `/v1/runs/${run}`)).text();
  expect(text).not.toContain(home);
  expect(Object.keys(JSON.parse(text) as object)).not.toContain('out');
  expect(Object.keys(JSON.parse(text) as object)).not.toContain('owner');
});

test('all settings that are sent are those of the run', async () => {
  const { call } = await liveServer();
  const settings = {
    models: ['demo'],
    size: '512x768',
    quality: 'high',
    count: 2,
    batch_size: 'max',
    rotate_every: 'half',
    keep_style: true,
    canary: 3,
    lane: 'auto',
    deadline: '2h',
    images: [],
    proof: 1,
    budget: 12.5,
    max_usd: 3.25,
    images_per_hour: 500,
    concurrency: 3,
    name_template: '{row}.{ext}',
    format: 'webp',
    finish: 'resize 100x100 cover; webp 70',
    marks: 'none',
    seed: 7,
    negative: 'text',
    on_unknown: 'retry',
    negative_unsupported: 'refuse',
    duplicates: 'collapse',
    column_map: { Caption: 'prompt' },
    skip_bad_rows: true,
    refusal_breaker: { share: 0.25, after: 8 },
  };
  const run = await newRun(call, {
    prompts: undefined,
    rows: [{ Caption: 'a boat' }],
    settings,
  });
  const { deadline, ...seen } = (await seenRun(call, run)).settings;
  const { deadline: _span, ...sent } = settings;
  expect(seen).toMatchObject(sent);
  expect(Math.abs(Date.parse(String(deadline)) - Date.now() - 7_200_000)).toBeLessThan(60_000);
});

test('a sheet comes as a file with its pictures and styles', async () => {
  const { call, home } = await liveServer();
  const form = new FormData();
  const csv = 'prompt,image,style\na boat,photos/red.png,quiet\na lake,photos/red.png,\n';
  form.append('sheet', new Blob([csv]), 'My boats.csv');
  form.append('pictures', new Blob([await paintPicture()]), 'photos/red.png');
  form.append('styles', new Blob(['name,prompt\nquiet,"{prompt}, in a quiet style"\n']), 's.csv');
  form.append('settings', JSON.stringify({ models: ['demo'] }));
  form.append('approve', 'true');
  const answer = await call('POST', '/v1/runs', { body: form });
  const { run, title, sheet } = (await answer.json()) as SeenRun;
  expect([answer.status, title, sheet]).toEqual([201, 'My boats.csv', 'My boats.csv']);
  await untilRun(call, run);
  const items = (await (await call('GET', `/v1/runs/${run}/items`)).json()) as {
    data: { prompt: string; references: string[] }[];
  };
  expect(items.data.map(({ prompt }) => prompt)).toEqual(['a boat, in a quiet style', 'a lake']);
  expect(items.data[0]?.references).toEqual(['red.png']);
  expect(existsSync(join(home, 'runs', run, 'received', '1.part'))).toBe(false);
});

test.each([
  ['xlsx-like text', 'boats.txt', 'a red boat\na blue boat\n'],
  ['TSV', 'boats.tsv', 'prompt\tcount\na red boat\t1\na blue boat\t1\n'],
  ['JSON', 'boats.json', '[{"prompt":"a red boat"},{"prompt":"a blue boat"}]'],
  ['JSONL', 'boats.jsonl', '{"prompt":"a red boat"}\n{"prompt":"a blue boat"}\n'],
])('a sheet may be %s', async (_kind, name, text) => {
  const { call } = await liveServer();
  const form = new FormData();
  form.append('sheet', new Blob([text]), name);
  form.append('settings', '{"models":["demo"]}');
  const answer = await call('POST', '/v1/runs', { body: form });
  expect(await answer.json()).toMatchObject({ rows: 2, sheet: name });
});

test('every problem of a sheet comes back at once, with its place, and nothing is left behind', async () => {
  const { call, home } = await liveServer();
  const form = new FormData();
  const csv =
    'prompt,size,count,image\n,1024x1024,1,\na boat,huge,1,\na lake,1024x1024,1,../x.png\n';
  form.append('sheet', new Blob([csv]), 'boats.csv');
  form.append('settings', '{"models":["demo"]}');
  const answer = await call('POST', '/v1/runs', { body: form });
  const { code, problems } = await problemOf(answer, 422);
  expect(code).toBe('invalid');
  expect(problems).toMatchObject([
    { file: 'boats.csv', line: 2, column: 'prompt' },
    { file: 'boats.csv', line: 3, column: 'size', value: 'huge' },
    { file: 'boats.csv', line: 4, column: 'image', value: '../x.png' },
  ]);
  for (const { message, remedy } of problems) {
    expect(message).not.toContain(home);
    expect(String(remedy).length).toBeGreaterThan(5);
  }
  expect(await readdir(join(home, 'runs')).catch(() => [])).toEqual([]);
  expect(await (await call('GET', '/v1/runs')).json()).toEqual({ data: [], next: null });
});

test('problems of rows in JSON are told by their place in the body', async () => {
  const { call } = await liveServer();
  const rows = [{ prompt: 'a boat' }, { prompt: 'a lake', size: 'huge' }];
  const answer = await call('POST', '/v1/runs', { body: { rows } });
  const { problems } = await problemOf(answer, 422);
  expect(problems).toMatchObject([{ field: 'body.rows[1].size', value: 'huge' }]);
});

test.each<[string, Record<string, unknown>, string]>([
  ['a size', { size: 'big' }, 'body.settings.size'],
  ['a recipe', { finish: 'paint it' }, 'body.settings.finish'],
  ['a path as a reference', { images: ['/etc/passwd'] }, 'body.settings.images[0]'],
  ['a count', { count: 0 }, 'body.settings.count'],
  ['a setting that is none', { sise: '1x1' }, 'body.settings.sise'],
])('a bad field is named: %s', async (_what, settings, field) => {
  const { call } = await liveServer();
  const answer = await call('POST', '/v1/runs', { body: { prompts: ['a boat'], settings } });
  const { problems } = await problemOf(answer, 422);
  expect(problems.map((each) => each['field'])).toEqual([field]);
});

test('a deadline that has passed is told', async () => {
  const { call } = await liveServer();
  const settings = { deadline: '2020-01-01T00:00:00Z' };
  const answer = await call('POST', '/v1/runs', { body: { prompts: ['a boat'], settings } });
  expect((await problemOf(answer, 422)).problems[0]?.['message']).toContain('has passed already');
});

test('a model that is not there is told with what is', async () => {
  const { call } = await liveServer();
  const body = { prompts: ['a boat'], settings: { models: ['gpt-imgae-2'] } };
  const answer = await call('POST', '/v1/runs', { body });
  const [problem] = (await problemOf(answer, 422)).problems;
  expect(problem?.['value']).toBe('gpt-imgae-2');
});

test.each([[{ rows: [{ prompt: 'a' }], prompts: ['a'] }], [{ settings: {} }]])(
  'rows or prompts have to be there, one of them: %j',
  async (body) => {
    const { call } = await liveServer();
    await problemOf(await call('POST', '/v1/runs', { body }), 422);
  },
);

test('a form without a sheet, or with strange names, is refused', async () => {
  const { call, home } = await liveServer();
  const form = new FormData();
  form.append('pictures', new Blob(['x']), '../../x.png');
  form.append('photo', new Blob(['x']), 'x.png');
  const { problems } = await problemOf(await call('POST', '/v1/runs', { body: form }), 422);
  expect(problems.map((each) => each['field'])).toEqual([
    'body.photo',
    'body.sheet',
    'body.pictures',
  ]);
  expect(await readdir(join(home, 'runs')).catch(() => [])).toEqual([]);
});

test('a plan spends nothing and keeps nothing, and its hash holds the run to it', async () => {
  const { call, home } = await liveServer();
  const order = { prompts: ['a boat', 'a lake'], settings: { models: ['gpt-image-2'] } };
  const answer = await call('POST', '/v1/plans', { body: order });
  expect(answer.status).toBe(200);
  const plan = (await answer.json()) as { plan_hash: string; items: number; sheet: string };
  expect(plan).toMatchObject({ items: 2, sheet: '2 prompts' });
  expect(await readdir(join(home, 'plans'))).toEqual([]);
  const other = { ...order, prompts: ['a boat', 'a sea'], plan_hash: plan.plan_hash };
  const refused = await problemOf(await call('POST', '/v1/runs', { body: other }), 409);
  expect(refused.detail).toContain('another now');
  const same = { ...order, plan_hash: plan.plan_hash };
  const made = await call('POST', '/v1/runs', { body: same });
  expect(await made.json()).toMatchObject({ plan_hash: plan.plan_hash });
});

test('runs are listed newest first, a page at a time, and can be looked for', async () => {
  const { call, issueKey } = await liveServer();
  const ids: string[] = [];
  for (const title of ['red one', 'blue one', 'red two'])
    ids.unshift(await newRun(call, { title }));
  const first = await call('GET', '/v1/runs?limit=2');
  const page = (await first.json()) as { data: SeenRun[]; next: string };
  expect(page.data.map(({ run }) => run)).toEqual(ids.slice(0, 2));
  const second = await call('GET', `/v1/runs?limit=2&after=${page.next}`);
  expect(await second.json()).toMatchObject({ data: [{ run: ids[2] }], next: null });
  const titles = async (query: string) => {
    const found = (await (await call('GET', `/v1/runs?${query}`)).json()) as { data: SeenRun[] };
    return found.data.map(({ title }) => title);
  };
  expect(await titles('search=RED')).toEqual(['red two', 'red one']);
  expect(await titles('search=%25')).toEqual([]);
  expect(await titles('state=awaiting_approval')).toEqual([]);
  expect(await titles('origin=request,batch')).toEqual([]);
  expect(await titles('since=2100-01-01T00:00:00Z')).toEqual([]);
  const stranger = await issueKey({ workspace: 'other' });
  expect(await (await call('GET', '/v1/runs', { key: stranger })).json()).toMatchObject({
    data: [],
  });
});

test.each(['state=none', 'origin=x', 'after=x', 'limit=201', 'since=yesterday'])(
  'a list is not asked for with %s',
  async (query) => {
    const { call } = await liveServer();
    const { problems } = await problemOf(await call('GET', `/v1/runs?${query}`), 422);
    expect(problems[0]?.['field']).toBe(`query.${query.split('=')[0]}`);
  },
);

test('the run of another workspace is not there', async () => {
  const { call, issueKey } = await liveServer();
  const run = await newRun(call);
  const key = await issueKey({ workspace: 'other' });
  for (const [method, path] of [
    ['GET', ''],
    ['GET', '/items'],
    ['GET', '/results.csv'],
    ['GET', '/journal'],
    ['GET', '/manifest'],
    ['GET', '/files/results.csv'],
    ['POST', '/approve'],
    ['POST', '/cancel'],
  ] as const) {
    await problemOf(await call(method, `/v1/runs/${run}${path}`, { key }), 404);
  }
  const change = await call('PATCH', `/v1/runs/${run}`, { key, body: { title: 'mine' } });
  await problemOf(change, 404);
});

test('title and bounds of a run can be changed, and taken away', async () => {
  const { call } = await liveServer();
  const run = await newRun(call, { settings: { models: ['demo'], budget: 5 } });
  const patch = async (body: object) =>
    (await (await call('PATCH', `/v1/runs/${run}`, { body })).json()) as SeenRun;
  expect(await patch({ title: 'new', budget: 7.5, concurrency: 2 })).toMatchObject({
    title: 'new',
    budget: 7.5,
    settings: { concurrency: 2 },
  });
  const changed = await patch({ budget: null, concurrency: null });
  expect(changed.budget).toBe(null);
  expect(Object.keys(changed.settings)).not.toContain('concurrency');
  await problemOf(await call('PATCH', `/v1/runs/${run}`, { body: {} }), 422);
  await problemOf(await call('PATCH', `/v1/runs/${run}`, { body: { budget: -1 } }), 422);
});
