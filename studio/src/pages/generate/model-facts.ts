/** What a model can do, in a few words for a table. */
import type { Model } from '../../queries/plan.ts';

export const SIZES = [
  { id: '1024x1024', text: 'Square · 1024×1024' },
  { id: '1536x1024', text: 'Landscape · 1536×1024' },
  { id: '1024x1536', text: 'Portrait · 1024×1536' },
  { id: '1920x1088', text: 'Wide · 1920×1088' },
  { id: '2048x2048', text: 'Large square · 2048×2048' },
  { id: '3840x2160', text: '4K · 3840×2160' },
  { id: '4096x4096', text: 'Largest · 4096×4096' },
] as const;

export const QUALITIES = [
  { id: 'low', text: 'Draft' },
  { id: 'medium', text: 'Standard' },
  { id: 'high', text: 'Best' },
] as const;
export type Quality = (typeof QUALITIES)[number]['id'];

export function isQuality(id: string): id is Quality {
  return QUALITIES.some((each) => each.id === id);
}

export function speedText({ typical_seconds: seconds }: Model, quality: Quality): string {
  const each = seconds[quality];
  return each < 1 ? '< 1 s' : `${Math.round(each)} s`;
}

export function largestText({ sizes }: Model): string {
  if (sizes.kind === 'free') return sizes.largest.replace('x', '×');
  const square = Math.max(...Object.values(sizes.classes));
  return `${square}×${square}`;
}

/** The limits that the vendor has told, the first of each unit. */
export function limitsText({ limits }: Model): string {
  const told = limits.filter(({ max }) => max !== null);
  if (told.length === 0) return limits.length === 0 ? 'none' : 'learned as it goes';
  return told
    .slice(0, 2)
    .map(({ max, unit, seconds }) => `${max?.toLocaleString('en-US')} ${unit}${paceText(seconds)}`)
    .join(', ');
}

function paceText(seconds: number | null): string {
  if (seconds === null) return ' at a time';
  if (seconds === 60) return '/min';
  if (seconds === 3_600) return '/h';
  return seconds === 1 ? '/s' : ` in ${seconds} s`;
}

export const NEGATIVE_TEXTS = {
  yes: 'yes',
  no: 'as words in the prompt',
  'without-references': 'without references',
} as const;

/** Why it cannot be chosen; undefined: it can. */
export function whyNot({ excluded, available, to_use: toUse }: Model): string | undefined {
  if (!available) return toUse ?? 'It is not available here.';
  return excluded ?? undefined;
}
