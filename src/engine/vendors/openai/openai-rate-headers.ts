import type { LimitReading } from '../../core/limit.ts';

/** Our limits' names by the vendor's, in `x-ratelimit-{limit,remaining,reset}-…`. */
const LIMIT_NAMES = {
  images: 'images-per-minute',
  'input-images': 'input-images-per-minute',
  requests: 'requests-per-minute',
} as const;

/**
 * What `x-ratelimit-*` headers say of the limits that we count, ready to be spread into an answer.
 * `resetMs` is the time from now until the whole limit is free again.
 */
export function readRateHeaders(headers: Headers): { limits?: readonly LimitReading[] } {
  const limits = Object.entries(LIMIT_NAMES).flatMap(([vendorName, name]) => {
    const max = countOf(headers.get(`x-ratelimit-limit-${vendorName}`));
    const remaining = countOf(headers.get(`x-ratelimit-remaining-${vendorName}`));
    const resetMs = durationOf(headers.get(`x-ratelimit-reset-${vendorName}`));
    if (max === undefined && remaining === undefined) return [];
    return [
      {
        name,
        ...(max === undefined ? {} : { max }),
        ...(remaining === undefined ? {} : { remaining }),
        ...(resetMs === undefined ? {} : { resetMs }),
      },
    ];
  });
  return limits.length === 0 ? {} : { limits };
}

function countOf(text: string | null): number | undefined {
  return text !== null && /^\d+$/.test(text) ? Number(text) : undefined;
}

const UNIT_MS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 };

/** `12s`, `1m30s`, `20ms`, `6m0s`, or bare seconds, in ms. */
function durationOf(text: string | null): number | undefined {
  if (text === null) return undefined;
  if (/^\d+(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1000);
  if (!/^(\d+(\.\d+)?(h|ms|m|s))+$/.test(text)) return undefined;
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s)/g)];
  return Math.ceil(
    parts.reduce((sum, [, value, unit]) => sum + Number(value) * (UNIT_MS[unit ?? ''] ?? 0), 0),
  );
}
