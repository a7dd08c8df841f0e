/**
 * Recomputes from the ledger's lines alone what every workspace and every key has, and compares it with what
 * the store says: by plain queries of its own.
 */
import type { Database } from '../../src/engine/store/dialect.ts';
import type { LedgerTable } from '../../src/engine/store/tables.ts';

/** Throws one error that lists all that does not agree. */
export async function auditCredits(database: Database): Promise<void> {
  const lines = await database.selectFrom('ledger').selectAll().execute();
  const broken = [
    ...unbalanced(lines),
    ...(await wrongWorkspaces(database, lines)),
    ...(await wrongKeys(database, lines)),
    ...(await wrongEntries(database, lines)),
    ...(await wrongUsage(database, lines)),
  ];
  if (broken.length === 0) return;
  throw new Error(`The credits break ${broken.length} promises:\n- ${broken.join('\n- ')}`);
}

function* unbalanced(lines: readonly LedgerTable[]): Iterable<string> {
  const entries = Map.groupBy(lines, (line) => `${line.attempt_id} ${line.kind}`);
  for (const [entry, own] of entries) {
    const total = micros(own);
    if (total !== 0) yield `the lines of ${entry} sum to ${total}`;
    if (own.length !== 2) yield `${entry} has ${own.length} lines`;
  }
}

async function wrongWorkspaces(
  database: Database,
  lines: readonly LedgerTable[],
): Promise<string[]> {
  const workspaces = await database.selectFrom('workspaces').selectAll().execute();
  const byWorkspace = Map.groupBy(lines, (line) => line.workspace);
  return workspaces.flatMap((workspace) => {
    const own = byWorkspace.get(workspace.id) ?? [];
    const of = (account: string) => micros(own.filter((line) => line.account === account));
    const bought = own.filter(({ kind }) => kind === 'purchase' || kind === 'refund');
    const available = workspace.available_credit_micros;
    return differences(`workspace ${workspace.id}`, {
      available: [available, available === null ? null : of('available')],
      held: [workspace.held_credit_micros, of('held')],
      posted: [workspace.posted_credit_micros, of('spent')],
      bought: [
        workspace.bought_credit_micros,
        micros(bought.filter((line) => line.account === 'available')),
      ],
    });
  });
}

async function wrongKeys(database: Database, lines: readonly LedgerTable[]): Promise<string[]> {
  const runs = await database.selectFrom('runs').select(['id', 'key_id']).execute();
  const keyOf = new Map(runs.map((run) => [run.id, run.key_id]));
  const byKey = Map.groupBy(lines, (line) => keyOf.get(line.run_id) ?? undefined);
  const keys = await database.selectFrom('api_keys').selectAll().execute();
  return keys.flatMap((key) => {
    const own = byKey.get(key.id) ?? [];
    const of = (account: string) => micros(own.filter((line) => line.account === account));
    return differences(`key ${key.id}`, {
      held: [key.held_credit_micros, of('held')],
      posted: [key.posted_credit_micros, of('spent')],
    });
  });
}

/** Every entry has its two lines, and every such line its entry. */
async function wrongEntries(database: Database, lines: readonly LedgerTable[]): Promise<string[]> {
  const entries = await database.selectFrom('credit_entries').selectAll().execute();
  const issued = lines.filter((line) => line.account === 'issued');
  const bySource = new Map(issued.map((line) => [line.attempt_id, line]));
  const wrong = entries.flatMap((entry) => {
    const line = bySource.get(entry.id);
    bySource.delete(entry.id);
    return differences(`entry ${entry.id}`, {
      credits: [entry.credit_micros, line === undefined ? null : 0 - line.credit_micros],
    });
  });
  return [...wrong, ...[...bySource.keys()].map((id) => `the lines of ${id} have no entry`)];
}

/** What is added up of each run's use is what its lines, its items and the run itself say. */
async function wrongUsage(database: Database, lines: readonly LedgerTable[]): Promise<string[]> {
  const runs = await database.selectFrom('runs').selectAll().execute();
  const used = await database.selectFrom('usage_quarters').selectAll().execute();
  const items = await database
    .selectFrom('items')
    .select(['run_id', 'state'])
    .where('state', '=', 'delivered')
    .execute();
  return runs.flatMap((run) => {
    const own = used.filter((row) => row.run_id === run.id);
    const sum = (column: 'credit_micros' | 'usd_micros' | 'delivered') =>
      own.reduce((total, row) => total + row[column], 0);
    const spent = lines.filter((line) => line.run_id === run.id && line.account === 'spent');
    return differences(`usage of run ${run.id}`, {
      credits: [sum('credit_micros'), micros(spent)],
      dollars: [sum('usd_micros'), run.actual_usd_micros],
      delivered: [sum('delivered'), items.filter((item) => item.run_id === run.id).length],
      strangers: [own.filter((row) => row.workspace !== run.workspace).length, 0],
    });
  });
}

function differences(
  what: string,
  figures: Readonly<Record<string, readonly [number | null, number | null]>>,
): string[] {
  return Object.entries(figures)
    .filter(([, [shown, counted]]) => shown !== counted)
    .map(([name, [shown, counted]]) => `${what} shows ${name} of ${shown}, counted are ${counted}`);
}

function micros(lines: readonly LedgerTable[]): number {
  return lines.reduce((total, line) => total + line.credit_micros, 0);
}
