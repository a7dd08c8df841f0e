/** Shared pages with their marks, and the items that follow-ups are made of. */
import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { NewShare, StoredShare } from '../../../src/engine/store/share-store.ts';
import { startRun } from '../../support/store-run.ts';
import { sendAll } from './reading.ts';
import type { Subject } from './subject.ts';

export function describeShares(subject: Subject): void {
  /** Three delivered images and one that waits; the first one is kept. */
  async function reviewedRun() {
    const { store } = subject;
    const runId = await startRun(store, ['one', { prompt: 'two', count: 2 }, 'three']);
    await sendAll(store, runId, 2);
    const { items } = await store.itemsPage(runId, { limit: 10 });
    const ids = items.map(({ itemId }) => itemId);
    await store.changeReviews(runId, [{ itemId: ids[0]!, change: { verdict: 'keep' } }], 'a key');
    return { runId, ids };
  }

  async function share(runId: string, terms: Partial<NewShare['terms']> = {}) {
    const order = {
      id: `s${randomUUID()}`,
      workspace: 'local',
      runId,
      title: 'Boats',
      hash: randomUUID(),
      terms: { showsPrompts: false, takesMarks: true, ...terms },
      keyId: 'key',
    };
    expect(await subject.store.createShare(order)).toBe(true);
    expect(await subject.store.createShare({ ...order, hash: randomUUID() })).toBe(false);
    return (await subject.store.findShare(order.id))!;
  }

  const shown = async (page: StoredShare, limit = 10) =>
    (await subject.store.sharedItems(page, { limit })).items.map(({ record }) => record.itemId);

  test('a shared page has delivered images within its terms, page by page', async () => {
    const { store } = subject;
    const { runId, ids } = await reviewedRun();
    const all = await share(runId);
    expect(await shown(all)).toEqual(ids.slice(0, 3));
    expect(await store.countShared(all)).toBe(3);
    const first = await store.sharedItems(all, { limit: 2 });
    const second = await store.sharedItems(all, { limit: 2, after: first.next! });
    expect(second.items.map(({ record }) => record.itemId)).toEqual([ids[2]]);
    expect(second.next).toBeUndefined();
    const kept = await share(runId, { only: 'kept' });
    expect(await shown(kept)).toEqual([ids[0]]);
    expect(await shown(await share(runId, { only: 'undecided' }))).toEqual(ids.slice(1, 3));
    expect(await store.sharedItem(kept, ids[1]!)).toBeUndefined();
    expect(await store.sharedItem(all, ids[3]!)).toBeUndefined();
    await store.revokeShare(kept.id);
    await store.touchShare(all.id);
    const [newest] = await store.listShares(runId, 10);
    expect(newest?.runId).toBe(runId);
    expect((await store.findShare(kept.id))?.revokedAt).toBeGreaterThan(0);
    expect((await store.findShare(all.id))?.openedAt).toBeGreaterThan(0);
  });

  test('marks are written over, taken back, and counted where they are shown', async () => {
    const { store } = subject;
    const { runId, ids } = await reviewedRun();
    const [all, kept] = [await share(runId), await share(runId, { only: 'kept' })];
    const mark = (
      page: StoredShare,
      itemId: string,
      said: 'approve' | 'reject' | null,
      note: string | null = null,
    ) => store.markShared({ shareId: page.id, itemId, mark: said, note, markedBy: 'Mara' });
    await mark(all, ids[0]!, 'reject');
    await mark(all, ids[0]!, 'approve');
    await mark(all, ids[1]!, 'reject', 'too dark');
    await mark(all, ids[2]!, 'approve');
    await mark(all, ids[2]!, null);
    expect(await store.countMarks(all)).toEqual({ approved: 1, rejected: 1, noted: 1 });
    expect(await store.countMarks(kept)).toEqual({ approved: 0, rejected: 0, noted: 0 });
    const { items } = await store.shareMarks(all, { limit: 10 });
    expect(items.map(({ mark: said }) => [said?.mark, said?.note])).toEqual([
      ['approve', null],
      ['reject', 'too dark'],
    ]);
    await mark(kept, ids[1]!, 'approve');
    expect(await store.countMarks(kept)).toMatchObject({ approved: 0 });
  });

  test('chosenItems() has items by their ids, or what is delivered, in the order of the sheet', async () => {
    const { store } = subject;
    const { runId, ids } = await reviewedRun();
    const chosen = async (choice: Parameters<typeof store.chosenItems>[1], limit = 10) =>
      (await store.chosenItems(runId, choice, { limit })).items.map(({ record }) => record.itemId);
    expect(await chosen({ items: [ids[3]!, ids[1]!, 'nobody'] })).toEqual([ids[1], ids[3]]);
    expect(await chosen({ items: [] })).toEqual([]);
    const many = Array.from({ length: 600 }, (_, at) => `none-${at}`);
    expect(await chosen({ items: [ids[2]!, ...many, ids[0]!] })).toEqual([ids[0], ids[2]]);
    expect(await chosen('delivered')).toEqual(ids.slice(0, 3));
    expect(await chosen({ review: 'kept' })).toEqual([ids[0]]);
    const first = await store.chosenItems(runId, 'delivered', { limit: 2 });
    const rest = await store.chosenItems(runId, 'delivered', { limit: 2, after: first.next! });
    expect(rest.items.map(({ record }) => record.itemId)).toEqual([ids[2]]);
    expect(await store.countChosen(runId, 'delivered')).toBe(3);
    expect(await store.countChosen(runId, { review: 'undecided' })).toBe(2);
    expect(await store.followUpsOf(runId)).toEqual([]);
  });
}
