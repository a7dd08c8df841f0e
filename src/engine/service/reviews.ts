/** What a workspace says of the images of its runs. */
import type { Clock } from '../core/clock.ts';
import { isoTime } from '../core/iso-time.ts';
import { NO_REVIEW, type Review, type ReviewChange, type ReviewSummary } from '../core/review.ts';
import type { ChangedReview, FormerReview, ReviewOrder } from '../store/review-store.ts';
import { MOST_REVIEWS_AT_ONCE } from '../store/review-store.ts';
import type { ItemCursor, ItemsQuery } from '../store/run-listing-store.ts';
import type { KeptCounts } from '../report/kept-counts.ts';
import type { Store, StoredRun } from '../store/store.ts';

/** Those who watch a run are told of its reviews once in so long; a reviewer says several things a second. */
const TELL_EVERY_MS = 1_000;
/** An event names so many images; of more it tells how many they are. */
const MOST_TOLD = 50;
/** Images that are looked through at a time, while everybody else waits. */
const PAGE = 200;

export interface ReviewsDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly counts: KeptCounts;
}

/** Which images; `items`: those with these ids. */
export type ReviewedItems =
  | { readonly items: readonly string[] }
  | { readonly filter: Omit<ItemsQuery, 'limit' | 'after' | 'states'> };

export interface ManyReviewed {
  readonly changed: number;
  /** `undefined`: they are too many to be told. */
  readonly former: readonly FormerReview[] | undefined;
  /** When the last of them was; `undefined`: nothing was changed. */
  readonly at: number | undefined;
}

/** What those who watch were not told of yet. */
interface Untold {
  images: number;
  /** The last word on each; `undefined`: they are too many, or not known. */
  changes: Map<string, ChangedReview> | undefined;
}

export class Reviews {
  readonly #deps: ReviewsDeps;
  /** Of runs that were told of less than a second ago. */
  readonly #untold = new Map<string, Untold>();

  constructor(deps: ReviewsDeps) {
    this.#deps = deps;
  }

  /** What is said of the image now; `undefined`: nothing. */
  async review(
    run: StoredRun,
    itemId: string,
    { change, reviewer }: { readonly change: ReviewChange; readonly reviewer: string },
  ): Promise<Review | undefined> {
    const { store } = this.#deps;
    const orders = [{ itemId, change: plain(change) }];
    const changes = await store.changeReviews(run.id, orders, reviewer);
    this.tell(run, changes.length, changes);
    return (await store.record(itemId, run.id))?.review;
  }

  async reviewMany(
    run: StoredRun,
    which: ReviewedItems,
    {
      change,
      reviewer,
      mostFormer,
    }: { readonly change: ReviewChange; readonly reviewer: string; readonly mostFormer: number },
  ): Promise<ManyReviewed> {
    const said = plain(change);
    const orders =
      'items' in which
        ? inPages(which.items.map((itemId) => ({ itemId, change: said })))
        : this.#found(run, which.filter, said);
    return this.#say(run, orders, { reviewer, mostFormer });
  }

  /** Each of these images gets exactly what was said of it before. */
  restore(
    run: StoredRun,
    former: readonly FormerReview[],
    reviewer: string,
  ): Promise<ManyReviewed> {
    const orders = former.map(({ itemId, ...words }) => ({ itemId, change: { ...words } }));
    return this.#say(run, inPages(orders), { reviewer, mostFormer: former.length });
  }

  async summary(run: StoredRun): Promise<ReviewSummary> {
    const { delivered } = await this.#deps.counts.of(run);
    return this.#deps.store.reviewSummary(run.id, delivered);
  }

  /**
   * Those who watch are told at once, and of everything within the second after that together. `changes`
   * absent: they look themselves.
   */
  tell({ id, workspace }: StoredRun, images: number, changes?: readonly ChangedReview[]): void {
    if (images === 0) return;
    const before = this.#untold.get(id);
    const untold = before ?? { images: 0, changes: new Map() };
    untold.images += images;
    untold.changes = joined(untold.changes, changes);
    this.#untold.set(id, untold);
    if (before === undefined) void this.#telling(id, workspace);
  }

  async #telling(runId: string, workspace: string): Promise<void> {
    const { store, clock } = this.#deps;
    try {
      for (let untold = this.#take(runId); untold.images > 0; untold = this.#take(runId)) {
        const at = await store.now();
        const data = eventData(runId, untold);
        await store.tellWorkspace(workspace, { at, type: 'run.reviewed', runId, data });
        await clock.sleep(TELL_EVERY_MS);
      }
    } catch {
      // The store is away, or closed: whoever watches looks anew when it is back.
    } finally {
      this.#untold.delete(runId);
    }
  }

  #take(runId: string): Untold {
    const none = { images: 0, changes: new Map() };
    const untold = this.#untold.get(runId) ?? none;
    this.#untold.set(runId, none);
    return untold;
  }

  async #say(
    run: StoredRun,
    pages: Iterable<readonly ReviewOrder[]> | AsyncIterable<readonly ReviewOrder[]>,
    { reviewer, mostFormer }: { readonly reviewer: string; readonly mostFormer: number },
  ): Promise<ManyReviewed> {
    const { store, clock } = this.#deps;
    const all: ChangedReview[] = [];
    let changed = 0;
    let at: number | undefined;
    for await (const orders of pages) {
      const changes = await store.changeReviews(run.id, orders, reviewer);
      changed += changes.length;
      at = changes.at(-1)?.at ?? at;
      if (changed <= mostFormer) all.push(...changes);
      await clock.sleep(0);
    }
    if (changed > mostFormer) {
      this.tell(run, changed);
      return { changed, former: undefined, at };
    }
    this.tell(run, changed, all);
    const former = all.map(({ itemId, before }) => ({ itemId, ...before }));
    return { changed, former, at };
  }

  /** Pages go on behind the last image that was looked at, whatever is said of it meanwhile. */
  async *#found(
    run: StoredRun,
    filter: Omit<ItemsQuery, 'limit'>,
    change: ReviewChange,
  ): AsyncGenerator<readonly ReviewOrder[]> {
    let after: ItemCursor | undefined;
    do {
      const page = await this.#deps.store.itemsPage(run.id, {
        ...filter,
        limit: PAGE,
        ...(after !== undefined && { after }),
      });
      yield page.items.map(({ itemId }) => ({ itemId, change }));
      after = page.next;
    } while (after !== undefined);
  }
}

function joined(
  known: Untold['changes'],
  more: readonly ChangedReview[] | undefined,
): Untold['changes'] {
  if (known === undefined || more === undefined) return undefined;
  if (more.length > MOST_TOLD) return undefined;
  const all = new Map([...known, ...more.map((change) => [change.itemId, change] as const)]);
  return all.size > MOST_TOLD ? undefined : all;
}

function eventData(runId: string, { images, changes }: Untold): Record<string, unknown> {
  if (changes === undefined) return { run: runId, images };
  const reviews = [...changes.values()].map(({ itemId, after, at }) => ({
    item: itemId,
    verdict: after.verdict,
    stars: after.stars,
    has_note: after.note !== null,
    at: isoTime(at),
  }));
  return { run: runId, images, reviews };
}

function* inPages(orders: readonly ReviewOrder[]): Generator<readonly ReviewOrder[]> {
  for (let from = 0; from < orders.length; from += MOST_REVIEWS_AT_ONCE) {
    yield orders.slice(from, from + MOST_REVIEWS_AT_ONCE);
  }
}

/** A note without words is none. */
function plain(change: ReviewChange): ReviewChange {
  if (change.note === undefined || change.note === null) return change;
  const note = change.note.trim();
  return { ...change, note: note === '' ? NO_REVIEW.note : note };
}
