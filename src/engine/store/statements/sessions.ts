import type { StoreContext } from '../context.ts';
import type { FoundSecret, NewBrowserSession } from '../workspace-store.ts';
import { keysWithStanding, toApiKey } from './api-keys.ts';

export async function createSession(
  { database, dialect }: StoreContext,
  { hash, keyId, lastsMs }: NewBrowserSession,
): Promise<void> {
  const now = await dialect.now(database);
  await database.deleteFrom('sessions').where('expires_at', '<=', now).execute();
  await database
    .insertInto('sessions')
    .values({ hash, key_id: keyId, created_at: now, expires_at: now + lastsMs })
    .execute();
}

export async function findSession(
  { database }: StoreContext,
  hash: string,
): Promise<FoundSecret | undefined> {
  const row = await keysWithStanding(database)
    .innerJoin('sessions', 'sessions.key_id', 'api_keys.id')
    .select(['sessions.hash as session_hash', 'sessions.expires_at as session_end'])
    .where('sessions.hash', '=', hash)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return {
    key: toApiKey(row),
    workspaceState: row.workspace_state,
    hash: row.session_hash,
    until: row.session_end,
  };
}

export async function endSession({ database }: StoreContext, hash: string): Promise<void> {
  await database.deleteFrom('sessions').where('hash', '=', hash).execute();
}
