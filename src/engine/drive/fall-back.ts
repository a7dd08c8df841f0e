/**
 * `--fallback MODEL`: what a vendor refused, or certainly did not make, is asked of another model, once
 * for each image. Where a picture may have been made (unknown, blank, of another size) it is not.
 */
import { amendedRow } from '../core/amendment.ts';
import type { Catalog } from '../core/catalog.ts';
import { refitRow } from '../plan/refit-row.ts';
import type { Store, StoredRun } from '../store/store.ts';

export interface FallBackDeps {
  readonly store: Pick<Store, 'amendEnded'>;
  readonly catalog: Catalog;
}

/** How many images were put back to waiting, by the state that they were in. */
export interface FallenBack {
  readonly refused: number;
  readonly failed: number;
}

export interface FallBackScope {
  /** Only these; absent: all of the run (what a process that died had not come to). */
  readonly itemIds?: readonly string[];
  /** Names of the lanes that can be reached; absent: not known yet. */
  readonly lanes?: Pick<ReadonlyMap<string, unknown>, 'has'>;
}

/**
 * Gives ended images of the run new requests on its fallback model, each state in one transaction. It may
 * be repeated: what has fallen back once is left as it is.
 */
export async function fallBack(
  { store, catalog }: FallBackDeps,
  { id, settings }: Pick<StoredRun, 'id' | 'settings'>,
  { itemIds, lanes }: FallBackScope = {},
): Promise<FallenBack> {
  const model = settings.fallback === undefined ? undefined : catalog.find(settings.fallback);
  if (model === undefined || lanes?.has(model.id) === false) return { refused: 0, failed: 0 };
  const amend = (state: 'refused' | 'failed') =>
    store.amendEnded(
      id,
      { states: [state], onlyUnmade: true, ...(itemIds && { itemIds }) },
      (row, indexes, before) => {
        const asked = amendedRow(row, before);
        const isDone = before?.by === 'fallback' || asked.model === model.id;
        // A canary watches over its own model.
        if (isDone || row.canary !== undefined) return [];
        const refitted = refitRow(asked, indexes, model, { catalog, settings, by: 'fallback' });
        return 'problems' in refitted ? [] : refitted.requests;
      },
    );
  return { refused: await amend('refused'), failed: await amend('failed') };
}
