/** Programs that are too old for what a migration is going to do: they are told, and waited for. */
import { UsageError } from '../core/errors.ts';
import { VERSION } from '../version.ts';
import type { Database, StoreDialect } from './dialect.ts';
import type { OpenDatabase } from './sqlite.ts';

const LOOK_AGAIN_MS = 500;
/** Images of high quality take two minutes, and a process that is told to stop lets them end. */
const MOST_LOOKS = 1_200;

/** From now on older programs are refused, and running ones stop by themselves. */
export async function raiseFloor(
  database: Database,
  dialect: StoreDialect,
  migration: string,
  oldestLevel: number,
): Promise<void> {
  await database
    .insertInto('program_floors')
    .values({
      migration,
      oldest_level: oldestLevel,
      version: VERSION,
      raised_at: await dialect.now(database),
    })
    // It was raised before, and older ones had not ended in time.
    .onConflict((conflict) => conflict.column('migration').doNothing())
    .execute();
}

/** Throws `UsageError` with their names when they do not end. */
export async function untilOlderHaveEnded(
  { database, dialect }: OpenDatabase,
  oldestLevel: number,
): Promise<void> {
  for (let looks = 1; ; looks += 1) {
    const older = await olderProcesses(database, await dialect.now(database), oldestLevel);
    if (older.length === 0) return;
    if (looks >= MOST_LOOKS) {
      throw new UsageError(
        `Older programs still work on this store: ${older.join(', ')}. They take up nothing more. End them, and start this one again: it goes on with the migration.`,
      );
    }
    await dialect.wait(database, LOOK_AGAIN_MS);
  }
}

/** Those of a version that tells no level are the oldest. */
async function olderProcesses(
  database: Database,
  now: number,
  oldestLevel: number,
): Promise<string[]> {
  const rows = await database
    .selectFrom('workers')
    .select(['host', 'pid', 'version'])
    .where('ended_at', 'is', null)
    .where('lease_until', '>', now)
    .where((where) => where.or([where('level', 'is', null), where('level', '<', oldestLevel)]))
    .orderBy('id')
    .execute();
  return rows.map(
    ({ host, pid, version }) =>
      `${pid} on ${host.split('/')[0]} (${version ?? 'of an unknown version'})`,
  );
}
