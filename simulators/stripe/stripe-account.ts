/** An account at Stripe with its customers and their banks: what they do makes the events that Stripe sends. */
import type { Clock } from '../../src/engine/core/clock.ts';
import type {
  Charge,
  CheckoutSession,
  Dispute,
  DisputeStatus,
  PaymentIntent,
  StripeEvent,
} from './stripe-objects.ts';

/** https://docs.stripe.com/api/versioning */
const API_VERSION = '2026-10-28.endive';
const SESSION_LASTS_SECONDS = 86_400;

export interface NewSession {
  readonly amount: number;
  readonly currency: string;
  readonly reference: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly paymentMetadata: Readonly<Record<string, string>>;
  readonly successUrl: string;
  readonly cancelUrl: string;
}

export class StripeAccount {
  readonly sessions: CheckoutSession[] = [];
  readonly #clock: Clock;
  readonly #paymentMetadata = new Map<string, Readonly<Record<string, string>>>();
  readonly #payments = new Map<string, PaymentIntent>();
  readonly #charges = new Map<string, Charge>();
  readonly #disputes = new Map<string, Dispute>();
  #numbers = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  open(order: NewSession): CheckoutSession {
    const id = this.#id('cs_test');
    const created = this.#seconds();
    const session: CheckoutSession = {
      id,
      object: 'checkout.session',
      mode: 'payment',
      client_reference_id: order.reference,
      amount_total: order.amount,
      currency: order.currency,
      metadata: order.metadata,
      success_url: order.successUrl,
      cancel_url: order.cancelUrl,
      created,
      expires_at: created + SESSION_LASTS_SECONDS,
      livemode: false,
      url: `https://checkout.stripe.com/c/pay/${id}`,
      status: 'open',
      payment_status: 'unpaid',
      payment_intent: null,
    };
    this.sessions.push(session);
    this.#paymentMetadata.set(id, order.paymentMetadata);
    return session;
  }

  session(id: string): CheckoutSession | undefined {
    return this.sessions.find((session) => session.id === id);
  }

  payment(id: string): PaymentIntent | undefined {
    return this.#payments.get(id);
  }

  /** A customer pays by card. */
  pay(sessionId: string): StripeEvent {
    const session = this.#complete(sessionId);
    session.payment_status = 'paid';
    return this.#event('checkout.session.completed', session);
  }

  /** A customer pays in a way that takes days: the session is complete, and not paid. */
  payLater(sessionId: string): StripeEvent {
    return this.#event('checkout.session.completed', this.#complete(sessionId));
  }

  /** The money of `payLater` has come. */
  arrive(sessionId: string): StripeEvent {
    const session = this.#known(this.session(sessionId), sessionId);
    session.payment_status = 'paid';
    return this.#event('checkout.session.async_payment_succeeded', session);
  }

  /** Money is given back, a part or the rest. */
  refund(payment: string, amount: number): StripeEvent {
    const charge = this.chargeOf(payment);
    if (charge.amount_refunded + amount > charge.amount) throw new Error('More than was paid.');
    charge.amount_refunded += amount;
    charge.refunded = charge.amount_refunded === charge.amount;
    return this.#event('charge.refunded', charge);
  }

  dispute(payment: string): StripeEvent {
    const charge = this.chargeOf(payment);
    charge.disputed = true;
    const dispute: Dispute = {
      id: this.#id('dp'),
      object: 'dispute',
      amount: charge.amount,
      currency: charge.currency,
      charge: charge.id,
      payment_intent: payment,
      // Unlike charges, disputes take nothing over from the payment.
      metadata: {},
      livemode: false,
      status: 'needs_response',
    };
    this.#disputes.set(dispute.id, dispute);
    return this.#event('charge.dispute.created', dispute);
  }

  /** Decides the dispute of a payment. */
  decide(payment: string, status: Extract<DisputeStatus, 'won' | 'lost'>): StripeEvent {
    const all = [...this.#disputes.values()];
    const dispute = this.#known(
      all.find((each) => each.payment_intent === payment),
      payment,
    );
    dispute.status = status;
    return this.#event('charge.dispute.closed', dispute);
  }

  /** An event that nobody here needs. */
  other(type: string): StripeEvent {
    return this.#event(type, { id: this.#id('cus'), object: 'customer' });
  }

  chargeOf(payment: string): Charge {
    return this.#known(this.#charges.get(payment), payment);
  }

  #complete(sessionId: string): CheckoutSession {
    const session = this.#known(this.session(sessionId), sessionId);
    session.status = 'complete';
    session.url = null;
    const metadata = this.#paymentMetadata.get(sessionId) ?? {};
    const { amount_total: amount, currency } = session;
    const [id, charge] = [this.#id('pi'), this.#id('ch')];
    session.payment_intent = id;
    const common = { amount, currency, metadata, livemode: false as const };
    this.#payments.set(id, {
      ...common,
      id,
      object: 'payment_intent',
      latest_charge: charge,
      status: 'succeeded',
    });
    this.#charges.set(id, {
      ...common,
      id: charge,
      object: 'charge',
      payment_intent: id,
      amount_refunded: 0,
      refunded: false,
      disputed: false,
    });
    return session;
  }

  /** As things are now: what changes later does not change what was said. */
  #event(type: string, object: object): StripeEvent {
    return {
      id: this.#id('evt'),
      object: 'event',
      api_version: API_VERSION,
      created: this.#seconds(),
      livemode: false,
      pending_webhooks: 1,
      request: { id: null, idempotency_key: null },
      type,
      data: { object: structuredClone(object) },
    };
  }

  #known<Thing>(thing: Thing | undefined, id: string): Thing {
    if (thing === undefined) throw new Error(`There is no ${id} at the simulated Stripe.`);
    return thing;
  }

  #id(kind: string): string {
    this.#numbers += 1;
    return `${kind}_${this.#numbers}`;
  }

  #seconds(): number {
    return Math.floor(this.#clock.now() / 1000);
  }
}
