import { expect, test } from 'vitest';
import { callServer, liveServer, type LiveServer } from '../support/live-server.ts';

interface KeyAnswer {
  readonly key: string;
  readonly secret: string;
  readonly scopes: readonly string[];
  readonly credits: { readonly budget: number | null };
}

const SOON = 60_000;

async function made(answer: Response): Promise<KeyAnswer> {
  expect(answer.status).toBe(201);
  return (await answer.json()) as KeyAnswer;
}

async function statusOf({ url }: LiveServer, secret: string): Promise<number> {
  return (await callServer(url, secret, 'GET', '/v1/workspace')).status;
}

test('a key is made, used, changed, listed and revoked', async () => {
  const server = await liveServer();
  const { call } = server;
  const body = { name: 'import', role: 'member', budget: 12.5 };
  const { key, secret } = await made(await call('POST', '/v1/keys', { body }));
  expect(secret).toMatch(/^im_[a-z0-9]{40}$/);
  expect(await statusOf(server, secret)).toBe(200);

  const kept = await (await call('GET', `/v1/keys/${key}`)).text();
  expect(kept).not.toContain(secret);
  expect(JSON.parse(kept)).toMatchObject({
    key,
    workspace: 'local',
    name: 'import',
    role: 'member',
    hint: secret.slice(-4),
    state: 'active',
    credits: { budget: 12.5, posted: 0, held: 0 },
    last_used_at: expect.stringMatching(/^\d{4}-/),
    expires_at: null,
  });

  const change = { name: 'nightly import', budget: null, expires_at: '2999-01-01T00:00:00+02:00' };
  const changed = await call('PATCH', `/v1/keys/${key}`, { body: change });
  expect(await changed.json()).toMatchObject({
    name: 'nightly import',
    credits: { budget: null },
    expires_at: '2998-12-31T22:00:00.000Z',
  });

  const listed = (await (await call('GET', '/v1/keys')).json()) as { data: KeyAnswer[] };
  expect(listed.data.map((each) => each.key)).toContain(key);

  const revoked = await call('DELETE', `/v1/keys/${key}`);
  expect(await revoked.json()).toMatchObject({ state: 'revoked' });
  expect(await statusOf(server, secret)).toBe(401);
  expect((await call('DELETE', `/v1/keys/${key}`)).status).toBe(200);
  expect((await call('PATCH', `/v1/keys/${key}`, { body: { name: 'x' } })).status).toBe(409);
});

test('a rotated key has another secret; the old one is good for as long as was said', async () => {
  const server = await liveServer();
  const { call } = server;
  const first = await made(await call('POST', '/v1/keys', { body: { name: 'ci' } }));
  const rotate = async (keep_old_seconds: number) => {
    const path = `/v1/keys/${first.key}/rotate`;
    const answer = await call('POST', path, { body: { keep_old_seconds } });
    expect(answer.status).toBe(200);
    return (await answer.json()) as KeyAnswer;
  };
  const second = await rotate(600);
  expect(second.key).toBe(first.key);
  expect(await statusOf(server, first.secret)).toBe(200);
  expect(await statusOf(server, second.secret)).toBe(200);
  const third = await rotate(0);
  expect(await statusOf(server, first.secret)).toBe(401);
  expect(await statusOf(server, second.secret)).toBe(401);
  expect(await statusOf(server, third.secret)).toBe(200);
});

test('a key gives no key more than it has itself', async () => {
  const server = await liveServer();
  const { call, issueKey } = server;
  const admin = await issueKey({ workspace: 'studio', role: 'admin' });
  const narrow = await issueKey({
    workspace: 'studio',
    role: 'admin',
    scopes: ['workspace:manage', 'runs:read'],
  });
  const spender = await issueKey({
    workspace: 'studio',
    role: 'admin',
    budgetCreditMicros: 5_000_000,
  });
  const leaving = await issueKey({
    workspace: 'studio',
    role: 'admin',
    expiresAt: Date.now() + SOON,
  });
  const make = async (key: string, terms: object) =>
    (await call('POST', '/v1/keys', { key, body: { name: 'more', ...terms } })).status;

  expect(await make(admin, { role: 'admin' })).toBe(201);
  expect(await make(admin, { role: 'operator' })).toBe(403);
  expect(await make(admin, { role: 'operator', scopes: ['operate'] })).toBe(403);
  expect(await make(admin, { workspace: 'local' })).toBe(404);
  expect(await make(admin, { role: 'viewer', scopes: ['runs:write'] })).toBe(422);
  expect(await make(narrow, { role: 'member' })).toBe(403);
  expect(await make(narrow, { role: 'member', scopes: ['runs:read'] })).toBe(201);
  expect(await make(spender, { role: 'viewer', budget: 1 })).toBe(403);
  expect(await make(leaving, { role: 'viewer' })).toBe(403);
  const before = new Date(Date.now() + SOON / 2).toISOString();
  expect(await make(leaving, { role: 'viewer', expires_at: before })).toBe(201);
  expect(await make(admin, { expires_at: '2020-01-01T00:00:00Z' })).toBe(422);
});

test('a key changes, replaces and revokes no key that may more, and lifts no bound of its own', async () => {
  const { call, issueKey, engine } = await liveServer();
  const admin = await issueKey({ workspace: 'studio', role: 'admin' });
  const narrow = await issueKey({
    workspace: 'studio',
    role: 'admin',
    name: 'narrow',
    scopes: ['workspace:manage'],
  });
  const spender = await issueKey({
    workspace: 'studio',
    role: 'admin',
    name: 'spender',
    budgetCreditMicros: 5_000_000,
  });
  const all = await engine.service.keys.list('studio');
  const idOf = (name: string) => all.find((key) => key.name === name)!.id;
  const body = { keep_old_seconds: 0 };

  expect((await call('DELETE', `/v1/keys/${idOf('test')}`, { key: narrow })).status).toBe(403);
  const rename = { key: narrow, body: { name: 'mine' } };
  expect((await call('PATCH', `/v1/keys/${idOf('test')}`, rename)).status).toBe(403);
  const takeOver = { key: narrow, body };
  expect((await call('POST', `/v1/keys/${idOf('test')}/rotate`, takeOver)).status).toBe(403);
  const lift = { key: spender, body: { budget: null } };
  expect((await call('PATCH', `/v1/keys/${idOf('spender')}`, lift)).status).toBe(403);
  const other = { key: spender, body };
  expect((await call('POST', `/v1/keys/${idOf('test')}/rotate`, other)).status).toBe(403);
  // Its own secret it may replace, and its own name it may change.
  const own = { key: spender, body: { name: 'big spender' } };
  expect((await call('PATCH', `/v1/keys/${idOf('spender')}`, own)).status).toBe(200);
  expect((await call('POST', `/v1/keys/${idOf('spender')}/rotate`, other)).status).toBe(200);
  expect((await call('DELETE', `/v1/keys/${idOf('narrow')}`, { key: admin })).status).toBe(200);
});

test('keys come in pages, the newest first', async () => {
  const { call, issueKey } = await liveServer();
  for (const name of ['a', 'b', 'c', 'd', 'e']) await issueKey({ workspace: 'studio', name });
  const names: string[] = [];
  let after = '';
  do {
    const answer = await call('GET', `/v1/keys?workspace=studio&limit=2${after}`);
    const page = (await answer.json()) as { data: { name: string }[]; next: string | null };
    expect(page.data.length).toBeLessThanOrEqual(2);
    names.push(...page.data.map(({ name }) => name));
    after = page.next === null ? '' : `&after=${page.next}`;
  } while (after !== '');
  expect(names.toSorted()).toEqual(['a', 'b', 'c', 'd', 'e']);
});
