import type { Kysely } from 'kysely';

/** Images that could not be finished, and jobs: tools that work through many pictures. */
export async function up(database: Kysely<unknown>): Promise<void> {
  const { schema } = database;
  for (const column of ['finish_failure', 'finished_by', 'more_files']) {
    await schema.alterTable('items').addColumn(column, 'text').execute();
  }

  await schema
    .createTable('jobs')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('workspace', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('order_key', 'text', (column) => column.notNull())
    .addColumn('job_order', 'text', (column) => column.notNull())
    .addColumn('out', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('worker_id', 'text')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .execute();
  await schema.createIndex('jobs_by_key').on('jobs').column('order_key').execute();

  await schema
    .createTable('job_files')
    .addColumn('job_id', 'text', (column) => column.notNull())
    .addColumn('position', 'integer', (column) => column.notNull())
    .addColumn('source', 'text', (column) => column.notNull())
    .addColumn('version', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('reason', 'text')
    .addColumn('outputs', 'text')
    .addColumn('findings', 'text')
    .addPrimaryKeyConstraint('job_files_key', ['job_id', 'position'])
    .execute();
  await schema
    .createIndex('job_files_by_source')
    .unique()
    .on('job_files')
    .columns(['job_id', 'source'])
    .execute();
}
