/** Runs that are made from some images of another one: a part of `Store`. */
import type { Amendment } from '../core/amendment.ts';
import type { ItemRecord } from '../core/item-record.ts';
import type { PlannedRow } from '../core/plan.ts';
import type { ReviewFilter } from '../core/review.ts';
import type { ItemCursor } from './run-listing-store.ts';

/** An item with its row as it was planned, before any decision about it. */
export interface ChosenItem {
  readonly record: ItemRecord;
  readonly planned: PlannedRow;
  /** What a decision changed of the row for the item's request. */
  readonly amendment?: Amendment;
}

/** Which items of a run: some by their ids, or what is delivered, all of it or by what was said of it. */
export type ItemChoice =
  | { readonly items: readonly string[] }
  | { readonly review: ReviewFilter }
  | 'delivered';

export interface ChosenPage {
  readonly items: readonly ChosenItem[];
  readonly next?: ItemCursor;
}

export interface FollowUpStore {
  /** In the order of the sheet, without canaries. Ids that the run does not have are left out. */
  chosenItems(
    runId: string,
    choice: ItemChoice,
    page: { readonly after?: ItemCursor; readonly limit: number },
  ): Promise<ChosenPage>;
  countChosen(runId: string, choice: Exclude<ItemChoice, { items: unknown }>): Promise<number>;
  /** Ids of the runs that were made from items of this one, oldest first. */
  followUpsOf(runId: string): Promise<string[]>;
}
