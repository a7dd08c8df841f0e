import { type Kysely, sql, type SqlBool } from 'kysely';
import { createCreditTables } from './0004-credits.ts';

/** Workspaces with their keys and credits, and what a service keeps for its clients. */
export async function up(database: Kysely<unknown>): Promise<void> {
  const { schema } = database;
  const zero = sql`0`;

  await schema
    .createTable('workspaces')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('images_per_hour', 'integer')
    .addColumn('is_ceiling_fixed', 'integer', (column) => column.notNull().defaultTo(zero))
    .addColumn('available_credit_micros', 'bigint')
    .addColumn('held_credit_micros', 'bigint', (column) => column.notNull().defaultTo(zero))
    .addColumn('posted_credit_micros', 'bigint', (column) => column.notNull().defaultTo(zero))
    .addColumn('bought_credit_micros', 'bigint', (column) => column.notNull().defaultTo(zero))
    .addColumn('is_credit_low', 'integer', (column) => column.notNull().defaultTo(zero))
    .addColumn('events', 'integer', (column) => column.notNull().defaultTo(zero))
    .execute();

  await schema
    .createTable('api_keys')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('workspace', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull().unique())
    .addColumn('hint', 'text', (column) => column.notNull())
    .addColumn('previous_hash', 'text')
    .addColumn('previous_until', 'bigint')
    .addColumn('role', 'text', (column) => column.notNull())
    .addColumn('scopes', 'text')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('last_used_at', 'bigint')
    .addColumn('expires_at', 'bigint')
    .addColumn('revoked_at', 'bigint')
    .addColumn('budget_credit_micros', 'bigint')
    .addColumn('posted_credit_micros', 'bigint', (column) => column.notNull().defaultTo(zero))
    .addColumn('held_credit_micros', 'bigint', (column) => column.notNull().defaultTo(zero))
    .execute();
  await schema
    .createIndex('api_keys_by_workspace')
    .on('api_keys')
    .columns(['workspace', 'created_at', 'id'])
    .execute();
  await schema
    .createIndex('api_keys_by_previous_hash')
    .on('api_keys')
    .column('previous_hash')
    .execute();

  await schema
    .createTable('sessions')
    .addColumn('hash', 'text', (column) => column.primaryKey())
    .addColumn('key_id', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .execute();
  await schema.createIndex('sessions_by_key').on('sessions').column('key_id').execute();
  await schema.createIndex('sessions_by_end').on('sessions').column('expires_at').execute();

  await schema.alterTable('runs').addColumn('key_id', 'text').execute();
  await schema.alterTable('runs').addColumn('origin', 'text').execute();
  await schema
    .createIndex('runs_by_workspace')
    .on('runs')
    .columns(['workspace', 'created_at', 'id'])
    .execute();
  // A page of one state begins where the last one ended.
  await schema.dropIndex('items_by_state').execute();
  await schema
    .createIndex('items_by_state')
    .on('items')
    .columns(['run_id', 'dropped', 'state', 'row_number', 'image_index'])
    .execute();
  // A report counts the few of many that have something to say.
  await schema
    .createIndex('items_with_flags')
    .on('items')
    .columns(['run_id', 'dropped'])
    .where(sql<SqlBool>`(flags != '[]' or screening != '[]')`)
    .execute();
  await schema
    .createIndex('items_unfinished')
    .on('items')
    .columns(['run_id', 'dropped'])
    .where(sql.ref('finish_failure'), 'is not', null)
    .execute();
  await schema
    .createIndex('requests_by_row')
    .on('requests')
    .columns(['run_id', 'row_key'])
    .execute();
  await schema
    .createIndex('runs_that_hold')
    .on('runs')
    .column('workspace')
    .where(sql.ref('held_credit_micros'), '>', 0)
    .execute();
  await schema.createIndex('runs_by_state').on('runs').columns(['origin', 'state']).execute();

  await schema
    .createTable('credit_entries')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('workspace', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('credit_micros', 'bigint', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('reason', 'text', (column) => column.notNull())
    .addColumn('reference', 'text')
    .addColumn('by_key', 'text')
    .addColumn('paid_amount', 'bigint')
    .addColumn('paid_currency', 'text')
    .execute();
  await schema
    .createIndex('credit_entries_by_workspace')
    .on('credit_entries')
    .columns(['workspace', 'at', 'id'])
    .execute();
  await schema
    .createIndex('credit_entries_by_reference')
    .unique()
    .on('credit_entries')
    .column('reference')
    .execute();
  // In the order in which it is read.
  await schema.dropIndex('ledger_by_run').execute();
  await schema
    .createIndex('ledger_by_run')
    .on('ledger')
    .columns(['run_id', 'at', 'attempt_id'])
    .execute();
  await schema
    .createIndex('ledger_by_workspace')
    .on('ledger')
    .columns(['workspace', 'at', 'attempt_id'])
    .execute();
  await createCreditTables(database);

  await schema
    .createTable('workspace_events')
    .addColumn('workspace', 'text', (column) => column.notNull())
    .addColumn('sequence', 'integer', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('type', 'text', (column) => column.notNull())
    .addColumn('run_id', 'text')
    .addColumn('data', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('workspace_events_key', ['workspace', 'sequence'])
    .execute();
  await schema
    .createIndex('workspace_events_by_time')
    .on('workspace_events')
    .column('at')
    .execute();

  await schema
    .createTable('webhooks')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('workspace', 'text', (column) => column.notNull())
    .addColumn('url', 'text', (column) => column.notNull())
    .addColumn('description', 'text', (column) => column.notNull())
    .addColumn('event_types', 'text')
    .addColumn('enabled', 'integer', (column) => column.notNull())
    .addColumn('disabled_reason', 'text')
    .addColumn('generation', 'integer', (column) => column.notNull())
    .addColumn('rotated_at', 'bigint')
    .addColumn('failing_since', 'bigint')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('seen_sequence', 'integer', (column) => column.notNull())
    .execute();
  await schema.createIndex('webhooks_by_workspace').on('webhooks').column('workspace').execute();
  await schema
    .createTable('webhook_deliveries')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('webhook_id', 'text', (column) => column.notNull())
    .addColumn('workspace', 'text', (column) => column.notNull())
    .addColumn('sequence', 'integer', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('attempts', 'integer', (column) => column.notNull())
    .addColumn('next_at', 'bigint', (column) => column.notNull())
    .addColumn('worker_id', 'text')
    .addColumn('status', 'integer')
    .addColumn('reason', 'text')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('ended_at', 'bigint')
    .execute();
  await schema
    .createIndex('webhook_deliveries_due')
    .on('webhook_deliveries')
    .columns(['state', 'next_at'])
    .execute();
  await schema
    .createIndex('webhook_deliveries_by_time')
    .on('webhook_deliveries')
    .column('created_at')
    .execute();
  await schema
    .createIndex('webhook_deliveries_by_webhook')
    .unique()
    .on('webhook_deliveries')
    .columns(['webhook_id', 'sequence'])
    .execute();

  await schema
    .createTable('idempotency_keys')
    .addColumn('workspace', 'text', (column) => column.notNull())
    .addColumn('key', 'text', (column) => column.notNull())
    .addColumn('fingerprint', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('worker_id', 'text', (column) => column.notNull())
    .addColumn('resource', 'text', (column) => column.notNull())
    .addColumn('status', 'integer')
    .addColumn('headers', 'text')
    .addColumn('body', 'text')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('idempotency_keys_key', ['workspace', 'key'])
    .execute();
  await schema
    .createIndex('idempotency_keys_by_end')
    .on('idempotency_keys')
    .column('expires_at')
    .execute();

  await schema
    .createTable('stored_files')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('workspace', 'text', (column) => column.notNull())
    .addColumn('key_id', 'text')
    .addColumn('purpose', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('media_type', 'text', (column) => column.notNull())
    .addColumn('bytes', 'bigint', (column) => column.notNull())
    .addColumn('sha256', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint')
    .execute();
  await schema
    .createIndex('stored_files_by_workspace')
    .on('stored_files')
    .columns(['workspace', 'created_at', 'id'])
    .execute();

  await schema
    .createTable('openai_batches')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('workspace', 'text', (column) => column.notNull())
    .addColumn('key_id', 'text')
    .addColumn('run_id', 'text', (column) => column.notNull())
    .addColumn('input_file', 'text', (column) => column.notNull())
    .addColumn('endpoint', 'text', (column) => column.notNull())
    .addColumn('completion_window', 'text', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addColumn('output_seconds', 'integer')
    .addColumn('metadata', 'text')
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('problems', 'text')
    .addColumn('output_file', 'text')
    .addColumn('error_file', 'text')
    .addColumn('counts', 'text')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('started_at', 'bigint')
    .addColumn('finalizing_at', 'bigint')
    .addColumn('cancelled_at', 'bigint')
    .addColumn('ended_at', 'bigint')
    .addColumn('lease_owner', 'text')
    .addColumn('lease_until', 'bigint', (column) => column.notNull())
    .execute();
  await schema
    .createIndex('openai_batches_by_workspace')
    .on('openai_batches')
    .columns(['workspace', 'created_at', 'id'])
    .execute();

  await schema
    .createTable('ordered_jobs')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('workspace', 'text', (column) => column.notNull())
    .addColumn('key_id', 'text')
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('run_id', 'text')
    .addColumn('request', 'text', (column) => column.notNull())
    .addColumn('job_id', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('problem', 'text')
    .addColumn('outcome', 'text')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('ended_at', 'bigint')
    .execute();
  await schema
    .createIndex('ordered_jobs_by_workspace')
    .on('ordered_jobs')
    .columns(['workspace', 'created_at', 'id'])
    .execute();
  await schema
    .createIndex('ordered_jobs_by_state')
    .on('ordered_jobs')
    .columns(['state', 'created_at'])
    .execute();

  await schema
    .createTable('secrets')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('value', 'text', (column) => column.notNull())
    .execute();
}
