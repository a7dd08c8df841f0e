import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Store } from '../../../src/engine/store/store.ts';
import { startRun } from '../../support/store-run.ts';
import type { Subject } from './subject.ts';

const MINUTE_MS = 60_000;

async function newWorkspace(store: Store): Promise<string> {
  const id = `w-${randomUUID()}`;
  await store.createWorkspace({ id, name: 'A workspace' });
  return id;
}

async function newWebhook(
  store: Store,
  workspace: string,
  wish: Partial<Parameters<Store['createWebhook']>[0]> = {},
): Promise<string> {
  const id = `wh_${randomUUID()}`;
  const url = 'https://example.com/';
  expect(await store.createWebhook({ id, workspace, url, description: '', ...wish }, 20)).toBe(
    true,
  );
  return id;
}

async function tell(store: Store, workspace: string, times = 1): Promise<void> {
  const at = await store.now();
  for (let each = 0; each < times; each += 1) {
    await store.tellWorkspace(workspace, { at, type: 'credits.granted', data: { credits: each } });
  }
}

async function claim(store: Store, order: Partial<Parameters<Store['claimDeliveries']>[0]> = {}) {
  const now = order.now ?? (await store.now());
  return store.claimDeliveries({
    now,
    until: now + MINUTE_MS,
    claim: randomUUID(),
    most: 1_000,
    mostOfEach: 1_000,
    except: [],
    ...order,
  });
}

/** Deliveries of one webhook, from a store in which other tests have theirs. */
async function claimOf(store: Store, webhook: string, order: Parameters<typeof claim>[1] = {}) {
  return (await claim(store, order)).filter(({ webhook: { id } }) => id === webhook);
}

export function describeWebhooks(subject: Subject): void {
  describe('events of workspaces', () => {
    test('are numbered without gaps however many write them at once', async () => {
      const { store, others } = subject;
      const workspace = await newWorkspace(store);
      await Promise.all([store, ...others].map((each) => tell(each, workspace, 10)));
      const written = 10 * (1 + others.length);
      const events = await store.workspaceEvents(workspace, 0, 1_000);
      expect(events.map(({ sequence }) => sequence)).toEqual(
        Array.from({ length: written }, (_, at) => at + 1),
      );
      expect(await store.workspaceMarks([workspace, 'nobody'])).toEqual(
        new Map([[workspace, written]]),
      );
      expect(await store.workspaceEvents(workspace, written - 1, 10)).toHaveLength(1);
    });

    test('a workspace that nobody serves keeps none', async () => {
      const { store } = subject;
      const at = await store.now();
      const event = { at, type: 'webhook.test', data: {} } as const;
      expect(await store.tellWorkspace('nobody', event)).toBeUndefined();
      expect(await store.workspaceEvents('nobody', 0, 10)).toEqual([]);
    });

    test('tell of a run with what became of it, in the transaction of its change', async () => {
      const { store } = subject;
      const workspace = await newWorkspace(store);
      const id = await startRun(store, ['a fox', 'an owl'], {
        payer: { workspace, origin: 'api' },
      });
      await store.changeRun(id, { state: 'running', workerId: 'worker' });
      await store.changeRun(id, { state: 'stopped', reason: 'budget', release: true });
      const fenced = { state: 'done', workerId: 'nobody' } as const;
      expect(await store.changeRun(id, fenced)).toBe('fenced');
      expect(await store.workspaceEvents(workspace, 0, 10)).toMatchObject([
        { sequence: 1, type: 'run.created', runId: id, data: { run: id, origin: 'api' } },
        { sequence: 2, type: 'run.started', data: { state: 'running' } },
        {
          sequence: 3,
          type: 'run.stopped',
          data: { state: 'stopped', reason: 'budget', items: { waiting: 2, delivered: 0 } },
        },
      ]);
      expect((await store.runMarks([id])).get(id)).toMatchObject({
        state: 'stopped',
        reason: 'budget',
      });
    });

    test('are forgotten with their deliveries, a day after them', async () => {
      const { store } = subject;
      const workspace = await newWorkspace(store);
      const webhook = await newWebhook(store, workspace);
      await tell(store, workspace);
      await store.fanOut(100);
      const now = await store.now();
      await store.forgetEvents(now + MINUTE_MS);
      expect(await store.listDeliveries(webhook, { most: 10 })).toEqual([]);
      expect(await store.workspaceEvents(workspace, 0, 10)).toHaveLength(1);
      await store.forgetEvents(now + MINUTE_MS + 86_400_000);
      expect(await store.workspaceEvents(workspace, 0, 10)).toEqual([]);
    });

    test('that were forgotten before an endpoint was told of them hold nothing up', async () => {
      const { store } = subject;
      const workspace = await newWorkspace(store);
      const webhook = await newWebhook(store, workspace);
      await tell(store, workspace);
      await store.forgetEvents((await store.now()) + MINUTE_MS + 86_400_000);
      await store.fanOut(100);
      await tell(store, workspace);
      await store.fanOut(100);
      expect(await store.listDeliveries(webhook, { most: 10 })).toMatchObject([{ sequence: 2 }]);
    });
  });

  describe('webhooks', () => {
    test('hear of what happens after they are made, of the types that they want', async () => {
      const { store } = subject;
      const workspace = await newWorkspace(store);
      await tell(store, workspace);
      const all = await newWebhook(store, workspace);
      const some = await newWebhook(store, workspace, { eventTypes: ['run.completed'] });
      await tell(store, workspace);
      const at = await store.now();
      await store.tellWorkspace(workspace, { at, type: 'run.completed', data: {} });
      await store.tellWorkspace(workspace, { at, type: 'webhook.test', data: { webhook: some } });
      while (await store.fanOut(1));
      const types = async (id: string) =>
        (await store.listDeliveries(id, { most: 10 })).map(({ type }) => type);
      expect(await types(all)).toEqual(['run.completed', 'credits.granted']);
      expect(await types(some)).toEqual(['webhook.test', 'run.completed']);
    });

    test('get each event once, however many fan out at once', async () => {
      const { store, others } = subject;
      const workspace = await newWorkspace(store);
      const webhook = await newWebhook(store, workspace);
      await tell(store, workspace, 30);
      const fan = async (each: Store) => {
        while (await each.fanOut(7));
      };
      await Promise.all([store, ...others].map(fan));
      const sequences = (await store.listDeliveries(webhook, { most: 100 })).map(
        ({ sequence }) => sequence,
      );
      expect(sequences).toEqual(Array.from({ length: 30 }, (_, at) => 30 - at));
    });

    test('are as many as a workspace may have', async () => {
      const { store, others } = subject;
      const workspace = await newWorkspace(store);
      const order = { workspace, url: 'https://example.com/', description: '' };
      const made = await Promise.all(
        [store, ...others, store].map((each) =>
          each.createWebhook({ ...order, id: `wh_${randomUUID()}` }, 1),
        ),
      );
      expect(made.filter(Boolean)).toHaveLength(1);
      expect(await store.listWebhooks(workspace)).toHaveLength(1);
    });

    test('are changed, disabled with what waits, and enabled for what comes', async () => {
      const { store } = subject;
      const workspace = await newWorkspace(store);
      const id = await newWebhook(store, workspace);
      await tell(store, workspace);
      await store.fanOut(100);
      await store.changeWebhook(id, { enabled: false });
      expect(await store.findWebhook(id)).toMatchObject({ enabled: false });
      expect(await store.listDeliveries(id, { most: 10 })).toMatchObject([{ state: 'failed' }]);
      await tell(store, workspace);
      await store.fanOut(100);
      await store.changeWebhook(id, {
        enabled: true,
        url: 'https://new.example',
        eventTypes: null,
      });
      await tell(store, workspace);
      await store.fanOut(100);
      expect(await store.listDeliveries(id, { most: 10 })).toMatchObject([
        { sequence: 3, state: 'waiting' },
        { sequence: 1, state: 'failed' },
      ]);
      await store.rotateWebhook(id);
      expect(await store.findWebhook(id)).toMatchObject({
        url: 'https://new.example',
        enabled: true,
        generation: 2,
      });
      await store.removeWebhook(id);
      expect(await store.findWebhook(id)).toBeUndefined();
      expect(await store.listDeliveries(id, { most: 10 })).toEqual([]);
    });
  });

  describe('deliveries', () => {
    test('are claimed by one of many senders, until their claim lapses', async () => {
      const { store, others } = subject;
      const workspace = await newWorkspace(store);
      const id = await newWebhook(store, workspace);
      await tell(store, workspace, 20);
      await store.fanOut(100);
      const now = await store.now();
      const claims = await Promise.all(
        [store, ...others].map((each) => claimOf(each, id, { now, mostOfEach: 5 })),
      );
      const ids = claims.flat().map((due) => due.id);
      expect(new Set(ids).size).toBe(ids.length);
      let rest = await claimOf(store, id, { now });
      ids.push(...rest.map((due) => due.id));
      expect(new Set(ids).size).toBe(20);
      expect(ids).toHaveLength(20);
      expect(await claimOf(store, id, { now: now + MINUTE_MS - 1 })).toEqual([]);
      rest = await claimOf(store, id, { now: now + MINUTE_MS });
      expect(rest).toHaveLength(20);
      expect(rest.map(({ attempt }) => attempt)).toEqual(Array.from({ length: 20 }, () => 2));
    });

    test('no endpoint has more than its share, nor one that has enough', async () => {
      const { store } = subject;
      const workspace = await newWorkspace(store);
      const [one, other] = [await newWebhook(store, workspace), await newWebhook(store, workspace)];
      await tell(store, workspace, 5);
      await store.fanOut(100);
      const now = await store.now();
      const due = await claim(store, { now, mostOfEach: 2 });
      const countOf = (id: string) => due.filter(({ webhook }) => webhook.id === id).length;
      expect([countOf(one), countOf(other)]).toEqual([2, 2]);
      const next = await claim(store, { now, except: [one] });
      expect(next.every(({ webhook }) => webhook.id !== one)).toBe(true);
      expect(next.filter(({ webhook }) => webhook.id === other)).toHaveLength(3);
    });

    test('end once: whose claim has lapsed changes nothing', async () => {
      const { store } = subject;
      const workspace = await newWorkspace(store);
      const id = await newWebhook(store, workspace);
      await tell(store, workspace);
      await store.fanOut(100);
      const now = await store.now();
      const [slow] = await claimOf(store, id, { now });
      const [heir] = await claimOf(store, id, { now: now + MINUTE_MS });
      const end = { id: slow!.id, webhook: id, at: now, state: 'failed', reason: 'late' } as const;
      expect(await store.endDelivery({ ...end, claim: slow!.claim })).toBe('fenced');
      expect(
        await store.endDelivery({ ...end, state: 'delivered', status: 204, claim: heir!.claim }),
      ).toBe('done');
      expect(await store.findDelivery(slow!.id)).toMatchObject({
        state: 'delivered',
        status: 204,
        attempts: 2,
        endedAt: now,
      });
    });

    test('say since when nothing reaches an endpoint, and disable it with an event', async () => {
      const { store } = subject;
      const workspace = await newWorkspace(store);
      const id = await newWebhook(store, workspace);
      await tell(store, workspace, 3);
      await store.fanOut(100);
      const now = await store.now();
      const [first, second] = await claimOf(store, id, { now, mostOfEach: 2 });
      const end = { webhook: id, claim: first!.claim } as const;
      await store.endDelivery({ ...end, id: first!.id, at: now, state: 'waiting', nextAt: now });
      await store.endDelivery({ ...end, id: second!.id, at: now + 5, state: 'failed' });
      expect(await store.findWebhook(id)).toMatchObject({ failingSince: now, enabled: true });
      const [again, third] = await claimOf(store, id, { now });
      await store.endDelivery({
        ...end,
        id: again!.id,
        claim: again!.claim,
        at: now,
        state: 'delivered',
      });
      expect((await store.findWebhook(id))?.failingSince).toBeUndefined();
      await store.endDelivery({
        ...end,
        id: third!.id,
        claim: third!.claim,
        at: now,
        state: 'failed',
        disable: 'It is gone.',
      });
      expect(await store.findWebhook(id)).toMatchObject({
        enabled: false,
        disabledReason: 'It is gone.',
      });
      expect(
        (await store.workspaceEvents(workspace, 3, 10)).map(({ type, data }) => [type, data]),
      ).toEqual([
        ['webhook.disabled', { webhook: id, url: 'https://example.com/', reason: 'It is gone.' }],
      ]);
    });

    test('are replayed: one of them, or all that failed since a time', async () => {
      const { store } = subject;
      const workspace = await newWorkspace(store);
      const id = await newWebhook(store, workspace);
      await tell(store, workspace, 3);
      await store.fanOut(100);
      const now = await store.now();
      const due = await claimOf(store, id, { now });
      const states = ['delivered', 'failed', 'failed'] as const;
      for (const [at, each] of due.entries()) {
        await store.endDelivery({
          id: each.id,
          claim: each.claim,
          webhook: id,
          at: now,
          state: states[at]!,
        });
      }
      expect(await store.replayDeliveries(id, { failedSince: now + MINUTE_MS }, now)).toBe(0);
      expect(await store.replayDeliveries(id, { failedSince: now - MINUTE_MS }, now)).toBe(2);
      expect(await store.replayDeliveries(id, { id: due[0]!.id }, now)).toBe(1);
      expect(await store.replayDeliveries(id, { id: due[0]!.id }, now)).toBe(0);
      expect((await claimOf(store, id, { now })).map(({ attempt }) => attempt)).toEqual([1, 1, 1]);
    });

    test('come in pages, the newest first', async () => {
      const { store } = subject;
      const workspace = await newWorkspace(store);
      const id = await newWebhook(store, workspace);
      await tell(store, workspace, 5);
      await store.fanOut(100);
      const sequences = async (filter: object) =>
        (await store.listDeliveries(id, { most: 2, ...filter })).map(({ sequence }) => sequence);
      expect(await sequences({})).toEqual([5, 4]);
      expect(await sequences({ before: 4 })).toEqual([3, 2]);
      expect(await sequences({ state: 'failed' })).toEqual([]);
    });
  });

  test('a secret is made once, whoever asks first', async () => {
    const { store, others } = subject;
    const name = randomUUID();
    const kept = await Promise.all(
      [store, ...others].map((each, place) => each.keepSecret(name, `secret-${place}`)),
    );
    expect(new Set(kept).size).toBe(1);
    expect(await store.keepSecret(name, 'another')).toBe(kept[0]);
  });
}
