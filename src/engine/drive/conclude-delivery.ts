import { StorageError } from '../core/errors.ts';
import type { Store, StoredRun } from '../store/store.ts';
import { type Delivery, runEntries, targetOf } from './delivery.ts';

/** Results sheet, manifest and contact sheet, once a run has ended for now. */
export async function concludeDelivery(
  { store, delivery }: { readonly store: Store; readonly delivery: Delivery },
  run: StoredRun,
): Promise<void> {
  try {
    await delivery.run(targetOf(run), () => runEntries(store, run.id));
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    // The images are safe in the store: the next start delivers what is missing.
    if (run.state !== 'done' && run.state !== 'stopped') return;
    await store.changeRun(run.id, { state: 'running' });
    await store.changeRun(run.id, {
      state: 'stopped',
      reason: 'storage',
      reasonText: error.message,
      release: true,
    });
  }
}
