import { describe, expect, onTestFinished, test } from 'vitest';
import type { JobOrder } from '../../src/engine/core/job.ts';
import type { NewOrderedJob, OrderedJobState } from '../../src/engine/store/ordered-job-store.ts';
import type { Store } from '../../src/engine/store/store.ts';
import { postgresHome, sqliteHome } from '../support/stores.ts';

const ORDER: JobOrder = {
  sources: { kind: 'files', base: '/in', paths: ['/in'] },
  out: '/out',
  nameTemplate: '{stem}.{ext}',
  task: { kind: 'check' },
};

function job(id: string, more: Partial<NewOrderedJob> = {}): NewOrderedJob {
  return { id, workspace: 'acme', kind: 'check', request: { words: {} }, jobId: `t${id}`, ...more };
}

describe.each([
  ['SQLite', sqliteHome],
  ['PostgreSQL', postgresHome],
] as const)('jobs of a service on %s', (_name, createHome) => {
  async function open(): Promise<Store> {
    const home = await createHome();
    onTestFinished(() => home[Symbol.asyncDispose]());
    return (await home.open()).store;
  }

  test('are kept as they were ordered, once, for their workspace only', async () => {
    const store = await open();
    const wish = job('j1', { keyId: 'key_1', runId: 'r1', request: { words: { factor: 2 } } });
    await store.orderJob(wish);
    await store.orderJob({ ...wish, kind: 'upscale' });
    expect(await store.findOrderedJob('acme', 'j1')).toEqual({
      ...wish,
      state: 'waiting',
      createdAt: expect.any(Number) as number,
    });
    expect(await store.findOrderedJob('other', 'j1')).toBeUndefined();
    expect(await store.listOrderedJobs('other', { limit: 10 })).toEqual([]);
  });

  test('come in pages, the newest first, also those of one moment', async () => {
    const store = await open();
    for (const id of ['j1', 'j2', 'j3', 'j4', 'j5']) await store.orderJob(job(id));
    await store.orderJob(job('j9', { workspace: 'other' }));
    const seen: string[] = [];
    for (let after: string | undefined; ;) {
      const page = await store.listOrderedJobs('acme', { limit: 2, ...(after && { after }) });
      seen.push(...page.map(({ id }) => id));
      after = page.at(-1)?.id;
      if (page.length < 2) break;
    }
    expect(seen).toEqual(['j5', 'j4', 'j3', 'j2', 'j1']);
    expect(await store.listOrderedJobs('acme', { limit: 2, after: 'j9' })).toEqual([]);
    await store.changeOrderedJob('j3', { state: 'done' });
    const ids = async (open: boolean) =>
      (await store.listOrderedJobs('acme', { limit: 9, open })).map(({ id }) => id);
    expect(await ids(true)).toEqual(['j5', 'j4', 'j2', 'j1']);
    expect(await ids(false)).toEqual(['j3']);
  });

  test('are open until they end, and what has ended stays as it is', async () => {
    const store = await open();
    for (const id of ['j1', 'j2', 'j3']) await store.orderJob(job(id));
    const change = (id: string, state: OrderedJobState, more = {}) =>
      store.changeOrderedJob(id, { state, ...more });
    expect(await change('j1', 'working')).toBe(true);
    expect(await change('j2', 'failed', { problem: 'no room' })).toBe(true);
    expect((await store.openOrderedJobs(10)).map(({ id, state }) => [id, state])).toEqual([
      ['j1', 'working'],
      ['j3', 'waiting'],
    ]);
    expect(await store.openOrderedJobs(1)).toHaveLength(1);
    expect(await store.countOpenOrderedJobs('acme')).toBe(2);
    expect(await change('j1', 'done', { outcome: { failed: 3 } })).toBe(true);
    expect(await change('j3', 'cancelled')).toBe(true);
    // A worker that comes late changes nothing.
    for (const id of ['j1', 'j2', 'j3']) expect(await change(id, 'working')).toBe(false);
    expect(await store.findOrderedJob('acme', 'j1')).toMatchObject({
      state: 'done',
      outcome: { failed: 3 },
      endedAt: expect.any(Number) as number,
    });
    expect(await store.findOrderedJob('acme', 'j2')).toMatchObject({ problem: 'no room' });
    expect(await store.countOpenOrderedJobs('acme')).toBe(0);
    expect(await change('j0', 'done')).toBe(false);
  });

  test('have their pictures in pages, by state', async () => {
    const store = await open();
    await store.putJob({ id: 'tj1', workspace: 'acme', orderKey: 'key', order: ORDER });
    await store.claimJob('tj1', 'w', undefined);
    const listing = await store.beginListing('tj1', 'w');
    if (listing === 'fenced') throw new Error('the job is not ours');
    const names = ['a.png', 'b.png', 'c.png', 'd.png', 'e.png'];
    const sources = names.map((name) => ({
      source: name,
      name,
      sortKey: name,
      version: '1',
      bytes: 1,
      ...(name === 'c.png' && { problem: 'unreadable' }),
    }));
    await store.putSources('tj1', listing, sources);
    await store.endListing('tj1', listing);
    const page = async (after: number, more = {}) =>
      (await store.pageOfJobFiles('tj1', { after, limit: 2, ...more })).map(({ name }) => name);
    expect(await page(0)).toEqual(['a.png', 'b.png']);
    expect(await page(2)).toEqual(['c.png', 'd.png']);
    expect(await page(4)).toEqual(['e.png']);
    expect(await page(0, { states: ['failed'] })).toEqual(['c.png']);
    expect(await page(0, { states: [] })).toEqual([]);
  });
});
