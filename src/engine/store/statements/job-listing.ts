/** Listing a job's sources: what is new or changed waits, what is no longer there is gone. */
import { sql } from 'kysely';
import { changed, type StoreContext } from '../context.ts';
import type { ListedSource } from '../job-store.ts';
import { asOwner } from './jobs.ts';

/** Gives the listing's number. */
export async function beginListing(
  context: StoreContext,
  jobId: string,
  workerId: string,
): Promise<number | 'fenced'> {
  return asOwner(context, jobId, workerId, async (trx) => {
    const { listing } = await trx
      .updateTable('jobs')
      .set({ listing: sql<number>`listing + 1` })
      .where('id', '=', jobId)
      .returning('listing')
      .executeTakeFirstOrThrow();
    return listing;
  });
}

/** One statement; a picture that is there again after it was gone waits. */
export async function putSources(
  context: StoreContext,
  jobId: string,
  listing: number,
  sources: readonly ListedSource[],
): Promise<void> {
  if (sources.length === 0) return;
  await context.database
    .insertInto('job_files')
    .values(
      sources.map(({ source, name, sortKey, version, bytes, problem }) => ({
        job_id: jobId,
        source,
        name,
        sort_key: sortKey,
        number: 0,
        version,
        bytes,
        state: problem === undefined ? ('waiting' as const) : ('failed' as const),
        reason: problem ?? null,
        findings: null,
        listing,
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(['job_id', 'source']).doUpdateSet({
        name: sql<string>`excluded.name`,
        sort_key: sql<string>`excluded.sort_key`,
        version: sql<string>`excluded.version`,
        bytes: sql<number>`excluded.bytes`,
        listing: sql<number>`excluded.listing`,
        state: ifSame(sql`job_files.state`, sql`excluded.state`),
        reason: ifSame(sql`job_files.reason`, sql`excluded.reason`),
        findings: ifSame(sql`job_files.findings`, sql`excluded.findings`),
      }),
    )
    .execute();
}

/** Keeps what is known of a source that has not changed. */
function ifSame<Value>(kept: ReturnType<typeof sql>, fresh: ReturnType<typeof sql>) {
  return sql<Value>`case when job_files.version = excluded.version and job_files.state <> 'gone' then ${kept} else ${fresh} end`;
}

/** Numbers what is new, after what there was, and marks what this listing did not see. */
export async function endListing(
  context: StoreContext,
  jobId: string,
  listing: number,
): Promise<{ readonly gone: number }> {
  return context.database.transaction().execute(async (trx) => {
    const { highest } = await trx
      .selectFrom('job_files')
      .select(sql<number | null>`max(number)`.as('highest'))
      .where('job_id', '=', jobId)
      .executeTakeFirstOrThrow();
    await trx
      .updateTable('job_files')
      .from((from) =>
        from
          .selectFrom('job_files')
          .select([
            'source as found',
            sql<number>`row_number() over (order by sort_key, source)`.as('place'),
          ])
          .where('job_id', '=', jobId)
          .where('number', '=', 0)
          .as('numbered'),
      )
      .set({ number: sql<number>`numbered.place + ${highest ?? 0}` })
      .where('job_files.job_id', '=', jobId)
      .where('job_files.number', '=', 0)
      .whereRef('job_files.source', '=', 'numbered.found')
      .execute();
    const result = await trx
      .updateTable('job_files')
      .set({ state: 'gone', reason: null })
      .where('job_id', '=', jobId)
      .where('listing', '<', listing)
      .executeTakeFirstOrThrow();
    return { gone: changed(result) };
  });
}

/** Which of these names are files that the job has written. */
export async function ownNames(
  context: StoreContext,
  jobId: string,
  nameKeys: readonly string[],
): Promise<ReadonlySet<string>> {
  // An empty list is no SQL in PostgreSQL.
  if (nameKeys.length === 0) return new Set();
  const rows = await context.database
    .selectFrom('job_outputs')
    .select('name_key')
    .where('job_id', '=', jobId)
    .where('name_key', 'in', [...nameKeys])
    .where('is_ours', '=', 1)
    .execute();
  return new Set(rows.map((row) => row.name_key));
}
