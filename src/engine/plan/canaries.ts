import { hash } from 'node:crypto';
import type { Catalog } from '../core/catalog.ts';
import type { Model } from '../core/model.ts';
import type { PlannedRow } from '../core/plan.ts';
import type { Quality } from '../core/quality.ts';
import type { Size } from '../core/size.ts';
import { onBatchLane } from './lane-price.ts';
import { priceRequests } from './price-requests.ts';
import { KEY_LENGTH } from './row-key.ts';

/** Harmless, and full of fine structure at every size: what a tired model would smear. */
export const CANARY_PROMPT =
  'A close-up photograph of a hand-woven willow basket filled with balls of coarse wool, standing on an old stone wall with lichen and moss, every fibre in sharp focus, soft daylight';
export const CANARY_SEED = 20_261_122;

interface ModelCanaries {
  readonly size: Size;
  readonly quality: Quality;
  images: number;
  /** Images after which the next canary is due. */
  dueAt: number;
  made: number;
}

/**
 * Plans the images that repeat one prompt and seed: one after the first row of each model that honours
 * seeds, and one more each time that it was given another `every` images. All of a model have the size
 * and quality of its first row, so that they can be compared.
 */
export class Canaries {
  readonly #every: number;
  readonly #catalog: Pick<Catalog, 'imagePrice' | 'requestUsd'>;
  readonly #models = new Map<string, ModelCanaries>();

  constructor(every: number, catalog: Pick<Catalog, 'imagePrice' | 'requestUsd'>) {
    this.#every = every;
    this.#catalog = catalog;
  }

  /** The canary that follows a planned row, if one is due. */
  after(row: PlannedRow, model: Model): PlannedRow | undefined {
    if (this.#every === 0 || !model.seed) return undefined;
    const known = this.#models.get(model.id);
    const state = known ?? { size: row.size, quality: row.quality, images: 0, dueAt: 1, made: 0 };
    if (known === undefined) this.#models.set(model.id, state);
    state.images += row.count;
    if (state.images < state.dueAt) return undefined;
    // A row of many images may pass several marks; one canary tells of all of them.
    state.dueAt = (Math.floor(state.images / this.#every) + 1) * this.#every;
    state.made += 1;
    return this.#plan(row, model, state);
  }

  /** Extra images so far. */
  get planned(): number {
    return [...this.#models.values()].reduce((sum, { made }) => sum + made, 0);
  }

  /** A line for each model, for the plan's explanations. */
  explanations(): string[] {
    return [...this.#models].map(
      ([model, { made }]) =>
        `canary: one prompt and seed is made again after every ${this.#every} images of ${model}, ${made} extra ${made === 1 ? 'image' : 'images'} at its price`,
    );
  }

  #plan(row: PlannedRow, model: Model, { size, quality, made }: ModelCanaries): PlannedRow {
    const wish = {
      prompt: CANARY_PROMPT,
      negativePrompt: undefined,
      size,
      sizeColumn: undefined,
      quality,
      seed: CANARY_SEED,
      count: 1,
      references: [],
      referenceColumn: undefined,
      promptBytes: CANARY_PROMPT.length,
      negativeBytes: 0,
    };
    const live = priceRequests(wish, wish.promptBytes, model, this.#catalog);
    const { number, line } = row.row;
    return {
      row: { number, line, prompt: CANARY_PROMPT, references: [], cells: {} },
      key: keyOf(model.id, size, quality, made),
      model: model.id,
      vendor: model.vendor,
      size,
      quality,
      prompt: CANARY_PROMPT,
      seed: CANARY_SEED,
      count: 1,
      references: [],
      batch: row.batch,
      lane: row.lane,
      proof: row.proof,
      canary: made,
      requests:
        row.lane === 'batch' && model.batch
          ? live.map((request) => onBatchLane(request, model.batch!.priceShare))
          : live,
    };
  }
}

function keyOf(model: string, size: Size, quality: Quality, number: number): string {
  const parts = ['canary', CANARY_PROMPT, CANARY_SEED, model, size.width, size.height, quality];
  return hash('sha256', JSON.stringify([...parts, number])).slice(0, KEY_LENGTH);
}
