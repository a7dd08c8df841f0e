import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, onTestFinished, test } from 'vitest';
import { memoryBlobs } from '../../../test/support/memory-blobs.ts';
import { grainy, turnedPhoto } from '../../../test/support/reference-pictures.ts';
import { plannedRow, startRun } from '../../../test/support/store-run.ts';
import { sqliteHome } from '../../../test/support/stores.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { VirtualClock } from '../../../test/support/virtual-clock.ts';
import { createCatalog } from '../catalog/catalog.ts';
import { MODELS } from '../catalog/models.ts';
import { StorageError } from '../core/errors.ts';
import type { PlannedRow } from '../core/plan.ts';
import { ReferenceCopies } from './reference-copies.ts';
import { ReferenceLibrary } from './reference-library.ts';
import { type ReferenceLane, ReferenceUploads } from './reference-uploads.ts';
import type { BlobStore } from '../store/blob-store.ts';
import type { ReferenceBytes, UploadAnswer } from '../vendors/vendor.ts';

const NO_UPLOADS: ReferenceLane = { account: 'bfl:1' };

async function world(change: Partial<BlobStore> = {}) {
  const home = await sqliteHome();
  onTestFinished(() => home[Symbol.asyncDispose]());
  const { store } = await home.open();
  const blobs: BlobStore = { ...memoryBlobs(), ...change };
  const clock = new VirtualClock();
  const fetch = () => Promise.reject(new Error('no network here'));
  const library = new ReferenceLibrary({ store, blobs, clock, fetch, workspace: 'local' });
  const catalog = createCatalog(MODELS);
  const stop = new AbortController().signal;
  /** As another process would have it. */
  const open = () => {
    const uploads = new ReferenceUploads({ store, clock, stop });
    return new ReferenceCopies({ catalog, store, blobs, library, uploads });
  };
  const folder = await temporaryFolder();
  return {
    store,
    blobs,
    clock,
    copies: open(),
    open,
    /** A planned row for FLUX with these pictures as references, their masters kept. */
    row: async (...pictures: Buffer[]): Promise<PlannedRow> => {
      const references: string[] = [];
      for (const [place, bytes] of pictures.entries()) {
        references.push(join(folder, `picture-${place}.bin`));
        await writeFile(references[place]!, bytes);
      }
      const findings = await Promise.all(references.map((path) => library.find(path, true)));
      return {
        ...plannedRow(1, { prompt: 'a fox', model: 'flux-kontext-pro' }),
        references,
        masters: findings.flatMap((each) => (each.kind === 'picture' ? [each.facts] : [])),
      };
    },
  };
}

/** A lane that keeps pictures under `file-1`, `file-2` …; `answers` come first. */
function keepingLane(clock: VirtualClock, ...answers: UploadAnswer[]) {
  const uploaded: ReferenceBytes[] = [];
  const lane: ReferenceLane = {
    account: 'openai:1',
    uploadReference: async (reference) => {
      uploaded.push(reference);
      const expiresAt = clock.now() + 30 * 24 * 3_600_000;
      return answers.shift() ?? { kind: 'uploaded', handle: `file-${uploaded.length}`, expiresAt };
    },
  };
  return { lane, uploaded };
}

describe('references as they are sent', () => {
  test('are the very bytes where the model takes them', async () => {
    const { copies, row } = await world();
    const picture = await grainy(60, 40).png().toBuffer();
    const sent = await copies.forRequest({
      row: await row(picture),
      lane: NO_UPLOADS,
      inBatch: false,
    });
    expect(sent).toEqual({
      references: [{ kind: 'bytes', bytes: Uint8Array.from(picture), mediaType: 'image/png' }],
      changes: [],
    });
  });

  test('are fitted copies otherwise, made once, with what was changed', async () => {
    const { copies, row, blobs } = await world();
    const puts: number[] = [];
    const put = blobs.put.bind(blobs);
    const planned = await row(await turnedPhoto(640, 480), await grainy(60, 40).tiff().toBuffer());
    Object.assign(blobs, {
      put: async (bytes: Uint8Array) => {
        puts.push(bytes.length);
        return put(bytes);
      },
    });
    const order = { row: planned, lane: NO_UPLOADS, inBatch: false };
    const [one, two] = await Promise.all([copies.forRequest(order), copies.forRequest(order)]);
    expect(one).toEqual(two);
    expect(puts).toHaveLength(2);
    if ('problem' in one) throw new Error(one.problem);
    const [first] = one.references;
    const bytes = first?.kind === 'bytes' ? first.bytes : Buffer.alloc(0);
    expect(await sharp(bytes).metadata()).toMatchObject({ width: 480, height: 640 });
    expect(one.changes).toMatchObject([
      {
        reference: 'picture-0.bin',
        steps: ['turned'],
        from: { width: 480, height: 640, mediaType: 'image/jpeg' },
        to: { width: 480, height: 640, bytes: bytes.length },
      },
      { reference: 'picture-1.bin', steps: ['converted'], to: { mediaType: 'image/png' } },
    ]);
  });

  test('always start from the master: another model’s copy is made from it, not from a copy', async () => {
    const { copies, row } = await world();
    const planned = await row(await grainy(2600, 2600).jpeg({ quality: 100 }).toBuffer());
    const sent = async (model: string) => {
      const order = { row: { ...planned, model }, lane: NO_UPLOADS, inBatch: false };
      const answer = await copies.forRequest(order);
      if ('problem' in answer) throw new Error(answer.problem);
      return answer.changes;
    };
    const [flux] = await sent('flux-kontext-pro');
    expect(flux?.to.width).toBe(2048);
    expect(await sent('gpt-image-2')).toEqual([]);
    expect((await sent('flux-kontext-max'))[0]).toEqual(flux);
  });

  test('are a problem in words when the model cannot take them after all', async () => {
    const { copies, row } = await world();
    const planned = await row(await grainy(60, 40).png().toBuffer());
    const order = { row: { ...planned, model: 'kling-v3' }, lane: NO_UPLOADS, inBatch: false };
    expect(await copies.forRequest(order)).toEqual({
      problem:
        'picture-0.bin: The reference image has 60x40 pixels, and Kling 3.0 takes no side below 300',
    });
  });

  test('that are not in the store any more are a problem of the request alone', async () => {
    const { copies, row } = await world({
      get: () => Promise.reject(new StorageError('missing', 'blob')),
    });
    const order = { row: await row(await turnedPhoto(40, 30)), lane: NO_UPLOADS, inBatch: false };
    expect(await copies.forRequest(order)).toMatchObject({
      problem: expect.stringContaining('is not there any more') as string,
    });
  });

  test('go out although the disk takes no copy of them', async () => {
    const { copies, row, blobs } = await world();
    const planned = await row(await turnedPhoto(40, 30));
    Object.assign(blobs, { put: () => Promise.reject(new StorageError('full', 'blob')) });
    const sent = await copies.forRequest({ row: planned, lane: NO_UPLOADS, inBatch: false });
    expect(sent).toMatchObject({
      references: [{ kind: 'bytes' }],
      changes: [{ steps: ['turned'] }],
    });
  });

  test('of a row that was planned without their facts are looked up', async () => {
    const { copies, row } = await world();
    const { masters: _, ...planned } = await row(await turnedPhoto(40, 30));
    const sent = await copies.forRequest({ row: planned, lane: NO_UPLOADS, inBatch: false });
    expect(sent).toMatchObject({ changes: [{ steps: ['turned'] }] });
  });
});

describe('references that a vendor keeps', () => {
  const large = () => grainy(700, 500).png().toBuffer();

  test('are uploaded once, for all requests, processes and runs', async () => {
    const { clock, copies, open, row } = await world();
    const { lane, uploaded } = keepingLane(clock);
    const order = { row: await row(await large()), lane, inBatch: false };
    const kept = { references: [{ kind: 'uploaded', handle: 'file-1', mediaType: 'image/png' }] };
    expect(await Promise.all([copies.forRequest(order), copies.forRequest(order)])).toMatchObject([
      kept,
      kept,
    ]);
    expect(await open().forRequest(order)).toMatchObject(kept);
    expect(uploaded).toHaveLength(1);
  });

  test('are uploaded as they are fitted', async () => {
    const { clock, copies, row } = await world();
    const { lane, uploaded } = keepingLane(clock);
    const photo = await grainy(900, 700).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    await copies.forRequest({ row: await row(photo), lane, inBatch: true });
    expect(await sharp(uploaded[0]!.bytes).metadata()).toMatchObject({ width: 700, height: 900 });
  });

  test('travel in the request while they are small, and are kept from the second request on', async () => {
    const { clock, copies, row } = await world();
    const { lane, uploaded } = keepingLane(clock);
    const planned = await row(await grainy(60, 40).png().toBuffer());
    const send = (inBatch = false) => copies.forRequest({ row: planned, lane, inBatch });
    expect(await send()).toMatchObject({ references: [{ kind: 'bytes' }] });
    expect(uploaded).toEqual([]);
    expect(await send()).toMatchObject({ references: [{ kind: 'uploaded' }] });
    expect(await send(true)).toMatchObject({ references: [{ kind: 'uploaded' }] });
  });

  test('travel in the request after an upload that failed, and are tried again a minute later', async () => {
    const { clock, copies, row } = await world();
    const failure = { kind: 'unknown', words: 'lost' } as const;
    const { lane, uploaded } = keepingLane(clock, { kind: 'failed', failure });
    const order = { row: await row(await large()), lane, inBatch: false };
    expect(await copies.forRequest(order)).toMatchObject({ references: [{ kind: 'bytes' }] });
    expect(await copies.forRequest(order)).toMatchObject({ references: [{ kind: 'bytes' }] });
    expect(uploaded).toHaveLength(1);
    await clock.advance(60_000);
    expect(await copies.forRequest(order)).toMatchObject({ references: [{ kind: 'uploaded' }] });
  });

  test('are sent anew once the vendor did not take their handle', async () => {
    const { clock, copies, row } = await world();
    const { lane, uploaded } = keepingLane(clock);
    const order = { row: await row(await large()), lane, inBatch: false };
    const first = await copies.forRequest(order);
    await copies.forget(lane.account, 'references' in first ? first.references : []);
    expect(await copies.forRequest(order)).toMatchObject({ references: [{ handle: 'file-2' }] });
    expect(uploaded).toHaveLength(2);
  });
});

describe('makeReady()', () => {
  test('leaves nothing to do for the next requests, and prepares those behind them on the side', async () => {
    const { clock, copies, store, row } = await world();
    const { lane, uploaded } = keepingLane(clock);
    const photos = await Promise.all(
      [1, 2, 3].map((seed) =>
        grainy(1400, 1000 + seed)
          .withMetadata({ orientation: 3 })
          .jpeg({ quality: 100 })
          .toBuffer(),
      ),
    );
    const rows = [];
    for (const [place, photo] of photos.entries()) {
      const { references, masters } = await row(photo);
      rows.push({ prompt: `fox ${place}`, model: 'gpt-image-2', references, masters: masters! });
    }
    const runId = await startRun(store, rows);
    await copies.makeReady(runId, { name: 'gpt-image-2', lane }, 2);
    expect(uploaded.length).toBeGreaterThanOrEqual(2);
    await copies.settle();
    expect(uploaded).toHaveLength(3);
    // Asked again, it finds all of it ready.
    await copies.makeReady(runId, { name: 'gpt-image-2', lane }, 2);
    await copies.settle();
    expect(uploaded).toHaveLength(3);
  });

  test('leaves what is wrong with a request to its sending', async () => {
    const { copies, store, row } = await world();
    const { references } = await row(await turnedPhoto(40, 30));
    const lost = { prompt: 'a fox', model: 'flux-kontext-pro' };
    const runId = await startRun(store, [{ ...lost, references: [...references, '/none.png'] }]);
    await copies.makeReady(runId, { name: 'flux-kontext-pro', lane: NO_UPLOADS }, 1);
    await copies.settle();
  });
});
