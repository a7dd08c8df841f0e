import type { Purse } from '../../core/admission.ts';
import type { AdmitAnswer, AdmitOrder } from '../store.ts';
import type { Tally } from './limit-use.ts';

/** One admission while its transaction lasts. */
export interface Round {
  readonly order: AdmitOrder;
  readonly purse: Purse;
  /** Who pays for the run. */
  readonly payer: { readonly workspace: string; readonly key_id: string | null };
  readonly phase: 'proof' | 'main';
  readonly tallies: readonly Tally[];
  readonly now: number;
}

export function common(round: Round): Pick<AdmitAnswer, 'unlearned' | 'now'> {
  // One figure among the windows is enough to pace by; another one shows itself by refusals.
  const own = round.tallies.filter(({ limit }) => limit.learnable);
  const unlearned = (['window', 'slots'] as const).some((kind) => {
    const same = own.filter(({ limit }) => limit.kind === kind);
    return same.length > 0 && same.every(({ max }) => max === undefined);
  });
  return { unlearned, now: round.now };
}
