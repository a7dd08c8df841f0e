/** What a model takes, in words. */
import { spanText } from '../../../parts/time.ts';
import type { Model } from './find-models.ts';

export function sizesText({ sizes }: Model): string {
  return sizes.kind === 'free'
    ? `any from ${sizes.smallest} to ${sizes.largest}, in steps of ${sizes.steps}, up to ${sizes.longest_ratio}:1`
    : `${sizes.ratios.join(', ')} in ${Object.keys(sizes.classes).join(', ')}`;
}

export function referencesText({ references }: Model): string {
  const { count, bytes, media_types: types } = references;
  if (count === 0) return 'none';
  const kinds = types.map((type) => type.replace('image/', '').toUpperCase()).join(', ');
  return `up to ${count}, ${Math.round(bytes / 1e6)} MB each, ${kinds}`;
}

export function negativeText(model: Model): string {
  const words = { yes: 'yes', no: 'no', 'without-references': 'without references only' };
  return words[model.negative_prompt];
}

export function formatsText({ formats }: Model): string {
  return formats.length === 0 ? 'as its vendor decides' : formats.join(', ');
}

export function lanesText({ lanes }: Model): string {
  return lanes.includes('batch') ? 'live, and batch at half the price' : 'live';
}

export function speedText({ typical_seconds: seconds }: Model): string {
  return seconds.low === seconds.high
    ? `about ${spanText(seconds.medium)}`
    : `${spanText(seconds.low)} to ${spanText(seconds.high)}, by quality`;
}

export function refusalText({ refusal_cost: cost }: Model): string {
  const before = cost.input === 'none' ? 'nothing' : cost.input;
  const after = cost.output === 'none' ? 'nothing' : cost.output;
  return before === after
    ? `billed by the vendor: ${before}`
    : `billed by the vendor: before painting ${before}, after it ${after}`;
}

export function limitsText({ limits }: Model): string {
  if (limits.length === 0) return 'none known';
  return limits
    .map(({ unit, max, seconds }) => {
      const most = max === null ? `${unit}, learned from the vendor` : `${max} ${unit}`;
      return seconds === null ? `${most} at a time` : `${most} in ${spanText(seconds)}`;
    })
    .join('; ');
}

export function tiersText({ tiers }: Model): string | undefined {
  const names = Object.entries(tiers).map(([tier, figures]) => {
    const told = Object.entries(figures).map(([name, figure]) => `${figure} ${name}`);
    return `${tier}: ${told.join(', ')}`;
  });
  return names.length === 0 ? undefined : names.join('; ');
}
