/**
 * Admission in one transaction: lock the limits and the run, read what is used, let the pure decision
 * speak, and write grant, hold and attempt together. What commits here may be sent; nothing else may.
 */
import { type Expression, sql, type SqlBool } from 'kysely';
import type { LearnedLimit, LimitUse, Obstacle, Purse, Return } from '../../core/admission.ts';
import { attemptId } from '../../core/ids.ts';
import type { Limit } from '../../core/limit.ts';
import { appendEvent, changed, FencedError, type StoreContext } from '../context.ts';
import type { Trx } from '../dialect.ts';
import type { AdmitAnswer, AdmitOrder, AttemptTicket } from '../store.ts';
import { readPlanned } from './amend.ts';
import { writeEntry } from './ledger.ts';
import { splitRequest } from './requests.ts';

interface Candidate {
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

/** A limit's use that is kept up while requests are granted within the transaction. */
interface Tally {
  readonly limit: Limit;
  readonly max: number | undefined;
  readonly blockedUntil: number;
  used: number;
}

export async function admit(context: StoreContext, order: AdmitOrder): Promise<AdmitAnswer> {
  return context.database.transaction().execute(async (trx) => {
    await ensureLimits(trx, order.limits);
    await context.dialect.lockLimits(trx, [...keysOf(order.limits)]);
    await context.dialect.lockRun(trx, order.runId);
    const run = await ownedRun(trx, order);
    if (run === undefined) return notOurs(await context.dialect.now(trx));
    // Read after the locks: a moment taken before them could be older than another's grant.
    const now = await context.dialect.now(trx);
    const tallies = await readTallies(context, trx, order.limits, now);
    return grantInOrder(context, trx, { order, purse: run.purse, phase: run.phase, tallies, now });
  });
}

function notOurs(now: number): AdmitAnswer {
  return { granted: [], empty: true, unlearned: false, now };
}

interface Round {
  readonly order: AdmitOrder;
  readonly purse: Purse;
  readonly phase: 'proof' | 'main';
  readonly tallies: readonly Tally[];
  readonly now: number;
}

async function grantInOrder(context: StoreContext, trx: Trx, round: Round): Promise<AdmitAnswer> {
  const granted: AttemptTicket[] = [];
  let purse = round.purse;
  let obstacle: Obstacle | undefined;
  let budget: string | undefined;
  let candidates = await readCandidates(trx, round, purse);
  while (candidates.length > 0 && granted.length < round.order.most) {
    const candidate = candidates.shift()!;
    const decision = await context.decisions.decideAdmission({
      images: candidate.images,
      creditMicros: candidate.images * candidate.credit_micros_per_image,
      usdMicros: candidate.worst_usd_micros ?? undefined,
      purse,
      limits: round.tallies.map((tally) => useOf(context, trx, tally, round.now)),
      now: round.now,
    });
    if (decision.kind === 'split') {
      await splitRequest(trx, candidate.id, decision.images);
      candidates = await readCandidates(trx, round, purse);
      continue;
    }
    if (decision.kind === 'wait') {
      obstacle = decision.obstacle;
      break;
    }
    if (decision.kind === 'budget') {
      budget ??= decision.reason;
      continue;
    }
    granted.push(await writeGrant(context, trx, round, candidate, usdToHold(purse, candidate)));
    purse = spendFrom(purse, candidate);
  }
  if (granted.length > 0 || obstacle !== undefined) {
    return { granted, empty: false, ...common(round), ...(obstacle && { obstacle }) };
  }
  return { ...(await nothingGranted(trx, round, budget)), ...common(round) };
}

function common(round: Round): Pick<AdmitAnswer, 'unlearned' | 'now'> {
  // One figure among the windows is enough to pace by; another one shows itself by refusals.
  const own = round.tallies.filter(({ limit }) => limit.learnable);
  const unlearned = (['window', 'slots'] as const).some((kind) => {
    const same = own.filter(({ limit }) => limit.kind === kind);
    return same.length > 0 && same.every(({ max }) => max === undefined);
  });
  return { unlearned, now: round.now };
}

/** Why nothing was granted: nothing is waiting, it waits for a moment of its own, or for money. */
async function nothingGranted(
  trx: Trx,
  round: Round,
  budget: string | undefined,
): Promise<Omit<AdmitAnswer, 'unlearned' | 'now'>> {
  const waiting = waitingRequests(trx, round)
    .select(['not_before', 'wait_reason'])
    .orderBy('not_before')
    .limit(1);
  const next = await withinPurse(waiting, round.purse).executeTakeFirst();
  if (next === undefined) {
    const unaffordable = await waiting.executeTakeFirst();
    if (unaffordable === undefined) return { granted: [], empty: true };
  } else if (next.not_before > round.now) {
    const reason = next.wait_reason ?? 'waits to be sent again';
    return {
      granted: [],
      empty: false,
      obstacle: { limit: 'retry', reason, until: next.not_before },
    };
  }
  return { granted: [], empty: false, budget: budget ?? 'the budget is used up' };
}

async function ensureLimits(trx: Trx, limits: readonly Limit[]): Promise<void> {
  if (limits.length === 0) return;
  await trx
    .insertInto('limits')
    // In one order everywhere: two that insert the same keys crosswise would wait for each other.
    .values([...keysOf(limits)].sort().map((key) => ({ key, learned: null })))
    .onConflict((conflict) => conflict.column('key').doNothing())
    .execute();
}

function keysOf(limits: readonly Limit[]): Set<string> {
  return new Set(limits.map((limit) => limit.key));
}

async function ownedRun(
  trx: Trx,
  order: AdmitOrder,
): Promise<{ purse: Purse; phase: 'proof' | 'main' } | undefined> {
  const run = await trx
    .selectFrom('runs')
    .selectAll()
    .where('id', '=', order.runId)
    .where('worker_id', '=', order.workerId)
    .where('state', '=', 'running')
    .executeTakeFirst();
  if (run === undefined) return undefined;
  return {
    phase: run.phase,
    purse: {
      postedCreditMicros: run.posted_credit_micros,
      heldCreditMicros: run.held_credit_micros,
      budgetCreditMicros: run.budget_credit_micros ?? undefined,
      usedUsdMicros: run.actual_usd_micros + run.held_usd_micros + run.written_off_usd_micros,
      maxUsdMicros: run.max_usd_micros ?? undefined,
    },
  };
}

async function readTallies(
  context: StoreContext,
  trx: Trx,
  limits: readonly Limit[],
  now: number,
): Promise<Tally[]> {
  if (limits.length === 0) return [];
  const learned = await trx
    .selectFrom('limits')
    .select(['key', 'learned'])
    .where('key', 'in', [...keysOf(limits)])
    .execute();
  const byKey = new Map(learned.map((row) => [row.key, parseLearned(row.learned)]));
  const tallies: Tally[] = [];
  for (const limit of limits) {
    const known = byKey.get(limit.key);
    tallies.push({
      limit,
      max: figureInForce(context, limit, known, now),
      blockedUntil: known?.blockedUntil ?? 0,
      used: await readUsed(context, trx, limit, now),
    });
  }
  return tallies;
}

/** The lower of what was configured and what was learned. */
export function figureInForce(
  context: StoreContext,
  limit: Limit,
  known: LearnedLimit | undefined,
  now: number,
): number | undefined {
  const windowMs = limit.kind === 'window' ? limit.windowMs : undefined;
  const learned = context.decisions.learnedMax(known, { now, windowMs });
  if (limit.max === undefined) return learned;
  return learned === undefined ? limit.max : Math.min(limit.max, learned);
}

export function parseLearned(text: string | null | undefined): LearnedLimit | undefined {
  return text === null || text === undefined ? undefined : (JSON.parse(text) as LearnedLimit);
}

export async function readUsed(
  context: StoreContext,
  trx: Trx | StoreContext['database'],
  limit: Limit,
  now: number,
): Promise<number> {
  const query = trx
    .selectFrom('grants')
    .select(sql<number>`coalesce(sum(units), 0)`.as('used'))
    .where('limit_key', '=', limit.key);
  const { used } = await (
    limit.kind === 'slots'
      ? query.where('ends_at', '>', now)
      : query.where('granted_at', '>', windowStart(context, limit.windowMs, now))
  ).executeTakeFirstOrThrow();
  return Number(used);
}

function windowStart(context: StoreContext, windowMs: number, now: number): number {
  return now - windowMs - context.decisions.windowMarginMs(windowMs);
}

function useOf(context: StoreContext, trx: Trx, tally: Tally, now: number): LimitUse {
  return {
    limit: tally.limit,
    max: tally.max,
    blockedUntil: tally.blockedUntil,
    used: tally.used,
    returns: () => readReturns(context, trx, tally.limit, now),
  };
}

/** When units come back: slots at their latest end, a window's grants when the window has passed. */
async function readReturns(
  context: StoreContext,
  trx: Trx,
  limit: Limit,
  now: number,
): Promise<Return[]> {
  const query = trx.selectFrom('grants').where('limit_key', '=', limit.key);
  if (limit.kind === 'slots') {
    const slots = await query
      .select(['ends_at', 'units'])
      .where('ends_at', '>', now)
      .orderBy('ends_at')
      .execute();
    return slots.map((slot) => ({ at: slot.ends_at, units: slot.units }));
  }
  const start = windowStart(context, limit.windowMs, now);
  const grants = await query
    .select(['granted_at', 'units'])
    .where('granted_at', '>', start)
    .orderBy('granted_at')
    .execute();
  return grants.map((grant) => ({ at: grant.granted_at + (now - start), units: grant.units }));
}

function waitingRequests(trx: Trx, round: Pick<Round, 'order' | 'phase'>) {
  const query = trx
    .selectFrom('requests')
    .where('requests.run_id', '=', round.order.runId)
    .where('requests.lane', '=', round.order.lane)
    .where('requests.state', '=', 'waiting');
  return round.phase === 'proof' ? query.where('requests.proof', '=', 1) : query;
}

/** The next requests that may go now and that the purse could pay for. */
async function readCandidates(trx: Trx, round: Round, purse: Purse): Promise<Candidate[]> {
  const query = waitingRequests(trx, round)
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
    .limit(round.order.most);
  return withinPurse(query, purse).execute();
}

/** Only requests that the purse could pay for. */
function withinPurse<Query extends { where(condition: Expression<SqlBool>): Query }>(
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
  if (purse.maxUsdMicros !== undefined) {
    const left = purse.maxUsdMicros - purse.usedUsdMicros;
    // An unknown price needs at least something that is left.
    affordable = affordable.where(sql<SqlBool>`coalesce(requests.worst_usd_micros, 1) <= ${left}`);
  }
  return affordable;
}

function spendFrom(purse: Purse, candidate: Candidate): Purse {
  return {
    ...purse,
    heldCreditMicros: purse.heldCreditMicros + candidate.images * candidate.credit_micros_per_image,
    usedUsdMicros: purse.usedUsdMicros + usdToHold(purse, candidate),
  };
}

/** A price that nobody knows may be anything: under a dollar cap it holds all that is left of it. */
function usdToHold(purse: Purse, candidate: Candidate): number {
  if (candidate.worst_usd_micros !== null) return candidate.worst_usd_micros;
  return purse.maxUsdMicros === undefined ? 0 : purse.maxUsdMicros - purse.usedUsdMicros;
}

async function writeGrant(
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
