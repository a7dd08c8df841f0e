import type { Selectable } from 'kysely';
import type { AttemptState } from '../../src/engine/core/request.ts';
import type { Database } from '../../src/engine/store/dialect.ts';
import type { Tables } from '../../src/engine/store/tables.ts';

/** States in which an attempt's hold has ended. */
export const ATTEMPT_ENDS: ReadonlySet<AttemptState> = new Set([
  'settled',
  'returned',
  'written-off',
]);

/** Everything that the tables say of a run. */
export interface Facts {
  readonly run: Selectable<Tables['runs']>;
  readonly ledger: readonly Selectable<Tables['ledger']>[];
  readonly attempts: readonly Selectable<Tables['attempts']>[];
  readonly requests: readonly Selectable<Tables['requests']>[];
  readonly items: readonly Selectable<Tables['items']>[];
  /** Numbers of the journal's entries. */
  readonly sequences: readonly number[];
}

/** Reads a run's facts as they are at one instant, whoever is writing meanwhile. */
export async function readFacts(database: Database, runId: string): Promise<Facts> {
  return database
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (trx) => {
      const run = await trx
        .selectFrom('runs')
        .selectAll()
        .where('id', '=', runId)
        .executeTakeFirstOrThrow();
      const ledger = await trx
        .selectFrom('ledger')
        .selectAll()
        .where('run_id', '=', runId)
        .execute();
      const attempts = await trx
        .selectFrom('attempts')
        .selectAll()
        .where('run_id', '=', runId)
        .execute();
      const requests = await trx
        .selectFrom('requests')
        .selectAll()
        .where('run_id', '=', runId)
        .execute();
      const items = await trx.selectFrom('items').selectAll().where('run_id', '=', runId).execute();
      const events = await trx
        .selectFrom('events')
        .select('sequence')
        .where('run_id', '=', runId)
        .orderBy('sequence')
        .execute();
      const sequences = events.map((event) => event.sequence);
      return { run, ledger, attempts, requests, items, sequences };
    });
}
