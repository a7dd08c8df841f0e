/** Orders of packs: kept before anything is paid, and credited by what is kept. */
import type { PaymentFact, PaymentOrder } from '../core/payment.ts';
import type { Random } from '../core/random.ts';
import type { PaymentAnswer } from '../store/credit-store.ts';
import type { Store } from '../store/store.ts';
import type { Ceilings } from './ceilings.ts';

export interface PaymentsDeps {
  readonly store: Store;
  readonly random: Random;
  readonly ceilings: Ceilings;
}

export class Payments {
  readonly #deps: PaymentsDeps;

  constructor(deps: PaymentsDeps) {
    this.#deps = deps;
  }

  /** Durable before the payment provider hears of it. */
  async order(order: Omit<PaymentOrder, 'createdAt'>): Promise<void> {
    await this.#deps.store.createPaymentOrder(order);
  }

  /** The provider's id of the place where the order is paid. */
  opened(orderId: string, session: string): Promise<void> {
    return this.#deps.store.setPaymentSession(orderId, session);
  }

  find(orderId: string): Promise<PaymentOrder | undefined> {
    return this.#deps.store.findPaymentOrder(orderId);
  }

  /** By the provider's id of the payment. */
  findPaid(payment: string): Promise<PaymentOrder | undefined> {
    return this.#deps.store.findPaidOrder(payment);
  }

  /** Takes in what the provider says. The same again, or late, changes nothing. */
  note(orderId: string, fact: PaymentFact): Promise<PaymentAnswer> {
    const { store, random, ceilings } = this.#deps;
    return store.notePayment({
      orderId,
      fact,
      ceilings: ceilings.steps,
      newId: () => `entry_${random.id(16)}`,
    });
  }
}
