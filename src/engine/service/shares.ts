/** Pages for a client's approval: made with a link that is told once, and opened with its secret. */
import type { ShareTerms } from '../core/review.ts';
import type { Random } from '../core/random.ts';
import {
  type ChangedReview,
  MOST_REVIEWS_AT_ONCE,
  type ReviewOrder,
} from '../store/review-store.ts';
import type { ItemCursor } from '../store/run-listing-store.ts';
import type { SharedItem, ShareStore, StoredShare } from '../store/share-store.ts';
import type { Store, StoredRun } from '../store/store.ts';
import type { Reviews } from './reviews.ts';
import { hashOf, isSameHash } from './standings.ts';

/** Letters and digits after `shr_`. */
const SECRET_LENGTH = 40;
const SECRET = /^shr_[a-z0-9]{40}$/;
/** Of a run; more are made after others were revoked. */
export const MOST_SHARES = 50;
/** That somebody looked is written at most this often. */
const TOUCHED_EVERY_MS = 60_000;

export interface ShareOrder {
  readonly id: string;
  readonly workspace: string;
  readonly runId: string;
  readonly title: string;
  readonly terms: ShareTerms;
  readonly keyId: string;
  readonly expiresAt?: number;
}

/** `secret` is told this one time. */
export interface IssuedShare {
  readonly share: StoredShare;
  readonly secret: string;
}

/** `ended`: the secret is right, but nothing is shown any more. */
export type ShareStanding =
  | { readonly kind: 'open'; readonly share: StoredShare }
  | { readonly kind: 'ended'; readonly why: 'revoked' | 'expired' };

export interface SharesDeps {
  readonly reviews: Reviews;
  readonly store: Store;
  readonly random: Random;
}

export class Shares {
  readonly #store: Store;
  readonly #random: Random;
  readonly #reviews: Reviews;

  constructor({ store, random, reviews }: SharesDeps) {
    this.#reviews = reviews;
    this.#store = store;
    this.#random = random;
  }

  /** `undefined`: there is one of this id, whose secret was told already. */
  async issue(order: ShareOrder): Promise<IssuedShare | undefined> {
    const secret = `shr_${this.#random.id(SECRET_LENGTH)}`;
    if (!(await this.#store.createShare({ ...order, hash: hashOf(secret) }))) return undefined;
    return { share: (await this.#store.findShare(order.id))!, secret };
  }

  find(id: string): Promise<StoredShare | undefined> {
    return this.#store.findShare(id);
  }

  /** Of a run, newest first. */
  list(runId: string): Promise<StoredShare[]> {
    return this.#store.listShares(runId, MOST_SHARES);
  }

  revoke(id: string): Promise<void> {
    return this.#store.revokeShare(id);
  }

  /** What this secret shows; `undefined`: nothing, and nobody learns whether there is such a page. */
  async authenticate(id: string, secret: string): Promise<ShareStanding | undefined> {
    if (!SECRET.test(secret)) return undefined;
    const share = await this.#store.findShare(id);
    const isRight = isSameHash(share?.hash ?? hashOf(''), hashOf(secret));
    if (share === undefined || !isRight) return undefined;
    if (share.revokedAt !== undefined) return { kind: 'ended', why: 'revoked' };
    const now = await this.#store.now();
    if ((share.expiresAt ?? Infinity) <= now) return { kind: 'ended', why: 'expired' };
    return { kind: 'open', share };
  }

  async opened({ id, openedAt }: StoredShare): Promise<void> {
    if ((openedAt ?? -Infinity) > (await this.#store.now()) - TOUCHED_EVERY_MS) return;
    await this.#store.touchShare(id);
  }

  items(...[share, page]: Parameters<ShareStore['sharedItems']>) {
    return this.#store.sharedItems(share, page);
  }

  item(...[share, itemId]: Parameters<ShareStore['sharedItem']>) {
    return this.#store.sharedItem(share, itemId);
  }

  async counts(share: StoredShare) {
    return {
      items: await this.#store.countShared(share),
      ...(await this.#store.countMarks(share)),
    };
  }

  mark(mark: Parameters<ShareStore['markShared']>[0]): Promise<void> {
    return this.#store.markShared(mark);
  }

  /** Of images that the page shows, in the order of the sheet. */
  marks(...[share, page]: Parameters<ShareStore['shareMarks']>) {
    return this.#store.shareMarks(share, page);
  }

  /**
   * What was approved is kept, what was rejected is rejected, with the visitor's note where the workspace has none.
   * Answers those that were changed.
   */
  async takeOver(run: StoredRun, share: StoredShare, reviewer: string): Promise<ChangedReview[]> {
    const changes: ChangedReview[] = [];
    let after: ItemCursor | undefined;
    do {
      const page = await this.#store.shareMarks(share, {
        limit: MOST_REVIEWS_AT_ONCE,
        ...(after !== undefined && { after }),
      });
      const orders = page.items.flatMap((item) => orderOf(item));
      changes.push(...(await this.#store.changeReviews(run.id, orders, reviewer)));
      after = page.next;
    } while (after !== undefined);
    this.#reviews.tell(run, changes.length);
    return changes;
  }
}

function orderOf({ record, mark }: SharedItem): ReviewOrder[] {
  if (mark === undefined || mark.mark === null) return [];
  const isNew = mark.note !== null && record.review?.note === undefined;
  const verdict = mark.mark === 'approve' ? 'keep' : 'reject';
  return [{ itemId: record.itemId, change: { verdict, ...(isNew && { note: mark.note }) } }];
}
