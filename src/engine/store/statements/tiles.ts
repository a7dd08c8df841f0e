/** Small pictures of a run's items by their place: offsets are counted in an index, filters look span by span. */
import { type SqlBool, sql } from 'kysely';
import { FLAG_KINDS, type FlagKind } from '../../core/flag.ts';
import { laneName, parseLaneName } from '../../core/lane.ts';
import type { ItemState } from '../../core/outcome.ts';
import type { Mark } from '../../core/review.ts';
import type { StoreContext } from '../context.ts';
import type { PlainTiles, RowSpan, Tile, TileFilter, TilePart, TilePlace } from '../tile-store.ts';
import { readPlanned } from './amend.ts';
import { lanesOf } from './lanes-of.ts';
import { promptHolds, promptsMention } from './prompt-search.ts';
import { isReviewed } from './review-filter.ts';

/** Of one state and of all: the columns stand in the order of `items_by_state` and of `items_in_order`. */
function itemsOf({ database }: StoreContext, runId: string, state?: ItemState) {
  const statement = database
    .selectFrom('items')
    .where('items.run_id', '=', runId)
    .where('items.dropped', '=', 0);
  return state === undefined ? statement : statement.where('items.state', '=', state);
}

export async function tileIds(
  context: StoreContext,
  runId: string,
  { state, offset, limit }: TilePart,
): Promise<string[]> {
  const statement = itemsOf(context, runId, state)
    .select('items.id')
    .orderBy('items.row_number')
    .orderBy('items.image_index')
    .limit(limit)
    .offset(offset);
  // The index of a state does not have the id: sorting by it would read every item before the page.
  const sorted = state === undefined ? statement.orderBy('items.id') : statement;
  return (await sorted.execute()).map(({ id }) => id);
}

/** Counted in an index alone. */
export async function countTiles(
  context: StoreContext,
  runId: string,
  { states, by }: PlainTiles,
  span: RowSpan,
): Promise<number> {
  // An empty list is no SQL in PostgreSQL.
  if (states?.length === 0) return 0;
  const counted = await plainTiles(context, runId, states, span)
    .select((select) =>
      by === 'item'
        ? select.fn.countAll<number>().as('tiles')
        : select.fn.count<number>('items.row_number').distinct().as('tiles'),
    )
    .executeTakeFirstOrThrow();
  return Number(counted.tiles);
}

function plainTiles(
  context: StoreContext,
  runId: string,
  states: readonly ItemState[] | undefined,
  span: RowSpan,
) {
  const statement = itemsOf(context, runId)
    .where('items.row_number', '>', span.after)
    .where('items.row_number', '<=', span.until);
  return states === undefined ? statement : statement.where('items.state', 'in', [...states]);
}

export async function tilesOfSpan(
  context: StoreContext,
  runId: string,
  filter: TileFilter,
  span: RowSpan,
): Promise<TilePlace[]> {
  // An empty list is no SQL in PostgreSQL.
  const { states, ...others } = filter;
  if (states?.length === 0) return [];
  const isPlain = Object.values(others).every((each) => each === undefined);
  // Where nothing else is asked, no other table needs to be read.
  let statement = (
    isPlain
      ? (plainTiles(context, runId, states, span) as ReturnType<typeof filtered>)
      : filtered(context, runId, filter, span)
  )
    .select(['items.id', 'items.row_number as row'])
    .orderBy('items.row_number')
    .orderBy('items.image_index')
    .orderBy('items.id');
  const { search } = filter;
  if (search === undefined) return statement.execute();
  statement = statement.where(promptHolds(search));
  const found = await statement.select(['rows.planned', 'requests.amendment']).execute();
  return found
    .filter(({ planned, amendment }) => {
      const { row, prompt } = readPlanned(planned, amendment);
      return promptsMention([row.prompt, prompt], search);
    })
    .map(({ id, row }) => ({ id, row }));
}

function filtered(context: StoreContext, runId: string, filter: TileFilter, span: RowSpan) {
  const { states, model, flag, category, review } = filter;
  let statement = plainTiles(context, runId, states, span)
    .innerJoin('requests', 'requests.id', 'items.request_id')
    .innerJoin('rows', (join) =>
      join.onRef('rows.run_id', '=', 'items.run_id').onRef('rows.key', '=', 'items.row_key'),
    );
  if (category !== undefined) {
    statement = statement
      .where('items.state', '=', 'refused')
      .where('items.refusal_category', '=', category);
  }
  if (model !== undefined) {
    const lanes = [laneName(model, 'live'), laneName(model, 'batch')];
    statement = statement.where('requests.lane', 'in', lanes);
  }
  if (flag !== undefined) statement = statement.where(isFlagged(flag));
  if (review !== undefined) {
    // Where there is no picture there is nothing to decide.
    statement = statement.where('items.hash', 'is not', null).where(isReviewed(review));
  }
  return statement;
}

function isFlagged(flag: FlagKind) {
  return flag === 'screened'
    ? sql<SqlBool>`items.screening like '[{%'`
    : sql<SqlBool>`items.flags like ${`%"kind":"${flag}"%`}`;
}

export async function tiles(
  context: StoreContext,
  runId: string,
  ids: readonly string[],
  { prompts }: { readonly prompts: boolean },
): Promise<Tile[]> {
  if (ids.length === 0) return [];
  const rows = await (prompts ? withPrompts(context, runId, ids) : tileQuery(context, runId, ids));
  const marks = await marksOf(context, runId, ids);
  return rows.map((row) => toTile(row, marks));
}

function tileQuery(context: StoreContext, runId: string, ids: readonly string[]) {
  return tileStatement(context, runId, ids).execute();
}

function withPrompts(context: StoreContext, runId: string, ids: readonly string[]) {
  return tileStatement(context, runId, ids)
    .innerJoin('rows', (join) =>
      join.onRef('rows.run_id', '=', 'items.run_id').onRef('rows.key', '=', 'items.row_key'),
    )
    .select(['rows.planned', 'requests.amendment'])
    .execute();
}

function tileStatement({ database }: StoreContext, runId: string, ids: readonly string[]) {
  return database
    .selectFrom('items')
    .innerJoin('requests', 'requests.id', 'items.request_id')
    .leftJoin('reviews', (join) =>
      join.onRef('reviews.run_id', '=', 'items.run_id').onRef('reviews.item_id', '=', 'items.id'),
    )
    .select([
      'items.id',
      'items.row_number',
      'items.image_index',
      'items.state',
      'items.reason',
      'items.refusal_category',
      'items.hash',
      'items.width',
      'items.height',
      'items.flags',
      'items.screening',
      'requests.lane',
      'reviews.verdict',
      'reviews.stars',
      'reviews.note',
    ])
    .where('items.run_id', '=', runId)
    .where('items.id', 'in', [...ids])
    .orderBy('items.row_number')
    .orderBy('items.image_index')
    .orderBy('items.id');
}

type TileRow = Awaited<ReturnType<typeof tileQuery>>[number] & {
  readonly planned?: string;
  readonly amendment?: string | null;
};

function toTile(row: TileRow, marks: ReadonlyMap<string, Mark>): Tile {
  const mark = marks.get(row.id);
  return {
    id: row.id,
    row: row.row_number,
    index: row.image_index,
    model: parseLaneName(row.lane).model,
    state: row.state,
    ...(row.reason !== null && { reason: row.reason }),
    ...(row.state === 'refused' &&
      row.refusal_category !== null && { category: row.refusal_category }),
    flags: flagKinds(row),
    ...(row.verdict !== null && { verdict: row.verdict }),
    stars: row.stars ?? 0,
    hasNote: row.note !== null,
    ...(mark !== undefined && { mark }),
    ...(row.hash !== null && { hash: row.hash, width: row.width!, height: row.height! }),
    ...(row.planned !== undefined && {
      prompt: readPlanned(row.planned, row.amendment ?? null).prompt,
    }),
  };
}

/** Most have none: their JSON is not read. */
function flagKinds({ flags, screening }: TileRow): FlagKind[] {
  const isScreened = screening?.startsWith('[{') === true;
  const found =
    flags === null || flags === '[]' ? [] : (JSON.parse(flags) as { readonly kind: FlagKind }[]);
  const kinds = new Set(found.map(({ kind }) => kind));
  if (isScreened) kinds.add('screened');
  return FLAG_KINDS.filter((kind) => kinds.has(kind));
}

/** What was said last on any of the run's pages for approval. */
async function marksOf(
  { database }: StoreContext,
  runId: string,
  ids: readonly string[],
): Promise<Map<string, Mark>> {
  const shares = await database
    .selectFrom('shares')
    .select('id')
    .where('run_id', '=', runId)
    .execute();
  if (shares.length === 0) return new Map();
  const marks = await database
    .selectFrom('share_marks')
    .select(['item_id', 'mark'])
    .where(
      'share_id',
      'in',
      shares.map(({ id }) => id),
    )
    .where('item_id', 'in', [...ids])
    .where('mark', 'is not', null)
    .orderBy('at')
    .execute();
  return new Map(marks.map(({ item_id: id, mark }) => [id, mark!]));
}

export async function lastTileRow({ database }: StoreContext, runId: string): Promise<number> {
  const row = await database
    .selectFrom('items')
    .select('row_number')
    .where('run_id', '=', runId)
    .orderBy('row_number', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.row_number ?? 0;
}

export async function tileModels({ database }: StoreContext, runId: string): Promise<string[]> {
  const lanes = await lanesOf(database, runId);
  return [...new Set(lanes.map((lane) => parseLaneName(lane).model))];
}
