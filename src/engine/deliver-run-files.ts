/** Writes what a run delivers besides its images, and the images themselves where they are missing. */
import type { Clock } from './core/clock.ts';
import type { Finisher } from './core/finisher.ts';
import type { RunFacts } from './core/item-record.ts';
import { deliverImage } from './deliver/deliver-image.ts';
import { deliverRun } from './deliver/deliver-run.ts';
import { NameRegistry } from './deliver/unique-name.ts';
import { runEntries } from './delivery-queue.ts';
import type { BlobStore } from './store/blob-store.ts';
import type { Store, StoredRun } from './store/store.ts';
import { VERSION } from './version.ts';

export interface DeliverFilesDeps {
  readonly store: Store;
  readonly blobs: BlobStore;
  readonly finisher: Finisher;
  readonly clock: Clock;
}

export function runFacts(run: StoredRun): RunFacts {
  return {
    runId: run.id,
    planHash: run.plan?.hash ?? '',
    createdAt: run.createdAt,
    generator: `Imagemill ${VERSION}`,
  };
}

/**
 * Results sheet, manifest and contact sheet; with `everyImage` each image as well (an export). It works
 * on stored images only and can be repeated at any time. Throws `StorageError`.
 */
export async function deliverRunFiles(
  deps: DeliverFilesDeps,
  run: StoredRun,
  order: { readonly folder: string; readonly everyImage: boolean },
): Promise<{ readonly files: number }> {
  const { store, blobs, finisher } = deps;
  const facts = runFacts(run);
  let files = 0;
  const exported = new Map<string, string>();
  if (order.everyImage) {
    const names = new NameRegistry();
    for await (const record of store.records(run.id, { states: ['delivered'] })) {
      const { file } = await deliverImage({
        outFolder: order.folder,
        record,
        run: facts,
        masters: blobs,
        finisher,
        nameTemplate: run.settings.nameTemplate,
        ...(run.settings.format !== undefined && { format: run.settings.format }),
        names,
        rows: run.plan?.rows ?? 0,
      });
      exported.set(record.itemId, file);
      files += 1;
    }
  }
  await deliverRun({
    outFolder: order.folder,
    run: facts,
    columns: run.columns,
    entries: () => withFiles(runEntries(store, run.id), exported),
    masters: blobs,
    finisher,
  });
  return { files };
}

async function* withFiles(
  entries: ReturnType<typeof runEntries>,
  files: ReadonlyMap<string, string>,
): ReturnType<typeof runEntries> {
  for await (const entry of entries) {
    const file = 'itemId' in entry ? files.get(entry.itemId) : undefined;
    yield file === undefined ? entry : { ...entry, file };
  }
}
