import type { Catalog } from '../core/catalog.ts';
import { laneName, parseLaneName } from '../core/lane.ts';
import { beginningLane } from '../plan/beginning-lane.ts';
import { batchPrice } from '../plan/lane-price.ts';
import type { Store, StoredRun } from '../store/store.ts';

export interface TakeLanesDeps {
  readonly store: Pick<Store, 'moveToBatch' | 'moveToLive' | 'waitingLanes'>;
  readonly catalog: Catalog;
}

/** Puts what waits in a run on the lanes that its settings ask for now, at their price. */
export async function takeLanes(
  { store, catalog }: TakeLanesDeps,
  { id, settings }: Pick<StoredRun, 'id' | 'settings'>,
): Promise<void> {
  for (const { lane } of await store.waitingLanes(id)) {
    const { model: modelId, kind } = parseLaneName(lane);
    const model = catalog.find(modelId);
    if (model === undefined) continue;
    const wanted = beginningLane(settings, model);
    if (wanted === kind) continue;
    const other = laneName(modelId, wanted);
    if (wanted === 'live') await store.moveToLive(id, lane, other);
    else {
      const share = model.batch!.priceShare;
      await store.moveToBatch(id, lane, other, (live) => batchPrice(live, share));
    }
  }
}
