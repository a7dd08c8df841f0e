/** A model's facts in a few words, for the table and for the page of one model. */
import type { ModelPrice } from '../api/json/model-price.ts';
import { formatMicros, formatUsd } from '../engine/core/credits.ts';
import { formatSize } from '../engine/core/size.ts';
import type { Model } from '../engine/index.ts';

/** `2.4 credits, $0.053`. */
export function priceText({ creditMicros, usdMicros }: Omit<ModelPrice, 'batch'>): string {
  const usd = usdMicros === undefined ? 'dollars unknown' : formatUsd(usdMicros);
  return `${formatMicros(creditMicros, 4)} credits, ${usd}`;
}

/** `to 3840x2160`, `14 ratios, 1K 2K 4K`. */
export function sizesText({ sizes }: Model): string {
  if (sizes.kind === 'free') return `to ${formatSize(sizes.largest)}`;
  const names = sizes.classes.map(({ name }) => name);
  const classes = names.length > 3 ? `${names[0]}–${names.at(-1)}` : names.join(' ');
  return `${sizes.ratios.length} ratios, ${classes}`;
}

/** `deprecated since 2026-10-06, use gemini-nano-banana-2.1`; nothing for an active one. */
export function lifecycleText({ lifecycle }: Model): string {
  if (lifecycle.state === 'active') return '';
  return `${lifecycle.state} since ${lifecycle.since}, use ${lifecycle.replacement}`;
}
