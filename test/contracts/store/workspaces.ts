import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { NewApiKey, Store } from '../../../src/engine/store/store.ts';
import type { Subject } from './subject.ts';

const HOUR_MS = 3_600_000;

/** An id of no other test's; the hash of a secret as well. */
function newId(kind: string): string {
  return `${kind}-${randomUUID().slice(0, 8)}`;
}

async function makeWorkspace(store: Store): Promise<string> {
  const id = newId('studio');
  expect(await store.createWorkspace({ id, name: 'Studio' })).toBe(true);
  return id;
}

async function makeKey(store: Store, more: Partial<NewApiKey> = {}): Promise<NewApiKey> {
  const key: NewApiKey = {
    id: newId('key'),
    workspace: more.workspace ?? (await makeWorkspace(store)),
    name: 'import',
    hash: newId('hash'),
    hint: 'x7qk',
    role: 'member',
    ...more,
  };
  await store.createApiKey(key);
  return key;
}

export function describeWorkspaces(subject: Subject): void {
  describe('workspaces', () => {
    test('one is made once, with its first key or without, also by many at once', async () => {
      const { store, others } = subject;
      const id = newId('studio');
      const made = await Promise.all(
        [store, ...others].map(async (each, place) => {
          const key = { name: 'first', hint: 'abcd', role: 'operator', workspace: id } as const;
          const firstKey = { ...key, id: `${id}-${place}`, hash: `${id}-${place}` };
          return each.createWorkspace({ id, name: `name ${place}` }, firstKey);
        }),
      );
      expect(made.filter(Boolean)).toHaveLength(1);
      const winner = made.indexOf(true);
      expect(await store.findWorkspace(id)).toMatchObject({ id, name: `name ${winner}` });
      const keys = await store.listApiKeys(id);
      expect(keys.map((key) => key.id)).toEqual([`${id}-${winner}`]);
    });

    test('it is as it was ordered, and what is not named in a change stays', async () => {
      const { store } = subject;
      const id = newId('studio');
      const terms = { imagesPerHour: 300, availableCreditMicros: 0 };
      await store.createWorkspace({ id, name: 'Studio', ...terms });
      const before = await store.findWorkspace(id);
      expect(before).toEqual({
        id,
        name: 'Studio',
        state: 'active',
        createdAt: expect.any(Number),
        isCeilingFixed: false,
        ...terms,
        heldCreditMicros: 0,
        postedCreditMicros: 0,
        boughtCreditMicros: 0,
      });
      expect(await store.changeWorkspace(id, {})).toBe(true);
      expect(await store.findWorkspace(id)).toEqual(before);
      expect(await store.changeWorkspace(id, { name: 'Other', state: 'suspended' })).toBe(true);
      expect(await store.changeWorkspace(id, { ceiling: { isFixed: true } })).toBe(true);
      const { imagesPerHour: _, ...rest } = before!;
      const changed = { name: 'Other', state: 'suspended', isCeilingFixed: true };
      expect(await store.findWorkspace(id)).toEqual({ ...rest, ...changed });
      expect(await store.changeWorkspace(newId('none'), { name: 'x' })).toBe(false);
    });

    test('they are listed by id, page by page', async () => {
      const { store } = subject;
      const made = [await makeWorkspace(store), await makeWorkspace(store)].toSorted();
      const all = (await store.listWorkspaces()).map(({ id }) => id);
      expect(all).toEqual(all.toSorted());
      const page = await store.listWorkspaces({ limit: 1, after: made[0]! });
      expect(page.map(({ id }) => id)).toEqual([all[all.indexOf(made[0]!) + 1]]);
    });
  });

  describe('API keys', () => {
    test('one is found by its id and by the hash of its secret, with the state of its workspace', async () => {
      const { store } = subject;
      const made = await makeKey(store, {
        scopes: ['runs:read'],
        expiresAt: 9_000_000_000_000,
        budgetCreditMicros: 5_000_000,
      });
      const { hash, ...shown } = made;
      const key = await store.findApiKey(made.id);
      expect(key).toEqual({
        ...shown,
        holder: 'program',
        createdAt: expect.any(Number),
        postedCreditMicros: 0,
        heldCreditMicros: 0,
      });
      expect(await store.findApiKeyByHash(hash)).toEqual({ key, hash, workspaceState: 'active' });
      await store.changeWorkspace(made.workspace, { state: 'suspended' });
      expect(await store.findApiKeyByHash(hash)).toMatchObject({ workspaceState: 'suspended' });
      expect(await store.findApiKeyByHash(newId('hash'))).toBeUndefined();
      expect(await store.findApiKey(newId('key'))).toBeUndefined();
    });

    test('all of a role are its scopes when none are named', async () => {
      const { store } = subject;
      const { id } = await makeKey(store, { role: 'viewer' });
      expect((await store.findApiKey(id))?.scopes).toEqual(['runs:read', 'credits:read']);
    });

    test('they are listed by workspace, the newest first, page by page', async () => {
      const { store } = subject;
      const first = await makeKey(store);
      const { workspace } = first;
      await makeKey(store);
      const ids = [first.id];
      for (let count = 0; count < 4; count += 1) {
        await subject.later();
        ids.unshift((await makeKey(store, { workspace })).id);
      }
      const all = await store.listApiKeys(workspace);
      expect(all.map(({ id }) => id)).toEqual(ids);
      const page = await store.listApiKeys(workspace, { limit: 2, after: ids[1]! });
      expect(page.map(({ id }) => id)).toEqual([ids[2], ids[3]]);
      expect(await store.listApiKeys(workspace, { limit: 2, after: ids[4]! })).toEqual([]);
      expect(await store.listApiKeys(workspace, { limit: 2, after: 'key-none' })).toEqual([]);
    });

    test('what is made in the same moment is on one page or the next, never on none', async () => {
      const { store } = subject;
      const { workspace } = await makeKey(store);
      await Promise.all(Array.from({ length: 5 }, () => makeKey(store, { workspace })));
      const seen: string[] = [];
      let page = await store.listApiKeys(workspace, { limit: 2 });
      while (page.length > 0) {
        seen.push(...page.map(({ id }) => id));
        page = await store.listApiKeys(workspace, { limit: 2, after: seen.at(-1)! });
      }
      expect(seen).toHaveLength(6);
      expect(new Set(seen).size).toBe(6);
    });

    test('name, end and budget change; null takes them away; a revoked one stays as it is', async () => {
      const { store } = subject;
      const { id } = await makeKey(store, { budgetCreditMicros: 7 });
      const before = await store.findApiKey(id);
      expect(await store.changeApiKey(id, {})).toBe(true);
      expect(await store.findApiKey(id)).toEqual(before);
      const change = { name: 'other', expiresAt: 9_000_000_000_000, budgetCreditMicros: 9 };
      expect(await store.changeApiKey(id, change)).toBe(true);
      expect(await store.findApiKey(id)).toEqual({ ...before, ...change });
      await store.changeApiKey(id, { expiresAt: null, budgetCreditMicros: null });
      const { budgetCreditMicros: _, ...rest } = before!;
      expect(await store.findApiKey(id)).toEqual({ ...rest, name: 'other' });
      await store.revokeApiKey(id);
      expect(await store.changeApiKey(id, { name: 'again' })).toBe(false);
      expect((await store.findApiKey(id))?.name).toBe('other');
    });

    test('one is revoked once', async () => {
      const { store } = subject;
      const { id } = await makeKey(store);
      expect(await store.revokeApiKey(id)).toBe(true);
      const { revokedAt } = (await store.findApiKey(id))!;
      expect(revokedAt).toBeGreaterThan(0);
      await subject.later();
      expect(await store.revokeApiKey(id)).toBe(false);
      expect((await store.findApiKey(id))?.revokedAt).toBe(revokedAt);
      expect(await store.revokeApiKey(newId('key'))).toBe(false);
    });

    test('after a rotation the new secret and the one before it lead to the key, and no older one', async () => {
      const { store } = subject;
      const { id, hash } = await makeKey(store);
      const [second, third, last] = [newId('hash'), newId('hash'), newId('hash')];
      const rotate = (to: string, keepOldMs: number) =>
        store.rotateApiKey(id, { hash: to, hint: 'new1', keepOldMs });
      const before = await store.now();
      expect(await rotate(second, HOUR_MS)).toBe(true);
      const old = await store.findApiKeyByHash(hash);
      expect(old).toMatchObject({ hash, key: { id, hint: 'new1' } });
      expect(old!.until! - before).toBeGreaterThanOrEqual(HOUR_MS);
      expect(old!.key.previousUntil).toBe(old!.until);
      expect(await store.findApiKeyByHash(second)).toMatchObject({ hash: second, key: { id } });
      expect((await store.findApiKeyByHash(second))?.until).toBeUndefined();
      await rotate(third, HOUR_MS);
      expect(await store.findApiKeyByHash(hash)).toBeUndefined();
      expect(await store.findApiKeyByHash(second)).toMatchObject({ key: { id } });
      await rotate(last, 0);
      expect(await store.findApiKeyByHash(third)).toBeUndefined();
      expect((await store.findApiKey(id))?.previousUntil).toBeUndefined();
      await store.revokeApiKey(id);
      expect(await rotate(newId('hash'), 0)).toBe(false);
      expect(await store.findApiKeyByHash(last)).toMatchObject({ key: { id } });
    });

    test('its last use is written when the one before is long enough ago', async () => {
      const { store } = subject;
      const { id } = await makeKey(store);
      await store.touchApiKey(id, HOUR_MS);
      const first = (await store.findApiKey(id))?.lastUsedAt;
      expect(first).toBeGreaterThan(0);
      await subject.later();
      await store.touchApiKey(id, HOUR_MS);
      expect((await store.findApiKey(id))?.lastUsedAt).toBe(first);
      await store.touchApiKey(id, 1);
      expect((await store.findApiKey(id))?.lastUsedAt).toBeGreaterThan(first!);
    });
  });

  describe('sessions of browsers', () => {
    test('one leads to its key, until it is ended', async () => {
      const { store } = subject;
      const { id } = await makeKey(store);
      const hash = newId('hash');
      const before = await store.now();
      await store.createSession({ hash, keyId: id, lastsMs: HOUR_MS });
      const found = await store.findSession(hash);
      expect(found).toMatchObject({ hash, key: { id }, workspaceState: 'active' });
      expect(found!.until! - before).toBeGreaterThanOrEqual(HOUR_MS);
      // A cookie is no key, and a key no cookie.
      expect(await store.findApiKeyByHash(hash)).toBeUndefined();
      await store.endSession(hash);
      expect(await store.findSession(hash)).toBeUndefined();
    });

    test('revoking a key ends its sessions and no others', async () => {
      const { store } = subject;
      const [one, other] = [await makeKey(store), await makeKey(store)];
      const sessions = [newId('hash'), newId('hash'), newId('hash')];
      for (const [place, hash] of sessions.entries()) {
        const keyId = place < 2 ? one.id : other.id;
        await store.createSession({ hash, keyId, lastsMs: HOUR_MS });
      }
      await store.revokeApiKey(one.id);
      const found = await Promise.all(sessions.map((hash) => store.findSession(hash)));
      expect(found.map((each) => each?.key.id)).toEqual([undefined, undefined, other.id]);
    });

    test('they last no longer than a secret that is replaced', async () => {
      const { store } = subject;
      const { id } = await makeKey(store);
      const [long, short] = [newId('hash'), newId('hash')];
      await store.createSession({ hash: long, keyId: id, lastsMs: 9 * HOUR_MS });
      await store.createSession({ hash: short, keyId: id, lastsMs: 1_000 });
      const end = (await store.findSession(short))?.until;
      await store.rotateApiKey(id, { hash: newId('hash'), hint: 'new1', keepOldMs: HOUR_MS });
      const { previousUntil } = (await store.findApiKey(id))!;
      expect((await store.findSession(long))?.until).toBe(previousUntil);
      expect((await store.findSession(short))?.until).toBe(end);
    });

    test('those that have ended are cleared away by the next one', async () => {
      const { store } = subject;
      const { id } = await makeKey(store);
      const [ended, lasting] = [newId('hash'), newId('hash')];
      await store.createSession({ hash: ended, keyId: id, lastsMs: 0 });
      await store.createSession({ hash: lasting, keyId: id, lastsMs: HOUR_MS });
      await subject.later();
      await store.createSession({ hash: newId('hash'), keyId: id, lastsMs: HOUR_MS });
      expect(await store.findSession(ended)).toBeUndefined();
      expect(await store.findSession(lasting)).toBeDefined();
    });
  });
}
