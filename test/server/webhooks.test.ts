import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import { liveServer, type LiveServer } from '../support/live-server.ts';
import { webhookReceiver } from '../support/webhook-receiver.ts';

const SOON = { timeout: 20_000 };
const PRIVATE = { settings: { allowPrivateWebhooks: true } } as const;

interface Issued {
  readonly webhook: string;
  readonly secret: string;
}

async function make({ call }: LiveServer, body: object): Promise<Issued> {
  const answer = await call('POST', '/v1/webhooks', { body });
  expect(answer.status).toBe(201);
  return (await answer.json()) as Issued;
}

async function json<Body>(answer: Promise<Response>): Promise<Body> {
  return (await (await answer).json()) as Body;
}

test('an endpoint is told when a run has ended, without its prompts', async () => {
  const server = await liveServer(PRIVATE);
  const receiver = await webhookReceiver();
  const { secret } = await make(server, { url: receiver.url, events: ['run.completed'] });
  const rows = [{ prompt: 'a secret boat' }];
  const { run } = await json<{ run: string }>(
    server.call('POST', '/v1/runs', {
      body: { rows, settings: { models: ['demo'] }, approve: true },
    }),
  );
  await expect.poll(() => receiver.received.length, SOON).toBe(1);
  const [{ body, headers }] = receiver.received as [(typeof receiver.received)[0]];
  expect(new Webhook(secret).verify(body, headers)).toMatchObject({
    type: 'run.completed',
    workspace: 'local',
    data: { run, state: 'done', items: { delivered: 1 } },
  });
  expect(body).not.toContain('boat');
});

test('a webhook is made, found, changed and removed', async () => {
  const { call, ...server } = await liveServer(PRIVATE);
  const { webhook, secret } = await make({ call, ...server }, { url: 'http://127.0.0.1:9/hook' });
  expect(secret).toMatch(/^whsec_/);
  const path = `/v1/webhooks/${webhook}`;
  expect(await json(call('GET', path))).toEqual({
    webhook,
    url: 'http://127.0.0.1:9/hook',
    description: '',
    events: null,
    enabled: true,
    disabled_reason: null,
    failing_since: null,
    rotated_at: null,
    created_at: expect.any(String),
  });
  const change = { description: 'shop', events: ['run.completed'], enabled: false };
  expect(await json(call('PATCH', path, { body: change }))).toMatchObject(change);
  expect((await call('POST', `${path}/test`)).status).toBe(409);
  expect(await json(call('PATCH', path, { body: { enabled: true, events: null } }))).toMatchObject({
    enabled: true,
    events: null,
    description: 'shop',
  });
  const rotated = await json<Issued>(call('POST', `${path}/rotate`));
  expect(rotated.secret).toMatch(/^whsec_/);
  expect(rotated.secret).not.toBe(secret);
  expect(await json(call('GET', '/v1/webhooks'))).toMatchObject({
    data: [{ webhook }],
    next: null,
  });
  expect((await call('DELETE', path)).status).toBe(204);
  expect((await call('GET', path)).status).toBe(404);
});

test('the log says what became of deliveries, and sends them again', async () => {
  const server = await liveServer(PRIVATE);
  const { call } = server;
  const receiver = await webhookReceiver(410);
  const { webhook } = await make(server, { url: receiver.url });
  const path = `/v1/webhooks/${webhook}`;
  const { delivery } = await json<{ delivery: string }>(call('POST', `${path}/test`));
  const log = () => json<{ data: object[] }>(call('GET', `${path}/deliveries?state=failed`));
  await expect.poll(log, SOON).toMatchObject({
    data: [
      { delivery, state: 'failed', status: 410, reason: 'It answered 410.', type: 'webhook.test' },
    ],
  });
  expect(await json(call('GET', path))).toMatchObject({ enabled: false });
  const since = '2026-01-01T00:00:00.000Z';
  const again = { body: { since } };
  expect((await call('POST', `${path}/replay`, again)).status).toBe(409);
  await call('PATCH', path, { body: { enabled: true } });
  expect(await json(call('POST', `${path}/replay`, again))).toEqual({ deliveries: 1 });
  await expect.poll(() => receiver.received.length, SOON).toBe(2);
  const one = `${path}/deliveries/${delivery}/replay`;
  await expect.poll(async () => (await call('POST', one)).status, SOON).toBe(202);
  await expect
    .poll(() => receiver.received.map(({ id }) => id), SOON)
    .toEqual([delivery, delivery, delivery]);
  expect((await call('GET', `${path}/deliveries?after=nonsense`)).status).toBe(422);
});

test('addresses that are not on the open web are refused', async () => {
  const { call } = await liveServer();
  const refused = [
    'http://example.com/',
    'https://localhost/',
    'https://a.localhost/',
    'https://127.0.0.1/',
    'https://[::1]/',
    'https://10.1.2.3/',
    'https://169.254.169.254/latest/',
    'https://2130706433/',
    'https://user:word@example.com/',
    'ftp://example.com/',
    'nonsense',
  ];
  for (const url of refused) {
    const answer = await call('POST', '/v1/webhooks', { body: { url } });
    expect([url, answer.status]).toEqual([url, 422]);
    expect(await answer.json()).toMatchObject({ problems: [{ field: 'body.url' }] });
  }
  const body = { url: 'https://example.com/hook' };
  expect((await call('POST', '/v1/webhooks', { body })).status).toBe(201);
});

test('an endpoint whose name leads to this machine is sent nothing', async () => {
  const server = await liveServer();
  const receiver = await webhookReceiver();
  // As if the name had led elsewhere when it was given.
  const { webhook } = (await server.engine.service.webhooks.create({
    workspace: 'local',
    url: receiver.url.replace('127.0.0.1', 'localhost'),
    description: '',
  }))!;
  const path = `/v1/webhooks/${webhook.id}`;
  await server.call('POST', `${path}/test`);
  await expect
    .poll(() => json(server.call('GET', `${path}/deliveries`)), SOON)
    .toMatchObject({ data: [{ reason: 'Its address is not that of a public host.' }] });
  expect(receiver.received).toEqual([]);
});

test('webhooks are their own workspace’s, and kept by those who may', async () => {
  const server = await liveServer(PRIVATE);
  await server.engine.service.workspaces.create({ id: 'other' });
  const key = await server.issueKey({ workspace: 'other', role: 'admin' });
  const member = await server.issueKey({ role: 'member' });
  const { webhook } = await make(server, { url: 'https://example.com/' });
  const path = `/v1/webhooks/${webhook}`;
  for (const [method, each, body] of [
    ['GET', path],
    ['PATCH', path, {}],
    ['DELETE', path],
    ['POST', `${path}/rotate`],
    ['POST', `${path}/test`],
    ['GET', `${path}/deliveries`],
    ['POST', `${path}/replay`, { since: '2026-01-01T00:00:00.000Z' }],
    ['POST', `${path}/deliveries/${webhook}_1/replay`],
  ] as const) {
    const status = (await server.call(method, each, { key, body })).status;
    expect([method, each, status]).toEqual([method, each, 404]);
  }
  expect((await server.call('GET', path, { key: member })).status).toBe(403);
  expect(await json(server.call('GET', '/v1/webhooks', { key }))).toEqual({ data: [], next: null });
});

test('a webhook that was asked for twice is made once, and a workspace has 20', async () => {
  const server = await liveServer(PRIVATE);
  const headers = { 'idempotency-key': 'once' };
  const body = { url: 'https://example.com/' };
  const first = await server.call('POST', '/v1/webhooks', { body, headers });
  expect(first.status).toBe(201);
  // Its answer had a secret: it is not kept, and not told again.
  expect((await server.call('POST', '/v1/webhooks', { body, headers })).status).toBe(409);
  for (let each = 1; each < 20; each += 1) await make(server, body);
  expect((await server.call('POST', '/v1/webhooks', { body })).status).toBe(409);
});
