import { expect, test } from 'vitest';
import { liveServer } from '../support/live-server.ts';

interface Batch {
  readonly batch: string;
  readonly state: string;
  readonly price: { readonly credits: number };
  readonly done_at: string | null;
}

const prompts = (count: number) => Array.from({ length: count }, (_, n) => `a boat number ${n}`);

test('one call makes the images of a batch, and tells its price and its end', async () => {
  const { call, engine } = await liveServer();
  const before = Date.now();
  const made = await call('POST', '/v1/batches', {
    body: { model: 'openai', prompts: prompts(12), quality: 'low' },
  });
  expect(made.status).toBe(201);
  const batch = (await made.json()) as Batch;
  expect(batch).toMatchObject({
    model: 'gpt-image-2',
    prompts: 12,
    images: 12,
    price: { usd: expect.closeTo(12 * 0.006, 2) as number },
  });
  expect(batch.price.credits).toBeGreaterThan(3);
  expect(Date.parse(batch.done_at!)).toBeGreaterThan(before);
  expect(await engine.run(batch.batch)).toMatchObject({
    origin: 'batch',
    settings: { batchSize: 'max', spendingAllowed: true },
  });
  const shown = async () =>
    (await (await call('GET', `/v1/batches/${batch.batch}`)).json()) as Batch;
  await expect
    .poll(shown, { timeout: 60_000, interval: 250 })
    .toMatchObject({ state: 'done', counts: { delivered: 12 } });
  const done = (await shown()) as Batch & { items: { image: string }[] };
  const picture = await call('GET', done.items[0]!.image);
  expect(picture.headers.get('content-type')).toBe('image/png');
  expect(done).toMatchObject({
    spent: { credits: batch.price.credits },
    items: prompts(12).map((text, place) => ({ prompt: place + 1, text, state: 'delivered' })),
  });
});

test.each([
  ['gpt-image-2', 50],
  ['flux', 30],
  ['gemini', 40],
  ['kling', 10],
  ['wan', 10],
])(
  '%s takes %i prompts in a batch, and one more is answered with who takes so many',
  async (model, most) => {
    const names = ['openai', 'bfl', 'gemini', 'kling', 'dashscope'];
    const vendors = Object.fromEntries(names.map((name) => [name, { apiKey: 'key' }]));
    const server = await liveServer({ config: { vendors } });
    // A workspace that can pay nothing: what it orders waits.
    await server.engine.service.workspaces.create({ id: 'poor' });
    const key = await server.issueKey({ workspace: 'poor' });
    const order = (count: number) =>
      server.call('POST', '/v1/batches', { key, body: { model, prompts: prompts(count) } });
    expect((await order(most)).status).toBe(201);
    const answer = await order(most + 1);
    expect(answer.status).toBe(422);
    const { problems } = (await answer.json()) as {
      problems: { field: string; message: string; remedy: string }[];
    };
    expect(problems[0]).toMatchObject({ field: 'body.prompts', value: String(most + 1) });
    expect(problems[0]!.message).toContain(`at most ${most} prompts`);
    if (most < 50) expect(problems[0]!.remedy).toContain('gpt-image-2 (50)');
    else expect(problems[0]!.remedy).toContain('POST /v1/runs');
  },
);

test('what cannot be made is told by field, and nothing of this machine is read', async () => {
  const { call } = await liveServer();
  const wrong = async (body: object) => {
    const answer = await call('POST', '/v1/batches', { body });
    return { status: answer.status, body: await answer.text() };
  };
  const path = await wrong({ model: 'demo', prompts: ['a'], images: ['/etc/hostname'] });
  expect(path.status).toBe(422);
  expect(path.body).toContain('body.images[0]');
  expect((await wrong({ model: 'demo', prompts: ['a'], size: 'big' })).body).toContain('body.size');
  expect((await wrong({ model: 'demo', prompts: ['a'], finish: 'fly 2x' })).status).toBe(422);
  expect((await wrong({ model: 'demo', prompts: [] })).status).toBe(422);
  expect((await wrong({ model: 'gone', prompts: ['a'] })).status).toBe(404);
  const retired = await wrong({ model: 'dall-e-3', prompts: ['a'] });
  expect(retired.status).toBe(422);
  expect(retired.body).toContain('body.model');
  const missing = await wrong({ model: 'demo', prompts: ['a'], images: ['@nobody'] });
  expect(missing.status).toBe(422);
  expect(missing.body).toContain('@nobody');
});

test('a batch is its own workspace’s, and a run is no batch', async () => {
  const server = await liveServer();
  const { call, engine } = server;
  const made = await call('POST', '/v1/batches', { body: { model: 'demo', prompts: ['a boat'] } });
  const { batch } = (await made.json()) as Batch;
  await engine.service.workspaces.create({ id: 'other' });
  const key = await server.issueKey({ workspace: 'other' });
  expect((await call('GET', `/v1/batches/${batch}`, { key })).status).toBe(404);
  const viewer = await server.issueKey({ role: 'viewer' });
  const refused = await call('POST', '/v1/batches', {
    key: viewer,
    body: { model: 'demo', prompts: ['a boat'] },
  });
  expect(refused.status).toBe(403);
  const run = await call('POST', '/v1/runs', { body: { rows: [{ prompt: 'a' }] } });
  const { run: id } = (await run.json()) as { run: string };
  expect((await call('GET', `/v1/batches/${id}`)).status).toBe(404);
});

test('a batch that is sent again under its key is made once', async () => {
  const { call } = await liveServer();
  const send = () =>
    call('POST', '/v1/batches', {
      body: { model: 'demo', prompts: ['a boat'] },
      headers: { 'idempotency-key': 'batch-1' },
    });
  const [one, other] = [await (await send()).json(), await (await send()).json()] as Batch[];
  expect(other).toEqual(one);
});
