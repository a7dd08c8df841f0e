import { Migrator } from 'kysely/migration';
import type { Database } from './dialect.ts';
import * as first from './migrations/0001-first.ts';
import * as second from './migrations/0002-bundles-and-references.ts';
import * as third from './migrations/0003-finishing-and-jobs.ts';
import * as fourth from './migrations/0004-service.ts';
import * as fifth from './migrations/0005-studio.ts';
import * as sixth from './migrations/0006-workers.ts';
import * as ninth from './migrations/0009-uploads.ts';

/** Brings the tables to this version's shape; several processes may do so at once. */
export async function migrate(database: Database): Promise<void> {
  const migrator = new Migrator({
    db: database,
    provider: {
      getMigrations: async () => ({
        '0001-first': first,
        '0002-bundles-and-references': second,
        '0003-finishing-and-jobs': third,
        '0004-service': fourth,
        '0005-studio': fifth,
        '0006-workers': sixth,
        '0009-uploads': ninth,
      }),
    },
  });
  // Only reads when there is nothing to do: opening a store must not wait for somebody's writing.
  const migrations = await migrator.getMigrations();
  if (migrations.every(({ executedAt }) => executedAt !== undefined)) return;
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
}
