import { type Kysely, sql } from 'kysely';

/** Creates every table of the first version. */
export async function up(database: Kysely<unknown>): Promise<void> {
  const schema = database.schema;
  const zero = sql`0`;

  await schema
    .createTable('workers')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('host', 'text', (column) => column.notNull())
    .addColumn('pid', 'integer', (column) => column.notNull())
    .addColumn('incarnation', 'text', (column) => column.notNull())
    .addColumn('lease_until', 'bigint', (column) => column.notNull())
    .execute();

  await schema
    .createTable('runs')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('workspace', 'text', (column) => column.notNull())
    .addColumn('title', 'text', (column) => column.notNull())
    .addColumn('sheet', 'text', (column) => column.notNull())
    .addColumn('out', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('reason', 'text')
    .addColumn('reason_text', 'text')
    .addColumn('phase', 'text', (column) => column.notNull())
    .addColumn('settings', 'text', (column) => column.notNull())
    .addColumn('columns', 'text', (column) => column.notNull())
    .addColumn('plan', 'text')
    .addColumn('revision', 'integer', (column) => column.notNull())
    .addColumn('reading', 'integer', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .addColumn('worker_id', 'text')
    .addColumn('asked', 'text')
    .addColumn('budget_credit_micros', 'bigint')
    .addColumn('max_usd_micros', 'bigint')
    .addColumn('posted_credit_micros', 'bigint', (column) => column.notNull().defaultTo(zero))
    .addColumn('held_credit_micros', 'bigint', (column) => column.notNull().defaultTo(zero))
    .addColumn('actual_usd_micros', 'bigint', (column) => column.notNull().defaultTo(zero))
    .addColumn('held_usd_micros', 'bigint', (column) => column.notNull().defaultTo(zero))
    .addColumn('written_off_usd_micros', 'bigint', (column) => column.notNull().defaultTo(zero))
    .addColumn('breaker_outcomes', 'integer', (column) => column.notNull().defaultTo(zero))
    .addColumn('breaker_refused', 'integer', (column) => column.notNull().defaultTo(zero))
    .addColumn('waits', 'text')
    .addColumn('events', 'integer', (column) => column.notNull().defaultTo(zero))
    .execute();
  await schema.createIndex('runs_by_out').on('runs').columns(['out', 'created_at']).execute();

  await schema
    .createTable('rows')
    .addColumn('run_id', 'text', (column) => column.notNull())
    .addColumn('key', 'text', (column) => column.notNull())
    .addColumn('number', 'integer', (column) => column.notNull())
    .addColumn('revision', 'integer', (column) => column.notNull())
    .addColumn('model', 'text', (column) => column.notNull())
    .addColumn('batch', 'integer', (column) => column.notNull())
    .addColumn('proof', 'integer', (column) => column.notNull())
    .addColumn('images', 'integer', (column) => column.notNull())
    .addColumn('planned', 'text', (column) => column.notNull())
    .addColumn('cells', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('rows_key', ['run_id', 'key'])
    .execute();
  await schema.createIndex('rows_by_number').on('rows').columns(['run_id', 'number']).execute();

  await schema
    .createTable('skipped_rows')
    .addColumn('run_id', 'text', (column) => column.notNull())
    .addColumn('number', 'integer', (column) => column.notNull())
    .addColumn('line', 'integer', (column) => column.notNull())
    .addColumn('reason', 'text', (column) => column.notNull())
    .addColumn('cells', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('skipped_rows_key', ['run_id', 'number'])
    .execute();

  await schema
    .createTable('requests')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('run_id', 'text', (column) => column.notNull())
    .addColumn('row_key', 'text', (column) => column.notNull())
    .addColumn('position', 'bigint', (column) => column.notNull())
    .addColumn('lane', 'text', (column) => column.notNull())
    .addColumn('proof', 'integer', (column) => column.notNull())
    .addColumn('indexes', 'text', (column) => column.notNull())
    .addColumn('images', 'integer', (column) => column.notNull())
    .addColumn('generation', 'integer', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('attempts', 'integer', (column) => column.notNull())
    .addColumn('counted_attempts', 'integer', (column) => column.notNull())
    .addColumn('not_before', 'bigint', (column) => column.notNull())
    .addColumn('wait_reason', 'text')
    .addColumn('credit_micros_per_image', 'bigint', (column) => column.notNull())
    .addColumn('worst_usd_micros', 'bigint')
    .addColumn('expected_usd_micros', 'bigint')
    .execute();
  await schema
    .createIndex('requests_in_order')
    .on('requests')
    .columns(['run_id', 'lane', 'state', 'position'])
    .execute();

  await schema
    .createTable('items')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('run_id', 'text', (column) => column.notNull())
    .addColumn('row_key', 'text', (column) => column.notNull())
    .addColumn('row_number', 'integer', (column) => column.notNull())
    .addColumn('image_index', 'integer', (column) => column.notNull())
    .addColumn('request_id', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('reason', 'text')
    .addColumn('hash', 'text')
    .addColumn('width', 'integer')
    .addColumn('height', 'integer')
    .addColumn('bytes', 'integer')
    .addColumn('format', 'text')
    .addColumn('file', 'text')
    .addColumn('credit_micros', 'bigint', (column) => column.notNull().defaultTo(zero))
    .addColumn('usd_micros', 'bigint')
    .addColumn('attempt_id', 'text')
    .addColumn('dropped', 'integer', (column) => column.notNull().defaultTo(zero))
    .execute();
  await schema
    .createIndex('items_by_state')
    .on('items')
    .columns(['run_id', 'dropped', 'state'])
    .execute();
  await schema.createIndex('items_by_row').on('items').columns(['run_id', 'row_key']).execute();
  await schema.createIndex('items_by_request').on('items').column('request_id').execute();
  await schema
    .createIndex('items_in_order')
    .on('items')
    .columns(['run_id', 'row_number', 'image_index'])
    .execute();
  await schema
    .createTable('attempts')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('request_id', 'text', (column) => column.notNull())
    .addColumn('run_id', 'text', (column) => column.notNull())
    .addColumn('number', 'integer', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('worker_id', 'text', (column) => column.notNull())
    .addColumn('sent_at', 'bigint', (column) => column.notNull())
    .addColumn('deadline_at', 'bigint', (column) => column.notNull())
    .addColumn('ref', 'text')
    .addColumn('held_credit_micros', 'bigint', (column) => column.notNull())
    .addColumn('held_usd_micros', 'bigint', (column) => column.notNull())
    .addColumn('usd_micros', 'bigint')
    .addColumn('reason', 'text')
    .addColumn('ended_at', 'bigint')
    .execute();
  await schema
    .createIndex('attempts_by_state')
    .on('attempts')
    .columns(['run_id', 'state'])
    .execute();

  await schema
    .createTable('ledger')
    .addColumn('attempt_id', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('account', 'text', (column) => column.notNull())
    .addColumn('run_id', 'text', (column) => column.notNull())
    .addColumn('workspace', 'text', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('credit_micros', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('ledger_key', ['attempt_id', 'kind', 'account'])
    .execute();
  await schema.createIndex('ledger_by_run').on('ledger').column('run_id').execute();

  await schema
    .createTable('limits')
    .addColumn('key', 'text', (column) => column.primaryKey())
    .addColumn('learned', 'text')
    .execute();

  await schema
    .createTable('grants')
    .addColumn('limit_key', 'text', (column) => column.notNull())
    .addColumn('attempt_id', 'text', (column) => column.notNull())
    .addColumn('granted_at', 'bigint', (column) => column.notNull())
    .addColumn('units', 'integer', (column) => column.notNull())
    .addColumn('ends_at', 'bigint', (column) => column.notNull())
    .addColumn('refused', 'integer', (column) => column.notNull().defaultTo(zero))
    .addPrimaryKeyConstraint('grants_key', ['limit_key', 'attempt_id'])
    .execute();
  await schema
    .createIndex('grants_by_time')
    .on('grants')
    .columns(['limit_key', 'granted_at', 'units'])
    .execute();
  await schema
    .createIndex('grants_by_end')
    .on('grants')
    .columns(['limit_key', 'ends_at'])
    .execute();
  await schema.createIndex('grants_by_attempt').on('grants').column('attempt_id').execute();

  await schema
    .createTable('extras')
    .addColumn('attempt_id', 'text', (column) => column.notNull())
    .addColumn('run_id', 'text', (column) => column.notNull())
    .addColumn('image_index', 'integer', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('extras_key', ['attempt_id', 'image_index'])
    .execute();

  await schema
    .createTable('events')
    .addColumn('run_id', 'text', (column) => column.notNull())
    .addColumn('sequence', 'integer', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('event', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('events_key', ['run_id', 'sequence'])
    .execute();
}
