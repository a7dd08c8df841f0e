import { type CeilingStep, DEFAULT_CEILINGS } from './ceiling.ts';
import { MICROS } from './credits.ts';

/** How credits of workspaces are dealt with, as the configuration says. */
export interface CreditSettings {
  /** Default: 200 images an hour, 500 from 1,000 bought credits, …, no ceiling from 20,000. */
  readonly ceilings?: readonly CeilingStep[];
  /** A balance below it is told as low. Default: 50 credits. */
  readonly lowCreditMicros?: number;
}

export function fullCreditSettings(settings: CreditSettings | undefined): Required<CreditSettings> {
  return {
    ceilings: settings?.ceilings ?? DEFAULT_CEILINGS,
    lowCreditMicros: settings?.lowCreditMicros ?? 50 * MICROS,
  };
}
