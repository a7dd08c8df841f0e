import type { FinishOrder } from '../../core/finisher.ts';
import { changed, type StoreContext } from '../context.ts';
import type { FinishingResult, FinishingTask, OfferedTask } from '../finishing-store.ts';

/** Tasks that are looked through for one that can be done. */
const MOST_READ = 32;
const MOST_STRAY = 500;

export async function offerFinishing(
  { database, dialect }: StoreContext,
  workerId: string,
  { id, needs, master, order }: FinishingTask,
): Promise<void> {
  await database
    .insertInto('finishing_tasks')
    .values({
      id,
      offered_by: workerId,
      offered_at: await dialect.now(database),
      needs: JSON.stringify(needs),
      master,
      finish_order: JSON.stringify(order),
      taken_by: null,
      taken_at: null,
      result: null,
    })
    .execute();
}

export async function offeredFinishing(
  { database }: StoreContext,
  workerId: string,
): Promise<OfferedTask[]> {
  const rows = await database
    .selectFrom('finishing_tasks')
    .select(['id', 'taken_by', 'result'])
    .where('offered_by', '=', workerId)
    .execute();
  return rows.map(({ id, taken_by: takenBy, result }) => ({
    id,
    ...(takenBy !== null && { takenBy }),
    ...(result !== null && { result: JSON.parse(result) as FinishingResult }),
  }));
}

export async function withdrawFinishing(
  { database }: StoreContext,
  taskId: string,
): Promise<boolean> {
  const result = await database
    .deleteFrom('finishing_tasks')
    .where('id', '=', taskId)
    .where('taken_by', 'is', null)
    .executeTakeFirstOrThrow();
  return Number(result.numDeletedRows) === 1;
}

export async function freeFinishing(
  { database }: StoreContext,
  taskId: string,
  takenBy: string,
): Promise<void> {
  await database
    .updateTable('finishing_tasks')
    .set({ taken_by: null, taken_at: null })
    .where('id', '=', taskId)
    .where('taken_by', '=', takenBy)
    .where('result', 'is', null)
    .execute();
}

export async function removeFinishing({ database }: StoreContext, taskId: string): Promise<void> {
  await database.deleteFrom('finishing_tasks').where('id', '=', taskId).execute();
}

export async function takeFinishing(
  { database, dialect }: StoreContext,
  workerId: string,
  capabilities: readonly string[],
): Promise<FinishingTask | undefined> {
  const rows = await database
    .selectFrom('finishing_tasks')
    .select(['id', 'needs', 'master', 'finish_order'])
    .where('taken_by', 'is', null)
    .where('offered_by', '<>', workerId)
    .where('offered_by', 'in', (select) =>
      select.selectFrom('workers').select('id').where('ended_at', 'is', null),
    )
    .orderBy('offered_at')
    .orderBy('id')
    .limit(MOST_READ)
    .execute();
  for (const { id, master, needs, finish_order: order } of rows) {
    const needed = JSON.parse(needs) as string[];
    if (!needed.every((need) => capabilities.includes(need))) continue;
    const result = await database
      .updateTable('finishing_tasks')
      .set({ taken_by: workerId, taken_at: await dialect.now(database) })
      .where('id', '=', id)
      .where('taken_by', 'is', null)
      .executeTakeFirstOrThrow();
    if (changed(result) === 1) {
      return { id, master, needs: needed, order: JSON.parse(order) as FinishOrder };
    }
  }
  return undefined;
}

export async function endFinishing(
  { database }: StoreContext,
  taskId: string,
  workerId: string,
  result: FinishingResult,
): Promise<boolean> {
  const update = await database
    .updateTable('finishing_tasks')
    .set({ result: JSON.stringify(result) })
    .where('id', '=', taskId)
    .where('taken_by', '=', workerId)
    .where('result', 'is', null)
    .executeTakeFirstOrThrow();
  return changed(update) === 1;
}

export async function removeStrayFinishing({ database }: StoreContext): Promise<string[]> {
  const rows = await database
    .deleteFrom('finishing_tasks')
    .where('id', 'in', (select) =>
      select
        .selectFrom('finishing_tasks')
        .select('id')
        .where('offered_by', 'not in', (inner) =>
          inner.selectFrom('workers').select('id').where('ended_at', 'is', null),
        )
        .limit(MOST_STRAY),
    )
    .returning('id')
    .execute();
  return rows.map(({ id }) => id);
}
