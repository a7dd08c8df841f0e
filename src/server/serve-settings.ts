import { DEFAULT_SETTINGS, type RunSettings } from '../engine/core/settings.ts';
import type { Pack } from '../engine/core/payment.ts';

/** Where packs are paid; both secrets come from the environment. */
export interface StripeAccount {
  readonly secretKey: string;
  /** By which Stripe signs its events to this server. */
  readonly webhookSecret: string;
  /** Absent: Stripe's own. */
  readonly baseUrl?: string;
}

/** How a server is set up; every default is filled in by whoever makes it. */
export interface ServeSettings {
  /** Where clients reach it, without a slash at the end: links in answers begin with it. */
  readonly publicUrl: string;
  /** Most bytes of a body of JSON. */
  readonly mostJsonBytes: number;
  /** Most bytes of an upload: a sheet with its pictures, a batch file. */
  readonly mostUploadBytes: number;
  /** Most bytes of a sheet that comes piece by piece; a picture has at most those of an upload. */
  readonly mostResumedBytes: number;
  /** Requests that one key may make in a minute, over all routes. */
  readonly requestsPerMinute: number;
  /** Requests with a key that is none, from one address in a minute. */
  readonly guessesPerMinute: number;
  /** Addresses or networks of proxies whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: readonly string[];
  /** A request that waits for its images is answered after so long at the latest. */
  readonly longestWaitMs: number;
  /** Event streams that may be open at once, in all and by one key. */
  readonly streams: number;
  readonly streamsPerKey: number;
  /** What a new run has where its maker says nothing; references by path and consent to spending never. */
  readonly runDefaults: RunSettings;
  /** Addresses of webhooks may be on this machine or in its networks. */
  readonly allowPrivateWebhooks: boolean;
  /** Packs of credits that are sold, the smallest first. */
  readonly packs: readonly Pack[];
  /** Where browsers may go after paying, beside `publicUrl`: `https://studio.example.com`. */
  readonly checkoutOrigins: readonly string[];
  /** Absent: nothing is sold. */
  readonly stripe?: StripeAccount;
}

export const DEFAULT_SERVE_SETTINGS: ServeSettings = {
  publicUrl: 'http://127.0.0.1:8787',
  mostJsonBytes: 10 * 2 ** 20,
  mostUploadBytes: 512 * 2 ** 20,
  mostResumedBytes: 4 * 2 ** 30,
  requestsPerMinute: 6_000,
  guessesPerMinute: 20,
  trustedProxies: [],
  longestWaitMs: 15 * 60_000,
  streams: 2_000,
  streamsPerKey: 200,
  runDefaults: DEFAULT_SETTINGS,
  allowPrivateWebhooks: false,
  packs: [],
  checkoutOrigins: [],
};
