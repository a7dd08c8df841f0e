/** One line of a double entry. The lines of an entry sum to zero; credits leave one account for another. */
export interface LedgerLine {
  readonly account: 'available' | 'held' | 'spent';
  readonly creditMicros: number;
}

export interface LedgerEntry {
  readonly kind: 'hold' | 'post' | 'void';
  readonly lines: readonly LedgerLine[];
}

/** What is to be written when a request's outcomes are known. */
export interface Settlement {
  readonly entries: readonly LedgerEntry[];
  readonly postedCreditMicros: number;
  readonly voidedCreditMicros: number;
}
