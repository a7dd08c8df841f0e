/**
 * `node store-worker.ts ORDER`: a process that admits and settles until its run has nothing left, or
 * until it is killed. ORDER is a `WorkerOrder` as JSON. Prints what it was granted as JSON when done.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Limit } from '../../src/engine/core/limit.ts';
import { openPostgres } from '../../src/engine/store/postgres.ts';
import { createSqlStore } from '../../src/engine/store/sql-store.ts';
import { openSqlite } from '../../src/engine/store/sqlite.ts';
import type { AttemptTicket, Store } from '../../src/engine/store/store.ts';
import { admit, outcomes } from '../support/store-run.ts';
import { DECISIONS } from '../support/decisions.ts';

export interface WorkerOrder {
  readonly engine: 'sqlite' | 'postgres';
  readonly address: string;
  readonly runId: string;
  readonly worker: string;
  readonly limits: readonly Limit[];
  /** How an attempt ends, in turn: `d`, `r` and `f` settle, `b` gives it back, `u` is unknown. */
  readonly ends: string;
  /** False: unknown outcomes are left as they are. */
  readonly decides: boolean;
}

const order = JSON.parse(process.argv[2]!) as WorkerOrder;
const clock = {
  now: () => Date.now(),
  sleep: (waitMs: number) => pause(waitMs),
};
const opened =
  order.engine === 'sqlite' ? openSqlite(order.address, { clock }) : openPostgres(order.address);
const store = await createSqlStore(opened, DECISIONS);
const granted: number[] = [];
let turn = 0;

async function end(to: Store, ticket: AttemptTicket): Promise<void> {
  const { attemptId } = ticket;
  const letter = order.ends[turn++ % order.ends.length]!;
  if (turn % 3 === 0) await to.accepted(attemptId, order.worker, { ref: `task-${attemptId}` });
  if (letter === 'u') {
    await to.markUnknown(attemptId, order.worker, 'time-out');
    if (order.decides) await to.decideUnknown(order.runId, attemptId);
    return;
  }
  if (letter === 'b') {
    const back = { reason: 'overloaded', notBeforeMs: 0, countsAttempt: false };
    await to.returned({ attemptId, workerId: order.worker, ...back });
    return;
  }
  await to.settle({
    attemptId,
    workerId: order.worker,
    outcomes: outcomes(letter.repeat(ticket.indexes.length)),
    usdMicros: ticket.indexes.length * 50_000,
  });
}

for (;;) {
  const answer = await admit(store, order.runId, {
    workerId: order.worker,
    limits: order.limits,
    most: 2,
  });
  const isOver = answer.empty || answer.budget !== undefined;
  if (isOver && answer.granted.length === 0) break;
  for (const ticket of answer.granted) {
    granted.push(ticket.indexes.length);
    await end(store, ticket);
  }
  const until = answer.obstacle?.until;
  // A slot may be free before its latest end.
  if (until !== undefined && answer.granted.length === 0) {
    await pause(answer.obstacle?.endsEarly ? 1 : Math.max(1, until - answer.now));
  }
}
await store[Symbol.asyncDispose]();
process.stdout.write(JSON.stringify(granted));
