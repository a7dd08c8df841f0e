import type { Clock } from '../core/clock.ts';

/** What a lane is made from. The key goes nowhere but to the origin of `baseUrl`. */
export interface LaneConfig {
  readonly apiKey: string;
  /** Reads the account's usage where that takes a key of its own; sent to the same origin only. */
  readonly adminKey?: string;
  /** With or without a slash at its end. */
  readonly baseUrl: string;
  readonly fetch: typeof globalThis.fetch;
  /** Only to turn dates of answers into waits. */
  readonly clock: Clock;
}

/** The base URL without a slash at its end, so that paths can be appended. */
export function withoutSlash(baseUrl: string): string {
  return baseUrl.replace(/\/+$/, '');
}
