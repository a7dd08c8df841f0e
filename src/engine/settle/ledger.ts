/**
 * The ledger's three entries. A hold reserves credits before a request; it ends once, in the same
 * transaction as the outcomes: posted for what was delivered, voided for the rest. (The words are
 * those of two-phase transfers: https://docs.tigerbeetle.com/coding/two-phase-transfers/)
 */
import { assert } from '../core/errors.ts';
import type { LedgerEntry, LedgerLine, Settlement } from '../core/ledger.ts';

export function holdEntry(creditMicros: number): LedgerEntry {
  return { kind: 'hold', lines: move('available', 'held', creditMicros) };
}

/** Ends a hold of `heldCreditMicros`: `delivered` images at their price are posted, the rest voided. */
export function endHold(
  heldCreditMicros: number,
  delivered: number,
  creditMicrosPerImage: number,
): Settlement {
  const posted = delivered * creditMicrosPerImage;
  const voided = heldCreditMicros - posted;
  assert(
    Number.isSafeInteger(posted) && posted >= 0 && voided >= 0,
    `a hold of ${heldCreditMicros} cannot post ${posted}`,
  );
  return {
    entries: [
      { kind: 'post', lines: move('held', 'spent', posted) },
      { kind: 'void', lines: move('held', 'available', voided) },
    ],
    postedCreditMicros: posted,
    voidedCreditMicros: voided,
  };
}

function move(
  from: LedgerLine['account'],
  to: LedgerLine['account'],
  creditMicros: number,
): LedgerLine[] {
  return [
    { account: from, creditMicros: 0 - creditMicros },
    { account: to, creditMicros },
  ];
}
