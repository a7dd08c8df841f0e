/**
 * Delivery as a port: where images and sheets of a run are put. The real one is the out folder; the
 * simulation that tests the engine keeps it in memory.
 */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Finisher } from '../core/finisher.ts';
import { type PlacedFiles, recipeOf } from '../core/finishing.ts';
import type { ItemRecord, RunFacts } from '../core/item-record.ts';
import type { RunSettings } from '../core/settings.ts';
import { deliverImage, type ImageDelivery, type NamedFiles } from '../deliver/deliver-image.ts';
import { deliverRun, openDelivery } from '../deliver/deliver-run.ts';
import { setAside } from '../deliver/set-aside.ts';
import { type RunEntry, writeResults } from '../deliver/results-sheet.ts';
import type { NameRegistry } from '../deliver/unique-name.ts';
import type { BlobStore } from '../store/blob-store.ts';
import { type HomeFiles, homeFolderFiles } from '../store/home-files.ts';
import type { Store, StoredRun } from '../store/store.ts';
import { keptDelivery, lookIn } from './kept-delivery.ts';
import { VERSION } from '../version.ts';

/** A run as delivery sees it. */
export interface DeliveryTarget {
  readonly outFolder: string;
  readonly facts: RunFacts;
  /** Of its contact sheet and page. */
  readonly title: string;
  readonly settings: Pick<RunSettings, 'nameTemplate' | 'format' | 'finish' | 'marks' | 'screen'>;
  /** Headings of the input, in its order. */
  readonly columns: readonly string[];
  /** Rows of the sheet, for the padding of `{row}`. */
  readonly rows: number;
  /** Nothing will be written there again (`RunDelivery`). */
  readonly isSealed?: boolean;
}

/** Where a delivered image's files are. */
export type DeliveredFiles = Omit<PlacedFiles, 'itemId' | 'file' | 'finishedBy'> & {
  readonly file: string;
};

/** Every operation works on stored images only, and can be repeated at any time. Throws `StorageError`. */
export interface Delivery {
  /** Files are signed with the user's certificate. Absent: they are not. */
  readonly isSigned?: boolean;
  /** Pictures that other processes would finish now, beside those of this one. Absent: none. */
  readonly elsewhere?: () => number;
  /** Makes the place ready, and names the results sheet in it. */
  open(target: DeliveryTarget): Promise<string>;
  /**
   * Where the image's files are from now on; they are not written down yet. `onNamed` is told their names
   * before there is any of them.
   */
  image(
    target: DeliveryTarget,
    record: ItemRecord,
    names: NameRegistry,
    onNamed?: (files: NamedFiles) => Promise<void>,
  ): Promise<DeliveredFiles>;
  /** Moves a file that is no longer wanted out of the way; gives its new name. */
  setAside(target: DeliveryTarget, file: string): Promise<string>;
  /** Whether a file that was delivered is still there. */
  isThere(target: DeliveryTarget, file: string): Promise<boolean>;
  results(target: DeliveryTarget, file: string, entries: AsyncIterable<RunEntry>): Promise<void>;
  /** Results sheet, manifest and contact sheet. */
  run(target: DeliveryTarget, entries: () => AsyncIterable<RunEntry>): Promise<void>;
}

/** Delivery into folders; those of the home are kept wherever the home's files are. */
export function fileDelivery(
  masters: BlobStore,
  finisher: Finisher,
  files: HomeFiles = homeFolderFiles(),
): Delivery {
  const elsewhere = files.isShared && { elsewhere: lookIn(files, finisher) };
  const delivery: Delivery = {
    isSigned: finisher.isSameSigned !== undefined,
    elsewhere: () => finisher.atOnce?.() ?? 0,
    open: ({ outFolder, facts }) => openDelivery(outFolder, facts, finisher),
    image: ({ outFolder, facts, settings, rows }, record, names, onNamed) =>
      deliverImage({
        outFolder,
        record,
        run: facts,
        masters,
        finisher,
        nameTemplate: settings.nameTemplate,
        ...finishOf(settings),
        names,
        rows,
        ...(onNamed !== undefined && { onNamed }),
      }),
    setAside: ({ outFolder }, file) => setAside(outFolder, file),
    isThere: ({ outFolder }, file) =>
      stat(join(outFolder, file)).then(
        (found) => found.isFile(),
        () => false,
      ),
    results: async ({ outFolder, columns }, file, entries) => {
      await writeResults({ outFolder, columns, entries, file });
    },
    run: async ({ outFolder, facts: run, title, columns, isSealed = false }, entries) => {
      const shown = { outFolder, run, title, columns, entries };
      await deliverRun({ ...shown, masters, finisher, isSealed, ...elsewhere });
    },
  };
  return files.isShared ? keptDelivery(delivery, files, finisher) : delivery;
}

export function targetOf(run: StoredRun, outFolder: string = run.out): DeliveryTarget {
  return {
    outFolder,
    facts: {
      runId: run.id,
      planHash: run.plan?.hash ?? '',
      createdAt: run.createdAt,
      generator: `Imagemill ${VERSION}`,
    },
    title: `${run.title} (${run.id})`,
    settings: run.settings,
    columns: run.columns,
    rows: run.plan?.rows ?? 0,
  };
}

function finishOf(settings: DeliveryTarget['settings']): Pick<ImageDelivery, 'recipe' | 'marks'> {
  const recipe = recipeOf(settings);
  return {
    ...(recipe !== undefined && { recipe }),
    ...(settings.marks !== undefined && { marks: settings.marks }),
  };
}

/** Items and skipped rows together, in the order of the sheet. */
export async function* runEntries(store: Store, runId: string): AsyncGenerator<RunEntry> {
  const skipped = store.skippedRows(runId)[Symbol.asyncIterator]();
  let next = await skipped.next();
  for await (const record of store.records(runId)) {
    while (next.done !== true && next.value.number < record.row.number) {
      yield next.value;
      next = await skipped.next();
    }
    yield record;
  }
  while (next.done !== true) {
    yield next.value;
    next = await skipped.next();
  }
}
