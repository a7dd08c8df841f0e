import { sql } from 'kysely';
import type { Grant } from '../../core/admission.ts';
import type { Limit } from '../../core/limit.ts';
import type { StoreContext } from '../context.ts';
import type { Trx } from '../dialect.ts';
import type { Lesson, LimitGauge } from '../store.ts';
import { figureInForce, parseLearned, readUsed } from './limit-use.ts';

export async function lockLessons(
  context: StoreContext,
  trx: Trx,
  lessons: readonly Lesson[],
): Promise<void> {
  if (lessons.length === 0) return;
  const keys = [...new Set(lessons.map((lesson) => lesson.limit.key))].sort();
  await trx
    .insertInto('limits')
    .values(keys.map((key) => ({ key, learned: null })))
    .onConflict((conflict) => conflict.column('key').doNothing())
    .execute();
  await context.dialect.lockLimits(trx, keys);
}

export async function writeLessons(
  context: StoreContext,
  trx: Trx,
  lessons: readonly Lesson[],
  now: number,
): Promise<void> {
  for (const lesson of lessons) {
    const { learned } = await trx
      .selectFrom('limits')
      .select('learned')
      .where('key', '=', lesson.limit.key)
      .executeTakeFirstOrThrow();
    const before = parseLearned(learned);
    const after = context.decisions.learnLimit(before, {
      limit: lesson.limit,
      now,
      ...(lesson.announced !== undefined && { announced: lesson.announced }),
      ...(lesson.refused && {
        refused: { ...lesson.refused, ...(await unitsOf(trx, lesson.limit, now)) },
      }),
      ...(lesson.passed && { passed: lesson.passed }),
    });
    if (after === before) continue;
    await trx
      .updateTable('limits')
      .set({ learned: JSON.stringify(after) })
      .where('key', '=', lesson.limit.key)
      .execute();
  }
}

/** What the vendor had let through when it refused, and what it had refused. */
async function unitsOf(
  trx: Trx,
  limit: Limit,
  now: number,
): Promise<{ accepted: number; refusedUnits: number }> {
  const query = trx
    .selectFrom('grants')
    .select([
      sql<number>`coalesce(sum(case when refused = 0 then units else 0 end), 0)`.as('accepted'),
      sql<number>`coalesce(sum(case when refused = 1 then units else 0 end), 0)`.as('refused'),
    ])
    .where('limit_key', '=', limit.key);
  const { accepted, refused } = await (
    limit.kind === 'slots'
      ? query.where('ends_at', '>', now)
      : query.where('granted_at', '>', now - limit.windowMs)
  ).executeTakeFirstOrThrow();
  return { accepted: Number(accepted), refusedUnits: Number(refused) };
}

export async function learn(context: StoreContext, lessons: readonly Lesson[]): Promise<void> {
  if (lessons.length === 0) return;
  await context.database.transaction().execute(async (trx) => {
    await lockLessons(context, trx, lessons);
    await writeLessons(context, trx, lessons, await context.dialect.now(trx));
  });
}

export async function gauges(
  context: StoreContext,
  limits: readonly Limit[],
): Promise<LimitGauge[]> {
  const now = await context.dialect.now(context.database);
  const result: LimitGauge[] = [];
  for (const limit of limits) {
    const row = await context.database
      .selectFrom('limits')
      .select('learned')
      .where('key', '=', limit.key)
      .executeTakeFirst();
    const known = parseLearned(row?.learned);
    result.push({
      limit,
      max: figureInForce(context, limit, known, now),
      used: await readUsed(context, context.database, limit, now),
      learned: known?.max !== undefined,
      blockedUntil: known?.blockedUntil ?? 0,
    });
  }
  return result;
}

export async function grants(context: StoreContext, limitKey: string): Promise<Grant[]> {
  const rows = await context.database
    .selectFrom('grants')
    .select(['granted_at', 'units'])
    .where('limit_key', '=', limitKey)
    .orderBy('granted_at')
    .execute();
  return rows.map((row) => ({ grantedAt: row.granted_at, units: row.units }));
}
