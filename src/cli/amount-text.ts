import { formatMicros, formatUsd } from '../engine/core/credits.ts';
import type { Amount } from '../engine/core/plan.ts';

export function countText(count: number): string {
  return count.toLocaleString('en-US');
}

/** `1 image`, `1,632 images`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${countText(count)} ${count === 1 ? one : many}`;
}

export function usdText(micros: number | undefined): string {
  return micros === undefined ? 'unknown' : formatUsd(micros);
}

/** `120 credits ($2.65)`. */
export function amountText(amount: Amount): string {
  const usd = amount.usdMicros === undefined ? 'dollars unknown' : formatUsd(amount.usdMicros);
  return `${formatMicros(amount.creditMicros)} credits (${usd})`;
}
