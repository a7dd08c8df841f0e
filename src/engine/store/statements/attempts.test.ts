/** Second lines of defence: books that something else has brought into disorder are not made worse. */
import { describe, expect, onTestFinished, test } from 'vitest';
import { admit, outcomes, startRun } from '../../../../test/support/store-run.ts';
import { sqliteHome } from '../../../../test/support/stores.ts';

/** A request of two images that is being sent, one of which is in a state that it cannot be in. */
async function disorder(state: 'delivered' | 'cancelled') {
  const home = await sqliteHome();
  onTestFinished(() => home[Symbol.asyncDispose]());
  const { store, database } = await home.open();
  const id = await startRun(store, [{ prompt: 'a fox', count: 2 }]);
  const [ticket] = (await admit(store, id)).granted;
  await database
    .updateTable('items')
    .set({ state })
    .where('request_id', '=', ticket!.requestId)
    .where('image_index', '=', 2)
    .execute();
  const books = async () => ({ run: await store.findRun(id), counts: await store.counts(id) });
  return { store, key: ticket!.attemptId, books };
}

describe('an attempt with an item that is not sent', () => {
  test.each(['delivered', 'cancelled'] as const)('(%s) is not settled', async (state) => {
    const { store, key, books } = await disorder(state);
    const before = await books();
    const order = { attemptId: key, workerId: 'worker', outcomes: outcomes('dd'), usdMicros: 1 };
    expect(await store.settle(order)).toBe('fenced');
    expect(await books()).toEqual(before);
  });

  test('(delivered) is not returned, nor called unknown', async () => {
    const { store, key, books } = await disorder('delivered');
    const before = await books();
    const back = { reason: 'overloaded', notBeforeMs: 0, countsAttempt: false };
    expect(await store.returned({ attemptId: key, workerId: 'worker', ...back })).toBe('fenced');
    expect(await store.markUnknown(key, 'worker', 'time-out')).toBe('fenced');
    expect(await books()).toEqual(before);
  });
});
