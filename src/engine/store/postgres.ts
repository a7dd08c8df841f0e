import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import type { OpenDatabase } from './sqlite.ts';
import type { Tables } from './tables.ts';

/** Connections of one process: enough for admission, settlement and a page of a query at a time. */
const CONNECTIONS = 6;

/** Opens the store on PostgreSQL by its connection URL. */
export function openPostgres(url: string): OpenDatabase {
  const types = new pg.TypeOverrides();
  // Times and micros stay far below 2^53.
  types.setTypeParser(pg.types.builtins.INT8, Number);
  types.setTypeParser(pg.types.builtins.NUMERIC, Number);
  const pool = new pg.Pool({ connectionString: url, max: CONNECTIONS, types });
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
    },
  };
}
