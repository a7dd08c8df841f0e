/** Waiting requests of a lane that may go now, and that the purse could pay for. */
import { type Expression, sql, type SqlBool } from 'kysely';
import type { Purse } from '../../core/admission.ts';
import type { Trx } from '../dialect.ts';
import type { Round } from './round.ts';

export interface Candidate {
  readonly id: string;
  readonly row_key: string;
  readonly indexes: string;
  readonly images: number;
  readonly generation: number;
  readonly attempts: number;
  readonly counted_attempts: number;
  readonly credit_micros_per_image: number;
  readonly worst_usd_micros: number | null;
  readonly expected_usd_micros: number | null;
  readonly planned: string;
  readonly amendment: string | null;
  readonly suspect_group: string | null;
}

export function waitingRequests(trx: Trx, round: Pick<Round, 'order' | 'phase'>) {
  const query = trx
    .selectFrom('requests')
    .where('requests.run_id', '=', round.order.runId)
    .where('requests.lane', '=', round.order.lane)
    .where('requests.state', '=', 'waiting');
  return round.phase === 'proof' ? query.where('requests.proof', '=', 1) : query;
}

/** The next requests that may go now and that the purse could pay for; none of a busy group. */
export async function readCandidates(
  trx: Trx,
  round: Round,
  purse: Purse,
  most: number,
  busyGroups: ReadonlySet<string> = new Set(),
): Promise<Candidate[]> {
  let query = waitingRequests(trx, round)
    .innerJoin('rows', (join) =>
      join.onRef('rows.run_id', '=', 'requests.run_id').onRef('rows.key', '=', 'requests.row_key'),
    )
    .select([
      'requests.id',
      'requests.row_key',
      'requests.indexes',
      'requests.images',
      'requests.generation',
      'requests.attempts',
      'requests.counted_attempts',
      'requests.credit_micros_per_image',
      'requests.worst_usd_micros',
      'requests.expected_usd_micros',
      'requests.amendment',
      'requests.suspect_group',
      'rows.planned',
    ])
    .where('requests.not_before', '<=', round.now)
    .orderBy('requests.position')
    .limit(most);
  if (busyGroups.size > 0) {
    query = query.where((where) =>
      where.or([
        where('requests.suspect_group', 'is', null),
        where('requests.suspect_group', 'not in', [...busyGroups]),
      ]),
    );
  }
  return withinPurse(query, purse).execute();
}

/** Only requests that the purse could pay for. */
export function withinPurse<Query extends { where(condition: Expression<SqlBool>): Query }>(
  query: Query,
  purse: Purse,
): Query {
  let affordable = query;
  if (purse.budgetCreditMicros !== undefined) {
    const left = purse.budgetCreditMicros - purse.postedCreditMicros - purse.heldCreditMicros;
    affordable = affordable.where(
      sql<SqlBool>`requests.images * requests.credit_micros_per_image <= ${left}`,
    );
  }
  for (const { availableCreditMicros, closed } of purse.shared ?? []) {
    const left = closed === undefined ? availableCreditMicros : -1;
    affordable = affordable.where(
      sql<SqlBool>`requests.images * requests.credit_micros_per_image <= ${left}`,
    );
  }
  if (purse.maxUsdMicros !== undefined) {
    const left = purse.maxUsdMicros - purse.usedUsdMicros;
    // An unknown price needs at least something that is left.
    affordable = affordable.where(sql<SqlBool>`coalesce(requests.worst_usd_micros, 1) <= ${left}`);
  }
  return affordable;
}
