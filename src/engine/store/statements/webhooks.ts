/** Endpoints of clients, and how what happened becomes deliveries to them. */
import { type Selectable, sql } from 'kysely';
import { wants, type Webhook } from '../../core/webhook.ts';
import type { WorkspaceEventType } from '../../core/workspace-event.ts';
import { changed, type StoreContext } from '../context.ts';
import type { Trx } from '../dialect.ts';
import type { WebhooksTable } from '../service-tables.ts';
import type { NewWebhook, WebhookChange } from '../webhook-store.ts';
import { toWorkspaceEvent } from './workspace-events.ts';

/** Endpoints looked at in one go; what is left is for the next. */
const MOST_AT_ONCE = 100;

export async function createWebhook(
  context: StoreContext,
  webhook: NewWebhook,
  most: number,
): Promise<boolean> {
  return context.database.transaction().execute(async (trx) => {
    const seen = await lockWorkspace(trx, webhook.workspace);
    const { webhooks } = await trx
      .selectFrom('webhooks')
      .select((select) => select.fn.countAll<number>().as('webhooks'))
      .where('workspace', '=', webhook.workspace)
      .executeTakeFirstOrThrow();
    if (Number(webhooks) >= most) return false;
    await trx
      .insertInto('webhooks')
      .values({
        id: webhook.id,
        workspace: webhook.workspace,
        url: webhook.url,
        description: webhook.description,
        event_types: webhook.eventTypes === undefined ? null : JSON.stringify(webhook.eventTypes),
        enabled: 1,
        disabled_reason: null,
        generation: 1,
        rotated_at: null,
        failing_since: null,
        created_at: await context.dialect.now(trx),
        seen_sequence: seen,
      })
      .execute();
    return true;
  });
}

/** Its newest event; the row is locked by a change that changes nothing. */
async function lockWorkspace(trx: Trx, workspace: string): Promise<number> {
  const { events } = await trx
    .updateTable('workspaces')
    .set((set) => ({ events: set.ref('events') }))
    .where('id', '=', workspace)
    .returning('events')
    .executeTakeFirstOrThrow();
  return events;
}

export async function findWebhook(context: StoreContext, id: string): Promise<Webhook | undefined> {
  const row = await context.database
    .selectFrom('webhooks')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst();
  return row === undefined ? undefined : toWebhook(row);
}

export async function listWebhooks(context: StoreContext, workspace: string): Promise<Webhook[]> {
  const rows = await context.database
    .selectFrom('webhooks')
    .selectAll()
    .where('workspace', '=', workspace)
    .orderBy('created_at')
    .orderBy('id')
    .execute();
  return rows.map(toWebhook);
}

export async function changeWebhook(
  context: StoreContext,
  id: string,
  { url, description, eventTypes, enabled }: WebhookChange,
): Promise<void> {
  await context.database.transaction().execute(async (trx) => {
    if (enabled === true) await catchUp(trx, id);
    if (enabled === false) await giveUp(trx, id, await context.dialect.now(trx));
    if (url === undefined && description === undefined && eventTypes === undefined) return;
    await trx
      .updateTable('webhooks')
      .set({
        ...(url !== undefined && { url }),
        ...(description !== undefined && { description }),
        ...(eventTypes !== undefined && {
          event_types: eventTypes === null ? null : JSON.stringify(eventTypes),
        }),
      })
      .where('id', '=', id)
      .execute();
  });
}

/** What happened while it was disabled is not told any more. */
async function catchUp(trx: Trx, id: string): Promise<void> {
  await trx
    .updateTable('webhooks')
    .set({
      enabled: 1,
      disabled_reason: null,
      failing_since: null,
      seen_sequence: sql<number>`(select events from workspaces where workspaces.id = webhooks.workspace)`,
    })
    .where('id', '=', id)
    .where('enabled', '=', 0)
    .execute();
}

/** Disables it; what waited has failed, and may be replayed. */
export async function giveUp(trx: Trx, id: string, at: number, reason?: string): Promise<void> {
  await trx
    .updateTable('webhook_deliveries')
    .set({ state: 'failed', reason: 'The endpoint was disabled.', worker_id: null, ended_at: at })
    .where('webhook_id', '=', id)
    .where('state', '=', 'waiting')
    .execute();
  await trx
    .updateTable('webhooks')
    .set({ enabled: 0, disabled_reason: reason ?? null })
    .where('id', '=', id)
    .execute();
}

export async function rotateWebhook(context: StoreContext, id: string): Promise<void> {
  const now = await context.dialect.now(context.database);
  await context.database
    .updateTable('webhooks')
    .set((set) => ({ generation: set('generation', '+', 1), rotated_at: now }))
    .where('id', '=', id)
    .execute();
}

export async function removeWebhook(context: StoreContext, id: string): Promise<void> {
  await context.database.transaction().execute(async (trx) => {
    await trx.deleteFrom('webhook_deliveries').where('webhook_id', '=', id).execute();
    await trx.deleteFrom('webhooks').where('id', '=', id).execute();
  });
}

export async function fanOut(context: StoreContext, most: number): Promise<boolean> {
  const behind = await context.database
    .selectFrom('webhooks')
    .innerJoin('workspaces', 'workspaces.id', 'webhooks.workspace')
    .selectAll('webhooks')
    .select('workspaces.events')
    .where('webhooks.enabled', '=', 1)
    .whereRef('workspaces.events', '>', 'webhooks.seen_sequence')
    .orderBy('webhooks.id')
    .limit(MOST_AT_ONCE)
    .execute();
  let more = behind.length === MOST_AT_ONCE;
  for (const webhook of behind) more = (await tell(context, webhook, most)) || more;
  return more;
}

/**
 * Deliveries and the mark of how far they go in one transaction. Their ids follow from the event, and the
 * mark moves only from where it was read: of two processes that do the same, one changes nothing.
 */
async function tell(
  context: StoreContext,
  row: Selectable<WebhooksTable> & { readonly events: number },
  most: number,
): Promise<boolean> {
  const webhook = toWebhook(row);
  return context.database.transaction().execute(async (trx) => {
    const page = await trx
      .selectFrom('workspace_events')
      .selectAll()
      .where('workspace', '=', row.workspace)
      .where('sequence', '>', row.seen_sequence)
      .orderBy('sequence')
      .limit(most)
      .execute();
    // An empty page: what it was not told of has been forgotten meanwhile.
    const last = page.at(-1)?.sequence ?? row.events;
    const moved = await trx
      .updateTable('webhooks')
      .set({ seen_sequence: last })
      .where('id', '=', row.id)
      .where('enabled', '=', 1)
      .where('seen_sequence', '=', row.seen_sequence)
      .executeTakeFirstOrThrow();
    if (changed(moved) === 0) return false;
    const now = await context.dialect.now(trx);
    const told = page.map(toWorkspaceEvent).filter((event) => wants(webhook, event));
    for (const { sequence } of told) await insertDelivery(trx, row, sequence, now);
    return page.length === most;
  });
}

async function insertDelivery(
  trx: Trx,
  webhook: Selectable<WebhooksTable>,
  sequence: number,
  now: number,
): Promise<void> {
  await trx
    .insertInto('webhook_deliveries')
    .values({
      id: `${webhook.id}_${sequence}`,
      webhook_id: webhook.id,
      workspace: webhook.workspace,
      sequence,
      state: 'waiting',
      attempts: 0,
      next_at: now,
      worker_id: null,
      status: null,
      reason: null,
      created_at: now,
      ended_at: null,
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
}

export function toWebhook(row: Selectable<WebhooksTable>): Webhook {
  return {
    id: row.id,
    workspace: row.workspace,
    url: row.url,
    description: row.description,
    ...(row.event_types !== null && {
      eventTypes: JSON.parse(row.event_types) as WorkspaceEventType[],
    }),
    enabled: row.enabled === 1,
    ...(row.disabled_reason !== null && { disabledReason: row.disabled_reason }),
    generation: row.generation,
    ...(row.rotated_at !== null && { rotatedAt: row.rotated_at }),
    ...(row.failing_since !== null && { failingSince: row.failing_since }),
    createdAt: row.created_at,
  };
}
