import type { CreditEntry, CreditStanding } from '../../engine/core/credit-entry.ts';
import { fromMicros } from '../../engine/core/credits.ts';
import { isoTime } from '../../engine/core/iso-time.ts';
import type { Pack } from '../../engine/core/payment.ts';
import type { WorkspaceLedgerLine } from '../../engine/core/workspace-ledger.ts';

export function creditsJson({ ceiling, ...standing }: CreditStanding) {
  const { next } = ceiling;
  return {
    workspace: standing.workspace,
    balance: creditsOrNull(standing.availableCreditMicros),
    held: fromMicros(standing.heldCreditMicros),
    posted: fromMicros(standing.postedCreditMicros),
    bought: fromMicros(standing.boughtCreditMicros),
    ceiling: {
      images_per_hour: ceiling.imagesPerHour ?? null,
      follows: ceiling.isFixed ? ('operator' as const) : ('purchases' as const),
      next:
        next === undefined
          ? null
          : {
              images_per_hour: next.imagesPerHour ?? null,
              bought: fromMicros(next.boughtCreditMicros),
              to_buy: fromMicros(next.boughtCreditMicros - standing.boughtCreditMicros),
            },
    },
  };
}

/** An entry with what it led to. */
export interface EnteredCredits {
  readonly entry: CreditEntry;
  readonly availableCreditMicros?: number;
  readonly isNew: boolean;
  readonly reopened: readonly string[];
}

export function entryJson({ entry, availableCreditMicros, isNew, reopened }: EnteredCredits) {
  return {
    entry: entry.id,
    workspace: entry.workspace,
    kind: entry.kind,
    credits: fromMicros(entry.creditMicros),
    reason: entry.reason,
    reference: entry.reference ?? null,
    paid: entry.paid === undefined ? null : { ...entry.paid },
    at: isoTime(entry.at),
    balance: creditsOrNull(availableCreditMicros),
    warning: (availableCreditMicros ?? 0) < 0 ? BELOW_NOTHING : null,
    is_new: isNew,
    runs_resumed: reopened.length,
  };
}

const BELOW_NOTHING =
  'The balance is below 0: nothing is sent until it is not. What is being made is finished.';

export function ledgerLineJson(line: WorkspaceLedgerLine) {
  return {
    at: isoTime(line.at),
    kind: line.kind,
    account: line.account,
    credits: fromMicros(line.creditMicros),
    source: line.source,
    run: line.runId ?? null,
    key: line.keyId ?? null,
    items: [...line.itemIds],
    reason: line.reason ?? null,
    reference: line.reference ?? null,
  };
}

export function packJson(pack: Pack) {
  return {
    pack: pack.id,
    title: pack.title,
    credits: fromMicros(pack.creditMicros),
    amount: pack.amount,
    currency: pack.currency,
  };
}

function creditsOrNull(micros: number | undefined): number | null {
  return micros === undefined ? null : fromMicros(micros);
}
