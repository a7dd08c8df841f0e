import { availableParallelism } from 'node:os';
import type { ItemRecord } from '../core/item-record.ts';
import { mapInOrder } from '../deliver/map-in-order.ts';
import { openExport } from '../deliver/export/export-place.ts';
import { type Exported, type LostImage, withoutFiles } from '../deliver/export/export-tally.ts';
import { type ExportWatch, isLost } from '../deliver/export/finish-entries.ts';
import { isItem } from '../deliver/results-sheet.ts';
import { sheetNames } from '../deliver/own-names.ts';
import { NameRegistry } from '../deliver/unique-name.ts';
import {
  type DeliveredFiles,
  type Delivery,
  type DeliveryTarget,
  runEntries,
} from '../drive/delivery.ts';
import { finishKey } from '../core/finishing.ts';
import { isThere, makeFolder, removeLeftovers } from '../ports/whole-file.ts';
import type { Store, StoredRun } from '../store/store.ts';

/** Each may hold a picture and the files made of it: so many bound the memory. */
const AT_ONCE = 2 * availableParallelism();
/** So many lost images are named; the results sheet has all of them. */
const MOST_NAMED = 100;

type Placed = DeliveredFiles | { readonly lost: LostImage };

export interface FolderExport {
  readonly run: StoredRun;
  readonly target: DeliveryTarget;
  /** The files do not keep the names that they have in the run's own folder. */
  readonly renamed: boolean;
}

export interface FolderDeps {
  readonly store: Store;
  readonly delivery: Delivery;
}

/**
 * Delivers a run once more into a folder. One that is there is filled up, file by file; a new one gets
 * its name when all of it is there. In memory are a few pictures, and the name of each file.
 */
export async function exportFolder(
  deps: FolderDeps,
  order: FolderExport,
  watch: ExportWatch = {},
): Promise<Exported> {
  const { target } = order;
  const { outFolder } = target;
  if (await isThere(outFolder)) {
    await removeLeftovers(outFolder);
    return await deliverAgain(deps, order, watch);
  }
  await using place = await openExport({ path: outFolder }, 'folder');
  await makeFolder(place.path);
  const inPlace = { ...order, target: { ...target, outFolder: place.path } };
  const exported = await deliverAgain(deps, inPlace, watch);
  return { ...exported, out: await place.name() };
}

async function deliverAgain(
  { store, delivery }: FolderDeps,
  { run, target, renamed }: FolderExport,
  { signal, onItem }: ExportWatch,
): Promise<Exported> {
  const names = new NameRegistry(sheetNames(run.id));
  const placed = new Map<string, Placed>();
  const deliver = async (record: ItemRecord): Promise<[string, Placed]> => {
    const wanted = renamed ? withoutFiles(record) : record;
    return [record.itemId, await deliverOne(delivery, target, wanted, names)];
  };
  const delivered = store.records(run.id, { states: ['delivered'] });
  for await (const [itemId, files] of mapInOrder(delivered, AT_ONCE, deliver)) {
    signal?.throwIfAborted();
    placed.set(itemId, files);
    onItem?.();
  }
  const finishedBy = finishKey(target.settings, delivery.isSigned);
  const isOwn = target.outFolder === run.out;
  await delivery.run({ ...target, isSealed: !isOwn }, () =>
    withFiles(runEntries(store, run.id), placed, finishedBy, isOwn),
  );
  signal?.throwIfAborted();
  return tallyOf(target.outFolder, [...placed.values()]);
}

async function deliverOne(
  delivery: Delivery,
  target: DeliveryTarget,
  record: ItemRecord,
  names: NameRegistry,
): Promise<Placed> {
  try {
    return await delivery.image(target, record, names);
  } catch (error) {
    if (!isLost(error)) throw error;
    const { row, index } = record;
    return { lost: { row: row.number, index, reason: error.message } };
  }
}

/**
 * The same entries with the names that their files have in this folder. In the run's own one an image
 * whose stored bytes are lost may still have its file.
 */
async function* withFiles(
  entries: ReturnType<typeof runEntries>,
  placed: ReadonlyMap<string, Placed>,
  finishedBy: string,
  isOwn: boolean,
): ReturnType<typeof runEntries> {
  for await (const entry of entries) {
    const files = isItem(entry) ? placed.get(entry.itemId) : undefined;
    if (!isItem(entry) || files === undefined || ('lost' in files && isOwn)) yield entry;
    else if ('lost' in files) yield withoutFiles({ ...entry, reason: files.lost.reason });
    else {
      const { finishFailure: _, ...others } = withoutFiles(entry);
      yield { ...others, ...files, finishedBy };
    }
  }
}

function tallyOf(out: string, placed: readonly Placed[]): Exported {
  const lost = placed.flatMap((files) => ('lost' in files ? [files.lost] : []));
  const made = placed.flatMap((files) => ('lost' in files ? [] : [files]));
  return {
    out,
    images: made.length,
    files: made.reduce((sum, { moreFiles = [] }) => sum + 1 + moreFiles.length, 0),
    unfinished: made.filter(({ finishFailure }) => finishFailure !== undefined).length,
    lost: lost.length,
    lostImages: lost.slice(0, MOST_NAMED),
  };
}
