import { sql } from 'kysely';
import type { Database } from './dialect.ts';
import type { TableIndex } from './migration.ts';
import type { OpenDatabase } from './sqlite.ts';

/** Within a transaction, while nobody else writes. */
export async function makeIndex(database: Database, index: TableIndex): Promise<void> {
  const plain = database.schema
    .createIndex(index.name)
    .on(index.table)
    .columns([...index.columns]);
  await (index.isUnique === true ? plain.unique() : plain).execute();
}

/**
 * While others write. PostgreSQL leaves an index behind that is not valid when this breaks off, which is made anew
 * (https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY). With SQLite others wait
 * for as long as it takes, as for any writing.
 */
export async function makeIndexBesideWriters(
  { database, dialect }: OpenDatabase,
  index: TableIndex,
): Promise<void> {
  const { name, table, columns, isUnique } = index;
  const what = `index ${dialect.name === 'postgres' ? 'concurrently ' : ''}`;
  if (dialect.name === 'postgres') {
    const { rows } = await sql`
      select 1 from pg_index where indexrelid = to_regclass(${name}) and not indisvalid`.execute(
      database,
    );
    if (rows.length > 0) await sql`drop ${sql.raw(what)}${sql.ref(name)}`.execute(database);
  }
  await sql`create ${sql.raw(isUnique ? 'unique ' : '')}${sql.raw(what)}if not exists ${sql.ref(name)}
    on ${sql.table(table)} (${sql.join(columns.map((column) => sql.ref(column)))})`.execute(
    database,
  );
}
