import type { RequestPrice } from '../../core/plan.ts';
import { appendEvent, changed, type StoreContext } from '../context.ts';

/**
 * Moves a lane's waiting requests to the batch lane, with their live prices kept for later. A sample and
 * what a decision asked for in another way stay live. Returns how many requests.
 *
 * @param reprice the batch lane's price of a request from its live one
 */
export async function moveToBatch(
  context: StoreContext,
  runId: string,
  lane: string,
  batchLane: string,
  reprice: (live: RequestPrice) => RequestPrice,
): Promise<number> {
  return context.database.transaction().execute(async (trx) => {
    await context.dialect.lockRun(trx, runId);
    const waiting = trx
      .selectFrom('requests')
      .where('run_id', '=', runId)
      .where('lane', '=', lane)
      .where('state', '=', 'waiting')
      .where('proof', '=', 0)
      .where('amendment', 'is', null);
    const live = await waiting
      .select(['credit_micros_per_image', 'worst_usd_micros', 'expected_usd_micros'])
      .distinct()
      .execute();
    let requests = 0;
    for (const price of live) {
      const batch = reprice({
        creditMicrosPerImage: price.credit_micros_per_image,
        worstUsdMicros: price.worst_usd_micros ?? undefined,
        expectedUsdMicros: price.expected_usd_micros ?? undefined,
      });
      const moved = await trx
        .updateTable('requests')
        .set({
          lane: batchLane,
          credit_micros_per_image: batch.creditMicrosPerImage,
          worst_usd_micros: batch.worstUsdMicros ?? null,
          expected_usd_micros: batch.expectedUsdMicros ?? null,
          live_credit_micros_per_image: price.credit_micros_per_image,
          live_worst_usd_micros: price.worst_usd_micros,
          live_expected_usd_micros: price.expected_usd_micros,
        })
        .where('id', 'in', waiting.select('id'))
        .where('credit_micros_per_image', '=', price.credit_micros_per_image)
        .where('worst_usd_micros', 'is not distinct from', price.worst_usd_micros)
        .where('expected_usd_micros', 'is not distinct from', price.expected_usd_micros)
        .executeTakeFirstOrThrow();
      requests += changed(moved);
    }
    if (requests > 0) {
      const now = await context.dialect.now(trx);
      await appendEvent(trx, runId, now, { type: 'took-batch-lane', lane: batchLane, requests });
    }
    return requests;
  });
}
