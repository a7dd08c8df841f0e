/**
 * What moves credits into a workspace and out of it. Locks are taken as everywhere: runs, then the
 * workspace; what follows from an entry is written with it or not at all.
 */
import { type Selectable, sql } from 'kysely';
import { ceilingOf, type CeilingStep } from '../../core/ceiling.ts';
import type { CreditEntry, EntryAnswer, NewCreditEntry } from '../../core/credit-entry.ts';
import type { LedgerLine } from '../../core/ledger.ts';
import { fromMicros } from '../../core/credits.ts';
import type { WorkspaceEventType } from '../../core/workspace-event.ts';
import { changed, type StoreContext } from '../context.ts';
import type { WriteEntryOrder } from '../credit-store.ts';
import type { Trx } from '../dialect.ts';
import type { CreditEntriesTable } from '../service-tables.ts';
import { lockStoppedRuns, reopenLocked } from './reopen-runs.ts';
import { appendWorkspaceEvent } from './workspace-events.ts';

export async function writeCreditEntry(
  context: StoreContext,
  order: WriteEntryOrder,
): Promise<EntryAnswer> {
  return context.database.transaction().execute(async (trx) => {
    const stopped = await lockStoppedRuns(context, trx, order.entry.workspace);
    return writeEntryWithin(context, trx, order, stopped);
  });
}

/** Within a transaction that has locked runs that stopped, and no workspace before them. */
export async function writeEntryWithin(
  context: StoreContext,
  trx: Trx,
  { entry, ceilings, withoutBalance }: WriteEntryOrder,
  stopped: readonly string[],
): Promise<EntryAnswer> {
  await context.dialect.lockPayers(trx, entry.workspace, null);
  const workspace = await readWorkspace(trx, entry.workspace);
  if (workspace === undefined) return { kind: 'no-workspace' };
  const known = await entryOfReference(trx, entry.reference);
  if (known !== undefined) return knownAnswer(entry, known, workspace.available);
  // What was really paid back counts, whatever was taken back by hand before.
  const isChecked = entry.kind === 'refund' && withoutBalance !== 'record';
  if (isChecked && workspace.bought + entry.creditMicros < 0) {
    return { kind: 'not-bought', boughtCreditMicros: workspace.bought };
  }
  if (workspace.available === null && withoutBalance === 'refuse') return { kind: 'no-balance' };
  // Read after the locks, so that entries have the order in which they count.
  const at = await context.dialect.now(trx);
  const written = await insertEntry(trx, { ...entry, at });
  // Another workspace's entry of the same reference was quicker.
  if (!written) return knownAnswer(entry, (await entryOfReference(trx, entry.reference))!, null);
  if (workspace.available === null && withoutBalance === 'begin')
    await beginBalance(trx, entry, at);
  await writeLines(trx, entry, at);
  const available = await changeWorkspace(trx, entry, ceilings);
  await appendWorkspaceEvent(trx, entry.workspace, {
    at,
    type: EVENT_TYPES[entry.kind],
    data: {
      entry: entry.id,
      credits: fromMicros(entry.creditMicros),
      balance: available === null ? null : fromMicros(available),
      reason: entry.reason,
    },
  });
  const reopened = await reopenLocked(trx, stopped, at);
  return {
    kind: 'written',
    entry: { ...entry, at },
    ...(available !== null && { availableCreditMicros: available }),
    reopened,
  };
}

const EVENT_TYPES: Readonly<Record<NewCreditEntry['kind'], WorkspaceEventType>> = {
  grant: 'credits.granted',
  purchase: 'credits.purchased',
  refund: 'credits.refunded',
  correction: 'credits.corrected',
};

export async function findCreditEntry(
  context: StoreContext,
  id: string,
): Promise<CreditEntry | undefined> {
  const row = await context.database
    .selectFrom('credit_entries')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst();
  return row === undefined ? undefined : toCreditEntry(row);
}

async function readWorkspace(
  trx: Trx,
  id: string,
): Promise<{ available: number | null; bought: number } | undefined> {
  return trx
    .selectFrom('workspaces')
    .select(['available_credit_micros as available', 'bought_credit_micros as bought'])
    .where('id', '=', id)
    .executeTakeFirst();
}

async function entryOfReference(
  trx: Trx,
  reference: string | undefined,
): Promise<CreditEntry | undefined> {
  if (reference === undefined) return undefined;
  const row = await trx
    .selectFrom('credit_entries')
    .selectAll()
    .where('reference', '=', reference)
    .executeTakeFirst();
  return row === undefined ? undefined : toCreditEntry(row);
}

function knownAnswer(
  wanted: NewCreditEntry,
  known: CreditEntry,
  available: number | null,
): EntryAnswer {
  const isSame =
    known.workspace === wanted.workspace &&
    known.kind === wanted.kind &&
    known.creditMicros === wanted.creditMicros;
  if (!isSame) return { kind: 'mismatch', entry: known };
  return {
    kind: 'known',
    entry: known,
    ...(available !== null && { availableCreditMicros: available }),
  };
}

/** False: there is one of this reference. */
async function insertEntry(trx: Trx, entry: CreditEntry): Promise<boolean> {
  const result = await trx
    .insertInto('credit_entries')
    .values({
      id: entry.id,
      workspace: entry.workspace,
      kind: entry.kind,
      credit_micros: entry.creditMicros,
      at: entry.at,
      reason: entry.reason,
      reference: entry.reference ?? null,
      by_key: entry.byKey ?? null,
      paid_amount: entry.paid?.amount ?? null,
      paid_currency: entry.paid?.currency ?? null,
    })
    .onConflict((conflict) => conflict.column('reference').doNothing())
    .executeTakeFirst();
  return Number(result.numInsertedOrUpdatedRows ?? 0) === 1;
}

async function writeLines(
  trx: Trx,
  entry: Pick<NewCreditEntry, 'id' | 'workspace' | 'kind' | 'creditMicros'>,
  at: number,
): Promise<void> {
  const lines: LedgerLine[] = [
    { account: 'issued', creditMicros: 0 - entry.creditMicros },
    { account: 'available', creditMicros: entry.creditMicros },
  ];
  await trx
    .insertInto('ledger')
    .values(
      lines.map((line) => ({
        attempt_id: entry.id,
        kind: entry.kind,
        account: line.account,
        run_id: '',
        workspace: entry.workspace,
        at,
        credit_micros: line.creditMicros,
      })),
    )
    .execute();
}

/** What was spent while no balance was kept is made good, so that the balance begins at nothing. */
async function beginBalance(trx: Trx, { id, workspace, byKey }: NewCreditEntry, at: number) {
  const { spent } = await trx
    .selectFrom('ledger')
    .select(sql<number>`coalesce(sum(credit_micros), 0)`.as('spent'))
    .where('workspace', '=', workspace)
    .where('account', '=', 'available')
    .executeTakeFirstOrThrow();
  await trx
    .updateTable('workspaces')
    .set({ available_credit_micros: 0 })
    .where('id', '=', workspace)
    .execute();
  const creditMicros = 0 - Number(spent);
  if (creditMicros === 0) return;
  const opening = {
    id: `${id}-opening`,
    workspace,
    kind: 'correction' as const,
    creditMicros,
    reason: 'The balance begins: what was spent before it is made good.',
    ...(byKey !== undefined && { byKey }),
  };
  await insertEntry(trx, { ...opening, at });
  await writeLines(trx, opening, at);
}

/** Answers the balance after it. */
async function changeWorkspace(
  trx: Trx,
  { workspace, kind, creditMicros }: NewCreditEntry,
  ceilings: readonly CeilingStep[],
): Promise<number | null> {
  const isBought = kind === 'purchase' || kind === 'refund';
  const row = await trx
    .updateTable('workspaces')
    .set({
      available_credit_micros: sql<number>`available_credit_micros + ${creditMicros}`,
      bought_credit_micros: sql<number>`bought_credit_micros + ${isBought ? creditMicros : 0}`,
    })
    .where('id', '=', workspace)
    .returning([
      'available_credit_micros as available',
      'bought_credit_micros as bought',
      'is_ceiling_fixed as isFixed',
    ])
    .executeTakeFirstOrThrow();
  if (row.isFixed === 0) {
    await setCeiling(trx, workspace, ceilingOf(ceilings, row.bought));
  }
  return row.available;
}

async function setCeiling(trx: Trx, workspace: string, step: CeilingStep): Promise<void> {
  await trx
    .updateTable('workspaces')
    .set({ images_per_hour: step.imagesPerHour ?? null })
    .where('id', '=', workspace)
    .execute();
}

/** One that was set by hand stays. */
export async function applyCeilings(
  context: StoreContext,
  steps: readonly CeilingStep[],
): Promise<number> {
  return context.database.transaction().execute(async (trx) => {
    let count = 0;
    // Each step takes those that reached it and no higher one.
    for (const [place, step] of steps.entries()) {
      const figure = step.imagesPerHour ?? null;
      const next = steps[place + 1]?.boughtCreditMicros;
      let update = trx
        .updateTable('workspaces')
        .set({ images_per_hour: figure })
        .where('is_ceiling_fixed', '=', 0)
        .where('bought_credit_micros', '>=', place === 0 ? BELOW_ALL : step.boughtCreditMicros)
        .where(sql<boolean>`coalesce(images_per_hour, -1) <> ${figure ?? -1}`);
      if (next !== undefined) update = update.where('bought_credit_micros', '<', next);
      count += changed(await update.executeTakeFirstOrThrow());
    }
    return count;
  });
}

const BELOW_ALL = Number.MIN_SAFE_INTEGER;

export async function tellLowBalances(context: StoreContext, low: number): Promise<string[]> {
  const { database, dialect } = context;
  await database
    .updateTable('workspaces')
    .set({ is_credit_low: 0 })
    .where('is_credit_low', '=', 1)
    .where('available_credit_micros', '>=', low)
    .execute();
  return database.transaction().execute(async (trx) => {
    const at = await dialect.now(trx);
    const rows = await trx
      .updateTable('workspaces')
      .set({ is_credit_low: 1 })
      .where('is_credit_low', '=', 0)
      .where('available_credit_micros', '<', low)
      // A new workspace that never had any is not running out of them.
      .where('id', 'in', (select) => select.selectFrom('credit_entries').select('workspace'))
      .returning(['id', 'available_credit_micros as available'])
      .execute();
    for (const { id, available } of rows) {
      const data = { balance: fromMicros(available ?? 0), below: fromMicros(low) };
      await appendWorkspaceEvent(trx, id, { at, type: 'credits.low', data });
    }
    return rows.map(({ id }) => id);
  });
}

function toCreditEntry(row: Selectable<CreditEntriesTable>): CreditEntry {
  return {
    id: row.id,
    workspace: row.workspace,
    kind: row.kind,
    creditMicros: row.credit_micros,
    at: row.at,
    reason: row.reason,
    ...(row.reference !== null && { reference: row.reference }),
    ...(row.by_key !== null && { byKey: row.by_key }),
    ...(row.paid_amount !== null && {
      paid: { amount: row.paid_amount, currency: row.paid_currency ?? '' },
    }),
  };
}
