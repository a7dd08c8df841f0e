import type { Kysely } from 'kysely';

/** Images that could not be finished, and jobs: tools that work through many pictures. */
export async function up(database: Kysely<unknown>): Promise<void> {
  const { schema } = database;
  for (const column of ['finish_failure', 'finished_by', 'more_files', 'screening']) {
    await schema.alterTable('items').addColumn(column, 'text').execute();
  }

  await schema
    .createTable('jobs')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('workspace', 'text', (column) => column.notNull())
    .addColumn('order_key', 'text', (column) => column.notNull())
    .addColumn('job_order', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('listing', 'integer', (column) => column.notNull())
    .addColumn('report_file', 'text')
    .addColumn('worker_id', 'text')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .execute();
  await schema
    .createIndex('jobs_by_key')
    .unique()
    .on('jobs')
    .columns(['workspace', 'order_key'])
    .execute();

  await schema
    .createTable('job_files')
    .addColumn('job_id', 'text', (column) => column.notNull())
    .addColumn('source', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('sort_key', 'text', (column) => column.notNull())
    .addColumn('number', 'integer', (column) => column.notNull())
    .addColumn('version', 'text', (column) => column.notNull())
    .addColumn('bytes', 'bigint', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('reason', 'text')
    .addColumn('findings', 'text')
    .addColumn('listing', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('job_files_key', ['job_id', 'source'])
    .execute();
  await schema
    .createIndex('job_files_by_state')
    .on('job_files')
    .columns(['job_id', 'state', 'number'])
    .execute();
  await schema
    .createIndex('job_files_by_number')
    .on('job_files')
    .columns(['job_id', 'number'])
    .execute();

  await schema
    .createTable('job_outputs')
    .addColumn('job_id', 'text', (column) => column.notNull())
    .addColumn('name_key', 'text', (column) => column.notNull())
    .addColumn('number', 'integer', (column) => column.notNull())
    .addColumn('place', 'integer', (column) => column.notNull())
    .addColumn('file', 'text', (column) => column.notNull())
    .addColumn('output', 'text')
    .addColumn('bytes', 'bigint', (column) => column.notNull())
    .addColumn('sha256', 'text', (column) => column.notNull())
    .addColumn('replaces', 'text')
    .addColumn('is_ours', 'integer', (column) => column.notNull())
    .addColumn('is_written', 'integer', (column) => column.notNull())
    .addColumn('width', 'integer', (column) => column.notNull())
    .addColumn('height', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('job_outputs_key', ['job_id', 'name_key'])
    .execute();
  await schema
    .createIndex('job_outputs_by_number')
    .on('job_outputs')
    .columns(['job_id', 'number', 'place'])
    .execute();
}
