/** Pages on which somebody without a key looks at a run's images and marks them: a part of `Store`. */
import type { ItemRecord } from '../core/item-record.ts';
import type { Mark, ShareTerms } from '../core/review.ts';
import type { ItemCursor } from './run-listing-store.ts';

export interface NewShare {
  readonly id: string;
  readonly workspace: string;
  readonly runId: string;
  readonly title: string;
  /** SHA-256 of the link's secret, hex. */
  readonly hash: string;
  readonly terms: ShareTerms;
  readonly keyId: string;
  readonly expiresAt?: number;
}

export interface StoredShare extends Omit<NewShare, 'keyId'> {
  readonly createdAt: number;
  readonly revokedAt?: number;
  /** When a visitor opened it last. */
  readonly openedAt?: number;
}

/** What a visitor says of an image; null: taken back. */
export interface ShareMark {
  readonly shareId: string;
  readonly itemId: string;
  readonly mark: Mark | null;
  readonly note: string | null;
  readonly markedBy: string | null;
  readonly at: number;
}

/** An image of a shared page with what the visitor said of it. */
export interface SharedItem {
  readonly record: ItemRecord;
  readonly mark?: ShareMark;
}

export interface SharedPage {
  readonly items: readonly SharedItem[];
  readonly next?: ItemCursor;
}

export interface MarkCounts {
  readonly approved: number;
  readonly rejected: number;
  readonly noted: number;
}

type Shown = Pick<StoredShare, 'id' | 'runId' | 'terms'>;

export interface ShareStore {
  /** False: there is one with this id already. */
  createShare(share: NewShare): Promise<boolean>;
  findShare(id: string): Promise<StoredShare | undefined>;
  /** Of a run, newest first. */
  listShares(runId: string, limit: number): Promise<StoredShare[]>;
  revokeShare(id: string): Promise<void>;
  touchShare(id: string): Promise<void>;
  /** Delivered images within its terms, in the order of the sheet. */
  sharedItems(
    share: Shown,
    page: { readonly after?: ItemCursor; readonly limit: number },
  ): Promise<SharedPage>;
  /** One of them; `undefined`: it is not on this page. */
  sharedItem(share: Shown, itemId: string): Promise<SharedItem | undefined>;
  countShared(share: Shown): Promise<number>;
  /** Of images within the terms; a mark of one that is not there any more counts no longer. */
  countMarks(share: Shown): Promise<MarkCounts>;
  /** With neither mark nor note it is taken away. */
  markShared(mark: Omit<ShareMark, 'at'>): Promise<void>;
  shareMarks(
    share: Shown,
    page: { readonly after?: ItemCursor; readonly limit: number },
  ): Promise<SharedPage>;
}
