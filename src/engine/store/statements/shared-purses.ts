/**
 * Credits that several runs spend from: the workspace's balance and the key's budget. They are read and
 * changed inside the transaction that changes the run's own, always after the run and in this order.
 */
import { sql } from 'kysely';
import type { SharedPurse } from '../../core/admission.ts';
import { formatMicros } from '../../core/credits.ts';
import type { Limit } from '../../core/limit.ts';
import { workspaceLimitKey } from '../../core/limit.ts';
import type { StoreContext } from '../context.ts';
import type { Trx } from '../dialect.ts';

/** Who pays for a run, and under which ceiling. */
export interface Payers {
  readonly purses: readonly SharedPurse[];
  /** Images in any hour that the workspace may make; `undefined`: no ceiling of its own. */
  readonly imagesPerHour: number | undefined;
}

interface Spender {
  readonly id: string;
  readonly workspace: string;
  readonly key_id: string | null;
}

/** Locks and reads them. A workspace that has no row pays nothing and has no ceiling. */
export async function readPayers(context: StoreContext, trx: Trx, run: Spender): Promise<Payers> {
  await context.dialect.lockPayers(trx, run.workspace, run.key_id);
  const workspace = await trx
    .selectFrom('workspaces')
    .select(['state', 'images_per_hour', 'available_credit_micros'])
    .where('id', '=', run.workspace)
    .executeTakeFirst();
  if (workspace === undefined) return { purses: [], imagesPerHour: undefined };
  const purses: SharedPurse[] = [];
  if (workspace.state === 'suspended') purses.push(SUSPENDED);
  if (workspace.available_credit_micros !== null) {
    purses.push({
      kind: 'workspace',
      name: 'balance of the workspace',
      availableCreditMicros: workspace.available_credit_micros,
      comingBackCreditMicros: () => readComingBack(trx, run, 'workspace'),
    });
  }
  const key = await readKey(trx, run);
  if (key !== undefined) purses.push(key);
  return { purses, imagesPerHour: workspace.images_per_hour ?? undefined };
}

/** Nothing of a suspended workspace is sent, not even what is free. */
const SUSPENDED: SharedPurse = {
  kind: 'workspace',
  name: 'workspace',
  availableCreditMicros: 0,
  closed: 'the workspace is suspended',
  comingBackCreditMicros: async () => 0,
};

async function readKey(trx: Trx, run: Spender): Promise<SharedPurse | undefined> {
  if (run.key_id === null) return undefined;
  const key = await trx
    .selectFrom('api_keys')
    .select(['name', 'budget_credit_micros', 'posted_credit_micros', 'held_credit_micros'])
    .where('id', '=', run.key_id)
    .executeTakeFirst();
  if (key === undefined || key.budget_credit_micros === null) return undefined;
  return {
    kind: 'key',
    name: `budget of ${formatMicros(key.budget_credit_micros)} credits of the key "${key.name}"`,
    availableCreditMicros:
      key.budget_credit_micros - key.posted_credit_micros - key.held_credit_micros,
    comingBackCreditMicros: () => readComingBack(trx, run, 'key'),
  };
}

/** Unknown outcomes hold their credits until somebody decides: nobody waits for those. */
async function readComingBack(trx: Trx, run: Spender, of: 'workspace' | 'key'): Promise<number> {
  const query = trx
    .selectFrom('runs')
    .innerJoin('attempts', 'attempts.run_id', 'runs.id')
    .select(sql<number>`coalesce(sum(attempts.held_credit_micros), 0)`.as('held'))
    .where('runs.held_credit_micros', '>', 0)
    .where('runs.workspace', '=', run.workspace)
    .where('runs.id', '<>', run.id)
    .where('attempts.state', 'in', ['sent', 'accepted']);
  const { held } = await (
    of === 'key' ? query.where('runs.key_id', '=', run.key_id) : query
  ).executeTakeFirstOrThrow();
  return Number(held);
}

/** The workspace's own window under the lower of the figure that was bound and its ceiling now. */
export function underCeiling(
  limits: readonly Limit[],
  workspace: string,
  ceiling: number | undefined,
): readonly Limit[] {
  if (ceiling === undefined) return limits;
  const key = workspaceLimitKey(workspace);
  return limits.map((limit) =>
    limit.key === key ? { ...limit, max: Math.min(limit.max ?? ceiling, ceiling) } : limit,
  );
}

/** What a hold, its end, or both together change; posted is what was spent for good. */
export interface Spending {
  readonly heldCreditMicros: number;
  readonly postedCreditMicros: number;
}

/** Writes a change down with those who pay for the run. */
export async function chargePayers(
  trx: Trx,
  { workspace, key_id: keyId }: Pick<Spender, 'workspace' | 'key_id'>,
  { heldCreditMicros: held, postedCreditMicros: posted }: Spending,
): Promise<void> {
  if (held === 0 && posted === 0) return;
  const sums = {
    held_credit_micros: sql<number>`held_credit_micros + ${held}`,
    posted_credit_micros: sql<number>`posted_credit_micros + ${posted}`,
  };
  await trx
    .updateTable('workspaces')
    .set({
      ...sums,
      // Where no balance is kept it stays unknown.
      available_credit_micros: sql<number>`available_credit_micros - ${held + posted}`,
    })
    .where('id', '=', workspace)
    .execute();
  if (keyId === null) return;
  await trx.updateTable('api_keys').set(sums).where('id', '=', keyId).execute();
}
