/** How limits stand, for one of the workspaces that share them. */
import { sql } from 'kysely';
import type { Obstacle, Return } from '../../core/admission.ts';
import type { Limit } from '../../core/limit.ts';
import type { StoreContext } from '../context.ts';
import type { LimitStanding, WaitingLane } from '../limit-store.ts';
import { windowStart } from './limit-use.ts';
import { gauges } from './limits.ts';

/** Stretches of time into which what returns is put together. */
const STRETCHES = 8;

export async function limitStandings(
  context: StoreContext,
  workspace: string,
  limits: readonly Limit[],
): Promise<LimitStanding[]> {
  const now = await context.dialect.now(context.database);
  const standings: LimitStanding[] = [];
  for (const gauge of await gauges(context, limits)) {
    const { limit } = gauge;
    standings.push({
      ...gauge,
      usedHere: await readUsedHere(context, workspace, limit, now),
      returning: gauge.used === 0 ? [] : await readReturning(context, limit, now),
    });
  }
  return standings;
}

async function readUsedHere(
  context: StoreContext,
  workspace: string,
  limit: Limit,
  now: number,
): Promise<number> {
  const { used } = await grantsInUse(context, limit, now)
    .innerJoin('attempts', 'attempts.id', 'grants.attempt_id')
    .innerJoin('runs', 'runs.id', 'attempts.run_id')
    .where('runs.workspace', '=', workspace)
    .select(sql<number>`coalesce(sum(grants.units), 0)`.as('used'))
    .executeTakeFirstOrThrow();
  return Number(used);
}

function grantsInUse(context: StoreContext, limit: Limit, now: number) {
  const query = context.database.selectFrom('grants').where('grants.limit_key', '=', limit.key);
  return limit.kind === 'slots'
    ? query.where('grants.ends_at', '>', now)
    : query.where('grants.granted_at', '>', windowStart(context, limit.windowMs, now));
}

/** Slots at their latest end, a window's grants when the window has passed; a few stretches, however many there are. */
async function readReturning(context: StoreContext, limit: Limit, now: number): Promise<Return[]> {
  const column =
    limit.kind === 'slots' ? sql.ref<number>('ends_at') : sql.ref<number>('granted_at');
  const { first, last } = await grantsInUse(context, limit, now)
    .select([
      sql<number | null>`min(${column})`.as('first'),
      sql<number | null>`max(${column})`.as('last'),
    ])
    .executeTakeFirstOrThrow();
  if (first === null || last === null) return [];
  const from = Number(first);
  const stretchMs = Math.floor((Number(last) - from) / STRETCHES) + 1;
  const stretch = sql<number>`(${column} - ${sql.lit(from)}) / ${sql.lit(stretchMs)}`;
  const rows = await grantsInUse(context, limit, now)
    .select([sql<number>`max(${column})`.as('ends'), sql<number>`sum(grants.units)`.as('units')])
    .groupBy(stretch)
    .orderBy('ends')
    .execute();
  const laterMs = limit.kind === 'slots' ? 0 : now - windowStart(context, limit.windowMs, now);
  return rows.map(({ ends, units }) => ({ at: Number(ends) + laterMs, units: Number(units) }));
}

export async function waitingOf(
  context: StoreContext,
  workspace: string,
  most: number,
): Promise<WaitingLane[]> {
  const rows = await context.database
    .selectFrom('runs')
    .select(['id', 'waits'])
    .where('workspace', '=', workspace)
    .where('state', '=', 'running')
    .where('waits', 'is not', null)
    .orderBy('created_at')
    .orderBy('id')
    .limit(most)
    .execute();
  return rows.flatMap(({ id, waits }) =>
    Object.entries(JSON.parse(waits ?? '{}') as Record<string, Obstacle>).map(
      ([lane, { limit, until }]) => ({
        runId: id,
        lane,
        limit,
        ...(until !== undefined && { until }),
      }),
    ),
  );
}
