/** How far a store is brought, and which programs may write to it. */
import { UsageError } from '../core/errors.ts';
import { VERSION } from '../version.ts';
import type { Database } from './dialect.ts';
import { levelOf } from './migration.ts';
import { OWN_LEVEL } from './migrations/index.ts';

/** The migration that brings the table of floors. */
const FLOORS = '0010-upgrades';
/** Kysely's own table, which all versions have kept their migrations in. */
export const MIGRATION_TABLE = 'kysely_migration';

export interface StoreLevel {
  /** Of the newest program that has opened it. */
  readonly level: number;
  /** The lowest level of programs that may write, and the version that has said so. */
  readonly oldestLevel: number;
  readonly version?: string;
}

/** Names of the migrations that a store has had; none for an empty database. */
export async function migrationsOf(database: Database): Promise<Set<string>> {
  const tables = await database.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some(({ name }) => name === MIGRATION_TABLE)) return new Set();
  const rows = await database
    .withTables<{ [MIGRATION_TABLE]: { name: string } }>()
    .selectFrom(MIGRATION_TABLE)
    .select('name')
    .execute();
  return new Set(rows.map(({ name }) => name));
}

export async function levelOfStore(
  database: Database,
  had: ReadonlySet<string>,
): Promise<StoreLevel> {
  const level = Math.max(0, ...[...had].map(levelOf));
  if (!had.has(FLOORS)) return { level, oldestLevel: 0 };
  return { level, ...(await floorOf(database)) };
}

async function floorOf(database: Database): Promise<Omit<StoreLevel, 'level'>> {
  const floor = await database
    .selectFrom('program_floors')
    .select(['oldest_level', 'version'])
    .orderBy('oldest_level', 'desc')
    .limit(1)
    .executeTakeFirst();
  return floor === undefined
    ? { oldestLevel: 0 }
    : { oldestLevel: floor.oldest_level, version: floor.version };
}

/** Why this program may not write to the store any more; `undefined`: it may. */
export async function refusal(
  database: Database,
  ownLevel = OWN_LEVEL,
): Promise<UsageError | undefined> {
  const { oldestLevel, version } = await floorOf(database);
  if (oldestLevel <= ownLevel) return undefined;
  return new UsageError(
    `Imagemill ${version} has brought this store to a shape that programs below level ${oldestLevel} cannot write. This is Imagemill ${VERSION}, of level ${ownLevel}. Install ${version} or a newer one; everything in the store is kept.`,
  );
}
