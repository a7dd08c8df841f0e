/** Takes in an event of Stripe: finds the order it is about, and lets the store draw the consequences. */
import type Stripe from 'stripe';
import type { PaymentOrder } from '../../engine/core/payment.ts';
import type { AppContext, ServerDeps } from '../app-env.ts';
import { ORDER_MARK } from './order-mark.ts';
import { factOf, isWhatWasOrdered, type ToldFact } from './payment-fact.ts';

/** Repeated, late and foreign events change nothing. */
export async function takeEvent(
  c: AppContext,
  { engine }: ServerDeps,
  stripe: Stripe,
  event: Stripe.Event,
): Promise<void> {
  const { payments } = engine.service;
  const { log } = c.var;
  const facts = { event: event.id, type: event.type };
  if (event.type === 'refund.failed') {
    log.warn(facts, 'a refund failed at Stripe: correct the credits by hand');
  }
  const told = factOf(event);
  if (told === undefined) return;
  const order = await findOrder(engine.service, stripe, told);
  // Other things may be sold through the same account.
  if (order === undefined) {
    log.info(facts, 'an event of Stripe is about no order of ours');
    return;
  }
  if (!isWhatWasOrdered(event, order)) {
    log.error({ ...facts, order: order.id }, 'another amount was paid than was ordered');
    return;
  }
  const answer = await payments.note(order.id, told.fact);
  if (answer.kind === 'foreign') {
    log.warn({ ...facts, order: order.id }, 'a payment is not that of the order it names');
  }
  if (answer.kind !== 'changed') return;
  log.info({ ...facts, order: order.id, workspace: answer.workspace }, 'credits were changed');
  for (const run of answer.reopened) engine.keeper.wake(run);
}

/** By what we know of it; else Stripe is asked, since news may come before what they follow from. */
async function findOrder(
  { payments }: ServerDeps['engine']['service'],
  stripe: Stripe,
  { fact, orderId }: ToldFact,
): Promise<PaymentOrder | undefined> {
  if (orderId !== undefined) return payments.find(orderId);
  if (fact.payment === undefined) return undefined;
  const known = await payments.findPaid(fact.payment);
  if (known !== undefined) return known;
  const { metadata } = await stripe.paymentIntents.retrieve(fact.payment);
  const marked = metadata[ORDER_MARK];
  return marked === undefined ? undefined : payments.find(marked);
}
