/** A run's items as a contact sheet shows them: any page of very many, by its place. */
import type { Clock } from '../core/clock.ts';
import { type ItemCounts, type ItemState, totalItems } from '../core/outcome.ts';
import type { Store } from '../store/store.ts';
import { Remembered } from './remembered.ts';
import type { Tile, TileFilter, TilePlace } from '../store/tile-store.ts';

/** Rows of the sheet that are looked through at a time; between the looks others have their turn. */
const ROWS_A_LOOK = 5_000;
export interface TilesOrder {
  readonly filter: TileFilter;
  /** What offset, limit and total count: items, or rows of the sheet with all their items that the filter means. */
  readonly by: 'item' | 'row';
  readonly offset: number;
  readonly limit: number;
  readonly prompts: boolean;
}

export interface TilesPage {
  readonly total: number;
  readonly models: readonly string[];
  readonly tiles: readonly Tile[];
}

export interface TilesDeps {
  readonly store: Store;
  readonly clock: Clock;
}

export class Tiles {
  readonly #deps: TilesDeps;
  /** Hits in each look. */
  readonly #looks: Remembered<readonly number[]>;
  readonly #counts: Remembered<ItemCounts>;
  readonly #rows: Remembered<number>;

  constructor(deps: TilesDeps) {
    this.#deps = deps;
    this.#looks = new Remembered(deps.clock);
    this.#counts = new Remembered(deps.clock);
    this.#rows = new Remembered(deps.clock);
  }

  async page(runId: string, order: TilesOrder): Promise<TilesPage> {
    const { store } = this.#deps;
    const { total, ids } = await this.#found(runId, order);
    const tiles = await store.tiles(runId, ids, { prompts: order.prompts });
    return { total, models: await store.tileModels(runId), tiles };
  }

  #found(runId: string, order: TilesOrder): Promise<Found> {
    const { states, ...others } = order.filter;
    const isPlain = Object.values(others).every((each) => each === undefined);
    if (isPlain && states === undefined) return this.#atPlace(runId, order, undefined);
    if (isPlain && states?.length === 1) return this.#atPlace(runId, order, states[0]);
    return this.#lookedFor(runId, order);
  }

  /** An index has the order. */
  async #atPlace(runId: string, order: TilesOrder, state: ItemState | undefined): Promise<Found> {
    const { store } = this.#deps;
    const { by, offset, limit } = order;
    const part = { offset, limit, ...(state && { state }) };
    if (by === 'item') {
      const counts = await this.#counts.get(runId, () => store.counts(runId));
      const total = state === undefined ? totalItems(counts) : counts[state];
      return { total, ids: await store.tileIds(runId, part) };
    }
    const rows = await store.tileRows(runId, part);
    const filter = { ...(state && { states: [state] }) };
    const ids = await this.#idsOfRows(runId, filter, rows);
    const key = `${runId} ${state ?? ''}`;
    return { total: await this.#rows.get(key, () => store.countTileRows(runId, state)), ids };
  }

  async #idsOfRows(runId: string, filter: TileFilter, rows: readonly number[]): Promise<string[]> {
    const [first, last] = [rows[0], rows.at(-1)];
    if (first === undefined || last === undefined) return [];
    const span = { after: first - 1, until: last };
    return (await this.#deps.store.tilesOfSpan(runId, filter, span)).map(({ id }) => id);
  }

  /** No index has it: hits are counted look by look, and only the looks of the page are read again. */
  async #lookedFor(runId: string, order: TilesOrder): Promise<Found> {
    const { offset, limit, by, filter } = order;
    const key = JSON.stringify([runId, by, filter]);
    const looks = await this.#looks.get(key, () => this.#count(runId, filter, by));
    const found: TilePlace[][] = [];
    let before = 0;
    let skipped = 0;
    for (const [at, hits] of looks.entries()) {
      const isWanted = hits > 0 && before + hits > offset && before < offset + limit;
      if (isWanted) {
        if (found.length === 0) skipped = before;
        found.push(...groups(await this.#look(runId, filter, at), by));
      }
      before += hits;
    }
    const page = found.slice(offset - skipped, offset - skipped + limit);
    return { total: before, ids: page.flat().map(({ id }) => id) };
  }

  #look(runId: string, filter: TileFilter, at: number): Promise<TilePlace[]> {
    const span = { after: at * ROWS_A_LOOK, until: (at + 1) * ROWS_A_LOOK };
    return this.#deps.store.tilesOfSpan(runId, filter, span);
  }

  async #count(runId: string, filter: TileFilter, by: TilesOrder['by']): Promise<number[]> {
    const { store, clock } = this.#deps;
    const last = await store.lastTileRow(runId);
    const looks: number[] = [];
    for (let at = 0; at * ROWS_A_LOOK < last; at += 1) {
      looks.push(groups(await this.#look(runId, filter, at), by).length);
      await clock.sleep(0);
    }
    return looks;
  }
}

interface Found {
  readonly total: number;
  readonly ids: readonly string[];
}

/** What is counted as one: each item, or all items of a row. */
function groups(places: readonly TilePlace[], by: TilesOrder['by']): TilePlace[][] {
  if (by === 'item') return places.map((place) => [place]);
  return [...Map.groupBy(places, ({ row }) => row).values()];
}
