/** What comes into a workspace's balance, or is taken from it, other than by making images. */
import type { CeilingStep } from './ceiling.ts';

/**
 * `grant`: given for nothing. `purchase`: paid for; it raises the ceiling. `refund`: takes back what was
 * paid for, and lowers it. `correction`: puts something right, either way.
 */
export const ENTRY_KINDS = ['grant', 'purchase', 'refund', 'correction'] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];

export interface NewCreditEntry {
  readonly id: string;
  readonly workspace: string;
  readonly kind: EntryKind;
  /** Negative: taken away. */
  readonly creditMicros: number;
  readonly reason: string;
  /** Of a payment: entries of the same one are written once. */
  readonly reference?: string;
  readonly byKey?: string;
  readonly paid?: Payment;
}

/** Money of a customer, in the currency's smallest unit. */
export interface Payment {
  readonly amount: number;
  /** ISO 4217, small letters: `usd`. */
  readonly currency: string;
}

export interface CreditEntry extends NewCreditEntry {
  readonly at: number;
}

/**
 * - `written`: now. - `known`: before, with the same reference. - `mismatch`: the reference belongs to
 *   another entry. - `no-workspace`: there is none. - `no-balance`: the workspace keeps none.
 * - `not-bought`: more was to be refunded than had been bought.
 */
export type EntryAnswer =
  | {
      readonly kind: 'written';
      readonly entry: CreditEntry;
      /** Absent: no balance is kept. */
      readonly availableCreditMicros?: number;
      /** Runs that had stopped for want of credits and are to go on. */
      readonly reopened: readonly string[];
    }
  | { readonly kind: 'known'; readonly entry: CreditEntry; readonly availableCreditMicros?: number }
  | { readonly kind: 'mismatch'; readonly entry: CreditEntry }
  | { readonly kind: 'no-workspace' | 'no-balance' }
  | { readonly kind: 'not-bought'; readonly boughtCreditMicros: number };

/** How a workspace stands. */
export interface CreditStanding {
  readonly workspace: string;
  /** Absent: no balance is kept, and it may spend freely. */
  readonly availableCreditMicros?: number;
  readonly heldCreditMicros: number;
  readonly postedCreditMicros: number;
  readonly boughtCreditMicros: number;
  readonly ceiling: {
    /** Images in any 60 minutes; absent: none. */
    readonly imagesPerHour?: number;
    /** It was set by hand, and does not follow what is bought. */
    readonly isFixed: boolean;
    readonly next?: CeilingStep;
  };
}
