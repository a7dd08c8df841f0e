import { Migrator } from 'kysely/migration';
import type { Database } from './dialect.ts';
import * as first from './migrations/0001-first.ts';

/** Brings the tables to this version's shape; several processes may do so at once. */
export async function migrate(database: Database): Promise<void> {
  const migrator = new Migrator({
    db: database,
    provider: { getMigrations: async () => ({ '0001-first': first }) },
  });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
}
