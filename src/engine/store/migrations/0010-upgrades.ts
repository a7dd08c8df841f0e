import type { Kysely } from 'kysely';

/** Which programs may write: what migrations that take something away have said, and of which level each process is. */
export async function up(database: Kysely<unknown>): Promise<void> {
  await database.schema
    .createTable('program_floors')
    .addColumn('migration', 'text', (column) => column.primaryKey())
    .addColumn('oldest_level', 'integer', (column) => column.notNull())
    .addColumn('version', 'text', (column) => column.notNull())
    .addColumn('raised_at', 'bigint', (column) => column.notNull())
    .execute();
  await database.schema.alterTable('workers').addColumn('level', 'integer').execute();
}
