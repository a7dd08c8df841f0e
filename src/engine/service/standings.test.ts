import { expect, onTestFinished, test } from 'vitest';
import { seededRandom } from '../core/random.ts';
import { sqliteHome } from '../../../test/support/stores.ts';
import { VirtualClock } from '../../../test/support/virtual-clock.ts';
import { ApiKeys } from './api-keys.ts';
import { Sessions } from './sessions.ts';
import { hashOf, Standings } from './standings.ts';
import { Workspaces } from './workspaces.ts';

/** Two processes' services over one store, and a key of it. */
async function services() {
  const clock = new VirtualClock();
  const home = await sqliteHome({ clock });
  onTestFinished(() => home[Symbol.asyncDispose]());
  const { store } = await home.open();
  const random = seededRandom(7);
  const service = () => {
    const deps = { store, random, standings: new Standings({ store, clock }) };
    const keys = new ApiKeys(deps);
    const workspaces = new Workspaces({ ...deps, keys, ceilingOf: () => 200 });
    return { keys, workspaces, sessions: new Sessions(deps) };
  };
  const [here, elsewhere] = [service(), service()];
  await here.workspaces.create({ id: 'studio' });
  const issue = (more = {}) =>
    here.keys.issue({ workspace: 'studio', name: 'test', role: 'member', ...more });
  return { clock, store, here, elsewhere, issue };
}

test('a revoked key opens nothing more in this process, and soon in no other', async () => {
  const { clock, here, elsewhere, issue } = await services();
  const { key, secret } = await issue();
  expect((await here.keys.authenticate(secret))?.key.id).toBe(key.id);
  expect(await elsewhere.keys.authenticate(secret)).toBeDefined();
  await here.keys.revoke(key.id);
  expect(await here.keys.authenticate(secret)).toBeUndefined();
  await clock.advance(2_000);
  expect(await elsewhere.keys.authenticate(secret)).toBeUndefined();
});

test('a workspace that is suspended is so at once', async () => {
  const { here, issue } = await services();
  const { secret } = await issue();
  expect((await here.keys.authenticate(secret))?.workspaceState).toBe('active');
  await here.workspaces.change('studio', { state: 'suspended' });
  expect((await here.keys.authenticate(secret))?.workspaceState).toBe('suspended');
});

test('a key ends in its moment, also while it is remembered', async () => {
  const { clock, here, issue } = await services();
  const { secret } = await issue({ expiresAt: clock.now() + 1_000 });
  expect(await here.keys.authenticate(secret)).toBeDefined();
  await clock.advance(999);
  expect(await here.keys.authenticate(secret)).toBeDefined();
  await clock.advance(1);
  expect(await here.keys.authenticate(secret)).toBeUndefined();
});

test('a session lasts 12 hours, and no longer than what it was begun with', async () => {
  const { clock, here, issue } = await services();
  const { secret } = await issue({ expiresAt: clock.now() + 20 * 3_600_000 });
  const begin = async () => {
    const standing = await here.keys.authenticate(secret);
    return (await here.sessions.begin(standing!))!;
  };
  const first = await begin();
  expect(first.lastsMs).toBe(12 * 3_600_000);
  await clock.advance(first.lastsMs - 1);
  expect(await here.sessions.authenticate(first.token)).toBeDefined();
  await clock.advance(1);
  expect(await here.sessions.authenticate(first.token)).toBeUndefined();
  expect((await begin()).lastsMs).toBe(8 * 3_600_000);
});

test('the last use is written once a minute', async () => {
  const { clock, store, here, issue } = await services();
  const { key, secret } = await issue();
  const usedAt = async () => {
    await here.keys.authenticate(secret);
    return (await store.findApiKey(key.id))?.lastUsedAt;
  };
  const first = clock.now();
  expect(await usedAt()).toBe(first);
  await clock.advance(59_000);
  expect(await usedAt()).toBe(first);
  await clock.advance(2_000);
  expect(await usedAt()).toBe(first + 61_000);
});

test('the store is asked once in a while, not for each request', async () => {
  const { clock, store, here, issue } = await services();
  const { key, secret } = await issue();
  await here.keys.authenticate(secret);
  // Another process changes it: what is remembered is not what the store has.
  await store.changeApiKey(key.id, { name: 'other' });
  const name = async () => (await here.keys.authenticate(secret))?.key.name;
  await clock.advance(1_999);
  expect(await name()).toBe('test');
  await clock.advance(1);
  expect(await name()).toBe('other');
});

test.each(['', 'im_', 'im_short', `im_${'A'.repeat(40)}`, `im_${'a'.repeat(65)}`, 'sk-a'])(
  'what cannot be a secret is not looked up: "%s"',
  async (secret) => {
    const { store, here } = await services();
    const key = { id: 'key_odd', workspace: 'studio', name: 'odd', hint: 'odd' };
    await store.createApiKey({ ...key, role: 'member', hash: hashOf(secret) });
    await store.createSession({ hash: hashOf(secret), keyId: key.id, lastsMs: 60_000 });
    expect(await here.keys.authenticate(secret)).toBeUndefined();
    expect(await here.sessions.authenticate(secret)).toBeUndefined();
  },
);

test('the local workspace and its first key are made once', async () => {
  const { here } = await services();
  const first = await here.workspaces.ensureLocal();
  expect(first?.key).toMatchObject({ workspace: 'local', role: 'operator' });
  expect(await here.keys.authenticate(first!.secret)).toBeDefined();
  expect(await here.workspaces.ensureLocal()).toBeUndefined();
  expect(await here.keys.list('local')).toHaveLength(1);
  const local = await here.workspaces.find('local');
  expect(local).toMatchObject({ isCeilingFixed: true });
  expect(local?.imagesPerHour).toBeUndefined();
  expect(local?.availableCreditMicros).toBeUndefined();
});
