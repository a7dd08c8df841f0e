/** What PostgreSQL says that it did: commits, statements, journal, rows and bytes. */
import pg from 'pg';
import type { Service } from '../yardstick/services/service.ts';

/** For `startPostgres`: statements are counted by the server's own extension. */
export const COUNTING_SETTINGS = [
  'shared_preload_libraries=pg_stat_statements',
  'pg_stat_statements.track=top',
  // As any server with some memory is set; the first figure is for growth, not for the disk.
  'shared_buffers=512MB',
  'max_wal_size=4GB',
  'stats_fetch_consistency=none',
];

const FIGURES = `select
  (select xact_commit from pg_stat_database where datname = current_database())::float8 as commits,
  (select xact_rollback from pg_stat_database where datname = current_database())::float8 as rollbacks,
  (select coalesce(sum(calls), 0) from pg_stat_statements s join pg_database d on d.oid = s.dbid
    where d.datname = current_database() and query not ilike 'begin%' and query not ilike 'commit%')::float8 as statements,
  (select wal_bytes from pg_stat_wal)::float8 as "walBytes",
  (select sum(fsyncs) from pg_stat_io where object = 'wal')::float8 as flushes,
  (select coalesce(sum(pg_total_relation_size(c.oid)), 0) from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'public' and c.relkind = 'r')::float8 as bytes,
  (select coalesce(sum(pg_indexes_size(c.oid)), 0) from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'public' and c.relkind = 'r')::float8 as "indexBytes",
  (select coalesce(sum(n_tup_ins), 0) from pg_stat_user_tables where schemaname = 'public')::float8 as "rowsWritten",
  (select coalesce(sum(n_tup_upd), 0) from pg_stat_user_tables where schemaname = 'public')::float8 as "rowsChanged"`;

export type DatabaseFigures = Readonly<
  Record<
    | 'commits'
    | 'rollbacks'
    | 'statements'
    | 'walBytes'
    | 'flushes'
    | 'bytes'
    | 'indexBytes'
    | 'rowsWritten'
    | 'rowsChanged'
    | 'cpuSeconds'
    | 'signals',
    number
  >
>;

/** Looks at one database, and hears every signal of the processes that share it. */
export class DatabaseWatch implements AsyncDisposable {
  readonly client: pg.Client;
  readonly #service: Service;
  #signals = 0;

  static async open(service: Service, databaseUrl: string): Promise<DatabaseWatch> {
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    await client.query('create extension if not exists pg_stat_statements');
    return new DatabaseWatch(service, client);
  }

  private constructor(service: Service, client: pg.Client) {
    this.#service = service;
    this.client = client;
    client.on('notification', () => (this.#signals += 1));
  }

  async listen(): Promise<void> {
    await this.client.query('listen imagemill');
  }

  async figures(): Promise<DatabaseFigures> {
    // What other connections did is told a moment later.
    await this.client.query('select pg_sleep(1.1), pg_stat_force_next_flush()');
    const { rows } =
      await this.client.query<Omit<DatabaseFigures, 'cpuSeconds' | 'signals'>>(FIGURES);
    return { ...rows[0]!, cpuSeconds: this.#service.cpuSeconds(), signals: this.#signals };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.end();
  }
}

export function difference(before: DatabaseFigures, after: DatabaseFigures): DatabaseFigures {
  return Object.fromEntries(
    Object.entries(after).map(([name, value]) => [
      name,
      value - before[name as keyof DatabaseFigures],
    ]),
  ) as DatabaseFigures;
}

/** A new database of the server, gone with it. */
export async function newDatabase({ url }: Service, name: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`create database ${name}`);
  await client.end();
  const address = new URL(url);
  address.pathname = `/${name}`;
  return address.href;
}
