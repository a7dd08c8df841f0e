/** Lines of the ledger, in words. */
import type { client } from '../../../client.ts';
import { creditsText } from '../../../parts/credits.tsx';

type Entries = ReturnType<typeof client.credits.ledger>;
export type LedgerLine = Entries extends AsyncGenerator<infer Line> ? Line : never;

const KINDS = {
  hold: 'Held',
  post: 'Charged',
  void: 'Returned',
  grant: 'Granted',
  purchase: 'Bought',
  refund: 'Refunded',
  correction: 'Corrected',
} as const satisfies Record<LedgerLine['kind'], string>;

const ACCOUNTS = {
  available: 'balance',
  held: 'held',
  spent: 'spent',
  issued: 'issued',
} as const satisfies Record<LedgerLine['account'], string>;

/** `Charged, spent`: what happened, and the account of the line. */
export function kindText({ kind, account }: LedgerLine): string {
  return `${KINDS[kind]}, ${ACCOUNTS[account]}`;
}

export function movementText({ credits }: LedgerLine): string {
  return credits > 0 ? `+${creditsText(credits)}` : creditsText(credits);
}
