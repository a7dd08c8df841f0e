/** Writes a grant: hold, attempt and what it uses of each limit, together. */
import { sql } from 'kysely';
import type { Purse } from '../../core/admission.ts';
import { attemptId } from '../../core/ids.ts';
import { appendEvent, changed, FencedError, type StoreContext } from '../context.ts';
import type { Trx } from '../dialect.ts';
import type { AttemptTicket } from '../store.ts';
import { readPlanned } from './amend.ts';
import type { Candidate } from './candidates.ts';
import { writeEntry } from './ledger.ts';
import type { Round } from './round.ts';
import { chargePayers } from './shared-purses.ts';

export function spendFrom(purse: Purse, candidate: Candidate): Purse {
  const creditMicros = candidate.images * candidate.credit_micros_per_image;
  return {
    ...purse,
    heldCreditMicros: purse.heldCreditMicros + creditMicros,
    shared: (purse.shared ?? []).map((each) => ({
      ...each,
      availableCreditMicros: each.availableCreditMicros - creditMicros,
    })),
    usedUsdMicros: purse.usedUsdMicros + usdToHold(purse, candidate),
  };
}

/** A price that nobody knows may be anything: under a dollar cap it holds all that is left of it. */
export function usdToHold(purse: Purse, candidate: Candidate): number {
  if (candidate.worst_usd_micros !== null) return candidate.worst_usd_micros;
  return purse.maxUsdMicros === undefined ? 0 : purse.maxUsdMicros - purse.usedUsdMicros;
}

export async function writeGrant(
  context: StoreContext,
  trx: Trx,
  round: Round,
  candidate: Candidate,
  usdMicros: number,
): Promise<AttemptTicket> {
  const { order, now } = round;
  const row = readPlanned(candidate.planned, candidate.amendment);
  const number = candidate.attempts + 1;
  const attempt = attemptId(candidate.id, number);
  const creditMicros = candidate.images * candidate.credit_micros_per_image;
  const deadlineAt = now + order.longestCallMs[row.quality];

  const sent = await trx
    .updateTable('requests')
    .set({ state: 'sent', attempts: number, wait_reason: null })
    .where('id', '=', candidate.id)
    .where('state', '=', 'waiting')
    .executeTakeFirstOrThrow();
  if (changed(sent) !== 1) throw new FencedError(candidate.id);
  const items = await trx
    .updateTable('items')
    .set({ state: 'sent', reason: null, attempt_id: attempt })
    .where('request_id', '=', candidate.id)
    .where('state', '=', 'waiting')
    .executeTakeFirstOrThrow();
  if (changed(items) !== candidate.images) throw new FencedError(candidate.id);

  await trx
    .insertInto('attempts')
    .values({
      id: attempt,
      request_id: candidate.id,
      run_id: order.runId,
      number,
      state: 'sent',
      worker_id: order.workerId,
      sent_at: now,
      deadline_at: deadlineAt,
      ref: null,
      held_credit_micros: creditMicros,
      held_usd_micros: usdMicros,
      usd_micros: null,
      reason: null,
      ended_at: null,
      bundle_id: null,
      account: order.account ?? null,
      refused: null,
      made: null,
    })
    .execute();
  await writeEntry(trx, order.runId, attempt, now, context.decisions.holdEntry(creditMicros));
  await trx
    .updateTable('runs')
    .set({
      held_credit_micros: sql<number>`held_credit_micros + ${creditMicros}`,
      held_usd_micros: sql<number>`held_usd_micros + ${usdMicros}`,
    })
    .where('id', '=', order.runId)
    .execute();
  const spending = { heldCreditMicros: creditMicros, postedCreditMicros: 0 };
  await chargePayers(trx, round.payer, spending);
  await writeGrants(trx, round, { attempt, images: candidate.images, deadlineAt });
  await appendEvent(trx, order.runId, now, {
    type: 'attempt-sent',
    request: candidate.id,
    attempt: number,
  });
  return {
    requestId: candidate.id,
    runId: order.runId,
    lane: order.lane,
    row,
    indexes: JSON.parse(candidate.indexes) as number[],
    generation: candidate.generation,
    countedAttempts: candidate.counted_attempts,
    creditMicrosPerImage: candidate.credit_micros_per_image,
    ...(candidate.expected_usd_micros !== null && {
      expectedUsdMicros: candidate.expected_usd_micros,
    }),
    attemptId: attempt,
    attempt: number,
    state: 'sent',
    sentAt: now,
    deadlineAt,
  };
}

async function writeGrants(
  trx: Trx,
  round: Round,
  grant: { readonly attempt: string; readonly images: number; readonly deadlineAt: number },
): Promise<void> {
  if (round.tallies.length === 0) return;
  const rows = round.tallies.map((tally) => {
    const units = tally.limit.unit === 'images' ? grant.images : 1;
    tally.used += units;
    return {
      limit_key: tally.limit.key,
      attempt_id: grant.attempt,
      granted_at: round.now,
      units,
      // A slot is freed when its task ends, at the latest when its longest call is over.
      ends_at: grant.deadlineAt,
      refused: 0,
    };
  });
  await trx.insertInto('grants').values(rows).execute();
}
