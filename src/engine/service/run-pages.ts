/** What a service shows of runs, and does with them beside what the engine offers to every door. */
import type { Clock } from '../core/clock.ts';
import type { ItemRecord } from '../core/item-record.ts';
import type { ItemCounts } from '../core/outcome.ts';
import { runCan } from '../core/run.ts';
import { resultLines } from '../deliver/results-sheet.ts';
import { runEntries } from '../drive/delivery.ts';
import type { KeptCounts } from '../report/kept-counts.ts';
import { deliveredFile, deliveredSheet, type DeliveredSheet } from './delivered-files.ts';
import type {
  ItemAttempt,
  ItemCursor,
  ItemsPage,
  ItemsQuery,
  RunsQuery,
} from '../store/run-listing-store.ts';
import type { HomeFiles } from '../store/home-files.ts';
import type { Store, StoredRun } from '../store/store.ts';

/** Looks of one question; between them others have their turn. */
const MOST_LOOKS = 20;

export interface RunPagesDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly homeFiles: HomeFiles;
  readonly counts: KeptCounts;
}

export class RunPages {
  readonly #deps: RunPagesDeps;

  constructor(deps: RunPagesDeps) {
    this.#deps = deps;
  }

  /** Newest first. */
  list(query: RunsQuery): Promise<StoredRun[]> {
    return this.#deps.store.runsPage(query);
  }

  counts(run: StoredRun): Promise<ItemCounts> {
    return this.#deps.counts.of(run);
  }

  /** In the order of the sheet. A page may be short though another follows: `next` tells. */
  async items(runId: string, query: ItemsQuery): Promise<ItemsPage> {
    const { store, clock } = this.#deps;
    const items: ItemRecord[] = [];
    let next: ItemCursor | undefined = query.after;
    for (let looks = 0; looks < MOST_LOOKS && items.length < query.limit; looks += 1) {
      const page: ItemsPage = await store.itemsPage(runId, {
        ...query,
        limit: query.limit - items.length,
        ...(next !== undefined && { after: next }),
      });
      items.push(...page.items);
      next = page.next;
      if (next === undefined) return { items };
      await clock.sleep(0);
    }
    return { items, ...(next !== undefined && { next }) };
  }

  item(runId: string, itemId: string): Promise<ItemRecord | undefined> {
    return this.#deps.store.record(itemId, runId);
  }

  /** What was sent for an item, the first sending first. */
  attempts(runId: string, itemId: string): Promise<ItemAttempt[]> {
    return this.#deps.store.itemAttempts(runId, itemId);
  }

  /** The results sheet as it stands now, line by line. */
  results({ id, columns }: StoredRun): AsyncIterable<string> {
    return resultLines({ columns, entries: runEntries(this.#deps.store, id) });
  }

  /** The name of one of the run's sheets in its out folder; `undefined`: it is not there (yet). */
  sheetName(run: StoredRun, sheet: DeliveredSheet): Promise<string | undefined> {
    return deliveredSheet(this.#deps.homeFiles, run, sheet);
  }

  /** The absolute path of a file in the run's out folder, by the names on the way to it. */
  file(run: StoredRun, names: readonly string[]): Promise<string | undefined> {
    return deliveredFile(this.#deps.homeFiles, run, names);
  }

  rename(runId: string, title: string): Promise<void> {
    return this.#deps.store.renameRun(runId, title);
  }

  /**
   * Lets a run that rests go on when somebody next takes it up; changes nothing of one that does, or that
   * has nothing to make. Throws `IllegalStateError` when its state changes meanwhile.
   */
  async resume({ id, state, reason, asked }: StoredRun): Promise<void> {
    const { store } = this.#deps;
    // It is stopping still: it goes on when it has.
    if (state === 'running' && asked === 'pause') await store.askRun(id, null);
    if (!runCan('resume', state) || state === 'planned' || state === 'running') return;
    const { waiting, sent, unknown } = await store.counts(id);
    if (state === 'done' && waiting + sent + unknown === 0) return;
    // Whoever goes on after a flood of refusals has seen them; the reason is forgotten with the state.
    if (reason === 'refusals') await store.resetBreaker(id);
    await store.changeRun(id, { state: 'planned' });
  }
}
