import { expect, test } from 'vitest';
import { type CallOptions, callServer, liveServer } from '../support/live-server.ts';

interface Invited {
  readonly key: string;
  readonly invitation: string;
  readonly invited_until: string | null;
  readonly secret: string;
  readonly last_used_at: string | null;
}

async function inviter() {
  const server = await liveServer();
  const json = async (answer: Promise<Response>) => (await (await answer).json()) as Invited;
  return {
    server,
    invite: (body: object = {}, options: CallOptions = {}) =>
      json(server.call('POST', '/v1/invitations', { body: { name: 'Ada', ...body }, ...options })),
    accept: (invitation: string, headers: Record<string, string> = {}) =>
      callServer(server.url, '', 'POST', '/v1/invitations/accept', {
        body: { invitation },
        headers,
      }),
    key: (key: string) => json(server.call('GET', `/v1/keys/${key}`)),
    json,
  };
}

test('an invitation signs somebody in once, and tells them their own secret', async () => {
  const { server, invite, accept, key } = await inviter();
  const { key: id, invitation } = await invite({ role: 'member', budget: 20 });
  expect(invitation).toMatch(/^imi_[a-z0-9]{40}$/);
  expect(await key(id)).toMatchObject({
    holder: 'person',
    role: 'member',
    last_used_at: null,
    credits: { budget: 20 },
    invited_until: expect.stringMatching(/^\d{4}-/),
  });
  // It opens nothing by itself.
  expect((await callServer(server.url, invitation, 'GET', '/v1/session')).status).toBe(401);

  const accepted = await accept(invitation);
  expect(accepted.status).toBe(201);
  const cookie = accepted.headers.get('set-cookie') ?? '';
  expect(cookie).toMatch(/^imagemill_session=ims_\w+; .*HttpOnly/);
  const { secret } = (await accepted.json()) as Invited;
  expect((await callServer(server.url, secret, 'GET', '/v1/session')).status).toBe(200);
  expect(await key(id)).toMatchObject({ invited_until: null });
  const session = cookie.split(';')[0]!;
  const signedIn = await callServer(server.url, '', 'GET', '/v1/session', {
    headers: { cookie: session },
  });
  expect(await signedIn.json()).toMatchObject({ by: 'session', role: 'member' });

  const again = await accept(invitation);
  expect(again.status).toBe(404);
  expect(await again.text()).toContain('was accepted already');
});

test('of many who show the same invitation at once, one is let in', async () => {
  const { invite, accept } = await inviter();
  const { invitation } = await invite();
  const answers = await Promise.all(Array.from({ length: 8 }, () => accept(invitation)));
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
});

test('one is invited again: the link before is none, the secret before is good until then', async () => {
  const { server, invite, accept, json } = await inviter();
  const first = await invite();
  const { secret } = await json(accept(first.invitation));
  const again = await json(server.call('POST', `/v1/keys/${first.key}/invitation`));
  expect((await callServer(server.url, secret, 'GET', '/v1/session')).status).toBe(200);
  const third = await json(server.call('POST', `/v1/keys/${first.key}/invitation`));
  expect((await accept(again.invitation)).status).toBe(404);
  expect((await accept(third.invitation)).status).toBe(201);
  expect((await callServer(server.url, secret, 'GET', '/v1/session')).status).toBe(401);
});

test('a revoked one, and one of a revoked key, lets nobody in', async () => {
  const { server, invite, accept } = await inviter();
  const { key, invitation } = await invite();
  await server.call('DELETE', `/v1/keys/${key}`);
  expect((await accept(invitation)).status).toBe(404);
  expect((await server.call('POST', `/v1/keys/${key}/invitation`)).status).toBe(409);
});

test('nobody invites to more than they may do, nor to the key of a program', async () => {
  const { server, json } = await inviter();
  const admin = await server.issueKey({ role: 'admin' });
  const refused = await server.call('POST', '/v1/invitations', {
    body: { name: 'Eve', role: 'operator' },
    key: admin,
  });
  expect(refused.status).toBe(403);
  const operator = await json(server.call('GET', '/v1/session'));
  const own = (operator as unknown as { key: { key: string } }).key.key;
  const taking = await server.call('POST', `/v1/keys/${own}/invitation`, { key: admin });
  expect(taking.status).toBe(403);
  const program = await json(server.call('POST', '/v1/keys', { body: { name: 'import' } }));
  expect((await server.call('POST', `/v1/keys/${program.key}/invitation`)).status).toBe(409);
});

test('guesses are counted, and pages of other origins sign nobody in', async () => {
  const { invite, accept } = await inviter();
  const { invitation } = await invite();
  expect((await accept(invitation, { origin: 'https://evil.example' })).status).toBe(403);
  const guess = `imi_${'a'.repeat(40)}`;
  let last = await accept(guess);
  for (let times = 0; times < 25 && last.status === 404; times += 1) last = await accept(guess);
  expect(last.status).toBe(429);
});

test('members are listed apart from programs, and their role can be changed', async () => {
  const { server, invite, json } = await inviter();
  const { key } = await invite({ role: 'viewer' });
  await server.call('POST', '/v1/keys', { body: { name: 'import' } });
  const names = async (holder: string) => {
    const page = await json(server.call('GET', `/v1/keys?holder=${holder}`));
    return (page as unknown as { data: { name: string }[] }).data.map(({ name }) => name);
  };
  expect(await names('person')).toEqual(['Ada', 'first key']);
  expect(await names('program')).toEqual(['import']);
  const changed = await server.call('PATCH', `/v1/keys/${key}`, { body: { role: 'admin' } });
  expect(await changed.json()).toMatchObject({
    role: 'admin',
    scopes: ['runs:read', 'runs:write', 'credits:read', 'credits:buy', 'workspace:manage'],
  });
  const admin = await server.issueKey({ role: 'admin' });
  const raise = { body: { role: 'operator' }, key: admin };
  expect((await server.call('PATCH', `/v1/keys/${key}`, raise)).status).toBe(403);
});
