import type { RunState } from '../../core/run.ts';
import type { StoreContext } from '../context.ts';

/** Runs looked through for those that may be taken up. */
const MOST_READ = 10_000;

const STATES: readonly RunState[] = ['planned', 'running'];

export async function runsToKeep(
  context: StoreContext,
  except: ReadonlySet<string>,
  most: number,
): Promise<string[]> {
  const { database, dialect } = context;
  const now = await dialect.now(database);
  const rows = await database
    .selectFrom('runs')
    .leftJoin('workers', 'workers.id', 'runs.worker_id')
    .select(['runs.id', 'runs.workspace'])
    .where('runs.origin', 'is not', null)
    .where('runs.reading', '=', 0)
    .where((where) =>
      where.or([
        where('runs.state', 'in', [...STATES]),
        // What a process left when it was told to stop goes on with the next one.
        where.and([where('runs.state', '=', 'stopped'), where('runs.reason', '=', 'interrupted')]),
      ]),
    )
    .where('runs.plan', 'is not', null)
    .where((where) =>
      where.or([where('workers.id', 'is', null), where('workers.lease_until', '<=', now)]),
    )
    .orderBy('runs.created_at')
    .orderBy('runs.id')
    .limit(MOST_READ)
    .execute();
  return inTurn(rows.filter(({ id }) => !except.has(id))).slice(0, most);
}

/** The first of each workspace, then the second of each, and so on. */
function inTurn(rows: readonly { readonly id: string; readonly workspace: string }[]): string[] {
  const places = new Map<string, number>();
  return rows
    .map((row) => {
      const place = places.get(row.workspace) ?? 0;
      places.set(row.workspace, place + 1);
      return { id: row.id, place };
    })
    .toSorted((a, b) => a.place - b.place)
    .map(({ id }) => id);
}
