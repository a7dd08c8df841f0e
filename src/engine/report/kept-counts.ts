import type { Clock } from '../core/clock.ts';
import type { ItemCounts, ItemState } from '../core/outcome.ts';
import type { LaneKind } from '../core/lane.ts';
import type { Store } from '../store/store.ts';
import { KeptByJournal, type RunMoment } from './kept-by-journal.ts';

/** Counting is a tenth of the time at most, while a run is worked on. */
const LEAST_PAUSE = 9;

export interface ModelCount {
  readonly model: string;
  readonly lane: LaneKind;
  readonly state: ItemState;
  readonly items: number;
}

/** Items of runs by state, for whoever looks: counting a million takes a tenth of a second. */
export class KeptCounts {
  readonly #store: Pick<Store, 'counts' | 'countsByModel'>;
  readonly #counts: KeptByJournal<ItemCounts>;
  readonly #byModel: KeptByJournal<readonly ModelCount[]>;

  constructor({ store, clock }: { readonly store: Store; readonly clock: Clock }) {
    this.#store = store;
    this.#counts = new KeptByJournal(clock, LEAST_PAUSE);
    this.#byModel = new KeptByJournal(clock, LEAST_PAUSE);
  }

  of(run: RunMoment): Promise<ItemCounts> {
    return this.#counts.get(run, () => this.#store.counts(run.id));
  }

  byModel(run: RunMoment): Promise<readonly ModelCount[]> {
    return this.#byModel.get(run, () => this.#store.countsByModel(run.id));
  }
}
