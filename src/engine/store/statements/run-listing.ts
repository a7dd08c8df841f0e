/** Runs of a workspace, a page at a time. */
import { sql } from 'kysely';
import type { StoreContext } from '../context.ts';
import type { ListedOrigin, RunsQuery } from '../run-listing-store.ts';
import type { StoredRun } from '../stored-run.ts';
import { toRun } from './runs.ts';

const SHOWN: readonly ListedOrigin[] = ['cli', 'api', 'batch', 'assistant'];

export async function runsPage(context: StoreContext, query: RunsQuery): Promise<StoredRun[]> {
  const { workspace, states, origins = SHOWN, search, since, after, limit } = query;
  // An empty list is no SQL in PostgreSQL.
  if (states?.length === 0 || origins.length === 0) return [];
  const named = origins.filter((each) => each !== 'cli');
  let statement = context.database
    .selectFrom('runs')
    .selectAll()
    .where('workspace', '=', workspace)
    .where((where) =>
      where.or([
        ...(origins.includes('cli') ? [where('origin', 'is', null)] : []),
        ...(named.length > 0 ? [where('origin', 'in', named)] : []),
      ]),
    )
    // A run whose sheet is still being read in for the first time is none yet.
    .where('plan', 'is not', null)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit);
  if (states !== undefined) statement = statement.where('state', 'in', [...states]);
  if (since !== undefined) statement = statement.where('created_at', '>=', since);
  if (search !== undefined) statement = statement.where(holds('title', search));
  if (after !== undefined) {
    statement = statement.where(sql<boolean>`(created_at, id) < (${after.createdAt}, ${after.id})`);
  }
  return (await statement.execute()).map(toRun);
}

export async function renameRun(
  { database, dialect }: StoreContext,
  runId: string,
  title: string,
): Promise<void> {
  const updated_at = await dialect.now(database);
  await database.updateTable('runs').set({ title, updated_at }).where('id', '=', runId).execute();
}

/** Whether a column has a part; SQLite and PostgreSQL agree on the case of ASCII letters only. */
export function holds(column: string, part: string) {
  const pattern = `%${part.replaceAll(/[~%_]/g, '~$&')}%`;
  return sql<boolean>`lower(${sql.ref(column)}) like lower(${pattern}) escape '~'`;
}
