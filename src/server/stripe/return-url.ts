/** Where a browser goes after paying: nowhere that somebody else chose. */
import { ProblemError } from '../problems/problem-error.ts';
import type { ServeSettings } from '../serve-settings.ts';

/** Stripe puts the session's id here: https://docs.stripe.com/payments/checkout/custom-success-page */
const SESSION_PLACE = '{CHECKOUT_SESSION_ID}';

/** Throws an `invalid` problem for an address that is neither on this server nor at a configured origin. */
export function returnUrl(
  field: 'success_url' | 'cancel_url',
  given: string | undefined,
  { publicUrl, checkoutOrigins }: ServeSettings,
): string {
  if (given === undefined) {
    // The studio's page of credits, which says what comes next.
    return `${publicUrl}/dashboard?checkout=${field === 'success_url' ? 'paid' : 'cancelled'}`;
  }
  const origins = [new URL(publicUrl).origin, ...checkoutOrigins];
  const url = URL.parse(given);
  const isOurs =
    url !== null && origins.includes(url.origin) && `${url.username}${url.password}` === '';
  // As the parser understood it, so that nobody else understands something else.
  if (isOurs) return url.href.replace(encodeURI(SESSION_PLACE), SESSION_PLACE);
  throw new ProblemError('invalid', 'Something in the request is wrong.', {
    problems: [
      {
        field: `body.${field}`,
        value: given,
        message: `It may only be at ${origins.join(' or ')}.`,
        remedy: 'Leave it out, or let the operator add the origin under stripe: checkout_origins.',
      },
    ],
  });
}
