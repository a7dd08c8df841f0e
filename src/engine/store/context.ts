import { sql } from 'kysely';
import type { RunEvent } from '../core/events.ts';
import type { Database, StoreDialect, Trx } from './dialect.ts';
import type { GroupCommits } from './group-commits.ts';
import type { Decisions } from './store.ts';

/** What every statement works with. */
export interface StoreContext {
  readonly database: Database;
  readonly dialect: StoreDialect;
  readonly decisions: Decisions;
  readonly commits: GroupCommits;
}

/** Thrown inside a transaction to roll it back when an attempt is no longer the worker's. */
export class FencedError extends Error {
  override readonly name = 'FencedError';
}

/** Appends to the run's journal, in the transaction of what it tells. */
export async function appendEvent(
  trx: Trx,
  runId: string,
  at: number,
  event: RunEvent,
): Promise<void> {
  const { events } = await trx
    .updateTable('runs')
    .set({ events: sql<number>`events + 1`, updated_at: at })
    .where('id', '=', runId)
    .returning('events')
    .executeTakeFirstOrThrow();
  await trx
    .insertInto('events')
    .values({ run_id: runId, sequence: events, at, event: JSON.stringify(event) })
    .execute();
}

/** How many rows a statement changed. */
export function changed(result: { readonly numUpdatedRows: bigint }): number {
  return Number(result.numUpdatedRows);
}
