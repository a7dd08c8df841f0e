import type { Selectable } from 'kysely';
import { changed, type StoreContext } from '../context.ts';
import type { Database } from '../dialect.ts';
import type {
  KnownRequest,
  RequestClaim,
  RequestEnd,
  RequestName,
  RequestState,
} from '../idempotency-store.ts';
import type { IdempotencyKeysTable } from '../service-tables.ts';

/** Another process may remove the row between two statements; a third one in a row does not. */
const MOST_TRIES = 3;

export async function claimRequest(
  context: StoreContext,
  claim: RequestClaim,
): Promise<'claimed' | KnownRequest> {
  const { database, dialect } = context;
  const now = await dialect.now(database);
  await database
    .deleteFrom('idempotency_keys')
    .where('workspace', '=', claim.workspace)
    .where('key', '=', claim.key)
    .where('expires_at', '<=', now)
    .execute();
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    if (await insertClaim(database, claim, now)) return 'claimed';
    const known = await findRequest(database, claim);
    if (known !== undefined) return known;
  }
  throw new Error('A request was claimed and given up again and again.');
}

async function insertClaim(
  database: Database,
  { workspace, key, fingerprint, workerId, resource, keepMs }: RequestClaim,
  now: number,
): Promise<boolean> {
  const result = await database
    .insertInto('idempotency_keys')
    .values({
      workspace,
      key,
      fingerprint,
      state: 'working',
      worker_id: workerId,
      resource,
      status: null,
      headers: null,
      body: null,
      created_at: now,
      expires_at: now + keepMs,
    })
    .onConflict((conflict) => conflict.columns(['workspace', 'key']).doNothing())
    .executeTakeFirst();
  return Number(result.numInsertedOrUpdatedRows ?? 0) === 1;
}

async function findRequest(
  database: Database,
  { workspace, key }: RequestName,
): Promise<KnownRequest | undefined> {
  const row = await database
    .selectFrom('idempotency_keys')
    .selectAll()
    .where('workspace', '=', workspace)
    .where('key', '=', key)
    .executeTakeFirst();
  return row === undefined ? undefined : toKnownRequest(row);
}

export async function retakeRequest(
  context: StoreContext,
  { workspace, key }: RequestName,
  found: KnownRequest,
  workerId: string,
): Promise<boolean> {
  const result = await context.database
    .updateTable('idempotency_keys')
    .set({ state: 'working', worker_id: workerId })
    .where('workspace', '=', workspace)
    .where('key', '=', key)
    .where('resource', '=', found.resource)
    .where('state', '=', found.state)
    .where('worker_id', '=', found.workerId)
    .executeTakeFirstOrThrow();
  return changed(result) === 1;
}

export async function endRequest(
  context: StoreContext,
  name: RequestName,
  workerId: string,
  end: RequestEnd,
): Promise<boolean> {
  if (end.state === 'refused') return removeRequest(context, name, workerId);
  const answer = end.state === 'answered' ? end.answer : undefined;
  const result = await context.database
    .updateTable('idempotency_keys')
    .set({
      state: end.state,
      status: answer?.status ?? null,
      headers: answer === undefined ? null : JSON.stringify(answer.headers),
      body: answer?.body ?? null,
    })
    .where('workspace', '=', name.workspace)
    .where('key', '=', name.key)
    .where('worker_id', '=', workerId)
    .where('state', '=', 'working')
    .executeTakeFirstOrThrow();
  return changed(result) === 1;
}

async function removeRequest(
  context: StoreContext,
  { workspace, key }: RequestName,
  workerId: string,
): Promise<boolean> {
  const result = await context.database
    .deleteFrom('idempotency_keys')
    .where('workspace', '=', workspace)
    .where('key', '=', key)
    .where('worker_id', '=', workerId)
    .where('state', '=', 'working')
    .executeTakeFirstOrThrow();
  return Number(result.numDeletedRows) === 1;
}

export async function forgetRequests(context: StoreContext): Promise<number> {
  const now = await context.dialect.now(context.database);
  const result = await context.database
    .deleteFrom('idempotency_keys')
    .where('expires_at', '<=', now)
    .executeTakeFirstOrThrow();
  return Number(result.numDeletedRows);
}

function toKnownRequest(row: Selectable<IdempotencyKeysTable>): KnownRequest {
  return {
    fingerprint: row.fingerprint,
    state: row.state satisfies RequestState,
    workerId: row.worker_id,
    resource: row.resource,
    ...(row.state === 'answered' && {
      answer: {
        status: row.status!,
        headers: JSON.parse(row.headers!) as Record<string, string>,
        body: row.body!,
      },
    }),
  };
}
