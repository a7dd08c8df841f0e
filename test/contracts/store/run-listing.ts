import { expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../src/engine/core/settings.ts';
import type { ItemsQuery, RunsQuery } from '../../../src/engine/store/run-listing-store.ts';
import { admit, planOf, plannedRow, readSheet, startRun } from '../../support/store-run.ts';
import { settlement } from './reading.ts';
import type { Subject } from './subject.ts';

let workspaces = 0;

export function describeRunListing(subject: Subject): void {
  /** A run with one row in a workspace of its own. */
  async function listedRun(workspace: string, title: string, origin?: 'api' | 'request') {
    const { store } = subject;
    workspaces += 1;
    const id = `listed-${process.pid}-${workspaces}`;
    await store.createRun({
      id,
      workspace,
      title,
      sheet: '/sheets/a.csv',
      out: `/out/${id}`,
      settings: DEFAULT_SETTINGS,
      ...(origin && { origin }),
    });
    await readSheet(store, id, ['a boat']);
    await subject.later();
    return id;
  }

  function newWorkspace(): string {
    workspaces += 1;
    return `listing-${process.pid}-${workspaces}`;
  }

  test('runsPage() gives the runs of a workspace, newest first, page by page', async () => {
    const { store } = subject;
    const workspace = newWorkspace();
    const ids = [];
    for (const title of ['a', 'b', 'c']) ids.unshift(await listedRun(workspace, title));
    await listedRun(newWorkspace(), 'another');
    const page = async (more: Partial<RunsQuery> = {}) =>
      (await store.runsPage({ workspace, limit: 2, ...more })).map(({ id }) => id);
    expect(await page()).toEqual(ids.slice(0, 2));
    const last = (await store.findRun(ids[1]!))!;
    expect(await page({ after: { createdAt: last.createdAt, id: last.id } })).toEqual([ids[2]]);
    expect(await page({ since: last.createdAt })).toEqual(ids.slice(0, 2));
    expect(await page({ since: last.createdAt + 1_000_000 })).toEqual([]);
  });

  test('runsPage() leaves single requests out unless they are asked for', async () => {
    const { store } = subject;
    const workspace = newWorkspace();
    const own = await listedRun(workspace, 'by hand');
    const api = await listedRun(workspace, 'by program', 'api');
    const single = await listedRun(workspace, 'one call', 'request');
    const page = async (more: Partial<RunsQuery> = {}) =>
      (await store.runsPage({ workspace, limit: 9, ...more })).map(({ id }) => id);
    expect(await page()).toEqual([api, own]);
    expect(await page({ origins: ['request'] })).toEqual([single]);
    expect(await page({ origins: ['cli', 'request'] })).toEqual([single, own]);
    expect(await page({ origins: [] })).toEqual([]);
    expect(await page({ states: ['done'] })).toEqual([]);
    expect(await page({ states: [] })).toEqual([]);
  });

  test('runsPage() looks for titles as they are written, in either case', async () => {
    const { store } = subject;
    const workspace = newWorkspace();
    const ids = [await listedRun(workspace, 'Red 100%'), await listedRun(workspace, 'red_one ~')];
    const found = async (search: string) =>
      (await store.runsPage({ workspace, limit: 9, search })).map(({ id }) => id);
    expect(await found('RED')).toEqual(ids.toReversed());
    expect(await found('%')).toEqual([ids[0]]);
    expect(await found('_')).toEqual([ids[1]]);
    expect(await found('~')).toEqual([ids[1]]);
    await store.renameRun(ids[0]!, 'Blue');
    expect(await found('blue')).toEqual([ids[0]]);
  });

  test('itemsPage() keeps its pages while items change', async () => {
    const { store } = subject;
    const runId = await startRun(store, ['one', { prompt: 'two', count: 2 }, 'three']);
    const first = await store.itemsPage(runId, { limit: 2 });
    expect(first.items.map(({ row, index }) => [row.number, index])).toEqual([
      [1, 1],
      [2, 1],
    ]);
    const answer = await admit(store, runId);
    await deliver(answer);
    const second = await store.itemsPage(runId, { limit: 2, after: first.next! });
    expect(second.items.map(({ row, index }) => [row.number, index])).toEqual([
      [2, 2],
      [3, 1],
    ]);
    expect(second.next).toBe(undefined);
  });

  test('itemsPage() finds items by state, row, model and words', async () => {
    const { store } = subject;
    const runId = await startRun(store, [
      'a "quoted" boat',
      { prompt: 'a lake', model: 'other' },
      'a 50% sale\nof boats',
    ]);
    await deliver(await admit(store, runId, { most: 1 }));
    const rows = async (query: Partial<ItemsQuery>) =>
      (await store.itemsPage(runId, { limit: 10, ...query })).items.map(({ row }) => row.number);
    expect(await rows({ states: ['delivered'] })).toEqual([1]);
    expect(await rows({ states: ['waiting', 'sent'] })).toEqual([2, 3]);
    expect(await rows({ states: [] })).toEqual([]);
    expect(await rows({ row: 2 })).toEqual([2]);
    expect(await rows({ model: 'other' })).toEqual([2]);
    expect(await rows({ search: 'BOAT' })).toEqual([1, 3]);
    expect(await rows({ search: '"quoted"' })).toEqual([1]);
    expect(await rows({ search: '50%' })).toEqual([3]);
    expect(await rows({ search: 'sale\nof' })).toEqual([3]);
    expect(await rows({ search: 'vendor' })).toEqual([]);
    expect(await rows({ flag: 'screened' })).toEqual([]);
    expect(await rows({ flag: 'blank' })).toEqual([]);
    expect(await rows({ category: 'hate' })).toEqual([]);
  });

  test('itemsPage() goes on where a look has ended without finding anything', async () => {
    const { store } = subject;
    const runId = await startRun(store, []);
    const far = [plannedRow(1, { prompt: 'near' }), plannedRow(9_000, { prompt: 'far away' })];
    const lines = far.map((row) => ({ kind: 'row' as const, row }));
    const revision = await store.beginReading(runId);
    await store.putLines(runId, revision, lines);
    const plan = planOf(lines);
    await store.endReading(runId, revision, { plan, columns: [], proofKeys: new Set() });
    const found: number[] = [];
    let after: ItemsQuery['after'];
    for (let looks = 0; looks < 5; looks += 1) {
      const page = await store.itemsPage(runId, {
        limit: 10,
        search: 'far',
        ...(after && { after }),
      });
      found.push(...page.items.map(({ row }) => row.number));
      after = page.next;
      if (after === undefined) break;
    }
    expect([found, after]).toEqual([[9_000], undefined]);
  });

  test('itemAttempts() tells each sending of an item with its ledger', async () => {
    const { store } = subject;
    const runId = await startRun(store, ['one', 'two']);
    const answer = await admit(store, runId, { most: 1 });
    await deliver(answer);
    const { items } = await store.itemsPage(runId, { limit: 2 });
    const [sent] = await store.itemAttempts(runId, items[0]!.itemId);
    expect(sent).toMatchObject({ number: 1, state: 'settled', images: 1, lane: 'a-model' });
    expect(sent!.ledger.reduce((sum, { creditMicros }) => sum + creditMicros, 0)).toBe(0);
    expect(new Set(sent!.ledger.map(({ kind }) => kind)).has('post')).toBe(true);
    expect(await store.itemAttempts(runId, items[1]!.itemId)).toEqual([]);
    expect(await store.itemAttempts('another', items[0]!.itemId)).toEqual([]);
  });

  async function deliver(answer: Awaited<ReturnType<typeof admit>>): Promise<void> {
    for (const { attemptId, indexes } of answer.granted) {
      await subject.store.settle(settlement(attemptId, 'd'.repeat(indexes.length)));
    }
  }
}
