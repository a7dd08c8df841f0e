import { expect, test } from 'vitest';
import type { TileFilter } from '../../../src/engine/store/tile-store.ts';
import { admit, picture, startRun } from '../../support/store-run.ts';
import { settlement } from './reading.ts';
import type { Subject } from './subject.ts';

const ALL = { after: 0, until: 1_000 };
const SHEET = [
  { prompt: 'a "red" boat', count: 2 },
  { prompt: 'a lake', model: 'other' },
  'a blue boat',
];

export function describeTiles(subject: Subject): void {
  /** Three rows with four images: the first is delivered, the last refused. */
  async function halfMadeRun() {
    const { store } = subject;
    const runId = await startRun(store, SHEET);
    const { granted } = await admit(store, runId);
    for (const [at, { attemptId, indexes }] of granted.entries()) {
      const letters = (at === 0 ? 'd' : 'r').repeat(indexes.length);
      await store.settle(settlement(attemptId, letters));
    }
    return runId;
  }

  test('tiles come by place, all of them or those of a state', async () => {
    const { store } = subject;
    const runId = await halfMadeRun();
    const ids = await store.tileIds(runId, { offset: 0, limit: 10 });
    expect(ids).toHaveLength(4);
    expect(await store.tileIds(runId, { offset: 1, limit: 2 })).toEqual(ids.slice(1, 3));
    expect(await store.tileIds(runId, { offset: 4, limit: 2 })).toEqual([]);
    const delivered = { state: 'delivered', offset: 1, limit: 5 } as const;
    expect(await store.tileIds(runId, delivered)).toEqual([ids[1]]);
    expect(await store.countTiles(runId, { by: 'item' }, ALL)).toBe(4);
    expect(await store.countTiles(runId, { by: 'row' }, ALL)).toBe(3);
    expect(await store.countTiles(runId, { by: 'row' }, { after: 1, until: 2 })).toBe(1);
    expect(await store.countTiles(runId, { by: 'item', states: ['delivered'] }, ALL)).toBe(2);
    expect(await store.countTiles(runId, { by: 'row', states: ['delivered'] }, ALL)).toBe(1);
    expect(await store.countTiles(runId, { by: 'item', states: [] }, ALL)).toBe(0);
    expect(await store.lastTileRow(runId)).toBe(3);
    expect(await store.lastTileRow('another')).toBe(0);
    expect(await store.tileModels(runId)).toEqual(['a-model', 'other']);
  });

  test('tiles say what a contact sheet shows of an item', async () => {
    const { store } = subject;
    const runId = await halfMadeRun();
    const ids = await store.tileIds(runId, { offset: 0, limit: 10 });
    const [first, , , last] = await store.tiles(runId, ids, { prompts: true });
    expect(first).toMatchObject({
      id: ids[0],
      row: 1,
      index: 1,
      model: 'a-model',
      state: 'delivered',
      flags: [],
      stars: 0,
      hasNote: false,
      hash: picture('0').hash,
      width: 1024,
      prompt: 'a "red" boat',
    });
    expect(last).toMatchObject({ row: 3, state: 'refused', reason: 'unsafe' });
    const [plain] = await store.tiles(runId, ids.slice(0, 1), { prompts: false });
    expect(plain!.prompt).toBe(undefined);
    expect(await store.tiles(runId, [], { prompts: true })).toEqual([]);
    expect(await store.tiles('another', ids, { prompts: false })).toEqual([]);
  });

  test('tilesOfSpan() finds items by everything that a filter says', async () => {
    const { store } = subject;
    const runId = await halfMadeRun();
    const places = async (filter: TileFilter, span = ALL) =>
      (await store.tilesOfSpan(runId, filter, span)).map(({ row }) => row);
    expect(await places({})).toEqual([1, 1, 2, 3]);
    expect(await places({}, { after: 1, until: 2 })).toEqual([2]);
    expect(await places({ states: ['refused', 'failed'] })).toContain(3);
    expect(await places({ states: [] })).toEqual([]);
    expect(await places({ model: 'a-model' })).toEqual([1, 1, 3]);
    expect(await places({ search: 'BOAT' })).toEqual([1, 1, 3]);
    expect(await places({ search: '"red"' })).toEqual([1, 1]);
    expect(await places({ search: 'vendor' })).toEqual([]);
    expect(await places({ flag: 'blank' })).toEqual([]);
    expect(await places({ flag: 'screened' })).toEqual([]);
    expect(await places({ category: 'hate' })).toEqual([]);
    expect(await places({ review: 'kept' })).toEqual([]);
    expect(await places({ review: 'undecided' })).toEqual([1, 1]);
  });
}
