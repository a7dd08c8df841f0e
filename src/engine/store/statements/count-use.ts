import { sql } from 'kysely';
import { QUARTER_HOUR_MS } from '../../core/calendar-day.ts';
import type { UsageSums } from '../../core/usage.ts';
import type { Trx } from '../dialect.ts';

/** What a request's images came to. */
export type Tally = Pick<UsageSums, 'delivered' | 'refused' | 'failed'>;

export interface EndedUse extends UsageSums {
  readonly workspace: string;
  readonly runId: string;
  readonly requestId: string;
  readonly at: number;
}

/**
 * Adds to what its workspace has used, in the transaction that ends the hold: so it agrees with the ledger at
 * every moment. Rows are of one run, which is locked: nobody else waits for them.
 */
export async function countUse(trx: Trx, use: EndedUse): Promise<void> {
  const { delivered, refused, failed, postedCreditMicros, usdMicros } = use;
  if (delivered + refused + failed + usdMicros === 0) return;
  await trx
    .insertInto('usage_quarters')
    .values({
      workspace: use.workspace,
      at: Math.floor(use.at / QUARTER_HOUR_MS) * QUARTER_HOUR_MS,
      run_id: use.runId,
      lane: sql<string>`(select lane from requests where id = ${use.requestId})`,
      delivered,
      refused,
      failed,
      credit_micros: postedCreditMicros,
      usd_micros: usdMicros,
    })
    .onConflict((conflict) =>
      conflict.columns(['workspace', 'at', 'run_id', 'lane']).doUpdateSet({
        delivered: sql<number>`usage_quarters.delivered + ${delivered}`,
        refused: sql<number>`usage_quarters.refused + ${refused}`,
        failed: sql<number>`usage_quarters.failed + ${failed}`,
        credit_micros: sql<number>`usage_quarters.credit_micros + ${postedCreditMicros}`,
        usd_micros: sql<number>`usage_quarters.usd_micros + ${usdMicros}`,
      }),
    )
    .execute();
}
