import type { Selectable } from 'kysely';
import type { StoreContext } from '../context.ts';
import type { Worker } from '../store.ts';
import type { Tables } from '../tables.ts';

/** Grants older than every window are of no use; this is far beyond the longest. */
const KEEP_GRANTS_MS = 7 * 24 * 3_600_000;

export async function registerWorker(context: StoreContext, worker: Worker): Promise<void> {
  const now = await context.dialect.now(context.database);
  await context.database
    .deleteFrom('grants')
    .where('granted_at', '<', now - KEEP_GRANTS_MS)
    .where('ends_at', '<', now)
    .execute();
  await context.database
    .insertInto('workers')
    .values({
      id: worker.id,
      host: worker.host,
      pid: worker.pid,
      incarnation: worker.incarnation,
      lease_until: worker.leaseUntil,
    })
    .execute();
}

export async function renewWorker(
  context: StoreContext,
  workerId: string,
  leaseUntil: number,
): Promise<void> {
  await context.database
    .updateTable('workers')
    .set({ lease_until: leaseUntil })
    .where('id', '=', workerId)
    .execute();
}

export async function removeWorker(context: StoreContext, workerId: string): Promise<void> {
  await context.database.deleteFrom('workers').where('id', '=', workerId).execute();
}

export async function findWorker(
  context: StoreContext,
  workerId: string,
): Promise<Worker | undefined> {
  const row = await context.database
    .selectFrom('workers')
    .selectAll()
    .where('id', '=', workerId)
    .executeTakeFirst();
  return row === undefined ? undefined : toWorker(row);
}

function toWorker(row: Selectable<Tables['workers']>): Worker {
  return {
    id: row.id,
    host: row.host,
    pid: row.pid,
    incarnation: row.incarnation,
    leaseUntil: row.lease_until,
  };
}
