import type { RunState } from '../../core/run.ts';
import type { StoreContext } from '../context.ts';
import type { KeptRun } from '../keeping-store.ts';

/** Runs looked through for those that may be taken up. */
const MOST_READ = 10_000;
/** A disk that was full, or away, is tried again after this. */
const STORAGE_PAUSE_MS = 60_000;

const STATES: readonly RunState[] = ['planned', 'running'];

export async function runsToKeep(
  context: StoreContext,
  except: ReadonlySet<string>,
  most: number,
  only?: ReadonlySet<string>,
): Promise<KeptRun[]> {
  const { database, dialect } = context;
  const now = await dialect.now(database);
  const runs = database.selectFrom('runs');
  const rows = await (only === undefined ? runs : runs.where('id', 'in', [...only]))
    .select(['id', 'workspace', 'worker_id'])
    .where('origin', 'is not', null)
    .where('reading', '=', 0)
    .where('plan', 'is not', null)
    .where((where) =>
      where.or([
        where('state', 'in', [...STATES]),
        // What a process left when it was told to stop goes on with the next one.
        where.and([where('state', '=', 'stopped'), where('reason', '=', 'interrupted')]),
        where.and([
          where('state', '=', 'stopped'),
          where('reason', '=', 'storage'),
          where('updated_at', '<=', now - STORAGE_PAUSE_MS),
        ]),
      ]),
    )
    .orderBy('created_at')
    .orderBy('id')
    .limit(MOST_READ)
    .execute();
  return inTurn(rows.filter(({ id }) => !except.has(id)))
    .slice(0, most)
    .map(({ id, worker_id: workerId }) => ({ id, ...(workerId !== null && { workerId }) }));
}

/** The first of each workspace, then the second of each, and so on. */
function inTurn<Row extends { readonly workspace: string }>(rows: readonly Row[]): Row[] {
  const places = new Map<string, number>();
  return rows
    .map((row) => {
      const place = places.get(row.workspace) ?? 0;
      places.set(row.workspace, place + 1);
      return { row, place };
    })
    .toSorted((a, b) => a.place - b.place)
    .map(({ row }) => row);
}
