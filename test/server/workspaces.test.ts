import { expect, test } from 'vitest';
import { liveServer } from '../support/live-server.ts';

test('a workspace begins as a standard one, or as it was ordered', async () => {
  const { call } = await liveServer();
  const standard = await call('POST', '/v1/workspaces', { body: { workspace: 'acme' } });
  expect(standard.status).toBe(201);
  expect(await standard.json()).toMatchObject({
    workspace: 'acme',
    name: 'acme',
    state: 'active',
    images_per_hour: 200,
    ceiling_follows: 'purchases',
    credits: { available: 0, held: 0, posted: 0, bought: 0 },
  });
  const ordered = { workspace: 'big', name: 'Big', images_per_hour: 5_000, balance: 'none' };
  expect(await (await call('POST', '/v1/workspaces', { body: ordered })).json()).toMatchObject({
    name: 'Big',
    images_per_hour: 5_000,
    ceiling_follows: 'operator',
    credits: { available: null },
  });
  const free = { workspace: 'free', images_per_hour: 'none' };
  expect(await (await call('POST', '/v1/workspaces', { body: free })).json()).toMatchObject({
    images_per_hour: null,
    ceiling_follows: 'operator',
  });
  expect((await call('POST', '/v1/workspaces', { body: { workspace: 'acme' } })).status).toBe(409);
});

test.each(['Acme', 'a_b', '-a', 'a-', '../a', '', 'a'.repeat(41)])(
  '"%s" is no id of a workspace',
  async (workspace) => {
    const { call } = await liveServer();
    const answer = await call('POST', '/v1/workspaces', { body: { workspace } });
    expect(answer.status).toBe(422);
    const { problems } = (await answer.json()) as { problems: { field: string }[] };
    expect(problems.map(({ field }) => field)).toContain('body.workspace');
  },
);

test('operators change and list workspaces', async () => {
  const { call } = await liveServer();
  await call('POST', '/v1/workspaces', { body: { workspace: 'acme' } });
  const change = async (body: object) =>
    (await call('PATCH', '/v1/workspaces/acme', { body })).json();
  expect(await change({ name: 'Acme', images_per_hour: 900 })).toMatchObject({
    name: 'Acme',
    images_per_hour: 900,
    ceiling_follows: 'operator',
  });
  expect(await change({ images_per_hour: 'bought' })).toMatchObject({
    name: 'Acme',
    images_per_hour: 200,
    ceiling_follows: 'purchases',
  });
  expect(await change({})).toMatchObject({ name: 'Acme', state: 'active' });
  const page = await (await call('GET', '/v1/workspaces?limit=1')).json();
  expect(page).toMatchObject({ data: [{ workspace: 'acme' }], next: 'acme' });
  const next = await (await call('GET', '/v1/workspaces?limit=1&after=acme')).json();
  expect(next).toMatchObject({ data: [{ workspace: 'local' }], next: null });
  expect((await call('PATCH', '/v1/workspaces/none', { body: {} })).status).toBe(404);
});

test('everybody sees the own workspace, and nobody but operators another one', async () => {
  const { call, issueKey } = await liveServer();
  const admin = await issueKey({ workspace: 'studio', role: 'admin' });
  const own = await call('GET', '/v1/workspace', { key: admin });
  expect(await own.json()).toMatchObject({ workspace: 'studio' });
  expect((await call('GET', '/v1/workspaces', { key: admin })).status).toBe(403);
  expect((await call('GET', '/v1/workspaces/studio', { key: admin })).status).toBe(403);
});

test('a suspended workspace may look and nothing else, at once and until it is active again', async () => {
  const { call, issueKey } = await liveServer();
  const key = await issueKey({ workspace: 'studio', role: 'admin' });
  const order = { key, body: { rows: [{ prompt: 'a boat' }], settings: { models: ['demo'] } } };
  const makeKey = { key, body: { name: 'more' } };
  expect((await call('POST', '/v1/runs', order)).status).toBe(201);

  await call('PATCH', '/v1/workspaces/studio', { body: { state: 'suspended' } });
  const refused = await call('POST', '/v1/runs', order);
  expect(refused.status).toBe(403);
  expect(await refused.json()).toMatchObject({ detail: expect.stringContaining('suspended') });
  expect((await call('POST', '/v1/keys', makeKey)).status).toBe(403);
  expect((await call('GET', '/v1/keys', { key })).status).toBe(200);
  expect((await call('GET', '/v1/workspace', { key })).status).toBe(200);

  await call('PATCH', '/v1/workspaces/studio', { body: { state: 'active' } });
  expect((await call('POST', '/v1/runs', order)).status).toBe(201);
});
