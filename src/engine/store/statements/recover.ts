import { changed, type StoreContext } from '../context.ts';
import type { AttemptTicket } from '../store.ts';
import { readPlanned } from './amend.ts';

/** Attempts without an end: those being sent or polled, and those that nobody can tell about. */
export async function openAttempts(
  context: StoreContext,
  runId: string,
): Promise<(AttemptTicket & { readonly workerId: string })[]> {
  const rows = await context.database
    .selectFrom('attempts')
    .innerJoin('requests', 'requests.id', 'attempts.request_id')
    .innerJoin('rows', (join) =>
      join.onRef('rows.run_id', '=', 'requests.run_id').onRef('rows.key', '=', 'requests.row_key'),
    )
    .select([
      'attempts.id',
      'attempts.request_id',
      'attempts.run_id',
      'attempts.number',
      'attempts.state',
      'attempts.worker_id',
      'attempts.sent_at',
      'attempts.deadline_at',
      'attempts.ref',
      'attempts.usd_micros',
      'attempts.bundle_id',
      'requests.lane',
      'requests.indexes',
      'requests.generation',
      'requests.counted_attempts',
      'requests.credit_micros_per_image',
      'requests.expected_usd_micros',
      'requests.amendment',
      'rows.planned',
    ])
    .where('attempts.run_id', '=', runId)
    .where('attempts.state', 'in', ['sent', 'accepted', 'unknown'])
    .orderBy('attempts.sent_at')
    .orderBy('attempts.id')
    .execute();
  return rows.map((row) => ({
    attemptId: row.id,
    attempt: row.number,
    state: row.state,
    requestId: row.request_id,
    runId: row.run_id,
    lane: row.lane,
    row: readPlanned(row.planned, row.amendment),
    indexes: JSON.parse(row.indexes) as number[],
    generation: row.generation,
    countedAttempts: row.counted_attempts,
    creditMicrosPerImage: row.credit_micros_per_image,
    ...(row.expected_usd_micros !== null && { expectedUsdMicros: row.expected_usd_micros }),
    sentAt: row.sent_at,
    deadlineAt: row.deadline_at,
    workerId: row.worker_id,
    ...(row.bundle_id !== null && { bundleId: row.bundle_id }),
    ...(row.ref !== null && { ref: row.ref }),
    ...(row.usd_micros !== null && { usdMicros: row.usd_micros }),
  }));
}

export async function takeAttempt(
  context: StoreContext,
  attemptId: string,
  from: string,
  to: string,
): Promise<boolean> {
  const result = await context.database
    .updateTable('attempts')
    .set({ worker_id: to })
    .where('id', '=', attemptId)
    .where('worker_id', '=', from)
    .where('state', 'in', ['sent', 'accepted', 'unknown'])
    .executeTakeFirstOrThrow();
  return changed(result) === 1;
}
