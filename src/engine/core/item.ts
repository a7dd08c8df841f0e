import type { ItemState } from './outcome.ts';
import type { TransitionTable } from './transition.ts';

/**
 * The life of an item. `sent → waiting` happens only when the vendor certainly made nothing;
 * `unknown → waiting` only by a decision; from `failed` and `refused` only `retry` leads back.
 */
export const ITEM_TRANSITIONS: TransitionTable<ItemState> = {
  waiting: ['sent', 'cancelled'],
  sent: ['waiting', 'delivered', 'refused', 'failed', 'unknown'],
  // `unknown → sent`: the vendor was asked, and is still making it.
  unknown: ['waiting', 'sent', 'delivered', 'refused', 'failed'],
  failed: ['waiting'],
  refused: ['waiting'],
  cancelled: ['waiting'],
  delivered: [],
};
