import type { Kysely } from 'kysely';

/** Processes that share the work of one store: what they take and can, who lends a hand to which run. */
export async function up(database: Kysely<unknown>): Promise<void> {
  const { schema } = database;
  for (const column of ['version', 'kinds', 'capabilities', 'images_place', 'load']) {
    await schema.alterTable('workers').addColumn(column, 'text').execute();
  }
  for (const column of ['started_at', 'ended_at', 'draining_at']) {
    await schema.alterTable('workers').addColumn(column, 'bigint').execute();
  }

  await schema
    .createTable('run_hands')
    .addColumn('run_id', 'text', (column) => column.notNull())
    .addColumn('worker_id', 'text', (column) => column.notNull())
    .addColumn('joined_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('run_hands_key', ['run_id', 'worker_id'])
    .execute();
  await schema.createIndex('run_hands_of_worker').on('run_hands').column('worker_id').execute();

  await schema
    .createTable('finishing_tasks')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('offered_by', 'text', (column) => column.notNull())
    .addColumn('offered_at', 'bigint', (column) => column.notNull())
    .addColumn('needs', 'text', (column) => column.notNull())
    .addColumn('master', 'text', (column) => column.notNull())
    .addColumn('finish_order', 'text', (column) => column.notNull())
    .addColumn('taken_by', 'text')
    .addColumn('taken_at', 'bigint')
    .addColumn('result', 'text')
    .execute();
  await schema
    .createIndex('finishing_tasks_by_time')
    .on('finishing_tasks')
    .columns(['offered_at', 'id'])
    .execute();
}
