import { describe, expect, onTestFinished, test } from 'vitest';
import {
  admit,
  collect,
  picture,
  type RowWords,
  startRun,
} from '../../../test/support/store-run.ts';
import { sqliteHome } from '../../../test/support/stores.ts';
import { itemId } from '../core/ids.ts';
import type { PictureMeasures } from '../core/picture-measures.ts';
import { QualityWatch, type QualityWatchDeps } from './quality-watch.ts';
import type { Store } from '../store/store.ts';

const ROWS = 30;

describe('QualityWatch', () => {
  test('marks what has other colours than the run’s own start, each style by itself', async () => {
    const sheet = Array.from({ length: 2 * ROWS }, (_, at) => ({
      prompt: `picture ${at + 1}`,
      style: at % 2 === 0 ? 'warm' : 'cold',
    }));
    const { store, runId, watch, deliver } = await openRun(sheet);
    for (let row = 1; row <= 2 * ROWS; row += 1) {
      // Row 51 is warm by its style, and cold in its colours.
      const isWarm = row % 2 === 1 && row !== 51;
      await watch.add([await deliver(row, { signature: isWarm ? warm(row) : cold(row) })]);
    }
    await watch.finish();
    const records = await collect(store.records(runId));
    const drifted = records.filter(({ flags }) => flags?.some(({ kind }) => kind === 'drifted'));
    expect(drifted.map(({ row }) => row.number)).toEqual([51]);
    expect(drifted[0]).toMatchObject({ flags: [{ kind: 'drifted', from: 'start' }] });
    expect(drifted[0]!.drift).toBeGreaterThan(0.5);
    const others = records.filter(({ row }) => row.number !== 51);
    expect(others.every(({ flags, drift }) => flags?.length === 0 && drift! < 0.3)).toBe(true);
  });

  test('marks what is far from its reference, among others of the same kind', async () => {
    const sheet = Array.from({ length: ROWS }, (_, at) => ({
      prompt: `picture ${at + 1}`,
      references: ['/pictures/hero.png'],
      masters: [masterOf(at < 25 ? 'hero' : 'gone')],
    }));
    const hero = measuresOf({ fingerprint: print(0), signature: warm(1) });
    const asked: string[] = [];
    const { store, runId, watch, deliver } = await openRun(sheet, async (hash) => {
      asked.push(hash);
      return hash === 'hero' ? hero : undefined;
    });
    for (let row = 1; row <= ROWS; row += 1) {
      const isFar = row === 22;
      const signature = isFar ? cold(row) : warm(row);
      await watch.add([
        await deliver(row, { signature, fingerprint: print(isFar ? 64 : row % 7) }),
      ]);
    }
    await watch.finish();
    const records = await collect(store.records(runId));
    const drifted = records.filter(({ flags }) => flags?.some(({ kind }) => kind === 'drifted'));
    expect(drifted.map(({ row, flags }) => [row.number, flags!.at(-1)])).toEqual([
      [22, { kind: 'drifted', from: 'reference' }],
    ]);
    expect(drifted[0]!.drift).toBeGreaterThan(0.8);
    // Each master is measured once; what cannot be measured is compared with nothing.
    expect(asked).toEqual(['hero', 'gone']);
    expect(records.at(-1)!.drift).toBeUndefined();
  });

  test('a process that goes on compares with what was made before, and changes nothing of it', async () => {
    const sheet = Array.from({ length: ROWS }, (_, at) => ({ prompt: `picture ${at + 1}` }));
    const { store, runId, watch, deliver } = await openRun(sheet);
    // Row 9 comes before row 4, which repeats it.
    const order = [1, 2, 3, 9, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15];
    for (const row of order) {
      const fingerprint = print((row === 4 ? 9 : row) * 8);
      await watch.add([await deliver(row, { fingerprint, signature: warm(row) })]);
      if (row === 12) await watch.finish();
    }
    // It dies before the last findings are written down.
    const written = await collect(store.measured(runId));
    expect(written.some(({ flags }) => flags === undefined)).toBe(true);

    const next = new QualityWatch({ store, measureMaster: async () => undefined }, runId);
    await next.load(ROWS);
    const twin = await deliver(16, { fingerprint: print(16), signature: warm(2) });
    await next.add([twin]);
    for (let row = 17; row <= ROWS; row += 1) {
      await next.add([await deliver(row, { fingerprint: print(row * 4), signature: warm(row) })]);
    }
    await next.finish();
    expect(await store.record(twin)).toMatchObject({
      flags: [{ kind: 'near-duplicate', row: 2, index: 1 }],
    });
    const judged = await collect(store.measured(runId));
    expect(judged[3]!.flags).toEqual([{ kind: 'near-duplicate', row: 9, index: 1 }]);
    expect(judged[8]!.flags).toEqual([]);
    expect(judged.every(({ flags, drift }) => flags !== undefined && drift !== undefined)).toBe(
      true,
    );

    // Reading it all once more finds nothing new.
    const again = new QualityWatch({ store, measureMaster: async () => undefined }, runId);
    await again.load(ROWS);
    await again.finish();
    expect(await collect(store.measured(runId))).toEqual(judged);
  });

  test('tells a loss of detail of the model, and a canary that shows one', async () => {
    const sheet: RowWords[] = Array.from({ length: ROWS }, (_, at) => ({
      prompt: `picture ${at + 1}`,
      streak: at + 1,
    }));
    sheet.push({ prompt: 'canary 1', canary: 1 }, { prompt: 'canary 2', canary: 2 });
    const { watch, deliver } = await openRun(sheet);
    const losses = [];
    for (let row = 1; row <= ROWS; row += 1) {
      losses.push(
        ...(await watch.add([await deliver(row, { detail: row > 20 ? 40 : 400 + row })])),
      );
    }
    expect(losses[0]).toMatchObject({ model: 'a-model', by: 'detail' });
    expect(losses[0]!.ratio).toBeCloseTo(0.1, 1);
    // They come in the wrong order: the first one is the measure all the same.
    expect(await watch.add([await deliver(32, { detail: 900 })])).toEqual([]);
    expect(await watch.add([await deliver(31, { detail: 1_000 })])).toEqual([]);
  });

  test('says nothing of items that were not delivered', async () => {
    const { watch, runId, store } = await openRun([{ prompt: 'a fox' }]);
    const [fox] = await collect(store.records(runId));
    expect(await watch.add([fox!.itemId])).toEqual([]);
    await watch.finish();
    expect(await store.record(fox!.itemId)).toMatchObject({ state: 'sent' });
  });
});

async function openRun(
  sheet: readonly RowWords[],
  measureMaster: QualityWatchDeps['measureMaster'] = async () => undefined,
) {
  const home = await sqliteHome();
  onTestFinished(() => home[Symbol.asyncDispose]());
  const { store } = await home.open();
  const runId = await startRun(store, sheet);
  const tickets = (await admit(store, runId, { most: sheet.length })).granted;
  const watch = new QualityWatch({ store, measureMaster }, runId);
  /** Delivers the image of a row; answers the item's id. */
  const deliver = async (row: number, measures: Partial<PictureMeasures>): Promise<string> => {
    const ticket = tickets.find((each) => each.row.row.number === row)!;
    await settle(store, ticket.attemptId, ticket.row.streak, measuresOf(measures));
    return itemId(runId, ticket.row.key, 1);
  };
  return { store, runId, watch, deliver };
}

async function settle(
  store: Store,
  attemptId: string,
  streak: number | undefined,
  measures: PictureMeasures,
): Promise<void> {
  await store.settle({
    attemptId,
    workerId: 'worker',
    outcomes: [{ index: 0, state: 'delivered', image: { ...picture(attemptId), measures } }],
    ...(streak !== undefined && { streak }),
    usdMicros: 60_000,
  });
}

function masterOf(hash: string) {
  return { hash, bytes: 1_000, mediaType: 'image/png', width: 512, height: 512 };
}

let prints = 0;

/** Measures with defaults; every fingerprint is far from all others. */
function measuresOf(given: Partial<PictureMeasures>): PictureMeasures {
  prints += 1;
  const fingerprint = BigInt.asUintN(128, BigInt(prints) * 0x9e3779b97f4a7c15f39cc0605cedc835n);
  return {
    detail: 400,
    fingerprint: fingerprint.toString(16).padStart(32, '0'),
    signature: warm(prints),
    ...given,
  };
}

/** A fingerprint with the first `bits` of 128 set. */
function print(bits: number): string {
  return BigInt(`0b${'1'.repeat(bits)}${'0'.repeat(128 - bits)}`)
    .toString(16)
    .padStart(32, '0');
}

function warm(seed: number): string {
  return plain(130 + (seed % 9), 150 + (seed % 5), 155);
}

function cold(seed: number): string {
  return plain(70 + (seed % 9), 124, 90 + (seed % 5));
}

/** A signature of one colour: L, a and b as bytes. */
function plain(...lab: readonly number[]): string {
  return Buffer.from(lab).toString('hex').repeat(16);
}
