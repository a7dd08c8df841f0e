/** Workspaces and keys from the command line, beside a server that works on the same home. */
import { expect, test } from 'vitest';
import { imagemill } from '../support/imagemill.ts';
import { callServer, liveServer } from '../support/live-server.ts';
import { postgresHome } from '../support/stores.ts';

/** A command line and a running server with one store. */
async function besideServer(environment: Readonly<Record<string, string>> = {}) {
  const server = await liveServer({
    ...(environment['DATABASE_URL'] && { databaseUrl: environment['DATABASE_URL'] }),
  });
  const shell = await imagemill({ IMAGEMILL_HOME: server.home, ...environment });
  const own = (secret: string) => callServer(server.url, secret, 'GET', '/v1/workspace');
  return { shell, own };
}

const words = (line: string) => line.split(' ');

test('a key made beside a running server opens it, and revoked opens it no more', async () => {
  const { shell, own } = await besideServer();
  const made = await shell.json<{ workspace: string; credits: object }>(
    ...words('workspaces create acme --images-per-hour 900'),
  );
  expect(made.answer).toMatchObject({
    workspace: 'acme',
    images_per_hour: 900,
    credits: { available: 0 },
  });
  const created = await shell.run(
    ...words('keys create --workspace acme --role admin --name first --budget 2.5 --expires 90d'),
  );
  // Alone on stdout, so that it can be piped.
  expect(created.stdout).toMatch(/^im_[a-z0-9]{40}\n$/);
  expect(created.stderr).toContain('"first"');
  const secret = created.stdout.trim();
  expect(created.stderr).not.toContain(secret);
  expect(await (await own(secret)).json()).toMatchObject({ workspace: 'acme' });

  const listed = await shell.json<{ keys: { key: string; state: string }[] }>(
    ...words('keys list --workspace acme'),
  );
  expect(listed.answer.keys).toEqual([
    expect.objectContaining({
      name: 'first',
      role: 'admin',
      state: 'active',
      credits: { budget: 2.5, posted: 0, held: 0 },
      last_used_at: expect.any(String),
    }),
  ]);
  expect(listed.ended.stdout).not.toContain(secret);
  const { key } = listed.answer.keys[0]!;

  const revoked = await shell.json('keys', 'revoke', key);
  expect(revoked.answer).toMatchObject({ key, state: 'revoked' });
  await expect.poll(async () => (await own(secret)).status, { timeout: 10_000 }).toBe(401);
});

test('a suspension and a rotation reach a running server, on PostgreSQL as well', async () => {
  await using home = await postgresHome();
  const { shell, own } = await besideServer({ DATABASE_URL: home.address });
  const { answer } = await shell.json<{ key: string; secret: string }>(
    ...words('keys create --role viewer'),
  );
  expect((await own(answer.secret)).status).toBe(200);
  const rotated = await shell.json<{ secret: string }>('keys', 'rotate', answer.key);
  expect((await own(rotated.answer.secret)).status).toBe(200);
  const old = async () => (await own(answer.secret)).status;
  await expect.poll(old, { timeout: 10_000 }).toBe(401);

  await shell.run('workspaces', 'change', 'local', '--state', 'suspended');
  const state = async () =>
    ((await (await own(rotated.answer.secret)).json()) as { state: string }).state;
  await expect.poll(state, { timeout: 10_000 }).toBe('suspended');
  const { ended } = await shell.json('workspaces', 'list');
  expect(ended.stdout).toContain('"state":"suspended"');
});

test.each([
  [['keys', 'create', '--role', 'boss'], '--role must be viewer, member, admin, operator'],
  [['keys', 'create', '--scopes', 'runs:read,fly'], 'it is "fly"'],
  [['keys', 'create', '--budget', 'much'], '--budget must be a number of credits'],
  [['keys', 'create', '--workspace', 'none'], 'There is no workspace "none"'],
  [['keys', 'revoke', 'key_none'], 'There is no key "key_none"'],
  [['workspaces', 'create', 'a', '--images-per-hour', '0'], '--images-per-hour must be'],
  [['workspaces', 'change', 'a'], 'Say what changes'],
  [['workspaces', 'change', 'a', '--state', 'gone'], '--state must be active or suspended'],
])('imagemill %j is refused in words', async (words, message) => {
  const shell = await imagemill();
  const { code, stdout, stderr } = await shell.run(...words);
  expect(stderr).toContain(message);
  expect(stdout).toBe('');
  expect(code).toBe(2);
});

test('a key can be made before a server ever ran', async () => {
  const shell = await imagemill();
  const { stdout, code } = await shell.run('keys', 'create');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^im_[a-z0-9]{40}\n$/);
});
