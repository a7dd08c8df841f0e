/** What a hold goes through, and what comes into a workspace's balance or leaves it otherwise. */
export type LedgerKind = 'hold' | 'post' | 'void' | 'grant' | 'purchase' | 'refund' | 'correction';

/** `issued`: where all credits of workspaces come from, and go back to. */
export type LedgerAccount = 'available' | 'held' | 'spent' | 'issued';

/** One line of a double entry. The lines of an entry sum to zero; credits leave one account for another. */
export interface LedgerLine {
  readonly account: LedgerAccount;
  readonly creditMicros: number;
}

export interface LedgerEntry {
  readonly kind: LedgerKind;
  readonly lines: readonly LedgerLine[];
}

/** What is to be written when a request's outcomes are known. */
export interface Settlement {
  readonly entries: readonly LedgerEntry[];
  readonly postedCreditMicros: number;
  readonly voidedCreditMicros: number;
}
