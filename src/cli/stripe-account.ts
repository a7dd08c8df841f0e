/** Stripe's account of a service, from the environment only. */
import { UsageError } from '../engine/core/errors.ts';
import type { ServeSettings } from '../server/index.ts';
import type { ConfigFile } from './config.ts';
import type { Environment } from './environment.ts';

/**
 * What is sold, and how it is paid. Throws `UsageError` when only one of both secrets is there: payments
 * would be taken and never credited.
 */
export function saleSettings(
  { service }: Pick<ConfigFile, 'service'>,
  environment: Environment,
): Partial<ServeSettings> {
  const stripe = stripeAccount(environment);
  const { packs, checkoutOrigins } = service ?? {};
  return {
    ...(packs && { packs }),
    ...(checkoutOrigins && { checkoutOrigins }),
    ...(stripe && { stripe }),
  };
}

function stripeAccount(environment: Environment): ServeSettings['stripe'] {
  const value = (name: string) => environment[name]?.trim() ?? '';
  const secretKey = value('STRIPE_SECRET_KEY');
  const webhookSecret = value('STRIPE_WEBHOOK_SECRET');
  const baseUrl = value('STRIPE_BASE_URL');
  if (secretKey === '' && webhookSecret === '') return undefined;
  if (secretKey === '' || webhookSecret === '') {
    const [there, missing] =
      secretKey === ''
        ? ['STRIPE_WEBHOOK_SECRET', 'STRIPE_SECRET_KEY']
        : ['STRIPE_SECRET_KEY', 'STRIPE_WEBHOOK_SECRET'];
    throw new UsageError(
      `${there} is set and ${missing} is not: packs need both, the one to sell them, the other to learn that they were paid.`,
    );
  }
  return { secretKey, webhookSecret, ...(baseUrl !== '' && { baseUrl }) };
}
