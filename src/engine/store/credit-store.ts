/** What the store does for the credits of workspaces and their use: a part of `Store`. */
import type { CreditEntry, EntryAnswer, NewCreditEntry } from '../core/credit-entry.ts';
import type { CeilingStep } from '../core/ceiling.ts';
import type { PaymentFact, PaymentOrder } from '../core/payment.ts';
import type { UsageQuestion, UsageReport } from '../core/usage.ts';
import type { LedgerFilter, LedgerPlace, WorkspaceLedgerLine } from '../core/workspace-ledger.ts';

/**
 * Where the workspace keeps no balance: `refuse` writes nothing; `begin` begins one at nothing, before the
 * entry; `record` writes the entry and keeps none still.
 */
export type WithoutBalance = 'refuse' | 'begin' | 'record';

export interface WriteEntryOrder {
  readonly entry: NewCreditEntry;
  readonly ceilings: readonly CeilingStep[];
  readonly withoutBalance: WithoutBalance;
}

export interface PaymentNote {
  readonly orderId: string;
  readonly fact: PaymentFact;
  readonly ceilings: readonly CeilingStep[];
  /** Makes the id of an entry. */
  readonly newId: () => string;
}

/** `changed`: entries were written. `known`: nothing was new. `foreign`: it is not this order's payment. */
export type PaymentAnswer =
  | { readonly kind: 'changed'; readonly workspace: string; readonly reopened: readonly string[] }
  | { readonly kind: 'known' | 'foreign' | 'no-order' };

export interface CreditStore {
  /** In one transaction: entry, ledger, balance, ceiling, event, and runs that may go on. */
  writeCreditEntry(order: WriteEntryOrder): Promise<EntryAnswer>;
  findCreditEntry(id: string): Promise<CreditEntry | undefined>;
  /**
   * Puts runs that had stopped for want of credits back to planned where their cheapest request can be
   * paid now; answers their ids. Of one workspace, or of all.
   */
  reopenRuns(workspace?: string): Promise<string[]>;
  /** The same for runs that the budget of this key had stopped. */
  reopenRunsOfKey(keyId: string): Promise<string[]>;
  /** Gives every workspace that follows what it bought the ceiling of its step; how many changed. */
  applyCeilings(steps: readonly CeilingStep[]): Promise<number>;
  /** Tells once of each balance that is below `lowCreditMicros` since it was last above; answers whose. */
  tellLowBalances(lowCreditMicros: number): Promise<string[]>;

  /** Nothing when there is one of this id already. */
  createPaymentOrder(order: Omit<PaymentOrder, 'createdAt'>): Promise<void>;
  setPaymentSession(orderId: string, session: string): Promise<void>;
  findPaymentOrder(orderId: string): Promise<PaymentOrder | undefined>;
  /** By the provider's id of the payment. */
  findPaidOrder(payment: string): Promise<PaymentOrder | undefined>;
  /** Takes a fact in, and writes the entries that follow from all that is known, in one transaction. */
  notePayment(note: PaymentNote): Promise<PaymentAnswer>;

  /** A page of the ledger. */
  workspaceLedger(
    workspace: string,
    filter: LedgerFilter,
    page: { readonly most: number; readonly after?: LedgerPlace },
  ): Promise<WorkspaceLedgerLine[]>;
  usage(question: UsageQuestion): Promise<UsageReport>;
}
