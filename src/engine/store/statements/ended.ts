/** Requests whose images ended badly: what a retry is made from, and what it costs as it was. */
import type { Amendment } from '../../core/amendment.ts';
import type { PlannedRow } from '../../core/plan.ts';
import type { StoreContext } from '../context.ts';
import type { EndedRequest, EndedState } from '../orders.ts';
import { readAmendment } from './amend.ts';

/** In sheet order; only the images that ended so. Memory grows with their number. */
export async function endedRequests(
  context: StoreContext,
  runId: string,
  states: readonly EndedState[],
): Promise<EndedRequest[]> {
  // An empty list is no SQL in PostgreSQL.
  if (states.length === 0) return [];
  const items = await context.database
    .selectFrom('items')
    .innerJoin('requests', 'requests.id', 'items.request_id')
    .innerJoin('rows', (join) =>
      join.onRef('rows.run_id', '=', 'items.run_id').onRef('rows.key', '=', 'items.row_key'),
    )
    .select([
      'items.request_id',
      'items.image_index',
      'requests.images',
      'requests.amendment',
      'requests.credit_micros_per_image',
      'requests.worst_usd_micros',
      'requests.expected_usd_micros',
      'rows.planned',
      'rows.cells',
    ])
    .where('items.run_id', '=', runId)
    .where('items.dropped', '=', 0)
    .where('items.state', 'in', [...states])
    .orderBy('items.row_number')
    .orderBy('items.image_index')
    .execute();
  return [...Map.groupBy(items, (item) => item.request_id).values()].map((same) => {
    const [first] = same;
    const { planned, cells, amendment, images, ...price } = first!;
    const row = JSON.parse(planned) as PlannedRow;
    const share = (micros: number | null) =>
      micros === null ? undefined : Math.ceil((micros * same.length) / images);
    const before: Amendment | undefined = readAmendment(amendment);
    return {
      row: { ...row, row: { ...row.row, cells: JSON.parse(cells) as Record<string, string> } },
      ...(before && { amendment: before }),
      indexes: same.map((item) => item.image_index),
      creditMicros: same.length * price.credit_micros_per_image,
      worstUsdMicros: share(price.worst_usd_micros),
      expectedUsdMicros: share(price.expected_usd_micros),
    };
  });
}
