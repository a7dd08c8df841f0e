/** The question before money is spent, and when it need not be asked. */
import { formatMicros } from '../engine/core/credits.ts';
import { InputError } from '../engine/core/errors.ts';
import type { Amount } from '../engine/core/plan.ts';
import type { RunSettings } from '../engine/core/settings.ts';
import { usdText } from './amount-text.ts';

/** A price that nobody knows must be bounded, or agreed to blindly. */
export function checkPriceKnown(expected: Amount, settings: RunSettings): void {
  if (expected.usdMicros !== undefined) return;
  if (settings.maxUsdMicros !== undefined || settings.spendingAllowed) return;
  throw new InputError([
    {
      message: 'What this will cost in dollars is not known',
      remedy:
        'Bound it with --max-usd AMOUNT, agree to it with --yes, or give the price in the config file (`models: NAME: usd:`).',
    },
  ]);
}

/** What costs no dollars needs no word. */
export function costsNothing(amount: Amount): boolean {
  return amount.usdMicros === 0;
}

/** `Spend up to 120 credits ($2.65)?`, within the budget that was set. */
export function spendingQuestion(amount: Amount, settings: RunSettings): string {
  const { budgetCreditMicros, maxUsdMicros } = settings;
  const credits = Math.min(amount.creditMicros, budgetCreditMicros ?? Infinity);
  const usd =
    amount.usdMicros === undefined
      ? maxUsdMicros
      : Math.min(amount.usdMicros, maxUsdMicros ?? Infinity);
  return `Spend up to ${formatMicros(credits)} credits (${usd === undefined ? 'dollars unknown' : usdText(usd)})?`;
}
