/** Sizes, times and units that several vendors' entries share. */
import type { Quality } from '../../core/quality.ts';

/** Date on which the figures of the catalog were last looked at. */
export const CATALOG_DATE = '2026-11-22';

export const ACTIVE = { state: 'active' } as const;

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const MEGABYTE = 1024 * 1024;

export const SQUARE = { width: 1024, height: 1024 };

/** A square of `side` pixels: the picture that the price of a class is written for. */
export function squareOf(side: number) {
  return { width: side, height: side };
}

export function sameForAll(milliseconds: number): Readonly<Record<Quality, number>> {
  return { low: milliseconds, medium: milliseconds, high: milliseconds };
}
