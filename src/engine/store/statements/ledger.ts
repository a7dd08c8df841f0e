import { sql } from 'kysely';
import type { LedgerEntry } from '../../core/ledger.ts';
import type { Trx } from '../dialect.ts';

/** Writes an entry's lines. The primary key refuses a second entry of the same kind for an attempt. */
export async function writeEntry(
  trx: Trx,
  runId: string,
  attemptId: string,
  at: number,
  entry: LedgerEntry,
): Promise<void> {
  await trx
    .insertInto('ledger')
    .values(
      entry.lines.map((line) => ({
        attempt_id: attemptId,
        kind: entry.kind,
        account: line.account,
        run_id: runId,
        workspace: sql<string>`(select workspace from runs where id = ${runId})`,
        at,
        credit_micros: line.creditMicros,
      })),
    )
    .execute();
}
