/** The questions of a service about many runs and many items, a page at a time: a part of `Store`. */
import type { FlagKind } from '../core/flag.ts';
import type { ItemRecord } from '../core/item-record.ts';
import type { LedgerAccount, LedgerKind } from '../core/ledger.ts';
import type { ItemState } from '../core/outcome.ts';
import type { RefusalCategory } from '../core/refusal.ts';
import type { AttemptState } from '../core/request.ts';
import type { ReviewFilter } from '../core/review.ts';
import type { RunOrigin, RunState } from '../core/run.ts';
import type { StoredRun } from './stored-run.ts';

/** `cli`: the command line or the library, which have no origin in the store. */
export type ListedOrigin = RunOrigin | 'cli';

export interface RunsQuery {
  readonly workspace: string;
  /** Absent: every state; none: nothing. */
  readonly states?: readonly RunState[];
  /** Absent: every one but `request`. */
  readonly origins?: readonly ListedOrigin[];
  /** A part of the title; ASCII letters in either case. */
  readonly search?: string;
  /** Made at this moment or later. */
  readonly since?: number;
  /** The last run of the page before. */
  readonly after?: RunPlace;
  readonly limit: number;
}

/** Where a run stands in the list, newest first. */
export interface RunPlace {
  readonly createdAt: number;
  readonly id: string;
}

export interface ItemsQuery {
  readonly states?: readonly ItemState[];
  /** A model's id, on either of its lanes. */
  readonly model?: string;
  /** Number of a row. */
  readonly row?: number;
  readonly flag?: FlagKind;
  readonly category?: RefusalCategory;
  /** What was said of it. */
  readonly review?: ReviewFilter;
  /** A part of the prompt, of the sheet or as it was sent; ASCII letters in either case. */
  readonly search?: string;
  readonly after?: ItemCursor;
  readonly limit: number;
}

/** Where an item stands in the sheet. Nothing that a run does changes it. */
export interface ItemCursor {
  readonly number: number;
  readonly index: number;
  readonly id: string;
}

export interface ItemsPage {
  readonly items: readonly ItemRecord[];
  /** Continues; it may be there though nothing was found so far, since a page looks through so much only. */
  readonly next?: ItemCursor;
}

/** One sending of an item's request, the first one first. */
export interface ItemAttempt {
  readonly id: string;
  readonly lane: string;
  readonly number: number;
  readonly state: AttemptState;
  readonly sentAt: number;
  readonly endedAt?: number;
  readonly reason?: string;
  readonly ref?: string;
  readonly usdMicros?: number;
  /** Images that were asked for together. */
  readonly images: number;
  readonly ledger: readonly AttemptEntry[];
}

/** A line of the ledger of an attempt: all images that were asked for together. */
export interface AttemptEntry {
  readonly kind: LedgerKind;
  readonly account: LedgerAccount;
  readonly at: number;
  readonly creditMicros: number;
}

export interface RunListingStore {
  /** Newest first. */
  runsPage(query: RunsQuery): Promise<StoredRun[]>;
  renameRun(runId: string, title: string): Promise<void>;
  /** In the order of the sheet. One page looks through a bounded part of the run. */
  itemsPage(runId: string, query: ItemsQuery): Promise<ItemsPage>;
  /** Of the item's requests, those of earlier decisions as well. */
  itemAttempts(runId: string, itemId: string): Promise<ItemAttempt[]>;
}
