import { expect, test } from 'vitest';
import { callServer, liveServer, type LiveServer } from '../support/live-server.ts';

const OURS = { 'sec-fetch-site': 'same-origin', 'x-requested-with': 'studio' };

/** Signs in; answers the cookie as a browser sends it back, and what the server said of it. */
async function signIn({ call }: LiveServer, key: string) {
  const answer = await call('POST', '/v1/session', { key });
  expect(answer.status).toBe(201);
  const line = answer.headers.get('set-cookie')!;
  return { cookie: line.split(';')[0]!, line, body: (await answer.json()) as object };
}

function browse({ url }: LiveServer, cookie: string, method: string, path: string, more = {}) {
  return callServer(url, '', method, path, {
    headers: { cookie, ...more },
    ...(method === 'POST' && { body: { name: 'made by a browser' } }),
  });
}

test('a browser is signed in with a key, and out again', async () => {
  const server = await liveServer();
  const key = await server.issueKey({ role: 'admin' });
  const { cookie, line, body } = await signIn(server, key);
  expect(line).toMatch(/^imagemill_session=ims_[a-z0-9]{48};/);
  expect(line).toContain('HttpOnly');
  expect(line).toContain('SameSite=Strict');
  expect(line).toContain('Path=/');
  expect(line).toContain('Max-Age=43200');
  expect(line).not.toContain('Secure');
  expect(body).toMatchObject({ by: 'session', role: 'admin', workspace: { workspace: 'local' } });
  expect(JSON.stringify(body)).not.toContain('ims_');

  const who = await browse(server, cookie, 'GET', '/v1/session');
  expect(await who.json()).toMatchObject({ by: 'session', expires_at: expect.any(String) });
  expect((await browse(server, cookie, 'DELETE', '/v1/session', OURS)).status).toBe(204);
  const after = await browse(server, cookie, 'GET', '/v1/session');
  expect(after.status).toBe(401);
  // The browser is told to forget it, and the next request is nobody's.
  expect(after.headers.get('set-cookie')).toMatch(/^imagemill_session=;.*Max-Age=0/);
});

test('on https the cookie travels on https only, and browsers are told to stay there', async () => {
  const server = await liveServer({ settings: { publicUrl: 'https://mill.example' } });
  const { line } = await signIn(server, server.secret);
  expect(line).toContain('Secure');
  const answer = await server.call('GET', '/v1/session');
  expect(answer.headers.get('strict-transport-security')).toMatch(/^max-age=\d{8}/);
});

test.each([
  ['no word of where it comes from', { 'x-requested-with': 'a' }, 403],
  ['another site', { 'sec-fetch-site': 'cross-site', 'x-requested-with': 'a' }, 401],
  ['another port of this machine', { 'sec-fetch-site': 'same-site', 'x-requested-with': 'a' }, 401],
  ['another origin', { origin: 'https://evil.example', 'x-requested-with': 'a' }, 403],
  ['another origin that claims to be ours', { origin: 'https://evil.example', ...OURS }, 403],
  ['no origin at all', { origin: 'null', 'x-requested-with': 'a' }, 403],
  ['our page, by a form', { 'sec-fetch-site': 'same-origin' }, 403],
  ['our page', OURS, 201],
  ['our page, in an older browser', { origin: 'here', 'x-requested-with': 'a' }, 201],
  ['our page behind a proxy', { origin: 'https://mill.example', ...OURS }, 201],
])('a change with the cookie, from %s', async (_, headers, status) => {
  const server = await liveServer({ settings: { publicUrl: 'https://mill.example' } });
  const { cookie } = await signIn(server, server.secret);
  const sent = 'origin' in headers && headers.origin === 'here' ? { origin: server.url } : {};
  const answer = await browse(server, cookie, 'POST', '/v1/keys', { ...headers, ...sent });
  expect(answer.status).toBe(status);
});

test('a session may do what its key may, and ends with it', async () => {
  const server = await liveServer();
  const viewer = await server.issueKey({ role: 'viewer' });
  const { cookie } = await signIn(server, viewer);
  expect((await browse(server, cookie, 'GET', '/v1/keys', OURS)).status).toBe(403);
  expect((await browse(server, cookie, 'POST', '/v1/session', OURS)).status).toBe(403);
  const [key] = await server.engine.service.keys.list('local');
  expect((await server.call('DELETE', `/v1/keys/${key!.id}`)).status).toBe(200);
  expect((await browse(server, cookie, 'GET', '/v1/session')).status).toBe(401);
});

test('a session ends when the secret it was begun with is replaced', async () => {
  const server = await liveServer();
  const { cookie } = await signIn(server, await server.issueKey({ role: 'viewer' }));
  const [key] = await server.engine.service.keys.list('local');
  const path = `/v1/keys/${key!.id}/rotate`;
  await server.call('POST', path, { body: { keep_old_seconds: 60 } });
  const kept = await browse(server, cookie, 'GET', '/v1/session');
  const { expires_at } = (await kept.json()) as { expires_at: string };
  expect(Date.parse(expires_at) - Date.now()).toBeLessThanOrEqual(60_000);
  await server.call('POST', path, { body: {} });
  expect((await browse(server, cookie, 'GET', '/v1/session')).status).toBe(401);
});

test('a key has no session to end, and goes before a cookie', async () => {
  const server = await liveServer();
  expect((await server.call('DELETE', '/v1/session')).status).toBe(404);
  const { cookie } = await signIn(server, await server.issueKey({ role: 'viewer' }));
  const both = await server.call('GET', '/v1/session', { headers: { cookie } });
  expect(await both.json()).toMatchObject({ by: 'key', role: 'operator' });
});
