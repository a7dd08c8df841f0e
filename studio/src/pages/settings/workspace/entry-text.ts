/** What an entry will do, in a sentence. */
import type { EntryKind } from '../../../../../src/engine/core/credit-entry.ts';
import { creditsText } from '../../../parts/credits.tsx';

interface Entry {
  readonly kind: EntryKind;
  readonly credits: number;
  /** Null: no balance is kept. */
  readonly available: number | null;
}

export function entryText({ kind, credits, available }: Entry): string {
  if (credits === 0) return 'Write how many, to see what becomes of the balance.';
  const change = kind === 'refund' ? -credits : credits;
  const balance = (available ?? 0) + change;
  const after =
    available === null
      ? `A balance begins, at ${creditsText(balance)}.`
      : `The balance goes from ${creditsText(available)} to ${creditsText(balance)}.`;
  return [after, ...consequences(kind, change, balance)].join(' ');
}

function consequences(kind: EntryKind, change: number, balance: number): string[] {
  return [
    kind === 'purchase' ? 'It counts as bought, which may raise the ceiling.' : '',
    kind === 'refund' ? 'It no longer counts as bought, which may lower the ceiling.' : '',
    balance < 0 ? 'Below 0 nothing is sent.' : '',
    change > 0 ? 'Runs that stopped for want of credits go on by themselves.' : '',
  ].filter((sentence) => sentence !== '');
}
