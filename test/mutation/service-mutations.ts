/** The guards of the service: shared purses, ceilings, payments, repeated requests, webhooks, and who drives a run. */
import type { Mutation, TestFile } from './mutations.ts';

const contract = (only: string): TestFile => ({
  file: 'test/contracts/store.contract.test.ts',
  only: `on SQLite.*${only}`,
});
const PAYERS = contract('who pays');
const SENT_TWICE = contract('requests that are sent twice');
const DELIVERIES = contract('deliveries');
const CREDITS: TestFile = { file: 'test/contracts/credits.contract.test.ts', only: 'SQLite' };
const KEEPER: TestFile = { file: 'src/engine/drive/run-keeper.test.ts' };

const SHARED_PURSES = 'src/engine/store/statements/shared-purses.ts';
const GRANT = 'src/engine/store/statements/grant.ts';
const DECISION = 'src/engine/admit/decide-admission.ts';
const PAYMENTS = 'src/engine/store/statements/payment-orders.ts';
const DELIVERY = 'src/engine/store/statements/webhook-deliveries.ts';
const RUN_KEEPER = 'src/engine/drive/run-keeper.ts';

export const SERVICE_MUTATIONS: readonly Mutation[] = [
  // Who pays.
  {
    name: 'service: a balance is not looked at',
    file: SHARED_PURSES,
    find: `if (workspace.available_credit_micros !== null) {`,
    replace: `if (workspace.available_credit_micros === -1) {`,
    tests: [PAYERS],
  },
  {
    name: 'service: what a key has in flight does not count in its budget',
    file: SHARED_PURSES,
    find: `key.budget_credit_micros - key.posted_credit_micros - key.held_credit_micros,`,
    replace: `key.budget_credit_micros - key.posted_credit_micros,`,
    tests: [PAYERS],
  },
  {
    name: 'service: a hold is not taken from those who pay',
    file: GRANT,
    find: `await chargePayers(trx, round.payer, spending);`,
    replace: ``,
    tests: [PAYERS],
  },
  {
    name: 'service: what one admission has granted is spent again within it',
    file: GRANT,
    find: `availableCreditMicros: each.availableCreditMicros - creditMicros,`,
    replace: `availableCreditMicros: each.availableCreditMicros,`,
    tests: [PAYERS],
  },
  {
    name: 'service: a shared purse that is short lets through',
    file: DECISION,
    find: `if (purse.availableCreditMicros >= creditMicros) continue;`,
    replace: `continue;`,
    tests: [PAYERS],
  },
  {
    name: 'service: a suspended workspace goes on sending',
    file: SHARED_PURSES,
    find: `if (workspace.state === 'suspended') purses.push(SUSPENDED);`,
    replace: ``,
    tests: [PAYERS],
  },
  {
    name: 'service: the ceiling of the workspace is that of the start of the run',
    file: SHARED_PURSES,
    find: `if (ceiling === undefined) return limits;`,
    replace: `return limits;`,
    tests: [PAYERS],
  },
  // What moves credits.
  {
    name: 'service: a payment that is told again is credited again',
    file: PAYMENTS,
    find: 'reference: `stripe:${id}`,',
    replace: 'reference: `stripe:${newId()}`,',
    tests: [CREDITS],
  },
  {
    name: 'service: what was refunded before is taken back again',
    file: PAYMENTS,
    find: `const refunded = taken.refundedCreditMicros - row.refunded_credit_micros;`,
    replace: `const refunded = taken.refundedCreditMicros;`,
    tests: [CREDITS],
  },
  {
    name: 'service: an older refund that comes late counts',
    file: PAYMENTS,
    find: `refunded_amount: Math.max(row.refunded_amount, fact.amount)`,
    replace: `refunded_amount: fact.amount`,
    tests: [CREDITS],
  },
  {
    name: 'service: a payment is taken for an order that it does not belong to',
    file: PAYMENTS,
    find: `if (isForeign(before, note.fact)) return { kind: 'foreign' };`,
    replace: ``,
    tests: [CREDITS],
  },
  {
    name: 'service: more is refunded than was bought',
    file: 'src/engine/store/statements/credits.ts',
    find: `if (isChecked && workspace.bought + entry.creditMicros < 0) {`,
    replace: `if (isChecked && workspace.bought < 0) {`,
    tests: [CREDITS],
  },
  {
    name: 'service: a run goes on whose credits do not reach',
    file: 'src/engine/store/statements/reopen-runs.ts',
    find: `.where('state', '=', 'stopped')\n    .where(IS_PAYABLE)`,
    replace: `.where('state', '=', 'stopped')`,
    tests: [CREDITS],
  },
  // What is sent twice.
  {
    name: 'service: two take over the request of a dead worker',
    file: 'src/engine/store/statements/idempotency.ts',
    find: `    .where('state', '=', found.state)\n    .where('worker_id', '=', found.workerId)`,
    replace: ``,
    tests: [SENT_TWICE],
  },
  {
    name: 'service: whose request was taken over ends it all the same',
    file: 'src/engine/store/statements/idempotency.ts',
    find: `    .where('key', '=', key)\n    .where('worker_id', '=', workerId)`,
    replace: `    .where('key', '=', key)`,
    tests: [SENT_TWICE],
  },
  {
    name: 'service: another request under a known name is taken for the same',
    file: 'src/engine/service/idempotency.ts',
    find: `if (found.fingerprint !== order.fingerprint) return { kind: 'mismatch' };`,
    replace: ``,
    tests: [{ file: 'test/server/idempotency.test.ts' }],
  },
  // Webhooks.
  {
    name: 'service: a claimed delivery is claimed again at once',
    file: DELIVERY,
    find: `next_at: until, attempts`,
    replace: `next_at: now, attempts`,
    tests: [DELIVERIES],
  },
  {
    name: 'service: whose claim of a delivery has lapsed ends it all the same',
    file: DELIVERY,
    find: `.where('worker_id', '=', end.claim)`,
    replace: ``,
    tests: [DELIVERIES],
  },
  // Who drives a run, and whether somebody does.
  {
    name: 'service: a run is taken from a living worker',
    file: RUN_KEEPER,
    find: `const isAlive = worker !== undefined && (await lease.isAlive(worker));`,
    replace: `const isAlive = false;`,
    tests: [KEEPER],
  },
  {
    name: 'service: a run that broke is left for ever',
    file: RUN_KEEPER,
    find: `.filter(([, { until }]) => until > now)`,
    replace: `.filter(([, { until }]) => until > 0 || now > 0)`,
    tests: [KEEPER],
  },
  {
    name: 'service: a run that was paused since it was listed is taken up',
    file: 'src/engine/store/statements/runs.ts',
    find: `.$if(state !== undefined, (query) => query.where('state', '=', state!))`,
    replace: ``,
    tests: [contract('one that was paused since')],
  },
  {
    name: 'service: a run is driven twice at a time in one process',
    file: 'src/engine/drive/one-at-a-time.ts',
    find: `const mine = before.catch(() => undefined).then(work);`,
    replace: `const mine = work();`,
    tests: [{ file: 'src/engine/drive/one-at-a-time.test.ts' }],
  },
  {
    name: 'service: what a drive that broke has sent is never carried on',
    file: 'src/engine/drive/recover.ts',
    find: `      taken.push(attempt);\n      continue;`,
    replace: `      continue;`,
    tests: [{ file: 'src/engine/drive/recover.test.ts' }],
  },
  {
    name: 'service: a paid answer is given up when the database is away',
    file: 'src/engine/drive/lasting-store.ts',
    find: `if (times >= mostTimes(error) || stop.aborted) throw error;`,
    replace: `throw error;`,
    tests: [{ file: 'src/engine/drive/lasting-store.test.ts' }],
  },
  {
    name: 'service: each who waits for signals connects for himself',
    file: 'src/engine/ports/postgres-signals.ts',
    find: `connecting ??= connect()`,
    replace: `connecting = connect()`,
    tests: [{ file: 'src/engine/ports/postgres-signals.test.ts' }],
  },
];
