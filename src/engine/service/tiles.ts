/** A run's items as a contact sheet shows them: any page of very many, by its place. */
import type { Clock } from '../core/clock.ts';
import { type ItemState, totalItems } from '../core/outcome.ts';
import type { KeptCounts } from '../report/kept-counts.ts';
import { KeptByJournal, type RunMoment } from '../report/kept-by-journal.ts';
import type { Store } from '../store/store.ts';
import { Remembered } from './remembered.ts';
import type { RowSpan, Tile, TileFilter, TilePlace } from '../store/tile-store.ts';

/** Rows of the sheet that are looked through at a time; between the looks others have their turn. */
const ROWS_A_LOOK = 5_000;
/** So far from the start, places are counted in an index; farther on, from the start of their look. */
const NEAR = 10_000;
/** Looks of a run in which things happen are counted anew after so many times what it took. */
const LEAST_PAUSE = 9;

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
  readonly counts: KeptCounts;
}

/** Hits in each look at the sheet, from its start. */
type Looks = readonly number[];

export class Tiles {
  readonly #deps: TilesDeps;
  readonly #looks: Remembered<Looks>;
  /** Of items in some states: what somebody says of an image changes nothing in them. */
  readonly #plainLooks: KeptByJournal<Looks>;

  constructor(deps: TilesDeps) {
    this.#deps = deps;
    this.#looks = new Remembered(deps.clock);
    this.#plainLooks = new KeptByJournal(deps.clock, LEAST_PAUSE);
  }

  async page(run: RunMoment, order: TilesOrder): Promise<TilesPage> {
    const { store } = this.#deps;
    const { total, ids } = await this.#found(run, order);
    const tiles = await store.tiles(run.id, ids, { prompts: order.prompts });
    return { total, models: await store.tileModels(run.id), tiles };
  }

  async #found(run: RunMoment, order: TilesOrder): Promise<Found> {
    const { states, ...others } = order.filter;
    const isPlain = Object.values(others).every((each) => each === undefined);
    if (!isPlain) {
      const key = JSON.stringify([run.id, order.by, order.filter]);
      const looks = await this.#looks.get(key, () => this.#countHits(run.id, order));
      return { total: sumOf(looks), ids: await this.#pageOf(run.id, order, looks) };
    }
    if (order.by === 'row') {
      const looks = await this.#plain(run, order);
      return { total: sumOf(looks), ids: await this.#pageOf(run.id, order, looks) };
    }
    return this.#items(run, order, states);
  }

  /** How many there are is known without looking. */
  async #items(
    run: RunMoment,
    order: TilesOrder,
    states: readonly ItemState[] | undefined,
  ): Promise<Found> {
    const { store, counts } = this.#deps;
    const { offset, limit } = order;
    const items = await counts.of(run);
    const total =
      states === undefined
        ? totalItems(items)
        : [...new Set(states)].reduce((sum, state) => sum + items[state], 0);
    const [state, ...more] = states ?? [];
    if (more.length === 0 && states?.length !== 0 && offset + limit <= NEAR) {
      const part = { offset, limit, ...(state && { state }) };
      return { total, ids: await store.tileIds(run.id, part) };
    }
    const looks = offset === 0 ? undefined : await this.#plain(run, order);
    const wanted = Math.max(0, Math.min(limit, total - offset));
    return { total, ids: await this.#pageOf(run.id, { ...order, limit: wanted }, looks) };
  }

  /** Reads the looks that the page lies in; without counts, from the start until it is full. */
  async #pageOf(
    runId: string,
    { filter, by, offset, limit }: TilesOrder,
    counted: Looks | undefined,
  ): Promise<string[]> {
    if (limit === 0) return [];
    const looks = counted?.length ?? (await this.#lookCount(runId));
    const page: TilePlace[][] = [];
    let before = 0;
    for (let at = 0; at < looks && page.length < limit; at += 1) {
      const hits = counted?.[at];
      if (hits !== undefined && (hits === 0 || before + hits <= offset)) {
        before += hits;
        continue;
      }
      const found = groups(await this.#deps.store.tilesOfSpan(runId, filter, spanOf(at)), by);
      const from = Math.max(0, offset - before);
      page.push(...found.slice(from, from + limit - page.length));
      before += found.length;
    }
    return page.flat().map(({ id }) => id);
  }

  #plain(run: RunMoment, { filter: { states }, by }: TilesOrder): Promise<Looks> {
    const { store } = this.#deps;
    const plain = { by, ...(states && { states }) };
    return this.#plainLooks.get(
      run,
      () => this.#everyLook(run.id, (span) => store.countTiles(run.id, plain, span)),
      JSON.stringify(plain),
    );
  }

  /** No index has them: they are found look by look. */
  #countHits(runId: string, { filter, by }: TilesOrder): Promise<Looks> {
    const { store } = this.#deps;
    return this.#everyLook(runId, async (span) => {
      return groups(await store.tilesOfSpan(runId, filter, span), by).length;
    });
  }

  async #everyLook(runId: string, look: (span: RowSpan) => Promise<number>): Promise<Looks> {
    const count = await this.#lookCount(runId);
    const looks: number[] = [];
    for (let at = 0; at < count; at += 1) {
      looks.push(await look(spanOf(at)));
      await this.#deps.clock.sleep(0);
    }
    return looks;
  }

  async #lookCount(runId: string): Promise<number> {
    return Math.ceil((await this.#deps.store.lastTileRow(runId)) / ROWS_A_LOOK);
  }
}

interface Found {
  readonly total: number;
  readonly ids: readonly string[];
}

function spanOf(look: number): RowSpan {
  return { after: look * ROWS_A_LOOK, until: (look + 1) * ROWS_A_LOOK };
}

function sumOf(looks: Looks): number {
  return looks.reduce((sum, hits) => sum + hits, 0);
}

/** What is counted as one: each item, or all items of a row. */
function groups(places: readonly TilePlace[], by: TilesOrder['by']): TilePlace[][] {
  if (by === 'item') return places.map((place) => [place]);
  return [...Map.groupBy(places, ({ row }) => row).values()];
}
