/** Items with all that delivery and the doors tell of them, in the order of the sheet, page by page. */
import type { Obstacle } from '../../core/admission.ts';
import type { Flag } from '../../core/flag.ts';
import type { MoreFile } from '../../core/finishing.ts';
import type { ItemRecord } from '../../core/item-record.ts';
import type { ItemState } from '../../core/outcome.ts';
import type { Screening } from '../../core/screening.ts';
import type { ImageFormat } from '../../core/quality.ts';
import type { ReferenceChange } from '../../core/reference.ts';
import type { StoreContext } from '../context.ts';
import { readPlanned } from './amend.ts';
import { withMarks } from './client-marks.ts';
import { isAfter } from './item-order.ts';
import { BEGUN } from './placed-files.ts';
import { lastTileRow } from './tiles.ts';

const PAGE = 500;
/** Rows of the sheet that one statement looks through where only some of them are wanted. */
const ROWS_A_LOOK = 5_000;
/** No image of a row has it. */
const LARGEST_INDEX = 2_147_483_647;

export interface RecordFilter {
  readonly proof?: boolean;
  readonly states?: readonly ItemState[];
  /** Only delivered items that have no file in the out folder yet. */
  readonly undelivered?: boolean;
  /** Only those that have an image, or a name of a file. */
  readonly made?: boolean;
}

export async function* records(
  context: StoreContext,
  runId: string,
  filter: RecordFilter = {},
): AsyncGenerator<ItemRecord> {
  // An empty list is no SQL in PostgreSQL.
  if (filter.states?.length === 0) return;
  if (filter.made !== true) {
    yield* recordsOfSpan(context, runId, filter, { after: 0 });
    return;
  }
  // Few may be made of very many: one statement must not look through all of them.
  const last = await lastTileRow(context, runId);
  for (let after = 0; after < last; after += ROWS_A_LOOK) {
    yield* recordsOfSpan(context, runId, filter, { after, until: after + ROWS_A_LOOK });
  }
}

async function* recordsOfSpan(
  context: StoreContext,
  runId: string,
  filter: RecordFilter,
  span: { readonly after: number; readonly until?: number },
): AsyncGenerator<ItemRecord> {
  const waits = await readWaits(context, runId);
  let after = { number: span.after, index: LARGEST_INDEX, id: '' };
  for (;;) {
    let query = recordQuery(context)
      .where('items.run_id', '=', runId)
      .where('items.dropped', '=', 0)
      .where(isAfter(after))
      .orderBy('items.row_number')
      .orderBy('items.image_index')
      .orderBy('items.id')
      .limit(PAGE);
    if (filter.proof !== undefined) query = query.where('rows.proof', '=', filter.proof ? 1 : 0);
    if (filter.states !== undefined) query = query.where('items.state', 'in', [...filter.states]);
    if (filter.undelivered === true) {
      query = query
        .where('items.state', '=', 'delivered')
        .where((where) =>
          where.or([
            where('items.file', 'is', null),
            where('items.finished_by', 'like', `${BEGUN}%`),
          ]),
        );
    }
    if (span.until !== undefined) query = query.where('items.row_number', '<=', span.until);
    if (filter.made === true) {
      query = query.where((where) =>
        where.or([where('items.hash', 'is not', null), where('items.file', 'is not', null)]),
      );
    }
    const page = await query.execute();
    for (const item of await withMarks(
      context,
      runId,
      page.map((row) => toRecord(row, waits)),
    )) {
      yield item;
    }
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    after = { number: last.row_number, index: last.image_index, id: last.id };
  }
}

export async function record(
  context: StoreContext,
  itemId: string,
  ofRun?: string,
): Promise<ItemRecord | undefined> {
  let query = recordQuery(context).where('items.id', '=', itemId);
  if (ofRun !== undefined) query = query.where('items.run_id', '=', ofRun);
  const row = await query.executeTakeFirst();
  if (row === undefined) return undefined;
  const [found] = await withMarks(context, row.run_id, [toRecord(row, {})]);
  return found;
}

export function recordQuery(context: StoreContext) {
  return context.database
    .selectFrom('items')
    .innerJoin('rows', (join) =>
      join.onRef('rows.run_id', '=', 'items.run_id').onRef('rows.key', '=', 'items.row_key'),
    )
    .innerJoin('requests', 'requests.id', 'items.request_id')
    .leftJoin('attempts', 'attempts.id', 'items.attempt_id')
    .leftJoin('reviews', (join) =>
      join.onRef('reviews.run_id', '=', 'items.run_id').onRef('reviews.item_id', '=', 'items.id'),
    )
    .select([
      'items.id',
      'items.run_id',
      'items.row_number',
      'items.image_index',
      'items.state',
      'items.reason',
      'items.refusal_stage',
      'items.refusal_category',
      'items.hash',
      'items.width',
      'items.height',
      'items.bytes',
      'items.format',
      'items.file',
      'items.more_files',
      'items.finished_by',
      'items.finish_failure',
      'items.credit_micros',
      'items.usd_micros',
      'items.reference_changes',
      'items.detail',
      'items.drift',
      'items.flags',
      'items.screening',
      'rows.planned',
      'rows.cells',
      'rows.images',
      'requests.lane',
      'requests.wait_reason',
      'requests.not_before',
      'requests.attempts',
      'requests.amendment',
      'attempts.number as attempt_number',
      'attempts.ref',
      'reviews.verdict',
      'reviews.stars',
      'reviews.note',
      'reviews.reviewer',
      'reviews.at as reviewed_at',
    ]);
}

type RecordRow = Awaited<ReturnType<ReturnType<typeof recordQuery>['execute']>>[number];

export function toRecord(row: RecordRow, waits: Readonly<Record<string, Obstacle>>): ItemRecord {
  const planned = readPlanned(row.planned, row.amendment);
  const ref = row.ref === null ? undefined : row.ref;
  return {
    itemId: row.id,
    row: {
      number: row.row_number,
      line: planned.row.line,
      prompt: planned.row.prompt,
      ...(planned.row.name !== undefined && { name: planned.row.name }),
      cells: JSON.parse(row.cells) as Record<string, string>,
    },
    index: row.image_index,
    count: row.images,
    model: planned.model,
    vendor: planned.vendor,
    sentPrompt: planned.prompt,
    ...(planned.negativePrompt !== undefined && { negativePrompt: planned.negativePrompt }),
    size: planned.size,
    quality: planned.quality,
    ...(planned.seed !== undefined && { seed: planned.seed + row.image_index - 1 }),
    ...(planned.references.length > 0 && { references: planned.references }),
    ...(row.reference_changes !== null && {
      referenceChanges: JSON.parse(row.reference_changes) as ReferenceChange[],
    }),
    state: row.state,
    ...(row.state === 'waiting' && waitOf(row, waits)),
    ...(row.reason !== null && { reason: row.reason }),
    ...(row.state === 'refused' && { refusal: refusalOf(row) }),
    ...(row.hash !== null && {
      image: {
        hash: row.hash,
        width: row.width!,
        height: row.height!,
        bytes: row.bytes!,
        format: row.format as ImageFormat,
      },
    }),
    ...filesOf(row),
    ...(row.finish_failure !== null && { finishFailure: row.finish_failure }),
    ...(planned.canary !== undefined && { canary: planned.canary }),
    ...(row.detail !== null && { detail: row.detail }),
    ...(row.drift !== null && { drift: row.drift }),
    ...flagsOf(row),
    ...(row.screening !== null && { isScreened: true as const }),
    ...reviewOf(row),
    creditMicros: row.credit_micros,
    ...(row.usd_micros !== null && { usdMicros: row.usd_micros }),
    attempt: row.attempt_number ?? row.attempts,
    ...(ref !== undefined && { vendorRef: ref }),
  };
}

/** What of the review columns is null is null in all of them where nothing was said. */
function reviewOf(row: RecordRow): Pick<ItemRecord, 'review'> {
  const { verdict, stars, note, reviewer, reviewed_at: at } = row;
  if (stars === null || reviewer === null || at === null) return {};
  return {
    review: {
      ...(verdict !== null && { verdict }),
      stars,
      ...(note !== null && { note }),
      reviewer,
      at,
    },
  };
}

function filesOf(row: RecordRow): Pick<ItemRecord, 'file' | 'moreFiles' | 'finishedBy' | 'begun'> {
  const { file, more_files: more, finished_by: finishedBy } = row;
  const moreFiles = more === null ? undefined : (JSON.parse(more) as MoreFile[]);
  if (file !== null && finishedBy?.startsWith(BEGUN) === true) {
    const begunBy = finishedBy.slice(BEGUN.length);
    return { begun: { file, moreFiles: moreFiles ?? [], finishedBy: begunBy } };
  }
  return {
    ...(file !== null && { file }),
    ...(moreFiles !== undefined && { moreFiles }),
    ...(finishedBy !== null && { finishedBy }),
  };
}

/** Judging and screening write down their findings at different times, each in a place of its own. */
function flagsOf({ flags, screening }: RecordRow): Pick<ItemRecord, 'flags'> {
  if (flags === null && screening === null) return {};
  const screened = JSON.parse(screening ?? '[]') as Screening[];
  const found = JSON.parse(flags ?? '[]') as Flag[];
  return { flags: [...found, ...screened.map((each) => ({ kind: 'screened' as const, ...each }))] };
}

function refusalOf(row: RecordRow): NonNullable<ItemRecord['refusal']> {
  return {
    ...(row.refusal_stage !== null && { stage: row.refusal_stage }),
    ...(row.refusal_category !== null && { category: row.refusal_category }),
  };
}

/** A request waits for a moment of its own after a failure, or for what its whole lane waits for. */
function waitOf(
  row: RecordRow,
  waits: Readonly<Record<string, Obstacle>>,
): Pick<ItemRecord, 'reason' | 'waitsUntil'> {
  const lane = waits[row.lane];
  const reason = row.wait_reason ?? lane?.reason;
  const until = row.wait_reason === null ? lane?.until : row.not_before;
  return {
    ...(reason !== undefined && { reason }),
    ...(until !== undefined && until > 0 && { waitsUntil: until }),
  };
}

export async function readWaits(
  context: StoreContext,
  runId: string,
): Promise<Readonly<Record<string, Obstacle>>> {
  const run = await context.database
    .selectFrom('runs')
    .select('waits')
    .where('id', '=', runId)
    .executeTakeFirst();
  return run === undefined || run.waits === null
    ? {}
    : (JSON.parse(run.waits) as Record<string, Obstacle>);
}
