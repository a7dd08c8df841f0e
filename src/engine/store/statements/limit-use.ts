/** What is used of a limit now, read inside the admission's transaction. */
import { sql } from 'kysely';
import type { LearnedLimit, LimitUse, Return } from '../../core/admission.ts';
import { type Limit, shareOf } from '../../core/limit.ts';
import type { StoreContext } from '../context.ts';
import type { Trx } from '../dialect.ts';

/** A limit's use that is kept up while requests are granted within the transaction. */
export interface Tally {
  readonly limit: Limit;
  readonly max: number | undefined;
  readonly blockedUntil: number;
  used: number;
}

export function keysOf(limits: readonly Limit[]): Set<string> {
  return new Set(limits.map((limit) => limit.key));
}

export async function ensureLimits(trx: Trx, limits: readonly Limit[]): Promise<void> {
  if (limits.length === 0) return;
  await trx
    .insertInto('limits')
    // In one order everywhere: two that insert the same keys crosswise would wait for each other.
    .values([...keysOf(limits)].sort().map((key) => ({ key, learned: null })))
    .onConflict((conflict) => conflict.column('key').doNothing())
    .execute();
}

export async function readTallies(
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
    const max = limit.shareOf
      ? figureOfShare(limit.shareOf, tallies)
      : figureInForce(context, limit, known, now);
    tallies.push({
      limit,
      max,
      blockedUntil: known?.blockedUntil ?? 0,
      // Nothing is compared with what has no figure: an hour of a large workspace is long to add up.
      used: max === undefined ? 0 : await readUsed(context, trx, limit, now),
    });
  }
  return tallies;
}

/** The whole stands before its shares, and its figure may have been learned since they were bound. */
function figureOfShare(
  { key, part }: NonNullable<Limit['shareOf']>,
  tallies: readonly Tally[],
): number | undefined {
  return shareOf(tallies.find(({ limit }) => limit.key === key)?.max, part);
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

export function windowStart(context: StoreContext, windowMs: number, now: number): number {
  return now - windowMs - context.decisions.windowMarginMs(windowMs);
}

export function useOf(context: StoreContext, trx: Trx, tally: Tally, now: number): LimitUse {
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
