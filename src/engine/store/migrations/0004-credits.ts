import { type Kysely, sql } from 'kysely';

/** The tables of use and payments: a part of the migration of the service. */
export async function createCreditTables(database: Kysely<unknown>): Promise<void> {
  const { schema } = database;
  const zero = sql`0`;

  await schema
    .createTable('usage_quarters')
    .addColumn('workspace', 'text', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('run_id', 'text', (column) => column.notNull())
    .addColumn('lane', 'text', (column) => column.notNull())
    .addColumn('delivered', 'integer', (column) => column.notNull())
    .addColumn('refused', 'integer', (column) => column.notNull())
    .addColumn('failed', 'integer', (column) => column.notNull())
    .addColumn('credit_micros', 'bigint', (column) => column.notNull())
    .addColumn('usd_micros', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('usage_quarters_key', ['workspace', 'at', 'run_id', 'lane'])
    .execute();

  await schema
    .createTable('payment_orders')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('workspace', 'text', (column) => column.notNull())
    .addColumn('key_id', 'text')
    .addColumn('pack', 'text', (column) => column.notNull())
    .addColumn('title', 'text', (column) => column.notNull())
    .addColumn('credit_micros', 'bigint', (column) => column.notNull())
    .addColumn('amount', 'bigint', (column) => column.notNull())
    .addColumn('currency', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('session', 'text')
    .addColumn('payment', 'text')
    .addColumn('paid_at', 'bigint')
    .addColumn('refunded_amount', 'bigint', (column) => column.notNull().defaultTo(zero))
    .addColumn('disputes', 'text', (column) => column.notNull())
    .addColumn('refunded_credit_micros', 'bigint', (column) => column.notNull().defaultTo(zero))
    .addColumn('disputed_credit_micros', 'bigint', (column) => column.notNull().defaultTo(zero))
    .execute();
  await schema
    .createIndex('payment_orders_by_payment')
    .on('payment_orders')
    .column('payment')
    .execute();
  await countEarlierUse(database);
}

/** What was made before there was this table: every request that ended has one line on `spent`. */
export async function countEarlierUse(database: Kysely<unknown>): Promise<void> {
  await sql`insert into usage_quarters
      (workspace, at, run_id, lane, delivered, refused, failed, credit_micros, usd_micros)
    select workspace, at, run_id, lane, sum(delivered), sum(refused),
      sum(settled) - sum(delivered) - sum(refused), sum(credit_micros), sum(usd_micros)
    from (
      select ledger.workspace, ledger.at / 900000 * 900000 as at, ledger.run_id, requests.lane,
        case when attempts.state = 'settled' then requests.images else 0 end as settled,
        case when attempts.state = 'settled' then (select count(*) from items
          where items.request_id = attempts.request_id and items.attempt_id = attempts.id
          and items.state = 'delivered') else 0 end as delivered,
        coalesce(attempts.refused, 0) as refused,
        ledger.credit_micros, coalesce(attempts.usd_micros, 0) as usd_micros
      from ledger
      join attempts on attempts.id = ledger.attempt_id
      join requests on requests.id = attempts.request_id
      where ledger.account = 'spent'
    ) as ended
    group by workspace, at, run_id, lane`.execute(database);
}
