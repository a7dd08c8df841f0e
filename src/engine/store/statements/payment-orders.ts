/** Orders of packs, and what follows from what the payment provider says of them. */
import type { Selectable } from 'kysely';
import type { CeilingStep } from '../../core/ceiling.ts';
import type { EntryAnswer, NewCreditEntry } from '../../core/credit-entry.ts';
import {
  addDispute,
  type Disputes,
  type PaymentFact,
  type PaymentOrder,
  takenBack,
} from '../../core/payment.ts';
import type { StoreContext } from '../context.ts';
import type { PaymentAnswer, PaymentNote } from '../credit-store.ts';
import type { Trx } from '../dialect.ts';
import type { PaymentOrdersTable } from '../service-tables.ts';
import { writeEntryWithin } from './credits.ts';
import { lockStoppedRuns } from './reopen-runs.ts';

type OrderRow = Selectable<PaymentOrdersTable>;

export async function createPaymentOrder(
  context: StoreContext,
  { id, workspace, keyId, pack }: Omit<PaymentOrder, 'createdAt'>,
): Promise<void> {
  await context.database
    .insertInto('payment_orders')
    .values({
      id,
      workspace,
      key_id: keyId ?? null,
      pack: pack.id,
      title: pack.title,
      credit_micros: pack.creditMicros,
      amount: pack.amount,
      currency: pack.currency,
      created_at: await context.dialect.now(context.database),
      session: null,
      payment: null,
      paid_at: null,
      refunded_amount: 0,
      disputes: '{}',
      refunded_credit_micros: 0,
      disputed_credit_micros: 0,
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
}

export async function setPaymentSession(
  context: StoreContext,
  orderId: string,
  session: string,
): Promise<void> {
  await context.database
    .updateTable('payment_orders')
    .set({ session })
    .where('id', '=', orderId)
    .execute();
}

export async function findPaymentOrder(
  context: StoreContext,
  orderId: string,
): Promise<PaymentOrder | undefined> {
  return findOrder(context, 'id', orderId);
}

export async function findPaidOrder(
  context: StoreContext,
  payment: string,
): Promise<PaymentOrder | undefined> {
  return findOrder(context, 'payment', payment);
}

async function findOrder(
  context: StoreContext,
  column: 'id' | 'payment',
  value: string,
): Promise<PaymentOrder | undefined> {
  const row = await context.database
    .selectFrom('payment_orders')
    .selectAll()
    .where(column, '=', value)
    .executeTakeFirst();
  return row === undefined ? undefined : toOrder(row);
}

/** The order's row is locked first: what is said of one payment at once is taken in one by one. */
export async function notePayment(
  context: StoreContext,
  note: PaymentNote,
): Promise<PaymentAnswer> {
  return context.database.transaction().execute(async (trx): Promise<PaymentAnswer> => {
    const before = await lockOrder(context, trx, note.orderId);
    if (before === undefined) return { kind: 'no-order' };
    if (isForeign(before, note.fact)) return { kind: 'foreign' };
    const row = { ...before, ...learned(before, note.fact, await context.dialect.now(trx)) };
    const due = dueEntries(row, note.newId);
    const taken = takenBack(stateOf(row));
    await saveOrder(trx, {
      ...row,
      refunded_credit_micros: taken.refundedCreditMicros,
      disputed_credit_micros: taken.disputedCreditMicros,
    });
    const written = await writeEntries(context, trx, due, note.ceilings);
    if (written.length === 0) return { kind: 'known' };
    const reopened = written.flatMap((answer) => answer.reopened);
    return { kind: 'changed', workspace: row.workspace, reopened };
  });
}

/** Only those that were not there before. Throws, and so takes all of it back, when one cannot be. */
async function writeEntries(
  context: StoreContext,
  trx: Trx,
  entries: readonly NewCreditEntry[],
  ceilings: readonly CeilingStep[],
): Promise<Extract<EntryAnswer, { kind: 'written' }>[]> {
  const [first] = entries;
  if (first === undefined) return [];
  const stopped = await lockStoppedRuns(context, trx, first.workspace);
  const written = [];
  for (const entry of entries) {
    // It was paid: it is written down even where no balance is kept.
    const order = { entry, ceilings, withoutBalance: 'record' } as const;
    const answer = await writeEntryWithin(context, trx, order, stopped);
    if (answer.kind === 'written') written.push(answer);
    else if (answer.kind !== 'known') {
      throw new Error(`A paid entry of workspace ${entry.workspace} met ${answer.kind}.`);
    }
  }
  return written;
}

async function lockOrder(
  context: StoreContext,
  trx: Trx,
  orderId: string,
): Promise<OrderRow | undefined> {
  const query = trx.selectFrom('payment_orders').selectAll().where('id', '=', orderId);
  return (context.dialect.name === 'postgres' ? query.forUpdate() : query).executeTakeFirst();
}

function isForeign(row: OrderRow, fact: PaymentFact): boolean {
  const isOther = (known: string | null, said: string | undefined) =>
    known !== null && said !== undefined && known !== said;
  if (fact.kind === 'paid' && isOther(row.session, fact.session)) return true;
  return isOther(row.payment, fact.payment);
}

function learned(row: OrderRow, fact: PaymentFact, now: number): Partial<OrderRow> {
  const payment = row.payment ?? fact.payment ?? null;
  switch (fact.kind) {
    case 'paid':
      return { payment, session: fact.session, paid_at: row.paid_at ?? now };
    case 'refunded':
      // What was given back only grows: an older event that comes late says less.
      return { payment, refunded_amount: Math.max(row.refunded_amount, fact.amount) };
    case 'disputed':
      return { payment, disputes: JSON.stringify(addDispute(disputesOf(row), fact)) };
  }
}

/** What is to be written so that the balance says what the order's record says. */
function dueEntries(row: OrderRow, newId: () => string): NewCreditEntry[] {
  if (row.paid_at === null) return [];
  const taken = takenBack(stateOf(row));
  const refunded = taken.refundedCreditMicros - row.refunded_credit_micros;
  const disputed = taken.disputedCreditMicros - row.disputed_credit_micros;
  const { workspace, title, id } = row;
  const money = { amount: row.amount, currency: row.currency };
  const purchase: NewCreditEntry = {
    id: newId(),
    workspace,
    kind: 'purchase',
    creditMicros: row.credit_micros,
    reason: title,
    reference: `stripe:${id}`,
    ...(row.key_id !== null && { byKey: row.key_id }),
    paid: money,
  };
  const others: NewCreditEntry[] = [
    {
      id: newId(),
      workspace,
      kind: 'refund',
      creditMicros: 0 - refunded,
      reason: `${title}: money was given back`,
    },
    {
      id: newId(),
      workspace,
      kind: 'correction',
      creditMicros: 0 - disputed,
      reason:
        disputed > 0
          ? `${title}: the payment is disputed`
          : `${title}: the payment is disputed no more`,
    },
  ];
  return [purchase, ...others.filter(({ creditMicros }) => creditMicros !== 0)];
}

function stateOf(row: OrderRow) {
  return {
    creditMicros: row.credit_micros,
    amount: row.amount,
    isPaid: row.paid_at !== null,
    refundedAmount: row.refunded_amount,
    disputes: disputesOf(row),
  };
}

function disputesOf(row: OrderRow): Disputes {
  return JSON.parse(row.disputes) as Disputes;
}

async function saveOrder(trx: Trx, { id, ...row }: OrderRow): Promise<void> {
  await trx.updateTable('payment_orders').set(row).where('id', '=', id).execute();
}

function toOrder(row: OrderRow): PaymentOrder {
  return {
    id: row.id,
    workspace: row.workspace,
    ...(row.key_id !== null && { keyId: row.key_id }),
    pack: {
      id: row.pack,
      title: row.title,
      creditMicros: row.credit_micros,
      amount: row.amount,
      currency: row.currency,
    },
    createdAt: row.created_at,
    ...(row.session !== null && { session: row.session }),
    ...(row.payment !== null && { payment: row.payment }),
    ...(row.paid_at !== null && { paidAt: row.paid_at }),
  };
}
