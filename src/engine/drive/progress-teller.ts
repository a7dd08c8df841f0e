import type { Progress } from '../engine-types.ts';
import type { Store } from '../store/store.ts';

/** What a drive knows of its progress by itself; the rest is read from the store. */
export type KnownProgress = Omit<
  Progress,
  'runId' | 'postedCreditMicros' | 'heldCreditMicros' | 'bundles'
>;

/** Tells how a run goes on. One question at a time: a fast run would otherwise ask more than it works. */
export class ProgressTeller {
  readonly #store: Pick<Store, 'findRun' | 'openBundles'>;
  readonly #runId: string;
  readonly #onProgress: (progress: Progress) => void;
  #isTelling = false;

  constructor(
    store: Pick<Store, 'findRun' | 'openBundles'>,
    runId: string,
    onProgress: (progress: Progress) => void,
  ) {
    this.#store = store;
    this.#runId = runId;
    this.#onProgress = onProgress;
  }

  tell(hasBundles: boolean, known: () => KnownProgress): void {
    if (this.#isTelling) return;
    this.#isTelling = true;
    // It is told again with the next change.
    void this.#tell(hasBundles, known).catch(() => (this.#isTelling = false));
  }

  async #tell(hasBundles: boolean, known: () => KnownProgress): Promise<void> {
    const run = await this.#store.findRun(this.#runId);
    const bundles = hasBundles ? await this.#store.openBundles(this.#runId) : [];
    this.#isTelling = false;
    if (run === undefined) return;
    const { id: runId, postedCreditMicros, heldCreditMicros } = run;
    this.#onProgress({ runId, postedCreditMicros, heldCreditMicros, bundles, ...known() });
  }
}
