/** Amounts: credits to a tenth where they have one, dollars to the cent, a small one to a hundredth of it. */
const CREDITS = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 });
const USD = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' });
const SMALL_USD = new Intl.NumberFormat('en-US', {
  style: 'currency',
  currency: 'USD',
  minimumFractionDigits: 4,
});

export function creditsText(value: number): string {
  return `${CREDITS.format(value)} ${value === 1 ? 'credit' : 'credits'}`;
}

export function usdText(value: number | null): string {
  if (value === null) return 'unknown';
  return value !== 0 && Math.abs(value) < 0.1 ? SMALL_USD.format(value) : USD.format(value);
}

export function Credits({ value }: { readonly value: number }) {
  return <span className="tabular-nums">{creditsText(value)}</span>;
}
