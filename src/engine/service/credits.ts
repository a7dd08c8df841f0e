/** Credits of workspaces: what moves them other than making images, and how they stand. */
import { assert, UsageError } from '../core/errors.ts';
import type {
  CreditEntry,
  CreditStanding,
  EntryAnswer,
  EntryKind,
  NewCreditEntry,
  Payment,
} from '../core/credit-entry.ts';
import { type CreditSettings, fullCreditSettings } from '../core/credit-settings.ts';
import type { Random } from '../core/random.ts';
import type { LedgerFilter, LedgerPlace, WorkspaceLedgerLine } from '../core/workspace-ledger.ts';
import type { Store } from '../store/store.ts';
import type { Ceilings } from './ceilings.ts';

/** Most credits of one entry: far beyond what is sold, and far below what is counted exactly. */
export const MOST_ENTRY_CREDIT_MICROS = 1e14;
/** References that begin so are those of payments through Stripe. */
export const STRIPE_REFERENCE = 'stripe:';

/** Lines read at a time where all are wanted. */
const LEDGER_PAGE = 500;

export interface EntryOrder {
  /** Absent: a random one. */
  readonly id?: string;
  readonly workspace: string;
  readonly kind: EntryKind;
  /** Above 0; of a correction below 0 as well. */
  readonly creditMicros: number;
  readonly reason: string;
  readonly reference?: string;
  readonly byKey?: string;
  readonly paid?: Payment;
  /** Begins a balance where none is kept; otherwise the entry is refused there. */
  readonly beginsBalance?: boolean;
}

export interface CreditsDeps {
  readonly store: Store;
  readonly random: Random;
  readonly ceilings: Ceilings;
  readonly config: { readonly credits?: CreditSettings };
}

export class Credits {
  readonly #deps: CreditsDeps;
  readonly #lowCreditMicros: number;

  constructor(deps: CreditsDeps) {
    this.#deps = deps;
    this.#lowCreditMicros = fullCreditSettings(deps.config.credits).lowCreditMicros;
  }

  /**
   * Throws `UsageError` for an amount that its kind does not have. A refund may make the balance negative:
   * nothing is admitted then.
   */
  async enter(order: EntryOrder): Promise<EntryAnswer> {
    const { store, random, ceilings } = this.#deps;
    checkEntry(order);
    const { beginsBalance = false, creditMicros, ...words } = order;
    const entry: NewCreditEntry = {
      ...words,
      id: order.id ?? `entry_${random.id(16)}`,
      creditMicros: order.kind === 'refund' ? 0 - creditMicros : creditMicros,
    };
    return store.writeCreditEntry({
      entry,
      ceilings: ceilings.steps,
      withoutBalance: beginsBalance ? 'begin' : 'refuse',
    });
  }

  find(entryId: string): Promise<CreditEntry | undefined> {
    return this.#deps.store.findCreditEntry(entryId);
  }

  /** `undefined`: there is no such workspace. */
  async standing(workspaceId: string): Promise<CreditStanding | undefined> {
    const { store, ceilings } = this.#deps;
    const workspace = await store.findWorkspace(workspaceId);
    if (workspace === undefined) return undefined;
    const { imagesPerHour, isCeilingFixed: isFixed, availableCreditMicros } = workspace;
    const next = isFixed ? undefined : ceilings.after(workspace.boughtCreditMicros);
    return {
      workspace: workspace.id,
      ...(availableCreditMicros !== undefined && { availableCreditMicros }),
      heldCreditMicros: workspace.heldCreditMicros,
      postedCreditMicros: workspace.postedCreditMicros,
      boughtCreditMicros: workspace.boughtCreditMicros,
      ceiling: {
        ...(imagesPerHour !== undefined && { imagesPerHour }),
        isFixed,
        ...(next !== undefined && { next }),
      },
    };
  }

  /**
   * Lets runs go on whose credits have come, and tells of balances that have become low. Answers the runs
   * that the keeper may take up.
   */
  async tend(): Promise<string[]> {
    await this.#deps.store.tellLowBalances(this.#lowCreditMicros);
    return this.#deps.store.reopenRuns();
  }

  ledgerPage(
    workspace: string,
    filter: LedgerFilter,
    page: { readonly most: number; readonly after?: LedgerPlace },
  ): Promise<WorkspaceLedgerLine[]> {
    return this.#deps.store.workspaceLedger(workspace, filter, page);
  }

  /** All of it, a page at a time. */
  async *ledger(workspace: string, filter: LedgerFilter): AsyncGenerator<WorkspaceLedgerLine> {
    let after: LedgerPlace | undefined;
    for (;;) {
      const page = await this.ledgerPage(workspace, filter, {
        most: LEDGER_PAGE,
        ...(after && { after }),
      });
      yield* page;
      if (page.length < LEDGER_PAGE) return;
      after = page.at(-1)!;
    }
  }
}

function checkEntry({ kind, creditMicros, reason, reference }: EntryOrder): void {
  assert(Number.isSafeInteger(creditMicros), `an entry of ${creditMicros} micros`);
  if (creditMicros === 0 || (creditMicros < 0 && kind !== 'correction')) {
    throw new UsageError(
      kind === 'correction'
        ? 'A correction of 0 credits changes nothing: give what is to be added, or taken away with a minus.'
        : `A ${kind} is of more than 0 credits; to take credits away, correct by a negative amount.`,
    );
  }
  if (Math.abs(creditMicros) > MOST_ENTRY_CREDIT_MICROS) {
    throw new UsageError(
      `One entry has at most ${MOST_ENTRY_CREDIT_MICROS / 1e6} credits: check the amount.`,
    );
  }
  if (reason.trim() === '') {
    throw new UsageError('Give a reason: it stands in the ledger for those who ask later.');
  }
  if (reference?.startsWith(STRIPE_REFERENCE) === true) {
    throw new UsageError(
      `A reference that begins with ${STRIPE_REFERENCE} is that of a payment through Stripe, which enters itself.`,
    );
  }
}
