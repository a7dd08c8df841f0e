import type { StoreContext } from '../context.ts';
import type { Database } from '../dialect.ts';
import type { StoreStanding } from '../standing-store.ts';

/** Each figure is right by itself; they are not of one moment. */
export async function standing({ database }: StoreContext): Promise<StoreStanding> {
  return {
    runs: await runsByState(database),
    requests: await openRequests(database),
    webhookDeliveries: await database
      .selectFrom('webhook_deliveries')
      .select(({ fn }) => ['state', fn.countAll<number>().as('deliveries')])
      .groupBy('state')
      .orderBy('state')
      .execute(),
    jobs: await database
      .selectFrom('jobs')
      .select(({ fn }) => ['state', fn.countAll<number>().as('jobs')])
      .groupBy('state')
      .orderBy('state')
      .execute(),
    workspaces: await workspaceSums(database),
  };
}

async function runsByState(database: Database): Promise<StoreStanding['runs']> {
  return database
    .selectFrom('runs')
    .select(({ fn }) => [
      'state',
      fn.countAll<number>().as('runs'),
      fn.sum<number>('posted_credit_micros').as('postedCreditMicros'),
      fn.sum<number>('held_credit_micros').as('heldCreditMicros'),
      fn.sum<number>('actual_usd_micros').as('actualUsdMicros'),
      fn.sum<number>('held_usd_micros').as('heldUsdMicros'),
      fn.sum<number>('written_off_usd_micros').as('writtenOffUsdMicros'),
    ])
    .groupBy('state')
    .orderBy('state')
    .execute();
}

async function openRequests(database: Database): Promise<StoreStanding['requests']> {
  const rows = await database
    .selectFrom('requests')
    .select(({ fn }) => [
      'lane',
      'state',
      fn.countAll<number>().as('requests'),
      fn.sum<number>('images').as('images'),
    ])
    .where('run_id', 'in', (select) =>
      select.selectFrom('runs').select('id').where('state', 'not in', ['done', 'cancelled']),
    )
    .where('state', 'in', ['waiting', 'sent', 'unknown'])
    .groupBy(['lane', 'state'])
    .orderBy('lane')
    .orderBy('state')
    .execute();
  return rows as StoreStanding['requests'];
}

async function workspaceSums(database: Database): Promise<StoreStanding['workspaces']> {
  const row = await database
    .selectFrom('workspaces')
    .select(({ fn }) => [
      fn.countAll<number>().as('workspaces'),
      fn.sum<number | null>('available_credit_micros').as('available'),
      fn.sum<number | null>('held_credit_micros').as('held'),
      fn.sum<number | null>('posted_credit_micros').as('posted'),
      fn.sum<number | null>('bought_credit_micros').as('bought'),
    ])
    .executeTakeFirstOrThrow();
  return {
    workspaces: row.workspaces,
    availableCreditMicros: row.available ?? 0,
    heldCreditMicros: row.held ?? 0,
    postedCreditMicros: row.posted ?? 0,
    boughtCreditMicros: row.bought ?? 0,
  };
}
