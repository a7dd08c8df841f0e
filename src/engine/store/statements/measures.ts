/** What is measured of pictures, and what was found about them. */
import { type RawBuilder, sql, type SqlBool } from 'kysely';
import { type Flag, FLAG_KINDS, type FlagKind } from '../../core/flag.ts';
import { laneName, parseLaneName } from '../../core/lane.ts';
import type {
  CurvePoint,
  Finding,
  MeasuredFilter,
  MeasuredItem,
} from '../../core/measured-item.ts';
import type { ImageFacts } from '../../core/outcome.ts';
import type { StoreContext } from '../context.ts';
import type { Database } from '../dialect.ts';
import type { RowSpan } from '../tile-store.ts';
import { readPlanned } from './amend.ts';
import { isAfter } from './item-order.ts';
import { lanesOf } from './lanes-of.ts';

const PAGE = 500;
/** Rows of the sheet that one statement looks through where only some of them are wanted. */
const ROWS_A_LOOK = 5_000;

/** The columns of an item that a picture's measures fill. */
export function measureColumns({ measures }: ImageFacts): {
  detail: number | null;
  fingerprint: string | null;
  signature: string | null;
} {
  return {
    detail: measures?.detail ?? null,
    fingerprint: measures?.fingerprint ?? null,
    signature: measures?.signature ?? null,
  };
}

/** Delivered and measured images, in the order of the sheet. */
export async function* measured(
  context: StoreContext,
  runId: string,
  filter: MeasuredFilter = {},
): AsyncGenerator<MeasuredItem> {
  const { fromRow = 0, toRow, unjudged } = filter;
  if (filter.itemIds?.length === 0) return;
  if (unjudged !== true || toRow === undefined) {
    yield* measuredOfSpan(context, runId, filter);
    return;
  }
  // Few of very many: one statement must not look through all of them.
  for (let from = fromRow; from <= toRow; from += ROWS_A_LOOK) {
    const part = { fromRow: from, toRow: Math.min(toRow, from + ROWS_A_LOOK - 1) };
    yield* measuredOfSpan(context, runId, { ...filter, ...part });
  }
}

async function* measuredOfSpan(
  context: StoreContext,
  runId: string,
  { itemIds, fromRow = 0, toRow, unjudged }: MeasuredFilter,
): AsyncGenerator<MeasuredItem> {
  let after = { number: fromRow, index: 0, id: '' };
  for (;;) {
    let query = measuredQuery(context, runId)
      .where(isAfter(after))
      .orderBy('items.row_number')
      .orderBy('items.image_index')
      .orderBy('items.id')
      .limit(PAGE);
    if (itemIds !== undefined) query = query.where('items.id', 'in', [...itemIds]);
    if (toRow !== undefined) query = query.where('items.row_number', '<=', toRow);
    if (unjudged === true) query = query.where('items.flags', 'is', null);
    const page = await query.execute();
    for (const row of page) yield toMeasured(row);
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    after = { number: last.row_number, index: last.image_index, id: last.id };
  }
}

/** A model's images at the start of the sheet (`first`) or at the end of what is made, canaries left out. */
export async function measuredAtEnd(
  context: StoreContext,
  runId: string,
  model: string,
  end: 'first' | 'last',
  most: number,
): Promise<MeasuredItem[]> {
  const order = end === 'first' ? 'asc' : 'desc';
  const rows = await measuredQuery(context, runId)
    .where('items.canary', 'is', null)
    .where('requests.lane', 'in', [laneName(model, 'live'), laneName(model, 'batch')])
    .orderBy('items.row_number', order)
    .orderBy('items.image_index', order)
    .limit(most)
    .execute();
  return rows.map(toMeasured);
}

/** The detail of each model by place in its streaks, `width` places a point; `parts`: of these rows only. */
export async function detailCurve(
  context: StoreContext,
  runId: string,
  width: number,
  parts?: readonly RowSpan[],
): Promise<CurvePoint[]> {
  let pictures = context.database
    .selectFrom('items')
    .select([
      'detail',
      (await laneOfItem(context.database, runId)).as('lane'),
      sql<number>`cast((streak - 1) / ${sql.lit(width)} as integer)`.as('bucket'),
    ])
    .where('run_id', '=', runId)
    .where('dropped', '=', 0)
    .where('state', '=', 'delivered')
    .where('detail', '>', 0)
    .where('streak', 'is not', null)
    .where('canary', 'is', null);
  if (parts !== undefined) pictures = pictures.where(isWithin(parts));
  const rows = await context.database
    .selectFrom(pictures.as('pictures'))
    .select([
      'lane',
      'bucket',
      (select) => select.fn.countAll<number>().as('images'),
      sql<number>`sum(ln(detail))`.as('logs'),
    ])
    .groupBy(['lane', 'bucket'])
    .execute();
  const points = new Map<string, { model: string; from: number; images: number; logs: number }>();
  for (const row of rows) {
    const { model } = parseLaneName(row.lane);
    const from = Number(row.bucket) * width + 1;
    const point = points.get(`${model} ${from}`) ?? { model, from, images: 0, logs: 0 };
    point.images += Number(row.images);
    point.logs += Number(row.logs);
    points.set(`${model} ${from}`, point);
  }
  return [...points.values()]
    .map(({ logs, ...point }) => ({ ...point, detail: Math.exp(logs / point.images) }))
    .toSorted((one, other) => one.model.localeCompare(other.model, 'en') || one.from - other.from);
}

/** Each part is a span of an index. */
function isWithin(parts: readonly RowSpan[]): RawBuilder<SqlBool> {
  const spans = parts.map(
    ({ after, until }) =>
      sql<SqlBool>`(items.row_number > ${after} and items.row_number <= ${until})`,
  );
  return sql<SqlBool>`(${sql.join(spans, sql` or `)})`;
}

/** Nearly every run has one lane: then no request needs to be looked up. */
async function laneOfItem(database: Database, runId: string): Promise<RawBuilder<string>> {
  const [lane, ...others] = await lanesOf(database, runId);
  if (lane !== undefined && others.length === 0) return sql<string>`${sql.lit(lane)}`;
  return sql<string>`(select lane from requests where requests.id = items.request_id)`;
}

/** The longest streak of the run so far; `parts`: among these rows only. */
export async function longestStreak(
  context: StoreContext,
  runId: string,
  parts?: readonly RowSpan[],
): Promise<number> {
  let query = context.database
    .selectFrom('items')
    .select((select) => select.fn.max('streak').as('streak'))
    .where('run_id', '=', runId)
    .where('dropped', '=', 0);
  if (parts !== undefined) query = query.where(isWithin(parts));
  const row = await query.executeTakeFirst();
  return Number(row?.streak ?? 0);
}

/** A run's canaries that were delivered, each model's in their order. */
export async function canaries(context: StoreContext, runId: string): Promise<MeasuredItem[]> {
  const rows = await measuredQuery(context, runId)
    .where('items.canary', 'is not', null)
    .orderBy('requests.lane')
    .orderBy('items.canary')
    .execute();
  return rows.map(toMeasured);
}

/** How many images have a flag of each kind. */
export async function flagCounts(
  context: StoreContext,
  runId: string,
): Promise<Readonly<Record<FlagKind, number>>> {
  const count = (kind: FlagKind) =>
    kind === 'screened'
      ? sql<number>`coalesce(sum(case when screening != '[]' then 1 else 0 end), 0)`
      : sql<number>`coalesce(sum(case when flags like ${`%"kind":"${kind}"%`} then 1 else 0 end), 0)`;
  const row = await context.database
    .selectFrom('items')
    .select(FLAG_KINDS.map((kind) => count(kind).as(kind)))
    .where('run_id', '=', runId)
    .where('dropped', '=', 0)
    // In the words of its index.
    .where(sql<SqlBool>`(flags != '[]' or screening != '[]')`)
    .executeTakeFirst();
  const counts: Partial<Record<FlagKind, number>> = row ?? {};
  return Object.fromEntries(FLAG_KINDS.map((kind) => [kind, Number(counts[kind] ?? 0)])) as Record<
    FlagKind,
    number
  >;
}

/** Writes down what judging found, in one transaction. */
export async function setFindings(
  context: StoreContext,
  findings: readonly Finding[],
): Promise<void> {
  if (findings.length === 0) return;
  await context.database.transaction().execute(async (trx) => {
    for (const { itemId, flags, drift, screening } of findings) {
      await trx
        .updateTable('items')
        .set({
          flags: JSON.stringify(flags),
          ...(drift !== undefined && { drift }),
          ...(screening !== undefined && { screening: JSON.stringify(screening) }),
        })
        .where('id', '=', itemId)
        .where('state', '=', 'delivered')
        .execute();
    }
  });
}

function measuredQuery(context: StoreContext, runId: string) {
  return context.database
    .selectFrom('items')
    .innerJoin('requests', 'requests.id', 'items.request_id')
    .innerJoin('rows', (join) =>
      join.onRef('rows.run_id', '=', 'items.run_id').onRef('rows.key', '=', 'items.row_key'),
    )
    .select([
      'items.id',
      'items.row_number',
      'items.image_index',
      'items.streak',
      'items.detail',
      'items.fingerprint',
      'items.signature',
      'items.flags',
      'items.drift',
      'rows.planned',
      'requests.amendment',
    ])
    .where('items.run_id', '=', runId)
    .where('items.dropped', '=', 0)
    .where('items.state', '=', 'delivered')
    .where('items.detail', 'is not', null);
}

type MeasuredRow = Awaited<ReturnType<ReturnType<typeof measuredQuery>['execute']>>[number];

function toMeasured(row: MeasuredRow): MeasuredItem {
  const planned = readPlanned(row.planned, row.amendment);
  return {
    itemId: row.id,
    row: row.row_number,
    index: row.image_index,
    model: planned.model,
    ...(row.streak !== null && { streak: row.streak }),
    ...(planned.canary !== undefined && { canary: planned.canary }),
    ...(planned.row.style !== undefined && { style: planned.row.style }),
    references: planned.references,
    ...(planned.masters?.[0] && { master: planned.masters[0].hash }),
    measures: { detail: row.detail!, fingerprint: row.fingerprint!, signature: row.signature! },
    ...(row.flags !== null && { flags: JSON.parse(row.flags) as Flag[] }),
    ...(row.drift !== null && { drift: row.drift }),
  };
}
