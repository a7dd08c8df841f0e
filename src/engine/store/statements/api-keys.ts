import type { Selectable } from 'kysely';
import { type ApiKey, type Scope, SCOPES_OF } from '../../core/workspace.ts';
import type { StoreContext } from '../context.ts';
import type { ApiKeysTable } from '../service-tables.ts';
import type { NewApiKey } from '../workspace-store.ts';

export async function createApiKey(context: StoreContext, key: NewApiKey): Promise<void> {
  await context.database
    .insertInto('api_keys')
    .values({
      id: key.id,
      workspace: key.workspace,
      name: key.name,
      hash: key.hash,
      hint: key.hint,
      role: key.role,
      scopes: key.scopes === undefined ? null : JSON.stringify(key.scopes),
      created_at: await context.dialect.now(context.database),
      last_used_at: null,
      expires_at: key.expiresAt ?? null,
      revoked_at: null,
      budget_credit_micros: key.budgetCreditMicros ?? null,
      posted_credit_micros: 0,
      held_credit_micros: 0,
    })
    .execute();
}

export async function findApiKey(context: StoreContext, id: string): Promise<ApiKey | undefined> {
  return one(context, 'id', id);
}

export async function findApiKeyByHash(
  context: StoreContext,
  hash: string,
): Promise<ApiKey | undefined> {
  return one(context, 'hash', hash);
}

async function one(
  context: StoreContext,
  column: 'id' | 'hash',
  value: string,
): Promise<ApiKey | undefined> {
  const row = await context.database
    .selectFrom('api_keys')
    .selectAll()
    .where(column, '=', value)
    .executeTakeFirst();
  return row === undefined ? undefined : toApiKey(row);
}

export async function listApiKeys(context: StoreContext, workspace: string): Promise<ApiKey[]> {
  const rows = await context.database
    .selectFrom('api_keys')
    .selectAll()
    .where('workspace', '=', workspace)
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .execute();
  return rows.map(toApiKey);
}

function toApiKey(row: Selectable<ApiKeysTable>): ApiKey {
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
    ...(row.budget_credit_micros !== null && { budgetCreditMicros: row.budget_credit_micros }),
    postedCreditMicros: row.posted_credit_micros,
    heldCreditMicros: row.held_credit_micros,
  };
}
