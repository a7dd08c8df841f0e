/** Guessing, rates, addresses behind proxies, and what browsers are told. */
import { expect, test } from 'vitest';
import { callServer, liveServer, type LiveServer } from '../support/live-server.ts';

const WRONG = `im_${'a'.repeat(40)}`;

/** A call by way of a proxy, or of somebody who claims to be one. */
function callFor({ url }: LiveServer, key: string, forwarded: string): Promise<Response> {
  const headers = { 'x-forwarded-for': forwarded };
  return callServer(url, key, 'GET', '/v1/workspace', { headers });
}

test('an address that shows wrong keys has to wait; a key that was good there is still taken', async () => {
  const server = await liveServer({ settings: { guessesPerMinute: 3 } });
  const { call, issueKey } = server;
  const later = await issueKey();
  expect((await call('GET', '/v1/workspace')).status).toBe(200);
  for (const key of [WRONG, 'sk-something', `im_${'b'.repeat(40)}`]) {
    const answer = await call('GET', '/v1/workspace', { key });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toContain('invalid_token');
  }
  const refused = await call('GET', '/v1/workspace', { key: WRONG });
  expect(refused.status).toBe(429);
  expect(refused.headers.get('content-type')).toContain('application/problem+json');
  const seconds = Number(refused.headers.get('retry-after'));
  expect(seconds).toBeGreaterThan(0);
  expect(seconds).toBeLessThanOrEqual(60);
  // A right guess is not told from a wrong one now.
  expect((await call('GET', '/v1/workspace', { key: later })).status).toBe(429);
  expect((await call('GET', '/v1/workspace')).status).toBe(200);
  // What is open to everybody stays so.
  expect((await call('GET', '/healthz', { key: '' })).status).toBe(200);
});

test('a key that was good counts as a guess once it is revoked', async () => {
  const { call, issueKey, engine } = await liveServer({ settings: { guessesPerMinute: 1 } });
  const key = await issueKey({ workspace: 'studio' });
  expect((await call('GET', '/v1/workspace', { key })).status).toBe(200);
  const [issued] = await engine.service.keys.list('studio');
  await engine.service.keys.revoke(issued!.id);
  expect((await call('GET', '/v1/workspace', { key })).status).toBe(401);
  expect((await call('GET', '/v1/workspace', { key })).status).toBe(429);
});

test('cookies that are none count as guesses as well', async () => {
  const { call } = await liveServer({ settings: { guessesPerMinute: 1 } });
  const headers = { cookie: `imagemill_session=ims_${'a'.repeat(48)}` };
  expect((await call('GET', '/v1/workspace', { key: '', headers })).status).toBe(401);
  expect((await call('GET', '/v1/workspace', { key: '', headers })).status).toBe(429);
});

test('X-Forwarded-For is nothing unless it comes from a trusted proxy', async () => {
  const server = await liveServer({ settings: { guessesPerMinute: 1 } });
  expect((await callFor(server, WRONG, '203.0.113.1')).status).toBe(401);
  expect((await callFor(server, WRONG, '203.0.113.2')).status).toBe(429);
});

test('behind a trusted proxy each client has guesses of its own', async () => {
  const server = await liveServer({
    settings: { guessesPerMinute: 1, trustedProxies: ['127.0.0.0/8', '::1', '10.0.0.7'] },
  });
  expect((await callFor(server, WRONG, '203.0.113.1')).status).toBe(401);
  expect((await callFor(server, WRONG, '203.0.113.1')).status).toBe(429);
  expect((await callFor(server, WRONG, '203.0.113.2')).status).toBe(401);
  // What the client wrote itself stands to the left of what the proxy has seen.
  expect((await callFor(server, WRONG, '198.51.100.9, 203.0.113.2')).status).toBe(429);
  expect((await callFor(server, WRONG, '203.0.113.2, 10.0.0.7')).status).toBe(429);
  // A customer of IPv6 has a whole network to change addresses in.
  expect((await callFor(server, WRONG, '2001:db8::1')).status).toBe(401);
  expect((await callFor(server, WRONG, '[2001:db8::2]:4711')).status).toBe(429);
  expect((await callFor(server, WRONG, '2001:db8:0:1::1')).status).toBe(401);
});

test('a trusted proxy that is no address is refused at the start', async () => {
  const started = liveServer({ settings: { trustedProxies: ['my-proxy'] } });
  await expect(started).rejects.toThrow('"my-proxy" is no address of a proxy');
});

test('a key makes so many requests a minute, and each answer tells what is left', async () => {
  const { call, issueKey } = await liveServer({ settings: { requestsPerMinute: 2 } });
  const first = await call('GET', '/v1/workspace');
  expect(first.headers.get('ratelimit-policy')).toBe('"requests";q=2;w=60');
  expect(first.headers.get('ratelimit')).toMatch(/^"requests";r=1;t=\d+$/);
  // Answers that are problems tell it as well.
  const missing = await call('GET', '/v1/runs/r-none');
  expect(missing.status).toBe(404);
  expect(missing.headers.get('ratelimit')).toMatch(/^"requests";r=0;t=\d+$/);
  const refused = await call('GET', '/v1/workspace');
  expect(refused.status).toBe(429);
  expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
  expect(refused.headers.get('ratelimit')).toMatch(/^"requests";r=0;t=\d+$/);
  expect((await call('GET', '/v1/workspace', { key: await issueKey() })).status).toBe(200);
});

test('browsers do nothing with an answer but read it, and no cache keeps it', async () => {
  const { call } = await liveServer();
  for (const answer of [await call('GET', '/v1/workspace'), await call('GET', '/v1/nowhere')]) {
    const headers = Object.fromEntries(answer.headers);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cache-control': 'private, no-store',
    });
    expect(headers).not.toHaveProperty('strict-transport-security');
    expect(headers).not.toHaveProperty('access-control-allow-origin');
  }
});
