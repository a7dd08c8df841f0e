import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { UsageError } from '../core/errors.ts';
import type { Database } from './dialect.ts';
import type { OpenDatabase } from './sqlite.ts';
import type { Tables } from './tables.ts';

/** Connections of one process: enough for admission, settlement and a page of a query at a time. */
const CONNECTIONS = 6;

/**
 * A process that is stopped amid a transaction keeps its locks from everybody: the server ends its session after so
 * long. No transaction of ours waits for anything but the database, so none is idle for longer than a busy machine takes.
 * https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-IDLE-IN-TRANSACTION-SESSION-TIMEOUT
 */
const LONGEST_IDLE_IN_TRANSACTION_MS = 10_000;

/** An idle connection is asked after so long whether its other end is still there. */
const KEEP_ALIVE_MS = 10_000;

/** Of programs up to level 9 as well: Kysely's. */
const MIGRATION_LOCK = '3853314791062309107';
const LOCK_PAUSE_MS = 200;
/** Half an hour. */
const MOST_LOCK_TIMES = 9_000;

/** The pool waits for what it answers; its types do not say so. */
type PoolOptions = Omit<pg.PoolConfig, 'onConnect'> & {
  readonly onConnect: (client: pg.ClientBase) => Promise<void>;
};

/** By a statement: a pooler between here and there refuses what it does not know among the words of a beginning. */
async function boundIdleness(client: pg.ClientBase): Promise<void> {
  await client.query(`set idle_in_transaction_session_timeout = ${LONGEST_IDLE_IN_TRANSACTION_MS}`);
}

/** Opens the store on PostgreSQL by its connection URL. */
export function openPostgres(url: string): OpenDatabase {
  const types = new pg.TypeOverrides();
  // Times and micros stay far below 2^53.
  types.setTypeParser(pg.types.builtins.INT8, Number);
  types.setTypeParser(pg.types.builtins.NUMERIC, Number);
  const options: PoolOptions = {
    connectionString: url,
    max: CONNECTIONS,
    types,
    // A server that is cut off without a word must not be waited for without an end.
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
    onConnect: boundIdleness,
  };
  const pool = new pg.Pool(options);
  // A client without an error listener ends the process when the server restarts.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  const database = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  return {
    database,
    dialect: {
      name: 'postgres',
      now: async (executor) => {
        const result = await sql<{
          now: number;
        }>`select (extract(epoch from clock_timestamp()) * 1000)::bigint as now`.execute(executor);
        return result.rows[0]!.now;
      },
      lockLimits: async (trx, keys) => {
        if (keys.length === 0) return;
        await trx
          .selectFrom('limits')
          .select('key')
          .where('key', 'in', [...keys])
          .orderBy('key')
          .forUpdate()
          .execute();
      },
      lockRun: async (trx, runId) => {
        await trx.selectFrom('runs').select('id').where('id', '=', runId).forUpdate().execute();
      },
      lockPayers: async (trx, workspace, keyId) => {
        const lock = (table: 'workspaces' | 'api_keys', id: string) =>
          trx.selectFrom(table).select('id').where('id', '=', id).forUpdate().execute();
        await lock('workspaces', workspace);
        if (keyId !== null) await lock('api_keys', keyId);
      },
      lockRunOfAttempt: async (trx, attemptId) => {
        await trx
          .selectFrom('runs')
          .select('id')
          .where('id', '=', (select) =>
            select.selectFrom('attempts').select('run_id').where('id', '=', attemptId),
          )
          .forUpdate()
          .execute();
      },
      commitGroup: (runId) => runId,
      // Its commits leave the thread free.
      beginCommit: async () => async () => {},
      alone: (database, work) =>
        database.connection().execute(async (connection) => {
          await untilAlone(connection);
          try {
            await work(connection);
          } finally {
            await sql`select pg_advisory_unlock(${MIGRATION_LOCK}::bigint)`.execute(connection);
          }
        }),
      boundLockWait: async (trx, waitMs) => {
        await sql`set local lock_timeout = ${sql.lit(waitMs)}`.execute(trx);
      },
      wait,
    },
  };
}

async function wait(database: Database, waitMs: number): Promise<void> {
  await sql`select pg_sleep(${waitMs / 1_000}::float8)`.execute(database);
}

/**
 * Asks again and again instead of waiting in a statement: its snapshot would keep an index from being made beside
 * writers. The lock goes with the connection.
 */
async function untilAlone(connection: Database): Promise<void> {
  for (let times = 1; ; times += 1) {
    const { rows } = await sql<{
      ours: boolean;
    }>`select pg_try_advisory_lock(${MIGRATION_LOCK}::bigint) as ours`.execute(connection);
    if (rows[0]!.ours) return;
    if (times >= MOST_LOCK_TIMES) {
      throw new UsageError(
        'Another process has been bringing this store to its shape for longer than half an hour. Look at its log, or start this one later.',
      );
    }
    await wait(connection, LOCK_PAUSE_MS);
  }
}
