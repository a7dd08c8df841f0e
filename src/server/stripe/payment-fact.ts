/** What an event of Stripe says of a payment, in our words. */
import type Stripe from 'stripe';
import type { PaymentFact, PaymentOrder } from '../../engine/core/payment.ts';
import { ORDER_MARK } from './order-mark.ts';

/** `orderId`: as Stripe keeps it with what the event is about; it leads to our record, no further. */
export interface ToldFact {
  readonly fact: PaymentFact;
  readonly orderId?: string;
}

/** `undefined`: the event is of no matter here. */
export function factOf(event: Stripe.Event): ToldFact | undefined {
  switch (event.type) {
    case 'checkout.session.completed':
    case 'checkout.session.async_payment_succeeded':
      return paidFact(event.data.object);
    case 'charge.refunded':
      return refundedFact(event.data.object);
    case 'charge.dispute.created':
    case 'charge.dispute.updated':
    case 'charge.dispute.closed':
    case 'charge.dispute.funds_withdrawn':
    case 'charge.dispute.funds_reinstated':
      return disputedFact(event.data.object);
    default:
      return undefined;
  }
}

/** Of ways to pay that take days the session is completed first, and paid later. */
function paidFact(session: Stripe.Checkout.Session): ToldFact | undefined {
  const { id, client_reference_id: orderId, payment_status: status } = session;
  if (status !== 'paid' || orderId === null) return undefined;
  const payment = idOf(session.payment_intent);
  return {
    orderId,
    fact: { kind: 'paid', session: id, ...(payment !== undefined && { payment }) },
  };
}

function refundedFact(charge: Stripe.Charge): ToldFact | undefined {
  const payment = idOf(charge.payment_intent);
  if (payment === undefined) return undefined;
  const orderId = charge.metadata[ORDER_MARK];
  const fact = { kind: 'refunded', payment, amount: charge.amount_refunded } as const;
  return { fact, ...(orderId !== undefined && { orderId }) };
}

/** Inquiries (`warning_…`) take no money yet. */
function disputedFact(dispute: Stripe.Dispute): ToldFact | undefined {
  const payment = idOf(dispute.payment_intent);
  if (payment === undefined || dispute.status.startsWith('warning_')) return undefined;
  const returned = dispute.status === 'won' || dispute.status === 'prevented';
  const { id, amount } = dispute;
  return { fact: { kind: 'disputed', payment, dispute: id, amount, returned } };
}

/** Whether what was paid is what was ordered. */
export function isWhatWasOrdered(event: Stripe.Event, { pack }: PaymentOrder): boolean {
  if (
    event.type !== 'checkout.session.completed' &&
    event.type !== 'checkout.session.async_payment_succeeded'
  ) {
    return true;
  }
  const { amount_total: amount, currency } = event.data.object;
  return amount === pack.amount && currency === pack.currency;
}

function idOf(thing: string | { readonly id: string } | null): string | undefined {
  return typeof thing === 'string' ? thing : thing?.id;
}
