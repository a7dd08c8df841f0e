/**
 * What ends (or carries on) an attempt. Each is one transaction that names the attempt, its worker and
 * the state it must be in, and rolls back when that changed nothing: so an attempt is settled once, and
 * a worker that was thought dead and comes back can change nothing.
 */
import { sql } from 'kysely';
import { shareOut } from '../../core/credits.ts';
import type { FailureKind } from '../../core/failure.ts';
import type { RunEvent } from '../../core/events.ts';
import type { LedgerEntry } from '../../core/ledger.ts';
import { ITEM_TRANSITIONS } from '../../core/item.ts';
import { workspaceLimitKey } from '../../core/limit.ts';
import type { ItemOutcome, ItemState } from '../../core/outcome.ts';
import { ATTEMPT_TRANSITIONS, type AttemptState, REQUEST_TRANSITIONS } from '../../core/request.ts';
import { statesBefore } from '../../core/transition.ts';
import { appendEvent, changed, FencedError, type StoreContext } from '../context.ts';
import type { Trx } from '../dialect.ts';
import type { Fenced, ReturnOrder, SettleOrder } from '../store.ts';
import { writeEntry } from './ledger.ts';
import { measureColumns } from './measures.ts';
import { replaceRequest } from './requests.ts';
import { chargePayers } from './shared-purses.ts';
import { endSuspicion } from './suspects.ts';
import { countUse, type Tally } from './count-use.ts';

interface OpenAttempt {
  readonly id: string;
  readonly runId: string;
  readonly requestId: string;
  readonly number: number;
  readonly heldCreditMicros: number;
  readonly heldUsdMicros: number;
  readonly deadlineAt: number;
  readonly indexes: readonly number[];
  readonly creditMicrosPerImage: number;
}

/**
 * Runs `work` in a transaction, maybe with other ends of the run; when the attempt turned out not to be the worker's,
 * nothing happened. Without `runId` it travels alone where runs do.
 */
function fenced(
  context: StoreContext,
  { attemptId, runId, lessons = [] }: Pick<SettleOrder, 'attemptId' | 'runId' | 'lessons'>,
  work: (trx: Trx, now: number) => Promise<void>,
): Promise<Fenced> {
  const { dialect, commits } = context;
  return commits.write(context, dialect.commitGroup(runId ?? attemptId), {
    lessons,
    lock: (trx) => dialect.lockRunOfAttempt(trx, attemptId),
    work,
  });
}

export async function accepted(
  context: StoreContext,
  attemptId: string,
  workerId: string,
  answer: { readonly ref: string; readonly usdMicros?: number },
): Promise<Fenced> {
  return fenced(context, { attemptId }, async (trx, now) => {
    const attempt = await moveAttempt(trx, attemptId, workerId, 'accepted', {
      ref: answer.ref,
      usd_micros: answer.usdMicros ?? null,
    });
    await showAsSent(trx, attempt);
    await appendEvent(trx, attempt.runId, now, {
      type: 'attempt-accepted',
      request: attempt.requestId,
      attempt: attempt.number,
    });
  });
}

export async function settle(context: StoreContext, order: SettleOrder): Promise<Fenced> {
  const result = await settleOpen(context, order);
  if (result === 'fenced') await keepExtras(context, order);
  return result;
}

/** Pictures of an attempt that a decision had closed were not charged for, and are not lost either. */
async function keepExtras(context: StoreContext, order: SettleOrder): Promise<void> {
  await context.database.transaction().execute(async (trx) => {
    const closed = await trx
      .selectFrom('attempts')
      .innerJoin('requests', 'requests.id', 'attempts.request_id')
      .select(['attempts.run_id', 'requests.indexes'])
      .where('attempts.id', '=', order.attemptId)
      .where('attempts.state', '=', 'written-off')
      .executeTakeFirst();
    if (closed === undefined) return;
    const at = await context.dialect.now(trx);
    const indexes = JSON.parse(closed.indexes) as number[];
    const extras = order.outcomes.flatMap((outcome) =>
      'image' in outcome && outcome.image !== undefined
        ? [
            {
              attempt_id: order.attemptId,
              run_id: closed.run_id,
              image_index: indexes[outcome.index]!,
              hash: outcome.image.hash,
              at,
            },
          ]
        : [],
    );
    if (extras.length === 0) return;
    await trx
      .insertInto('extras')
      .values(extras)
      .onConflict((conflict) => conflict.columns(['attempt_id', 'image_index']).doNothing())
      .execute();
  });
}

async function settleOpen(context: StoreContext, order: SettleOrder): Promise<Fenced> {
  return fenced(context, order, async (trx, now) => {
    const attempt = await moveAttempt(trx, order.attemptId, order.workerId, 'settled', {
      usd_micros: order.usdMicros,
      made: order.outcomes.filter((outcome) => 'image' in outcome && outcome.image).length,
      refused: order.outcomes.filter(({ state }) => state === 'refused').length,
      ended_at: now,
    });
    const tally = { delivered: 0, refused: 0, failed: 0 };
    const outcomes = new Map(order.outcomes.map((outcome) => [outcome.index, outcome]));
    const usdShares = shareOut(order.usdMicros, attempt.indexes.length);
    for (const [place, imageIndex] of attempt.indexes.entries()) {
      const outcome: ItemOutcome = outcomes.get(place) ?? {
        index: place,
        state: 'failed',
        reason: 'not returned: the vendor sent fewer images than asked',
      };
      tally[outcome.state] += 1;
      await settleItem(trx, attempt, imageIndex, outcome, usdShares[place]!, order.streak);
    }
    await moveRequest(trx, attempt, 'done');
    const end = tally.refused > 0 ? 'refused' : 'made';
    await endSuspicion(context, trx, [attempt.requestId], end);
    const settlement = context.decisions.endHold(
      attempt.heldCreditMicros,
      tally.delivered,
      attempt.creditMicrosPerImage,
    );
    await closeHold(trx, attempt, now, {
      entries: settlement.entries,
      postedCreditMicros: settlement.postedCreditMicros,
      actualUsdMicros: order.usdMicros,
      writtenOffUsdMicros: 0,
      tally,
    });
    await freeSlots(trx, attempt.id, now);
    await appendEvent(trx, attempt.runId, now, {
      type: 'attempt-settled',
      request: attempt.requestId,
      attempt: attempt.number,
      ...tally,
    });
  });
}

/** Nothing was made: the hold is voided and the request waits again. */
export async function returned(context: StoreContext, order: ReturnOrder): Promise<Fenced> {
  return fenced(context, order, (trx, now) => returnAttempt(context, trx, now, order));
}

/** As `returned`, inside a transaction. */
export async function returnAttempt(
  context: StoreContext,
  trx: Trx,
  now: number,
  order: ReturnOrder,
): Promise<void> {
  const usdMicros = order.usdMicros ?? 0;
  const attempt = await moveAttempt(trx, order.attemptId, order.workerId, 'returned', {
    reason: order.reason,
    failure: order.failure ?? null,
    usd_micros: usdMicros,
    ended_at: now,
  });
  await moveItems(trx, attempt, 'waiting', null);
  if (usdMicros > 0) await billItems(trx, attempt, usdMicros);
  const moved = await trx
    .updateTable('requests')
    .set({
      state: 'waiting',
      not_before: now + order.notBeforeMs,
      wait_reason: order.reason,
      counted_attempts: sql<number>`counted_attempts + ${order.countsAttempt ? 1 : 0}`,
    })
    .where('id', '=', attempt.requestId)
    .where('state', 'in', statesBefore(REQUEST_TRANSITIONS, 'waiting'))
    .executeTakeFirstOrThrow();
  if (changed(moved) !== 1) throw new FencedError(attempt.id);
  const { workspace } = await voidHold(context, trx, attempt, now, { actualUsdMicros: usdMicros });
  await leaveCeiling(trx, attempt, workspace);
  if (order.lessons?.some((lesson) => lesson.refused !== undefined)) {
    await trx
      .updateTable('grants')
      .set({ refused: 1 })
      .where('attempt_id', '=', attempt.id)
      .execute();
  }
  await freeSlots(trx, attempt.id, now);
  await event(trx, attempt, now, { type: 'attempt-returned', reason: order.reason });
}

/** Sent, and nobody can tell: the hold stays, the slot is free when the longest call is over. */
export async function markUnknown(
  context: StoreContext,
  attemptId: string,
  workerId: string,
  reason: string,
): Promise<Fenced> {
  return fenced(context, { attemptId }, async (trx, now) => {
    const attempt = await moveAttempt(trx, attemptId, workerId, 'unknown', { reason });
    await moveItems(trx, attempt, 'unknown', reason);
    await moveRequest(trx, attempt, 'unknown');
    await endSuspicion(context, trx, [attempt.requestId], 'unknown');
    await freeSlots(trx, attempt.id, Math.max(now, attempt.deadlineAt));
    await event(trx, attempt, now, { type: 'attempt-unknown', reason });
  });
}

/**
 * A decision on an unknown attempt: its credits are voided, its dollars booked as written off, and its
 * items wait again in a new request with a new id at the vendor.
 */
export async function decideUnknown(
  context: StoreContext,
  runId: string,
  onlyAttempt?: string,
): Promise<number> {
  return context.database.transaction().execute(async (trx) => {
    await context.dialect.lockRun(trx, runId);
    const now = await context.dialect.now(trx);
    let query = trx
      .selectFrom('attempts')
      .select('id')
      .where('run_id', '=', runId)
      .where('state', '=', 'unknown')
      .orderBy('sent_at')
      .orderBy('id');
    if (onlyAttempt !== undefined) query = query.where('id', '=', onlyAttempt);
    let items = 0;
    for (const { id } of await query.execute()) {
      const attempt = await moveAttempt(trx, id, undefined, 'written-off', { ended_at: now });
      await moveItems(trx, attempt, 'waiting', null);
      await moveRequest(trx, attempt, 'done');
      await voidHold(context, trx, attempt, now, { writtenOffUsdMicros: attempt.heldUsdMicros });
      await freeSlots(trx, attempt.id, Math.max(now, attempt.deadlineAt));
      const request = await trx
        .selectFrom('requests')
        .selectAll()
        .where('id', '=', attempt.requestId)
        .executeTakeFirstOrThrow();
      await replaceRequest(trx, request, attempt.indexes);
      await event(trx, attempt, now, { type: 'unknown-decided' });
      items += attempt.indexes.length;
    }
    return items;
  });
}

type Patch = {
  ref?: string;
  usd_micros?: number | null;
  made?: number;
  failure?: FailureKind | null;
  reason?: string;
  ended_at?: number;
  refused?: number;
};

/** Changes the attempt's state, checking the old one (and the worker) in the same statement. */
async function moveAttempt(
  trx: Trx,
  attemptId: string,
  workerId: string | undefined,
  to: AttemptState,
  patch: Patch,
): Promise<OpenAttempt> {
  let update = trx
    .updateTable('attempts')
    .set({ state: to, ...patch })
    .where('id', '=', attemptId)
    .where('state', 'in', statesBefore(ATTEMPT_TRANSITIONS, to));
  if (workerId !== undefined) update = update.where('worker_id', '=', workerId);
  const row = await update.returningAll().executeTakeFirst();
  if (row === undefined) throw new FencedError(attemptId);
  const request = await trx
    .selectFrom('requests')
    .select(['indexes', 'credit_micros_per_image'])
    .where('id', '=', row.request_id)
    .executeTakeFirstOrThrow();
  return {
    id: row.id,
    runId: row.run_id,
    requestId: row.request_id,
    number: row.number,
    heldCreditMicros: row.held_credit_micros,
    heldUsdMicros: row.held_usd_micros,
    deadlineAt: row.deadline_at,
    indexes: JSON.parse(request.indexes) as number[],
    creditMicrosPerImage: request.credit_micros_per_image,
  };
}

/** An unknown attempt that was found is being made after all; any other is shown as sent already. */
async function showAsSent(trx: Trx, attempt: OpenAttempt): Promise<void> {
  const request = await trx
    .updateTable('requests')
    .set({ state: 'sent' })
    .where('id', '=', attempt.requestId)
    .where('state', '=', 'unknown')
    .executeTakeFirstOrThrow();
  if (changed(request) === 1) await moveItems(trx, attempt, 'sent', null);
}

async function moveRequest(trx: Trx, attempt: OpenAttempt, to: 'done' | 'unknown'): Promise<void> {
  const moved = await trx
    .updateTable('requests')
    .set({ state: to })
    .where('id', '=', attempt.requestId)
    .where('state', 'in', statesBefore(REQUEST_TRANSITIONS, to))
    .executeTakeFirstOrThrow();
  if (changed(moved) !== 1) throw new FencedError(attempt.id);
}

async function moveItems(
  trx: Trx,
  attempt: OpenAttempt,
  to: ItemState,
  reason: string | null,
): Promise<void> {
  const moved = await trx
    .updateTable('items')
    .set({ state: to, reason })
    .where('request_id', '=', attempt.requestId)
    .where('state', 'in', statesBefore(ITEM_TRANSITIONS, to))
    .executeTakeFirstOrThrow();
  if (changed(moved) !== attempt.indexes.length) throw new FencedError(attempt.id);
}

async function settleItem(
  trx: Trx,
  attempt: OpenAttempt,
  imageIndex: number,
  outcome: ItemOutcome,
  usdMicros: number,
  streak: number | undefined,
): Promise<void> {
  const image = 'image' in outcome ? outcome.image : undefined;
  const moved = await trx
    .updateTable('items')
    .set({
      state: outcome.state,
      reason: outcome.state === 'delivered' ? null : outcome.reason,
      usd_micros: sql<number>`coalesce(usd_micros, 0) + ${usdMicros}`,
      credit_micros: outcome.state === 'delivered' ? attempt.creditMicrosPerImage : 0,
      attempt_id: attempt.id,
      ...(image && {
        hash: image.hash,
        width: image.width,
        height: image.height,
        bytes: image.bytes,
        format: image.format,
        ...measureColumns(image),
      }),
      streak: streak === undefined ? null : streak + imageIndex - 1,
      // What is delivered is judged after it; an earlier finding was about another picture.
      flags: 'flag' in outcome && outcome.flag ? JSON.stringify([outcome.flag]) : null,
      screening: null,
      refusal_stage: outcome.state === 'refused' ? (outcome.stage ?? null) : null,
      refusal_category: outcome.state === 'refused' ? (outcome.category ?? null) : null,
      unmade: 'unmade' in outcome && outcome.unmade === true ? 1 : 0,
    })
    .where('request_id', '=', attempt.requestId)
    .where('image_index', '=', imageIndex)
    .where('state', 'in', statesBefore(ITEM_TRANSITIONS, outcome.state))
    .executeTakeFirstOrThrow();
  if (changed(moved) !== 1) throw new FencedError(attempt.id);
}

/** What was billed for a sending of which nothing was made. */
async function billItems(trx: Trx, attempt: OpenAttempt, usdMicros: number): Promise<void> {
  const shares = shareOut(usdMicros, attempt.indexes.length);
  for (const [place, imageIndex] of attempt.indexes.entries()) {
    await trx
      .updateTable('items')
      .set({ usd_micros: sql<number>`coalesce(usd_micros, 0) + ${shares[place]!}` })
      .where('request_id', '=', attempt.requestId)
      .where('image_index', '=', imageIndex)
      .execute();
  }
}

async function closeHold(
  trx: Trx,
  attempt: OpenAttempt,
  now: number,
  end: {
    readonly entries: readonly LedgerEntry[];
    readonly postedCreditMicros: number;
    readonly actualUsdMicros: number;
    readonly writtenOffUsdMicros: number;
    /** Absent: it has no outcomes. */
    readonly tally?: Tally;
  },
): Promise<{ readonly workspace: string }> {
  for (const entry of end.entries) await writeEntry(trx, attempt.runId, attempt.id, now, entry);
  const payer = await trx
    .updateTable('runs')
    .set({
      held_credit_micros: sql<number>`held_credit_micros - ${attempt.heldCreditMicros}`,
      posted_credit_micros: sql<number>`posted_credit_micros + ${end.postedCreditMicros}`,
      held_usd_micros: sql<number>`held_usd_micros - ${attempt.heldUsdMicros}`,
      actual_usd_micros: sql<number>`actual_usd_micros + ${end.actualUsdMicros}`,
      written_off_usd_micros: sql<number>`written_off_usd_micros + ${end.writtenOffUsdMicros}`,
    })
    .where('id', '=', attempt.runId)
    .returning(['workspace', 'key_id'])
    .executeTakeFirstOrThrow();
  await countUse(trx, {
    ...(end.tally ?? { delivered: 0, refused: 0, failed: 0 }),
    workspace: payer.workspace,
    runId: attempt.runId,
    requestId: attempt.requestId,
    at: now,
    postedCreditMicros: end.postedCreditMicros,
    usdMicros: end.actualUsdMicros,
  });
  await chargePayers(trx, payer, {
    heldCreditMicros: -attempt.heldCreditMicros,
    postedCreditMicros: end.postedCreditMicros,
  });
  return payer;
}

async function voidHold(
  context: StoreContext,
  trx: Trx,
  attempt: OpenAttempt,
  now: number,
  dollars: { readonly actualUsdMicros?: number; readonly writtenOffUsdMicros?: number },
): Promise<{ readonly workspace: string }> {
  const { entries } = context.decisions.endHold(
    attempt.heldCreditMicros,
    0,
    attempt.creditMicrosPerImage,
  );
  return closeHold(trx, attempt, now, {
    entries,
    postedCreditMicros: 0,
    actualUsdMicros: dollars.actualUsdMicros ?? 0,
    writtenOffUsdMicros: dollars.writtenOffUsdMicros ?? 0,
  });
}

/** A workspace's ceiling counts what is made for it, or may be: what was given back is neither. */
async function leaveCeiling(trx: Trx, attempt: OpenAttempt, workspace: string): Promise<void> {
  await trx
    .deleteFrom('grants')
    .where('attempt_id', '=', attempt.id)
    .where('limit_key', '=', workspaceLimitKey(workspace))
    .execute();
}

/** Slots end at `at`; what a vendor's window was asked for stays in it, so its `ends_at` is not read. */
async function freeSlots(trx: Trx, attemptId: string, at: number): Promise<void> {
  await trx
    .updateTable('grants')
    .set({ ends_at: at })
    .where('attempt_id', '=', attemptId)
    .execute();
}

async function event(
  trx: Trx,
  attempt: OpenAttempt,
  now: number,
  what:
    | { type: 'attempt-returned'; reason: string }
    | { type: 'attempt-unknown'; reason: string }
    | { type: 'unknown-decided' },
): Promise<void> {
  const full: RunEvent = { ...what, request: attempt.requestId, attempt: attempt.number };
  await appendEvent(trx, attempt.runId, now, full);
}
