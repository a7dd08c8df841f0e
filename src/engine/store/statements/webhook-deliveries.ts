/** Deliveries to endpoints: claimed, ended, looked at, sent again. */
import { type Selectable, sql } from 'kysely';
import type { WebhookDelivery } from '../../core/webhook.ts';
import type { WorkspaceEventType } from '../../core/workspace-event.ts';
import { changed, type StoreContext } from '../context.ts';
import type { Trx } from '../dialect.ts';
import type { Fenced } from '../orders.ts';
import type { WebhookDeliveriesTable } from '../service-tables.ts';
import type { DeliveryClaim, DeliveryEnd, DeliveryFilter, DueDelivery } from '../webhook-store.ts';
import { giveUp, toWebhook } from './webhooks.ts';
import { appendWorkspaceEvent, toWorkspaceEvent } from './workspace-events.ts';

export async function claimDeliveries(
  context: StoreContext,
  order: DeliveryClaim,
): Promise<DueDelivery[]> {
  const { now, until, claim } = order;
  return context.database.transaction().execute(async (trx) => {
    const ids = await lockDue(context, trx, order);
    if (ids.length === 0) return [];
    const rows = await trx
      .updateTable('webhook_deliveries')
      .set((set) => ({ worker_id: claim, next_at: until, attempts: set('attempts', '+', 1) }))
      .where('id', 'in', ids)
      .where('state', '=', 'waiting')
      .where('next_at', '<=', now)
      .returning(['id', 'attempts', 'webhook_id', 'workspace', 'sequence'])
      .execute();
    const due: DueDelivery[] = [];
    for (const row of rows.toSorted((a, b) => a.sequence - b.sequence)) {
      due.push({ id: row.id, claim, attempt: row.attempts, ...(await toldBy(trx, row)) });
    }
    return due;
  });
}

/** The longest due, but of no endpoint more than its share; another process's rows are passed over. */
async function lockDue(
  context: StoreContext,
  trx: Trx,
  { now, most, mostOfEach, except }: DeliveryClaim,
): Promise<string[]> {
  const places = trx
    .selectFrom('webhook_deliveries')
    .select([
      'id',
      'next_at',
      sql<number>`row_number() over (partition by webhook_id order by next_at, sequence)`.as(
        'place',
      ),
    ])
    .where('state', '=', 'waiting')
    .where('next_at', '<=', now)
    .$if(except.length > 0, (query) => query.where('webhook_id', 'not in', [...except]));
  const first = await trx
    .selectFrom(places.as('places'))
    .select('id')
    .where('place', '<=', mostOfEach)
    .orderBy('next_at')
    .orderBy('id')
    .limit(most)
    .execute();
  const ids = first.map(({ id }) => id);
  if (ids.length === 0 || context.dialect.name === 'sqlite') return ids;
  const locked = await trx
    .selectFrom('webhook_deliveries')
    .select('id')
    .where('id', 'in', ids)
    .orderBy('id')
    .forUpdate()
    .skipLocked()
    .execute();
  return locked.map(({ id }) => id);
}

type ToldRow = Pick<Selectable<WebhookDeliveriesTable>, 'webhook_id' | 'workspace' | 'sequence'>;

async function toldBy(trx: Trx, row: ToldRow): Promise<Pick<DueDelivery, 'webhook' | 'event'>> {
  const webhook = await trx
    .selectFrom('webhooks')
    .selectAll()
    .where('id', '=', row.webhook_id)
    .executeTakeFirstOrThrow();
  const event = await trx
    .selectFrom('workspace_events')
    .selectAll()
    .where('workspace', '=', row.workspace)
    .where('sequence', '=', row.sequence)
    .executeTakeFirstOrThrow();
  return { webhook: toWebhook(webhook), event: toWorkspaceEvent(event) };
}

export async function endDelivery(context: StoreContext, end: DeliveryEnd): Promise<Fenced> {
  return context.database.transaction().execute(async (trx): Promise<Fenced> => {
    const result = await trx
      .updateTable('webhook_deliveries')
      .set({
        state: end.state,
        worker_id: null,
        status: end.status ?? null,
        reason: end.reason ?? null,
        ended_at: end.state === 'waiting' ? null : end.at,
        ...(end.nextAt !== undefined && { next_at: end.nextAt }),
      })
      .where('id', '=', end.id)
      .where('worker_id', '=', end.claim)
      .where('state', '=', 'waiting')
      .executeTakeFirstOrThrow();
    if (changed(result) === 0) return 'fenced';
    await noteHealth(trx, end);
    if (end.disable !== undefined) await disable(trx, end, end.disable);
    return 'done';
  });
}

async function noteHealth(trx: Trx, { webhook, state, at }: DeliveryEnd): Promise<void> {
  const update = trx.updateTable('webhooks').where('id', '=', webhook);
  await (
    state === 'delivered'
      ? update.set({ failing_since: null }).where('failing_since', 'is not', null)
      : update.set({ failing_since: at }).where('failing_since', 'is', null)
  ).execute();
}

async function disable(trx: Trx, { webhook: id, at }: DeliveryEnd, reason: string): Promise<void> {
  const webhook = await trx
    .selectFrom('webhooks')
    .select(['workspace', 'url'])
    .where('id', '=', id)
    .where('enabled', '=', 1)
    .executeTakeFirst();
  if (webhook === undefined) return;
  await giveUp(trx, id, at, reason);
  const data = { webhook: id, url: webhook.url, reason };
  await appendWorkspaceEvent(trx, webhook.workspace, { at, type: 'webhook.disabled', data });
}

export async function findDelivery(
  context: StoreContext,
  id: string,
): Promise<WebhookDelivery | undefined> {
  const row = await deliveries(context).where('webhook_deliveries.id', '=', id).executeTakeFirst();
  return row === undefined ? undefined : toDelivery(row);
}

/** Newest first. */
export async function listDeliveries(
  context: StoreContext,
  webhook: string,
  { state, before, most }: DeliveryFilter,
): Promise<WebhookDelivery[]> {
  const rows = await deliveries(context)
    .where('webhook_id', '=', webhook)
    .$if(state !== undefined, (query) => query.where('state', '=', state!))
    .$if(before !== undefined, (query) => query.where('webhook_deliveries.sequence', '<', before!))
    .orderBy('webhook_deliveries.sequence', 'desc')
    .limit(most)
    .execute();
  return rows.map(toDelivery);
}

function deliveries({ database }: StoreContext) {
  return database
    .selectFrom('webhook_deliveries')
    .innerJoin('workspace_events', (join) =>
      join
        .onRef('workspace_events.workspace', '=', 'webhook_deliveries.workspace')
        .onRef('workspace_events.sequence', '=', 'webhook_deliveries.sequence'),
    )
    .selectAll('webhook_deliveries')
    .select('workspace_events.type');
}

export async function replayDeliveries(
  context: StoreContext,
  webhook: string,
  which: { readonly id: string } | { readonly failedSince: number },
  now: number,
): Promise<number> {
  const update = context.database
    .updateTable('webhook_deliveries')
    .set({ state: 'waiting', attempts: 0, next_at: now, worker_id: null, ended_at: null })
    .where('webhook_id', '=', webhook);
  const result = await (
    'id' in which
      ? update.where('id', '=', which.id).where('state', '!=', 'waiting')
      : update.where('state', '=', 'failed').where('created_at', '>=', which.failedSince)
  ).executeTakeFirstOrThrow();
  return changed(result);
}

function toDelivery(
  row: Selectable<WebhookDeliveriesTable> & { readonly type: string },
): WebhookDelivery {
  return {
    id: row.id,
    webhook: row.webhook_id,
    sequence: row.sequence,
    type: row.type as WorkspaceEventType,
    state: row.state,
    attempts: row.attempts,
    ...(row.state === 'waiting' && { nextAt: row.next_at }),
    ...(row.status !== null && { status: row.status }),
    ...(row.reason !== null && { reason: row.reason }),
    createdAt: row.created_at,
    ...(row.ended_at !== null && { endedAt: row.ended_at }),
  };
}
