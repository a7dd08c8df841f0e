/** A pack that somebody orders and pays, and what follows for his credits. Pure. */

/** What is sold. */
export interface Pack {
  readonly id: string;
  readonly title: string;
  readonly creditMicros: number;
  /** In the currency's smallest unit: cents. */
  readonly amount: number;
  /** ISO 4217, small letters. */
  readonly currency: string;
}

/** A pack as it was when it was ordered: what is credited follows from this record alone. */
export interface PaymentOrder {
  readonly id: string;
  readonly workspace: string;
  readonly keyId?: string;
  readonly pack: Pack;
  readonly createdAt: number;
  /** The payment provider's id of the place where it is paid. */
  readonly session?: string;
  /** The provider's id of the payment; known when it was made. */
  readonly payment?: string;
  readonly paidAt?: number;
}

/** What the provider says of the payment of an order. Saying it again, or late, changes nothing. */
export type PaymentFact =
  | { readonly kind: 'paid'; readonly session: string; readonly payment?: string }
  /** All that was given back so far. */
  | { readonly kind: 'refunded'; readonly payment: string; readonly amount: number }
  /** `returned`: the customer's bank gave the money back to us. */
  | {
      readonly kind: 'disputed';
      readonly payment: string;
      readonly dispute: string;
      readonly amount: number;
      readonly returned: boolean;
    };

/** Disputes of a payment by their ids. */
export type Disputes = Readonly<
  Record<string, { readonly amount: number; readonly returned: boolean }>
>;

/** A dispute that has ended for us does not begin again, whatever comes late. */
export function addDispute(
  known: Disputes,
  { dispute, amount, returned }: Extract<PaymentFact, { kind: 'disputed' }>,
): Disputes {
  const before = known[dispute];
  return { ...known, [dispute]: { amount, returned: returned || before?.returned === true } };
}

export interface PaymentState {
  readonly creditMicros: number;
  readonly amount: number;
  readonly isPaid: boolean;
  readonly refundedAmount: number;
  readonly disputes: Disputes;
}

/** Credits that must have been taken back for what was refunded, and for what is disputed. */
export interface TakenBack {
  readonly refundedCreditMicros: number;
  readonly disputedCreditMicros: number;
}

/** The same share of the credits as of the money, never more than there was. Nothing before it is paid. */
export function takenBack(state: PaymentState): TakenBack {
  if (!state.isPaid) return { refundedCreditMicros: 0, disputedCreditMicros: 0 };
  const open = Object.values(state.disputes).filter(({ returned }) => !returned);
  const disputed = open.reduce((sum, { amount }) => sum + amount, 0);
  const refundedCreditMicros = shareOf(state, state.refundedAmount);
  const left = state.creditMicros - refundedCreditMicros;
  return { refundedCreditMicros, disputedCreditMicros: Math.min(left, shareOf(state, disputed)) };
}

function shareOf({ creditMicros, amount }: PaymentState, part: number): number {
  if (part >= amount) return creditMicros;
  // Micros times cents pass 2^53.
  return Number((BigInt(creditMicros) * BigInt(part)) / BigInt(amount));
}
