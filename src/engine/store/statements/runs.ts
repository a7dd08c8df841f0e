import type { Selectable } from 'kysely';
import type { Obstacle } from '../../core/admission.ts';
import { IllegalStateError } from '../../core/errors.ts';
import type { RunEvent } from '../../core/events.ts';
import type { Plan } from '../../core/plan.ts';
import { RUN_TRANSITIONS, type RunState, type StopReason } from '../../core/run.ts';
import type { RunSettings } from '../../core/settings.ts';
import { statesBefore, transition } from '../../core/transition.ts';
import { appendEvent, changed, type StoreContext } from '../context.ts';
import type { Trx } from '../dialect.ts';
import type { Fenced, NewRun, RunChange, StoredRun } from '../store.ts';
import type { Tables } from '../tables.ts';
import { refusalTally } from './refusals.ts';
import { runCreated, tellWorkspace } from './run-events.ts';
import { appendWorkspaceEvent } from './workspace-events.ts';

export async function createRun(context: StoreContext, run: NewRun): Promise<void> {
  await context.database.transaction().execute(async (trx) => {
    const now = await context.dialect.now(trx);
    await insertRun(trx, run, now);
    await appendWorkspaceEvent(trx, run.workspace, runCreated(run, now));
  });
}

async function insertRun(trx: Trx, run: NewRun, now: number): Promise<void> {
  await trx
    .insertInto('runs')
    .values({
      id: run.id,
      workspace: run.workspace,
      title: run.title,
      sheet: run.sheet,
      out: run.out,
      state: 'planned',
      reason: null,
      reason_text: null,
      phase: 'main',
      settings: JSON.stringify(run.settings),
      columns: '[]',
      plan: null,
      revision: 0,
      reading: 0,
      created_at: now,
      updated_at: now,
      worker_id: null,
      asked: null,
      budget_credit_micros: run.settings.budgetCreditMicros ?? null,
      max_usd_micros: run.settings.maxUsdMicros ?? null,
      posted_credit_micros: 0,
      held_credit_micros: 0,
      actual_usd_micros: 0,
      held_usd_micros: 0,
      written_off_usd_micros: 0,
      breaker_outcomes: 0,
      breaker_refused: 0,
      breaker_seen_at: null,
      waits: null,
      events: 0,
      key_id: run.keyId ?? null,
      origin: run.origin ?? null,
      source_run: run.source?.run ?? null,
      source_kind: run.source?.kind ?? null,
    })
    .execute();
}

export async function findRun(
  context: StoreContext,
  runId: string,
): Promise<StoredRun | undefined> {
  const row = await context.database
    .selectFrom('runs')
    .selectAll()
    .where('id', '=', runId)
    .executeTakeFirst();
  return row === undefined ? undefined : toRun(row);
}

export async function listRuns(context: StoreContext): Promise<StoredRun[]> {
  const rows = await context.database
    .selectFrom('runs')
    .selectAll()
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .execute();
  return rows.map(toRun);
}

export async function runOwning(
  context: StoreContext,
  out: string,
): Promise<StoredRun | undefined> {
  const row = await context.database
    .selectFrom('runs')
    .selectAll()
    .where('out', '=', out)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? undefined : toRun(row);
}

export async function claimRun(
  context: StoreContext,
  runId: string,
  workerId: string,
  from: string | undefined,
  state?: RunState,
): Promise<boolean> {
  const update = context.database
    .updateTable('runs')
    // What was asked of a run whose worker died still holds for whoever keeps it going.
    .set({ worker_id: workerId, ...(state === undefined && { asked: null }) })
    .where('id', '=', runId)
    .$if(state !== undefined, (query) => query.where('state', '=', state!));
  const result = await (
    from === undefined
      ? update.where('worker_id', 'is', null)
      : update.where('worker_id', '=', from)
  ).executeTakeFirstOrThrow();
  return changed(result) === 1;
}

export async function changeRun(
  context: StoreContext,
  runId: string,
  change: RunChange,
): Promise<Fenced> {
  return context.database.transaction().execute(async (trx): Promise<Fenced> => {
    await context.dialect.lockRun(trx, runId);
    if (change.workerId !== undefined && !(await isOwner(trx, runId, change.workerId))) {
      return 'fenced';
    }
    const now = await context.dialect.now(trx);
    const from: RunState[] = statesBefore(RUN_TRANSITIONS, change.state);
    const row = await trx
      .updateTable('runs')
      .set({
        state: change.state,
        reason: change.reason ?? null,
        reason_text: change.reasonText ?? null,
        updated_at: now,
        ...(change.phase && { phase: change.phase }),
        ...(change.release && { worker_id: null, asked: null, waits: null }),
      })
      .where('id', '=', runId)
      .where('state', 'in', [...from, change.state])
      .returning(['id', 'workspace', 'origin', 'worker_id', 'posted_credit_micros'])
      .executeTakeFirst();
    if (row === undefined) return explainRefusal(trx, runId, change.state);
    await appendEvent(trx, runId, now, runEvent(change, row.worker_id));
    await tellWorkspace(trx, { run: row, change, at: now });
    return 'done';
  });
}

async function isOwner(trx: Trx, runId: string, workerId: string): Promise<boolean> {
  const row = await trx
    .selectFrom('runs')
    .select('id')
    .where('id', '=', runId)
    .where('worker_id', '=', workerId)
    .executeTakeFirst();
  return row !== undefined;
}

async function explainRefusal(trx: Trx, runId: string, to: RunState): Promise<never> {
  const row = await trx
    .selectFrom('runs')
    .select('state')
    .where('id', '=', runId)
    .executeTakeFirst();
  if (row === undefined) throw new IllegalStateError(`There is no run ${runId}.`);
  transition(RUN_TRANSITIONS, `Run ${runId}`, row.state, to);
  throw new IllegalStateError(`Run ${runId} changed meanwhile; it is ${row.state}.`);
}

function runEvent(change: RunChange, worker: string | null): RunEvent {
  if (change.state === 'running') return { type: 'run-started', worker: worker ?? '' };
  return {
    type: 'run-stopped',
    state: change.state,
    ...(change.reason && { reason: change.reason }),
  };
}

export async function askRun(
  context: StoreContext,
  runId: string,
  asked: 'pause' | 'cancel' | null,
): Promise<void> {
  await context.database.updateTable('runs').set({ asked }).where('id', '=', runId).execute();
}

export async function setSettings(
  context: StoreContext,
  runId: string,
  change: {
    readonly settings: RunSettings;
    readonly budgetCreditMicros: number | null;
    readonly maxUsdMicros: number | null;
  },
): Promise<void> {
  await context.database
    .updateTable('runs')
    .set({
      settings: JSON.stringify(change.settings),
      budget_credit_micros: change.budgetCreditMicros,
      max_usd_micros: change.maxUsdMicros,
    })
    .where('id', '=', runId)
    .execute();
}

export async function setWaits(
  context: StoreContext,
  runId: string,
  workerId: string,
  waits: Readonly<Record<string, Obstacle>>,
): Promise<void> {
  await context.database
    .updateTable('runs')
    .set({ waits: JSON.stringify(waits) })
    .where('id', '=', runId)
    .where('worker_id', '=', workerId)
    .execute();
}

export async function resetBreaker(context: StoreContext, runId: string): Promise<void> {
  const { outcomes, refused } = await refusalTally(context, { runId });
  await context.database
    .updateTable('runs')
    .set({
      breaker_outcomes: outcomes,
      breaker_refused: refused,
      breaker_seen_at: await context.dialect.now(context.database),
    })
    .where('id', '=', runId)
    .execute();
}

export function toRun(row: Selectable<Tables['runs']>): StoredRun {
  return {
    id: row.id,
    workspace: row.workspace,
    title: row.title,
    sheet: row.sheet,
    out: row.out,
    state: row.state,
    ...(row.reason !== null && { reason: row.reason as StopReason }),
    ...(row.reason_text !== null && { reasonText: row.reason_text }),
    phase: row.phase,
    settings: JSON.parse(row.settings) as RunSettings,
    columns: JSON.parse(row.columns) as string[],
    ...(row.plan !== null && { plan: JSON.parse(row.plan) as Plan }),
    revision: row.revision,
    reading: row.reading === 1,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    events: row.events,
    ...(row.key_id !== null && { keyId: row.key_id }),
    ...(row.origin !== null && { origin: row.origin }),
    ...(row.source_run !== null &&
      row.source_kind !== null && { source: { run: row.source_run, kind: row.source_kind } }),
    ...(row.worker_id !== null && { workerId: row.worker_id }),
    ...(row.asked !== null && { asked: row.asked as 'pause' | 'cancel' }),
    ...(row.budget_credit_micros !== null && { budgetCreditMicros: row.budget_credit_micros }),
    ...(row.max_usd_micros !== null && { maxUsdMicros: row.max_usd_micros }),
    postedCreditMicros: row.posted_credit_micros,
    heldCreditMicros: row.held_credit_micros,
    actualUsdMicros: row.actual_usd_micros,
    heldUsdMicros: row.held_usd_micros,
    writtenOffUsdMicros: row.written_off_usd_micros,
    breaker: {
      outcomes: row.breaker_outcomes,
      refused: row.breaker_refused,
      seenAt: row.breaker_seen_at ?? 0,
    },
    waits: row.waits === null ? {} : (JSON.parse(row.waits) as Record<string, Obstacle>),
  };
}
