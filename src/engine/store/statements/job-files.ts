/** The pictures of a job, one by one: what waits, what is going to be written, how it ended. */
import { type Selectable, sql } from 'kysely';
import {
  JOB_FILE_STATES,
  type JobCounts,
  type JobFile,
  type JobFileState,
  type JobOutput,
} from '../../core/job.ts';
import { changed, type StoreContext } from '../context.ts';
import type { Database } from '../dialect.ts';
import type { ClaimedOutput, JobBytes, JobSettlement, WaitingSource } from '../job-store.ts';
import type { Fenced } from '../orders.ts';
import type { Tables } from '../tables.ts';
import { asOwner } from './jobs.ts';

const PAGE = 500;
/** Numbers in one statement, far below what both engines allow. */
const MOST_NUMBERS = 5_000;

/** The next pictures that wait, after `after`, with what was claimed for them before. */
export async function waitingSources(
  context: StoreContext,
  jobId: string,
  after: number,
  most: number,
): Promise<WaitingSource[]> {
  const rows = await context.database
    .selectFrom('job_files')
    .select(['source', 'name', 'number', 'version', 'bytes'])
    .where('job_id', '=', jobId)
    .where('state', '=', 'waiting')
    .where('number', '>', after)
    .orderBy('number')
    .limit(most)
    .execute();
  const outputs = await outputsOf(context.database, jobId, rows);
  return rows.map((row) => ({
    ...row,
    bytes: Number(row.bytes),
    claimed: (outputs.get(row.number) ?? []).map(toClaimed),
  }));
}

/** Names that other pictures of the job have are refused, and then nothing is entered. */
export async function claimOutputs(
  context: StoreContext,
  jobId: string,
  workerId: string,
  number: number,
  outputs: readonly ClaimedOutput[],
): Promise<readonly string[] | 'fenced'> {
  return asOwner(context, jobId, workerId, async (trx) => {
    const taken = await trx
      .selectFrom('job_outputs')
      .select('name_key')
      .where('job_id', '=', jobId)
      .where(
        'name_key',
        'in',
        outputs.map(({ nameKey }) => nameKey),
      )
      .where('number', '<>', number)
      .execute();
    if (taken.length > 0) return taken.map((row) => row.name_key);
    for (const [at, output] of outputs.entries()) {
      const row = toRow(output, at + 1);
      await trx
        .insertInto('job_outputs')
        .values({ job_id: jobId, number, name_key: output.nameKey, ...row, is_written: 0 })
        .onConflict((conflict) =>
          conflict.columns(['job_id', 'name_key']).doUpdateSet({ ...row, is_written: 0 }),
        )
        .execute();
    }
    return [];
  });
}

export async function settleJobFile(
  context: StoreContext,
  jobId: string,
  workerId: string,
  settlement: JobSettlement,
): Promise<Fenced> {
  const { number, state, version, bytes, reason, findings, outputs } = settlement;
  const answer = await asOwner(context, jobId, workerId, async (trx) => {
    await trx
      .updateTable('job_files')
      .set({
        state,
        version,
        bytes,
        reason: reason ?? null,
        findings: findings === undefined ? null : JSON.stringify(findings),
      })
      .where('job_id', '=', jobId)
      .where('number', '=', number)
      .execute();
    // A picture that failed keeps what is known of its older files: they may be replaced one day.
    if (state === 'failed') return;
    const former = trx
      .deleteFrom('job_outputs')
      .where('job_id', '=', jobId)
      .where('number', '=', number);
    const keys = outputs.map(({ nameKey }) => nameKey);
    await (keys.length === 0 ? former : former.where('name_key', 'not in', keys)).execute();
    for (const [at, output] of outputs.entries()) {
      await trx
        .updateTable('job_outputs')
        .set({ ...toRow(output, at + 1), replaces: null, is_written: 1 })
        .where('job_id', '=', jobId)
        .where('name_key', '=', output.nameKey)
        .execute();
    }
  });
  return answer === 'fenced' ? 'fenced' : 'done';
}

/** How many wait again. */
export async function requeueJobFiles(
  context: StoreContext,
  jobId: string,
  workerId: string,
  which: readonly number[] | 'failed',
): Promise<number> {
  if (which.length === 0) return 0;
  const answer = await asOwner(context, jobId, workerId, async (trx) => {
    let count = 0;
    const update = trx
      .updateTable('job_files')
      .set({ state: 'waiting', reason: null })
      .where('job_id', '=', jobId);
    if (which === 'failed') {
      return changed(await update.where('state', '=', 'failed').executeTakeFirstOrThrow());
    }
    for (let at = 0; at < which.length; at += MOST_NUMBERS) {
      const page = update.where('number', 'in', which.slice(at, at + MOST_NUMBERS));
      count += changed(await page.executeTakeFirstOrThrow());
    }
    return count;
  });
  return answer === 'fenced' ? 0 : answer;
}

export async function setJobFindings(
  context: StoreContext,
  jobId: string,
  workerId: string,
  findings: ReadonlyMap<number, unknown>,
): Promise<Fenced> {
  const answer = await asOwner(context, jobId, workerId, async (trx) => {
    for (const [number, found] of findings) {
      await trx
        .updateTable('job_files')
        .set({ findings: JSON.stringify(found) })
        .where('job_id', '=', jobId)
        .where('number', '=', number)
        .execute();
    }
  });
  return answer === 'fenced' ? 'fenced' : 'done';
}

export async function jobCounts(context: StoreContext, jobId: string): Promise<JobCounts> {
  const rows = await context.database
    .selectFrom('job_files')
    .select(['state', (select) => select.fn.countAll<number>().as('files')])
    .where('job_id', '=', jobId)
    .groupBy('state')
    .execute();
  const found = new Map(rows.map(({ state, files }) => [state, Number(files)]));
  const counts = JOB_FILE_STATES.map((state) => [state, found.get(state) ?? 0] as const);
  return Object.fromEntries(counts) as JobCounts;
}

export async function jobBytes(context: StoreContext, jobId: string): Promise<JobBytes> {
  const { before } = await context.database
    .selectFrom('job_files')
    .select(sql<number>`coalesce(sum(bytes), 0)`.as('before'))
    .where('job_id', '=', jobId)
    .where('state', '=', 'done')
    .executeTakeFirstOrThrow();
  const { after } = await context.database
    .selectFrom('job_outputs')
    .innerJoin('job_files', (join) =>
      join
        .onRef('job_files.job_id', '=', 'job_outputs.job_id')
        .onRef('job_files.number', '=', 'job_outputs.number'),
    )
    .select(sql<number>`coalesce(sum(job_outputs.bytes), 0)`.as('after'))
    .where('job_outputs.job_id', '=', jobId)
    .where('job_files.state', '=', 'done')
    .executeTakeFirstOrThrow();
  return { before: Number(before), after: Number(after) };
}

/** In the order of the work, page by page. */
export async function* jobFiles(
  context: StoreContext,
  jobId: string,
  states?: readonly JobFileState[],
): AsyncGenerator<JobFile> {
  for (let after = 0; ;) {
    const page = await readJobFiles(context, jobId, {
      after,
      most: PAGE,
      ...(states !== undefined && { states }),
    });
    yield* page;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    after = last.number;
  }
}

/** A page of them, after the picture with the number `after`. */
export async function readJobFiles(
  context: StoreContext,
  jobId: string,
  {
    after,
    most,
    states,
  }: {
    readonly after: number;
    readonly most: number;
    readonly states?: readonly JobFileState[];
  },
): Promise<JobFile[]> {
  // An empty list is no SQL in PostgreSQL.
  if (states?.length === 0) return [];
  let query = context.database
    .selectFrom('job_files')
    .selectAll()
    .where('job_id', '=', jobId)
    .where('number', '>', after)
    .orderBy('number')
    .limit(most);
  if (states !== undefined) query = query.where('state', 'in', [...states]);
  const page = await query.execute();
  const outputs = await outputsOf(context.database, jobId, page);
  return page.map((row) => toFile(row, outputs.get(row.number) ?? []));
}

type OutputRow = Selectable<Tables['job_outputs']>;

/** By the pictures' numbers, each in the recipe's order. */
async function outputsOf(
  database: Database,
  jobId: string,
  files: readonly { readonly number: number }[],
): Promise<ReadonlyMap<number, readonly OutputRow[]>> {
  const [first, last] = [files[0], files.at(-1)];
  if (first === undefined || last === undefined) return new Map();
  const rows = await database
    .selectFrom('job_outputs')
    .selectAll()
    .where('job_id', '=', jobId)
    .where(
      'number',
      'in',
      files.map(({ number }) => number),
    )
    .orderBy('number')
    .orderBy('place')
    .execute();
  return Map.groupBy(rows, ({ number }) => number);
}

function toRow(output: ClaimedOutput, place: number) {
  return {
    place,
    file: output.file,
    output: output.output ?? null,
    bytes: output.bytes,
    sha256: output.sha256,
    replaces: output.replaces ?? null,
    is_ours: output.isOurs ? 1 : 0,
    width: output.width,
    height: output.height,
  };
}

function toOutput(row: OutputRow): JobOutput {
  return {
    file: row.file,
    bytes: Number(row.bytes),
    sha256: row.sha256,
    width: row.width,
    height: row.height,
    ...(row.output !== null && { output: row.output }),
  };
}

function toClaimed(row: OutputRow): ClaimedOutput {
  return {
    ...toOutput(row),
    nameKey: row.name_key,
    ...(row.replaces !== null && { replaces: row.replaces }),
    isOurs: row.is_ours === 1,
  };
}

function toFile(row: Selectable<Tables['job_files']>, outputs: readonly OutputRow[]): JobFile {
  return {
    source: row.source,
    name: row.name,
    number: row.number,
    version: row.version,
    bytes: Number(row.bytes),
    state: row.state,
    ...(row.reason !== null && { reason: row.reason }),
    outputs: outputs.filter((output) => output.is_written === 1).map(toOutput),
    ...(row.findings !== null && { findings: JSON.parse(row.findings) as unknown }),
  };
}
