import { type Selectable, sql } from 'kysely';
import type { WorkerLoad } from '../../core/worker.ts';
import { changed, type StoreContext } from '../context.ts';
import { OWN_LEVEL } from '../migrations/index.ts';
import type { Worker } from '../store.ts';
import { refusal } from '../store-level.ts';
import type { Tables } from '../tables.ts';
import type { RegisteredWorker, WorkerFacts } from '../worker-store.ts';

/** Grants older than every window are of no use; this is far beyond the longest. */
const KEEP_GRANTS_MS = 7 * 24 * 3_600_000;
/** What a process left that died is looked at by people for some days. */
const KEEP_DEAD_MS = 7 * 24 * 3_600_000;

export async function registerWorker(
  context: StoreContext,
  worker: Worker,
  facts?: WorkerFacts,
): Promise<void> {
  const { database, dialect } = context;
  // One that was frozen while a newer program took its right away.
  const refused = await refusal(database);
  if (refused !== undefined) throw refused;
  const now = await dialect.now(database);
  await database
    .deleteFrom('grants')
    .where('granted_at', '<', now - KEEP_GRANTS_MS)
    .where('ends_at', '<', now)
    .execute();
  await database
    .deleteFrom('workers')
    .where('lease_until', '<', now - KEEP_DEAD_MS)
    .execute();
  await database
    .insertInto('workers')
    .values({
      id: worker.id,
      host: worker.host,
      pid: worker.pid,
      incarnation: worker.incarnation,
      lease_until: worker.leaseUntil,
      level: OWN_LEVEL,
      version: facts?.version ?? null,
      kinds: facts === undefined ? null : JSON.stringify(facts.kinds),
      capabilities: facts === undefined ? null : JSON.stringify(facts.capabilities),
      images_place: facts?.imagesPlace ?? null,
      load: null,
      started_at: now,
      ended_at: null,
      draining_at: null,
    })
    .execute();
}

export async function renewWorker(
  context: StoreContext,
  workerId: string,
  leaseUntil: number,
  told?: { readonly load: WorkerLoad; readonly isDraining: boolean },
): Promise<boolean> {
  const { database, dialect } = context;
  const now = told?.isDraining === true ? await dialect.now(database) : 0;
  const result = await database
    .updateTable('workers')
    .set({
      lease_until: leaseUntil,
      ...(told !== undefined && { load: JSON.stringify(told.load) }),
      ...(told?.isDraining && { draining_at: sql<number>`coalesce(draining_at, ${now})` }),
    })
    .where('id', '=', workerId)
    .where('ended_at', 'is', null)
    .executeTakeFirstOrThrow();
  return changed(result) === 1;
}

export async function removeWorker({ database }: StoreContext, workerId: string): Promise<void> {
  await database.deleteFrom('run_hands').where('worker_id', '=', workerId).execute();
  await database.deleteFrom('workers').where('id', '=', workerId).execute();
}

export async function findWorker(
  context: StoreContext,
  workerId: string,
): Promise<Worker | undefined> {
  const row = await context.database
    .selectFrom('workers')
    .selectAll()
    .where('id', '=', workerId)
    .where('ended_at', 'is', null)
    .executeTakeFirst();
  return row === undefined ? undefined : toWorker(row);
}

export async function fenceWorker(
  { database, dialect }: StoreContext,
  workerId: string,
  isDead: boolean,
): Promise<boolean> {
  const now = await dialect.now(database);
  await database
    .updateTable('workers')
    .set({ ended_at: now })
    .where('id', '=', workerId)
    .where('ended_at', 'is', null)
    .$if(!isDead, (query) => query.where('lease_until', '<', now))
    .execute();
  const row = await database
    .selectFrom('workers')
    .select('ended_at')
    .where('id', '=', workerId)
    .executeTakeFirst();
  if (row !== undefined && row.ended_at === null) return false;
  await database.deleteFrom('run_hands').where('worker_id', '=', workerId).execute();
  return true;
}

/** Everyone who has registered and not left, dead ones among them. */
export async function registeredWorkers({ database }: StoreContext): Promise<RegisteredWorker[]> {
  const rows = await database.selectFrom('workers').selectAll().orderBy('id').execute();
  return rows.map((row) => ({
    ...toWorker(row),
    ...factsOf(row),
    ...(row.started_at !== null && { startedAt: row.started_at }),
    ...(row.draining_at !== null && { drainingAt: row.draining_at }),
    ...(row.ended_at !== null && { endedAt: row.ended_at }),
    ...(row.load !== null && { load: JSON.parse(row.load) as WorkerLoad }),
  }));
}

function factsOf(row: Selectable<Tables['workers']>): { readonly facts?: WorkerFacts } {
  const { version, kinds, capabilities, images_place: imagesPlace } = row;
  if (version === null || kinds === null || capabilities === null || imagesPlace === null)
    return {};
  return {
    facts: {
      version,
      kinds: JSON.parse(kinds) as WorkerFacts['kinds'],
      capabilities: JSON.parse(capabilities) as string[],
      imagesPlace,
    },
  };
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
