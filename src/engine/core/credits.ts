/**
 * Money. Credits (what a workspace pays with) and dollars (what a vendor charges) are kept apart and
 * both counted in integer micro-units: 1 credit = 1,000,000 micros. Names end in `Micros`.
 */
export const MICROS = 1_000_000;

/** Turns a decimal amount into micros, rounding half away from zero. Throws on anything not finite. */
export function toMicros(amount: number): number {
  if (!Number.isFinite(amount)) throw new RangeError(`Cannot turn ${amount} into micros.`);
  return Math.sign(amount) * Math.round(Math.abs(amount) * MICROS);
}

/** Micros as a decimal number, for output only. */
export function fromMicros(micros: number): number {
  return micros / MICROS;
}

/** Splits an amount into `parts` whole micros that add up to it. */
export function shareOut(micros: number, parts: number): number[] {
  const each = Math.floor(micros / parts);
  return Array.from({ length: parts }, (_, place) =>
    place < micros - each * parts ? each + 1 : each,
  );
}

/** `2.4`, `1,234.56`: at most `digits` decimals, no trailing zeros. */
export function formatMicros(micros: number, digits = 2): string {
  return decimal({ maximumFractionDigits: digits }).format(fromMicros(micros));
}

const formats = new Map<string, Intl.NumberFormat>();

/** Making a format costs a hundred times what formatting does, and admission names amounts. */
function decimal(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const name = JSON.stringify(options);
  const format = formats.get(name) ?? new Intl.NumberFormat('en-US', options);
  formats.set(name, format);
  return format;
}

/** `$0.053`, `$12.40`: cents, or as many decimals as a small amount needs. */
export function formatUsd(micros: number): string {
  const amount = fromMicros(micros);
  const digits = amount !== 0 && Math.abs(amount) < 1 ? 4 : 2;
  const format = decimal({ minimumFractionDigits: 2, maximumFractionDigits: digits });
  return `$${format.format(amount)}`;
}

/** What something costs a workspace and what it costs us. */
export interface Price {
  readonly creditMicros: number;
  /** `undefined` means that nobody knows: it is shown as unknown and never counted as 0. */
  readonly usdMicros: number | undefined;
}
