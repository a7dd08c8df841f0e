/** Ceilings of workspaces: images in any hour, raised by what was bought. */
import { ceilingOf, type CeilingStep, nextCeiling } from '../core/ceiling.ts';
import { type CreditSettings, fullCreditSettings } from '../core/credit-settings.ts';
import type { Store } from '../store/store.ts';

export interface CeilingsDeps {
  readonly store: Store;
  readonly config: { readonly credits?: CreditSettings };
}

export class Ceilings {
  readonly #store: Store;
  readonly steps: readonly CeilingStep[];

  constructor({ store, config }: CeilingsDeps) {
    this.#store = store;
    this.steps = fullCreditSettings(config.credits).ceilings;
  }

  /** Images in any hour of a workspace that bought so much; `undefined`: no ceiling. */
  of(boughtCreditMicros: number): number | undefined {
    return ceilingOf(this.steps, boughtCreditMicros).imagesPerHour;
  }

  /** The step that comes next; `undefined`: there is no higher one. */
  after(boughtCreditMicros: number): CeilingStep | undefined {
    return nextCeiling(this.steps, boughtCreditMicros);
  }

  /** Brings every workspace to the steps of the configuration; answers how many changed. */
  apply(): Promise<number> {
    return this.#store.applyCeilings(this.steps);
  }
}
