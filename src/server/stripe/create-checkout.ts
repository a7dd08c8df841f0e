/** A session at Stripe at which an order is paid. */
import type Stripe from 'stripe';
import type { PaymentOrder } from '../../engine/core/payment.ts';
import { ORDER_MARK } from './order-mark.ts';

export interface CheckoutPlaces {
  readonly successUrl: string;
  readonly cancelUrl: string;
}

/** The order's id makes that a repeated call gives the session that there is. */
export function createCheckout(
  stripe: Stripe,
  { id, pack }: PaymentOrder,
  { successUrl, cancelUrl }: CheckoutPlaces,
): Promise<Stripe.Checkout.Session> {
  const metadata = { [ORDER_MARK]: id };
  return stripe.checkout.sessions.create(
    {
      mode: 'payment',
      client_reference_id: id,
      line_items: [
        {
          quantity: 1,
          price_data: {
            currency: pack.currency,
            unit_amount: pack.amount,
            product_data: { name: pack.title },
          },
        },
      ],
      success_url: successUrl,
      cancel_url: cancelUrl,
      metadata,
      // Charges take it over: so a refund is found even when its news comes first.
      payment_intent_data: { metadata },
    },
    { idempotencyKey: id },
  );
}
