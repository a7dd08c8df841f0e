/** Figures as the dashboard writes them. */
const COUNT = new Intl.NumberFormat('en-US');
const SHORT = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 });
const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });

export interface Images {
  readonly delivered: number;
  readonly refused: number;
  readonly failed: number;
}

export function countText(value: number): string {
  return COUNT.format(value);
}

export function shortText(value: number): string {
  return SHORT.format(value);
}

export function imagesText(value: number): string {
  return `${countText(value)} ${value === 1 ? 'image' : 'images'}`;
}

/** `2026-11-23` → `23 Nov`. */
export function dayText(day: string): string {
  return DAY.format(Date.parse(`${day}T00:00:00Z`));
}

export function allOf({ delivered, refused, failed }: Images): number {
  return delivered + refused + failed;
}

/** `4.2 %`; nothing of nothing: a dash. */
export function shareText(part: number, whole: number): string {
  if (whole === 0) return '–';
  const share = (100 * part) / whole;
  return `${share > 0 && share < 10 ? share.toFixed(1) : Math.round(share)} %`;
}
