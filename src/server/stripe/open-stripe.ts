/** Stripe's own client, loaded where packs are sold. */
import type Stripe from 'stripe';
import { VERSION } from '../../engine/version.ts';
import type { StripeAccount } from '../serve-settings.ts';

const TIMEOUT_MS = 20_000;
/** The client's own: with our order's id as the idempotency key, repeated calls make one session. */
const RETRIES = 2;

export async function openStripe({ secretKey, baseUrl }: StripeAccount): Promise<Stripe> {
  const { default: Client } = await import('stripe');
  return new Client(secretKey, {
    timeout: TIMEOUT_MS,
    maxNetworkRetries: RETRIES,
    telemetry: false,
    appInfo: { name: 'Imagemill', version: VERSION },
    ...(baseUrl !== undefined && placeOf(baseUrl)),
  });
}

function placeOf(baseUrl: string) {
  const { protocol, hostname, port } = new URL(baseUrl);
  const isPlain = protocol === 'http:';
  return {
    protocol: isPlain ? ('http' as const) : ('https' as const),
    host: hostname,
    port: port === '' ? (isPlain ? 80 : 443) : Number(port),
  };
}

/** What may be logged of a failure: its message can name a key. */
export function stripeFacts(error: unknown): Readonly<Record<string, unknown>> {
  if (typeof error !== 'object' || error === null) return {};
  const { type, code, statusCode, requestId } = error as Record<string, unknown>;
  return { type, code, statusCode, requestId };
}
