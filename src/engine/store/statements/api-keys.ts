import type { Selectable } from 'kysely';
import { type ApiKey, type Scope, SCOPES_OF, type WorkspaceState } from '../../core/workspace.ts';
import { changed, type StoreContext } from '../context.ts';
import type { Database } from '../dialect.ts';
import type { ApiKeysTable } from '../service-tables.ts';
import type {
  ApiKeyChange,
  ApiKeyFilter,
  FoundSecret,
  NewApiKey,
  NewSecret,
  PlaceInList,
} from '../workspace-store.ts';

export async function createApiKey(
  { database, dialect }: StoreContext,
  key: NewApiKey,
): Promise<void> {
  const row = apiKeyRow(key, await dialect.now(database));
  await database.insertInto('api_keys').values(row).execute();
}

export function apiKeyRow(key: NewApiKey, now: number): Selectable<ApiKeysTable> {
  return {
    id: key.id,
    workspace: key.workspace,
    name: key.name,
    hash: key.hash,
    hint: key.hint,
    previous_hash: null,
    previous_until: null,
    role: key.role,
    scopes: key.scopes === undefined ? null : JSON.stringify(key.scopes),
    created_at: now,
    last_used_at: null,
    expires_at: key.expiresAt ?? null,
    revoked_at: null,
    budget_credit_micros: key.budgetCreditMicros ?? null,
    posted_credit_micros: 0,
    held_credit_micros: 0,
    holder: key.holder === 'person' ? 'person' : null,
    invitation_hash: key.invitation?.hash ?? null,
    invitation_until: key.invitation === undefined ? null : now + key.invitation.lastsMs,
  };
}

export async function findApiKey(
  { database }: StoreContext,
  id: string,
): Promise<ApiKey | undefined> {
  const row = await database
    .selectFrom('api_keys')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst();
  return row === undefined ? undefined : toApiKey(row);
}

export async function findApiKeyByHash(
  { database }: StoreContext,
  hash: string,
): Promise<FoundSecret | undefined> {
  const row = await keysWithStanding(database)
    .where((eb) => eb.or([eb('api_keys.hash', '=', hash), eb('api_keys.previous_hash', '=', hash)]))
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const found = { key: toApiKey(row), workspaceState: row.workspace_state };
  if (row.hash === hash) return { ...found, hash: row.hash };
  return { ...found, hash: row.previous_hash!, until: row.previous_until! };
}

/** Keys, each with the state of its workspace. */
export function keysWithStanding(database: Database) {
  return database
    .selectFrom('api_keys')
    .innerJoin('workspaces', 'workspaces.id', 'api_keys.workspace')
    .selectAll('api_keys')
    .select('workspaces.state as workspace_state')
    .$narrowType<{ workspace_state: WorkspaceState }>();
}

export async function listApiKeys(
  { database }: StoreContext,
  workspace: string,
  place?: PlaceInList,
  { holder }: ApiKeyFilter = {},
): Promise<ApiKey[]> {
  const start = database
    .selectFrom('api_keys')
    .select('created_at')
    .where('workspace', '=', workspace)
    .where('id', '=', place?.after ?? '');
  const rows = await database
    .selectFrom('api_keys')
    .selectAll()
    .where('workspace', '=', workspace)
    .$if(holder === 'person', (query) => query.where('holder', '=', 'person'))
    .$if(holder === 'program', (query) => query.where('holder', 'is', null))
    .$if(place?.after !== undefined, (query) =>
      query.where((eb) =>
        eb.or([
          eb('created_at', '<', start),
          eb.and([eb('created_at', '=', start), eb('id', '>', place!.after!)]),
        ]),
      ),
    )
    .$if(place !== undefined, (query) => query.limit(place!.limit))
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .execute();
  return rows.map(toApiKey);
}

export async function changeApiKey(
  { database }: StoreContext,
  id: string,
  { name, role, expiresAt, budgetCreditMicros }: ApiKeyChange,
): Promise<boolean> {
  const result = await database
    .updateTable('api_keys')
    .set({
      // Something is always set: a change of nothing is one as well.
      id,
      ...(name !== undefined && { name }),
      ...(role !== undefined && { role, scopes: null }),
      ...(expiresAt !== undefined && { expires_at: expiresAt }),
      ...(budgetCreditMicros !== undefined && { budget_credit_micros: budgetCreditMicros }),
    })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  return changed(result) === 1;
}

export async function revokeApiKey(
  { database, dialect }: StoreContext,
  id: string,
): Promise<boolean> {
  const now = await dialect.now(database);
  return database.transaction().execute(async (trx) => {
    const result = await trx
      .updateTable('api_keys')
      .set({
        revoked_at: now,
        previous_hash: null,
        previous_until: null,
        invitation_hash: null,
        invitation_until: null,
      })
      .where('id', '=', id)
      .where('revoked_at', 'is', null)
      .executeTakeFirst();
    await trx.deleteFrom('sessions').where('key_id', '=', id).execute();
    return changed(result) === 1;
  });
}

export async function rotateApiKey(
  { database, dialect }: StoreContext,
  id: string,
  { hash, hint, keepOldMs }: NewSecret,
): Promise<boolean> {
  const until = (await dialect.now(database)) + keepOldMs;
  return database.transaction().execute(async (trx) => {
    const result = await trx
      .updateTable('api_keys')
      .set((eb) => ({
        hash,
        hint,
        previous_hash: keepOldMs > 0 ? eb.ref('hash') : null,
        previous_until: keepOldMs > 0 ? until : null,
      }))
      .where('id', '=', id)
      .where('revoked_at', 'is', null)
      .executeTakeFirst();
    if (changed(result) === 0) return false;
    await trx
      .updateTable('sessions')
      .set({ expires_at: until })
      .where('key_id', '=', id)
      .where('expires_at', '>', until)
      .execute();
    return true;
  });
}

export async function touchApiKey(
  { database, dialect }: StoreContext,
  id: string,
  everyMs: number,
): Promise<void> {
  const now = await dialect.now(database);
  await database
    .updateTable('api_keys')
    .set({ last_used_at: now })
    .where('id', '=', id)
    .where((eb) => eb.or([eb('last_used_at', 'is', null), eb('last_used_at', '<=', now - everyMs)]))
    .execute();
}

export function toApiKey(row: Selectable<ApiKeysTable>): ApiKey {
  return {
    id: row.id,
    workspace: row.workspace,
    name: row.name,
    role: row.role,
    scopes: row.scopes === null ? SCOPES_OF[row.role] : (JSON.parse(row.scopes) as Scope[]),
    hint: row.hint,
    createdAt: row.created_at,
    ...(row.last_used_at !== null && { lastUsedAt: row.last_used_at }),
    ...(row.expires_at !== null && { expiresAt: row.expires_at }),
    ...(row.revoked_at !== null && { revokedAt: row.revoked_at }),
    ...(row.previous_until !== null && { previousUntil: row.previous_until }),
    ...(row.budget_credit_micros !== null && { budgetCreditMicros: row.budget_credit_micros }),
    postedCreditMicros: row.posted_credit_micros,
    heldCreditMicros: row.held_credit_micros,
    holder: row.holder ?? 'program',
    ...(row.invitation_until !== null && { invitedUntil: row.invitation_until }),
  };
}
