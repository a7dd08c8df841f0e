/** The ledger of a workspace as its owner reads it: every line, with what it belongs to. */
import type { LedgerAccount, LedgerKind } from './ledger.ts';

export interface WorkspaceLedgerLine {
  readonly at: number;
  readonly kind: LedgerKind;
  readonly account: LedgerAccount;
  readonly creditMicros: number;
  /** Of a request's attempt, or of an entry: lines with the same one and kind sum to zero. */
  readonly source: string;
  readonly runId?: string;
  readonly keyId?: string;
  /** Of lines that a request wrote: the images that it was for. */
  readonly itemIds: readonly string[];
  /** Of entries. */
  readonly reason?: string;
  readonly reference?: string;
}

export const LEDGER_ORDERS = ['newest', 'oldest'] as const;
export type LedgerOrder = (typeof LEDGER_ORDERS)[number];

export interface LedgerFilter {
  readonly order: LedgerOrder;
  /** From this moment on. */
  readonly from?: number;
  /** Before this moment. */
  readonly to?: number;
  readonly runId?: string;
}

/** Where the page before ended. */
export interface LedgerPlace {
  readonly at: number;
  readonly source: string;
  readonly kind: string;
  readonly account: string;
}
