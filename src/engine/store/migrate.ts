/**
 * Brings a store to this program's shape, beside processes of other versions that work on it. One process does it at a
 * time; a migration waits for locks shortly and again, so that nobody who writes has to wait behind it.
 */
import { type Kysely, sql } from 'kysely';
import { UsageError } from '../core/errors.ts';
import { isoTime } from '../core/iso-time.ts';
import { VERSION } from '../version.ts';
import { makeIndex, makeIndexBesideWriters } from './make-index.ts';
import { levelOf, type Migration } from './migration.ts';
import { MIGRATIONS } from './migrations/index.ts';
import type { Database, Trx } from './dialect.ts';
import type { OpenDatabase } from './sqlite.ts';
import { levelOfStore, MIGRATION_TABLE, migrationsOf, refusal } from './store-level.ts';
import { raiseFloor, untilOlderHaveEnded } from './older-programs.ts';

/** A table that many write to is free for a moment again and again. */
const LOCK_WAIT_MS = 2_000;
const LOCK_PAUSE_MS = 250;
const MOST_LOCK_WAITS = 100;
/** lock_not_available and deadlock_detected: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const LOCK_CODES = new Set(['55P03', '40P01']);
/** Behind the name of a migration whose indexes are made as well. */
const INDEXES = ' indexes';

/**
 * Throws `UsageError` where this program is too old for the store, or of another line than who has made it. A store
 * that is newer, and lets this program write, stays as it is.
 */
export async function migrate(
  opened: OpenDatabase,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<void> {
  // Only reads when there is nothing to do: opening a store must not wait for somebody's writing.
  if ((await stepsLeft(opened.database, migrations)).length === 0) return;
  await opened.dialect.alone(opened.database, async (database) => {
    const here = { ...opened, database };
    const steps = await stepsLeft(database, migrations);
    // Nobody works on what is not there yet: a new store is whole, or not there.
    if (steps[0]?.name === migrations[0]?.name) return makeWhole(here, steps);
    for (const step of steps) await takeStep(here, step);
  });
}

/** Each is done as a whole: a migration, or the indexes of one. */
interface Step {
  readonly name: string;
  readonly migration: Migration;
  readonly kind: 'up' | 'indexes';
}

async function stepsLeft(database: Database, migrations: readonly Migration[]): Promise<Step[]> {
  const had = await migrationsOf(database);
  const ownLevel = levelOf(migrations.at(-1)!.name);
  const { level, oldestLevel } = await levelOfStore(database, had);
  if (oldestLevel > ownLevel) throw (await refusal(database, ownLevel))!;
  const steps = migrations.flatMap((migration): Step[] => [
    { name: migration.name, migration, kind: 'up' },
    ...(migration.indexes
      ? [{ name: `${migration.name}${INDEXES}`, migration, kind: 'indexes' as const }]
      : []),
  ]);
  const left = steps.filter(({ name }) => !had.has(name));
  if (level > ownLevel && left.length > 0) {
    throw new UsageError(
      `A newer Imagemill has made this store, and has left out what Imagemill ${VERSION} needs of it (${left[0]!.name}). Install the version that has made it.`,
    );
  }
  return left;
}

/** All of an empty store. */
async function makeWhole(opened: OpenDatabase, steps: readonly Step[]): Promise<void> {
  await inTransaction(opened, async (trx, had) => {
    for (const { name, migration, kind } of steps) {
      if (had.has(name)) continue;
      if (kind === 'up') await migration.up(trx as unknown as Kysely<unknown>);
      else for (const index of migration.indexes ?? []) await makeIndex(trx, index);
      if (kind === 'up' && migration.oldestLevel !== undefined) {
        await raiseFloor(trx, opened.dialect, name, migration.oldestLevel);
      }
      await note(trx, name, await opened.dialect.now(trx));
    }
  });
}

/** One step of a store that others may be working on. */
async function takeStep(opened: OpenDatabase, { name, migration, kind }: Step): Promise<void> {
  const { database, dialect } = opened;
  if (kind === 'indexes') {
    for (const index of migration.indexes ?? []) {
      await patiently(opened, () => makeIndexBesideWriters(opened, index));
    }
  } else if (migration.oldestLevel !== undefined) {
    await raiseFloor(database, dialect, name, migration.oldestLevel);
    await untilOlderHaveEnded(opened, migration.oldestLevel);
  }
  await inTransaction(opened, async (trx, had) => {
    if (had.has(name)) return;
    if (kind === 'up') await migration.up(trx as unknown as Kysely<unknown>);
    await note(trx, name, await dialect.now(trx));
  });
}

/** `work` is told what the store has had by then: with SQLite another process may have been faster. */
async function inTransaction(
  opened: OpenDatabase,
  work: (trx: Trx, had: ReadonlySet<string>) => Promise<void>,
): Promise<void> {
  await patiently(opened, () =>
    opened.database.transaction().execute(async (trx) => {
      await opened.dialect.boundLockWait(trx, LOCK_WAIT_MS);
      await sql
        .raw(
          `create table if not exists ${MIGRATION_TABLE} (name varchar(255) not null primary key, timestamp varchar(255) not null)`,
        )
        .execute(trx);
      await work(trx, await migrationsOf(trx));
    }),
  );
}

/** Does it again while a lock cannot be had at once, or was given up to somebody else. */
async function patiently(
  { database, dialect }: OpenDatabase,
  work: () => Promise<void>,
): Promise<void> {
  for (let times = 1; ; times += 1) {
    try {
      return await work();
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (!LOCK_CODES.has(code ?? '') || times >= MOST_LOCK_WAITS) throw error;
      await dialect.wait(database, LOCK_PAUSE_MS);
    }
  }
}

async function note(trx: Trx, name: string, now: number): Promise<void> {
  await trx
    .withTables<{ [MIGRATION_TABLE]: { name: string; timestamp: string } }>()
    .insertInto(MIGRATION_TABLE)
    .values({ name, timestamp: isoTime(now) })
    .execute();
}
