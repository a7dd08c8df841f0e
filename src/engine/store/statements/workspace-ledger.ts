/** The ledger of a workspace, a page at a time, with what each line belongs to. */
import { sql, type SqlBool } from 'kysely';
import { itemId } from '../../core/ids.ts';
import type {
  LedgerFilter,
  LedgerPlace,
  WorkspaceLedgerLine,
} from '../../core/workspace-ledger.ts';
import type { StoreContext } from '../context.ts';

export async function workspaceLedger(
  context: StoreContext,
  workspace: string,
  filter: LedgerFilter,
  page: { readonly most: number; readonly after?: LedgerPlace },
): Promise<WorkspaceLedgerLine[]> {
  let query = lines(context).limit(page.most);
  if (filter.runId === undefined) query = query.where('ledger.workspace', '=', workspace);
  // Put so that SQLite reads the run's lines, not the workspace's.
  else {
    query = query
      .where('ledger.run_id', '=', filter.runId)
      .where(sql<SqlBool>`ledger.workspace || '' = ${workspace}`);
  }
  const direction = filter.order === 'newest' ? 'desc' : 'asc';
  for (const column of PLACE) query = query.orderBy(`ledger.${column}`, direction);
  if (filter.from !== undefined) query = query.where('ledger.at', '>=', filter.from);
  if (filter.to !== undefined) query = query.where('ledger.at', '<', filter.to);
  if (page.after !== undefined) query = query.where(beyond(page.after, filter.order));
  return (await query.execute()).map(toLine);
}

const PLACE = ['at', 'attempt_id', 'kind', 'account'] as const;

function beyond({ at, source, kind, account }: LedgerPlace, order: LedgerFilter['order']) {
  const sign = sql.raw(order === 'newest' ? '<' : '>');
  return sql<SqlBool>`(ledger.at, ledger.attempt_id, ledger.kind, ledger.account)
    ${sign} (${at}, ${source}, ${kind}, ${account})`;
}

function lines(context: StoreContext) {
  return context.database
    .selectFrom('ledger')
    .leftJoin('attempts', 'attempts.id', 'ledger.attempt_id')
    .leftJoin('requests', 'requests.id', 'attempts.request_id')
    .leftJoin('runs', 'runs.id', 'ledger.run_id')
    .leftJoin('credit_entries', 'credit_entries.id', 'ledger.attempt_id')
    .select([
      'ledger.at',
      'ledger.kind',
      'ledger.account',
      'ledger.credit_micros',
      'ledger.attempt_id',
      'ledger.run_id',
      'runs.key_id',
      'requests.row_key',
      'requests.indexes',
      'credit_entries.by_key',
      'credit_entries.reason',
      'credit_entries.reference',
    ]);
}

type LineRow = Awaited<ReturnType<ReturnType<typeof lines>['execute']>>[number];

function toLine(row: LineRow): WorkspaceLedgerLine {
  const keyId = row.key_id ?? row.by_key;
  return {
    at: row.at,
    kind: row.kind,
    account: row.account,
    creditMicros: row.credit_micros,
    source: row.attempt_id,
    ...(row.run_id !== '' && { runId: row.run_id }),
    ...(keyId !== null && { keyId }),
    itemIds: itemIdsOf(row),
    ...(row.reason !== null && { reason: row.reason }),
    ...(row.reference !== null && { reference: row.reference }),
  };
}

/** By the request: an item that was made again belongs to a later one as well. */
function itemIdsOf({ run_id: runId, row_key: rowKey, indexes }: LineRow): string[] {
  if (rowKey === null || indexes === null) return [];
  return (JSON.parse(indexes) as number[]).map((index) => itemId(runId, rowKey, index));
}
