/** Every sending with what was recorded of it, for comparing with the vendors' own reports. */
import { sql } from 'kysely';
import type { SentAttempt } from '../../core/reconciliation.ts';
import type { StoreContext } from '../context.ts';

const PAGE = 500;

/** Of one run, or of all runs: those that were under way at some moment from `from` to `to`. */
export type SentFilter =
  | { readonly runId: string }
  | { readonly from: number; readonly to: number };

/** In the order of their sending. */
export async function* sentAttempts(
  context: StoreContext,
  filter: SentFilter,
): AsyncGenerator<SentAttempt> {
  let after = { sentAt: -1, id: '' };
  for (;;) {
    let query = context.database
      .selectFrom('attempts')
      .innerJoin('requests', 'requests.id', 'attempts.request_id')
      .select((select) => [
        'attempts.id',
        'attempts.run_id',
        'requests.lane',
        'attempts.state',
        'attempts.sent_at',
        'attempts.deadline_at',
        'attempts.ended_at',
        'attempts.ref',
        'attempts.usd_micros',
        'requests.images',
        'attempts.made',
        // Of what was settled before the number was kept.
        select
          .selectFrom('items')
          .whereRef('items.request_id', '=', 'attempts.request_id')
          .whereRef('items.attempt_id', '=', 'attempts.id')
          .where('items.hash', 'is not', null)
          .select((count) => count.fn.countAll<number>().as('kept'))
          .as('kept'),
      ])
      .where((where) =>
        where.or([
          where('attempts.sent_at', '>', after.sentAt),
          where.and([
            where('attempts.sent_at', '=', after.sentAt),
            where('attempts.id', '>', after.id),
          ]),
        ]),
      )
      .orderBy('attempts.sent_at')
      .orderBy('attempts.id')
      .limit(PAGE);
    query =
      'runId' in filter
        ? query.where('attempts.run_id', '=', filter.runId)
        : query
            .where('attempts.sent_at', '<=', filter.to)
            .where(
              sql<number>`coalesce(attempts.ended_at, attempts.deadline_at)`,
              '>=',
              filter.from,
            );
    const page = await query.execute();
    for (const row of page) {
      yield {
        attemptId: row.id,
        runId: row.run_id,
        lane: row.lane,
        state: row.state,
        sentAt: row.sent_at,
        endedAt: row.ended_at ?? row.deadline_at,
        ...(row.ref !== null && { ref: row.ref }),
        images: row.images,
        made: row.made ?? Number(row.kept ?? 0),
        ...(row.usd_micros !== null && { usdMicros: row.usd_micros }),
      };
    }
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    after = { sentAt: last.sent_at, id: last.id };
  }
}
