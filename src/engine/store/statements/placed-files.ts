/** Where delivered files are, as it is written down while a worker owns the run. */
import { sql, type SqlBool } from 'kysely';
import type { BegunFiles, MoreFile, PlacedFiles } from '../../core/finishing.ts';
import { FILE_FLAG_KINDS, type Flag } from '../../core/flag.ts';
import { changed, FencedError, type StoreContext } from '../context.ts';
import type { Database } from '../dialect.ts';
import type { Fenced } from '../store.ts';

/** Before the key of files that are begun and may not be there. */
export const BEGUN = 'begun: ';

export async function droppedFiles(context: StoreContext, runId: string): Promise<PlacedFiles[]> {
  const rows = await context.database
    .selectFrom('items')
    .select(['id', 'file', 'more_files'])
    .where('run_id', '=', runId)
    .where('dropped', '=', 1)
    .where('file', 'is not', null)
    .orderBy('row_number')
    .orderBy('image_index')
    .execute();
  return rows.map(({ id, file, more_files: more }) => ({
    itemId: id,
    file,
    ...(more !== null && { moreFiles: JSON.parse(more) as MoreFile[] }),
  }));
}

/** Remembers where an item's files are. What was found of earlier files says nothing of these. */
export async function setFiles(
  context: StoreContext,
  placed: readonly PlacedFiles[],
  workerId?: string,
): Promise<Fenced> {
  let isFenced = false;
  await context.database.transaction().execute(async (trx) => {
    for (const { itemId, file, moreFiles, finishedBy, finishFailure, screening } of placed) {
      const known = await trx
        .selectFrom('items')
        .select('flags')
        .where('id', '=', itemId)
        .executeTakeFirst();
      const result = await trx
        .updateTable('items')
        .set({
          ...withoutFileFlags(known?.flags ?? null),
          file,
          more_files: moreFiles === undefined ? null : JSON.stringify(moreFiles),
          finished_by: finishedBy ?? null,
          finish_failure: finishFailure ?? null,
          ...(screening !== undefined && { screening: JSON.stringify(screening) }),
        })
        .where('id', '=', itemId)
        .$if(workerId !== undefined, (query) => query.where(isOwnedBy(workerId!)))
        .executeTakeFirstOrThrow();
      isFenced ||= workerId !== undefined && changed(result) === 0;
    }
  });
  return isFenced ? 'fenced' : 'done';
}

/** Whose run an item is of. */
function isOwnedBy(workerId: string) {
  return sql<SqlBool>`exists (select 1 from runs
    where runs.id = items.run_id and runs.worker_id = ${workerId})`;
}

/** Nothing where there are none, so that what is judged meanwhile is not overwritten. */
function withoutFileFlags(flags: string | null): { readonly flags?: string } {
  const found = JSON.parse(flags ?? '[]') as Flag[];
  const others = found.filter(({ kind }) => !FILE_FLAG_KINDS.some((each) => each === kind));
  return others.length === found.length ? {} : { flags: JSON.stringify(others) };
}

/** Where there is one writer at a time it shares a commit with whatever else is written; elsewhere it is a statement. */
export async function beginFiles(
  context: StoreContext,
  id: string,
  begun: BegunFiles,
  workerId?: string,
): Promise<Fenced> {
  const { database, dialect, commits } = context;
  if (dialect.name === 'postgres') return putBegun(database, id, begun, workerId);
  return commits.write(context, dialect.commitGroup(id), {
    lessons: [],
    lock: async () => {},
    work: async (trx) => {
      if ((await putBegun(trx, id, begun, workerId)) === 'fenced') throw new FencedError(id);
    },
  });
}

async function putBegun(
  database: Database,
  id: string,
  { file, moreFiles, finishedBy }: BegunFiles,
  workerId: string | undefined,
): Promise<Fenced> {
  const result = await database
    .updateTable('items')
    .set({ file, more_files: JSON.stringify(moreFiles), finished_by: `${BEGUN}${finishedBy}` })
    .where('id', '=', id)
    .$if(workerId !== undefined, (query) => query.where(isOwnedBy(workerId!)))
    .executeTakeFirstOrThrow();
  return workerId !== undefined && changed(result) === 0 ? 'fenced' : 'done';
}
