/**
 * Requests that travel in one call. Each keeps its own attempt, hold and outcome; what concerns the whole
 * (the vendor's id, a refusal of all, the return of all) is one transaction over them.
 */
import { sql } from 'kysely';
import { shareOut } from '../../core/credits.ts';
import { digest } from '../../core/ids.ts';
import { appendEvent, changed, FencedError, type StoreContext } from '../context.ts';
import type { Trx } from '../dialect.ts';
import type {
  AdmitOrder,
  AttemptTicket,
  BundleReturnOrder,
  Fenced,
  StoredBundle,
} from '../store.ts';
import { returnAttempt } from './attempts.ts';
import { lockLessons, writeLessons } from './limits.ts';
import { outcomesOfRun } from './refusals.ts';
import type { Round } from './round.ts';
import { endSuspicion } from './suspects.ts';

const OPEN = ['sent', 'accepted', 'unknown'] as const;

/** Binds granted attempts to one bundle, and gives it its id. */
export async function putBundle(
  trx: Trx,
  { order, now }: Round,
  tickets: readonly AttemptTicket[],
): Promise<string> {
  const attempts = tickets.map(({ attemptId }) => attemptId);
  const id = digest('bundle', order.runId, order.lane, ...attempts);
  await trx
    .insertInto('bundles')
    .values({
      id,
      run_id: order.runId,
      lane: order.lane,
      sent_at: now,
      requests: tickets.length,
      completed: 0,
      ref: null,
    })
    .execute();
  await trx.updateTable('attempts').set({ bundle_id: id }).where('id', 'in', attempts).execute();
  await appendEvent(trx, order.runId, now, {
    type: 'bundle-sent',
    bundle: id,
    requests: tickets.length,
  });
  return id;
}

/** What this run has seen of the lane so far. */
export function readSeen(
  trx: Trx,
  { runId, lane }: AdmitOrder,
): Promise<{ outcomes: number; refused: number }> {
  // What was refused and went elsewhere was refused here all the same.
  return outcomesOfRun(trx, runId, lane);
}

/** Bundles of the run that are under way, oldest first. */
export async function openBundles(context: StoreContext, runId: string): Promise<StoredBundle[]> {
  const rows = await context.database
    .selectFrom('bundles')
    .selectAll()
    .where('id', 'in', (select) =>
      select
        .selectFrom('attempts')
        .select((attempt) => attempt.ref('attempts.bundle_id').$notNull().as('id'))
        .where('run_id', '=', runId)
        .where('state', 'in', [...OPEN])
        .where('bundle_id', 'is not', null),
    )
    .orderBy('sent_at')
    .orderBy('id')
    .execute();
  return rows.map((row) => ({
    id: row.id,
    runId: row.run_id,
    lane: row.lane,
    sentAt: row.sent_at,
    requests: row.requests,
    completed: row.completed,
    ...(row.ref !== null && { ref: row.ref }),
  }));
}

/** Stores the vendor's id of the bundle before anything else is done with the answer. */
export async function bundleAccepted(
  context: StoreContext,
  bundleId: string,
  workerId: string,
  ref: string,
): Promise<Fenced> {
  return wholeBundle(context, bundleId, async (trx, now, runId) => {
    const moved = await trx
      .updateTable('attempts')
      .set({ state: 'accepted', ref })
      .where('bundle_id', '=', bundleId)
      .where('worker_id', '=', workerId)
      .where('state', 'in', ['sent', 'unknown'])
      .executeTakeFirstOrThrow();
    if (changed(moved) === 0) throw new FencedError(bundleId);
    const requests = trx
      .selectFrom('attempts')
      .select('request_id')
      .where('bundle_id', '=', bundleId)
      .where('state', '=', 'accepted');
    await trx
      .updateTable('requests')
      .set({ state: 'sent' })
      .where('id', 'in', requests)
      .where('state', '=', 'unknown')
      .execute();
    await trx
      .updateTable('items')
      .set({ state: 'sent', reason: null })
      .where('request_id', 'in', requests)
      .where('state', '=', 'unknown')
      .execute();
    await trx.updateTable('bundles').set({ ref }).where('id', '=', bundleId).execute();
    await appendEvent(trx, runId, now, { type: 'bundle-accepted', bundle: bundleId });
  });
}

/** How far the vendor says that it is; only told, never decided by. */
export async function bundleProgress(
  context: StoreContext,
  bundleId: string,
  completed: number,
): Promise<void> {
  await context.database
    .updateTable('bundles')
    .set({ completed })
    .where('id', '=', bundleId)
    .execute();
}

/**
 * Nothing of the bundle was made: every request of it that is still open waits again. With
 * `suspectGroup` they are known to have an offender among them, and what is left of their former group
 * is no longer suspected.
 */
export async function returnBundle(
  context: StoreContext,
  order: BundleReturnOrder,
): Promise<Fenced> {
  return wholeBundle(
    context,
    order.bundleId,
    async (trx, now, runId) => {
      const open = await trx
        .selectFrom('attempts')
        .select(['id', 'request_id'])
        .where('bundle_id', '=', order.bundleId)
        .where('worker_id', '=', order.workerId)
        .where('state', 'in', [...OPEN])
        .orderBy('id')
        .execute();
      if (open.length === 0) throw new FencedError(order.bundleId);
      const usdShares = shareOut(order.usdMicros ?? 0, open.length);
      for (const [place, { id }] of open.entries()) {
        const usdMicros = usdShares[place]!;
        await returnAttempt(context, trx, now, { ...order, attemptId: id, usdMicros });
      }
      if (order.suspectGroup !== undefined) {
        const requests = open.map((attempt) => attempt.request_id);
        await endSuspicion(context, trx, requests, 'refused-together');
        await trx
          .updateTable('requests')
          .set({ suspect_group: order.suspectGroup })
          .where('id', 'in', requests)
          .execute();
      }
      await appendEvent(trx, runId, now, {
        type: 'bundle-returned',
        bundle: order.bundleId,
        requests: open.length,
        reason: order.reason,
      });
    },
    order.lessons,
  );
}

async function wholeBundle(
  context: StoreContext,
  bundleId: string,
  work: (trx: Trx, now: number, runId: string) => Promise<void>,
  lessons: BundleReturnOrder['lessons'] = [],
): Promise<Fenced> {
  try {
    await context.database.transaction().execute(async (trx) => {
      const { run_id: runId } = await trx
        .selectFrom('bundles')
        .select('run_id')
        .where('id', '=', bundleId)
        .executeTakeFirstOrThrow();
      await lockLessons(context, trx, lessons);
      await context.dialect.lockRun(trx, runId);
      const now = await context.dialect.now(trx);
      await work(trx, now, runId);
      await writeLessons(context, trx, lessons, now);
    });
    return 'done';
  } catch (error) {
    if (error instanceof FencedError) return 'fenced';
    throw error;
  }
}

/** Moves a lane's waiting requests to the live lane, at its price. Returns how many requests. */
export async function moveToLive(
  context: StoreContext,
  runId: string,
  lane: string,
  liveLane: string,
): Promise<number> {
  return context.database.transaction().execute(async (trx) => {
    await context.dialect.lockRun(trx, runId);
    const moved = await trx
      .updateTable('requests')
      .set({
        lane: liveLane,
        credit_micros_per_image: sql<number>`live_credit_micros_per_image`,
        worst_usd_micros: sql<number>`live_worst_usd_micros`,
        expected_usd_micros: sql<number>`live_expected_usd_micros`,
        live_credit_micros_per_image: null,
        live_worst_usd_micros: null,
        live_expected_usd_micros: null,
        not_before: 0,
      })
      .where('run_id', '=', runId)
      .where('lane', '=', lane)
      .where('state', '=', 'waiting')
      .where('live_credit_micros_per_image', 'is not', null)
      .executeTakeFirstOrThrow();
    const requests = changed(moved);
    if (requests > 0) {
      const now = await context.dialect.now(trx);
      await appendEvent(trx, runId, now, { type: 'left-batch-lane', lane, requests });
    }
    return requests;
  });
}

/** Requests of a lane that have not ended, by how many images they carry. */
export async function openRequestSizes(
  context: StoreContext,
  runId: string,
  lane: string,
): Promise<Record<number, number>> {
  const rows = await context.database
    .selectFrom('requests')
    .select(['images', (select) => select.fn.countAll<number>().as('requests')])
    .where('run_id', '=', runId)
    .where('lane', '=', lane)
    .where('state', 'in', ['waiting', 'sent'])
    .groupBy('images')
    .execute();
  return Object.fromEntries(rows.map((row) => [row.images, Number(row.requests)]));
}
