import type { Random } from '../core/random.ts';

/** 1 s, then doubled each time. */
const FIRST_WAIT_MS = 1_000;
/** 60 s: the longest wait of our own choice. */
const LONGEST_BACKOFF_MS = 60_000;
/** 1 h: the longest wait that a vendor can make us take. */
const LONGEST_RETRY_AFTER_MS = 3_600_000;
/** A vendor's word is kept, and up to a tenth (at most 1 s) is added, so that not all come at once. */
const SPREAD = { share: 0.1, mostMs: 1_000 } as const;

/** How long to wait before a sending is repeated, in whole ms. */
export interface Wait {
  /** What the vendor asked for, when it did. */
  readonly retryAfterMs?: number;
  /** Which repetition this is, counted from 0. */
  readonly repetition: number;
  readonly random: Pick<Random, 'next'>;
}

/**
 * The vendor's own `retryAfterMs` (at most an hour, never less than it says), or 1 s doubled with
 * each repetition up to 60 s, of which the second half is left to chance.
 */
export function waitMs({ retryAfterMs, repetition, random }: Wait): number {
  if (retryAfterMs !== undefined) {
    const asked = Math.min(LONGEST_RETRY_AFTER_MS, Math.max(0, retryAfterMs));
    return Math.ceil(asked + random.next() * Math.min(SPREAD.mostMs, asked * SPREAD.share));
  }
  // The exponent is bounded too: 2 ** 1024 is infinite.
  const whole = Math.min(LONGEST_BACKOFF_MS, FIRST_WAIT_MS * 2 ** Math.min(repetition, 16));
  return Math.ceil(whole / 2 + (random.next() * whole) / 2);
}
