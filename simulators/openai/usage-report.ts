import type { BillEntry } from '../bill.ts';
import type { VendorApp, VendorState } from '../simulator.ts';
import { errorReply, type OpenaiError } from './errors.ts';

/** What an admin key begins with; any such key is taken. */
const ADMIN_KEY = /^sk-admin-/;

const WIDTHS = { '1m': 60, '1h': 3_600, '1d': 86_400 } as const;
type Width = keyof typeof WIDTHS;

/** Buckets of a page: by default, and at most. */
const BUCKETS: Readonly<Record<Width, readonly [usual: number, most: number]>> = {
  '1m': [60, 1_440],
  '1h': [24, 168],
  '1d': [7, 31],
};
const COST_BUCKETS: readonly [usual: number, most: number] = [7, 180];

const NO_SCOPE: OpenaiError = {
  status: 403,
  type: 'invalid_request_error',
  message: 'You have insufficient permissions for this operation. Missing scopes: api.usage.read.',
};

interface Asked {
  readonly start: number;
  readonly end: number;
  readonly width: Width;
  readonly limit: number;
  readonly groups: readonly string[];
}

/**
 * The organization's reports, for admin keys only: `GET /v1/organization/usage/images` counts what was
 * billed in each bucket, `GET /v1/organization/costs` says what each day cost.
 */
export function addUsageRoutes(app: VendorApp, state: VendorState): void {
  app.use('/v1/organization/*', async (context, next) => {
    const key = /^Bearer\s+(\S+)/i.exec(context.req.header('authorization') ?? '')?.[1] ?? '';
    return ADMIN_KEY.test(key) ? next() : errorReply(NO_SCOPE);
  });
  app.get('/v1/organization/usage/images', ({ req }) => {
    const asked = readAsked(new URL(req.url).searchParams, BUCKETS);
    return asked ? Response.json(pageOf(asked, state, imageResults)) : errorReply(NO_TIME);
  });
  app.get('/v1/organization/costs', ({ req }) => {
    const asked = readAsked(new URL(req.url).searchParams, { '1d': COST_BUCKETS });
    return asked ? Response.json(pageOf(asked, state, costResults)) : errorReply(NO_TIME);
  });
}

const NO_TIME: OpenaiError = {
  status: 400,
  type: 'invalid_request_error',
  message: 'start_time, bucket_width or limit is missing or not supported.',
};

function readAsked(
  query: URLSearchParams,
  buckets: Partial<Record<Width, readonly [usual: number, most: number]>>,
): Asked | undefined {
  const width = (query.get('bucket_width') ?? '1d') as Width;
  const [usual, most] = buckets[width] ?? [];
  if (usual === undefined || most === undefined) return undefined;
  const start = Number(query.get('page') ?? query.get('start_time') ?? Number.NaN);
  const end = Number(query.get('end_time') ?? start + usual * WIDTHS[width]);
  const limit = Number(query.get('limit') ?? usual);
  const isGood = [start, end, limit].every(Number.isInteger) && limit >= 1 && limit <= most;
  if (!isGood) return undefined;
  return {
    start,
    end,
    width,
    limit,
    groups: [...query.getAll('group_by'), ...query.getAll('group_by[]')],
  };
}

type ResultsOf = (entries: readonly BillEntry[], asked: Asked) => readonly unknown[];

/** Buckets without anything in them are there as well. */
function pageOf(asked: Asked, { bill }: VendorState, resultsOf: ResultsOf): unknown {
  const seconds = WIDTHS[asked.width];
  const first = Math.floor(asked.start / seconds) * seconds;
  const starts: number[] = [];
  for (let at = first; at < asked.end && starts.length < asked.limit; at += seconds) {
    starts.push(at);
  }
  const next = first + starts.length * seconds;
  const hasMore = next < asked.end;
  return {
    object: 'page',
    data: starts.map((start) => {
      const isIn = ({ at }: BillEntry) => at >= start * 1000 && at < (start + seconds) * 1000;
      const results = resultsOf(bill.entries.filter(isIn), asked);
      return { object: 'bucket', start_time: start, end_time: start + seconds, results };
    }),
    has_more: hasMore,
    next_page: hasMore ? String(next) : null,
  };
}

function imageResults(entries: readonly BillEntry[], { groups }: Asked): readonly unknown[] {
  return grouped(entries, groups.includes('model')).map(([model, own]) => ({
    object: 'organization.usage.images.result',
    images: own.reduce((sum, { images }) => sum + images, 0),
    num_model_requests: own.length,
    model,
  }));
}

function costResults(entries: readonly BillEntry[], { groups }: Asked): readonly unknown[] {
  return grouped(entries, groups.includes('line_item')).map(([model, own]) => ({
    object: 'organization.costs.result',
    amount: {
      value: own.reduce((sum, { usdMicros }) => sum + usdMicros, 0) / 1_000_000,
      currency: 'usd',
    },
    line_item: model === null ? null : `${model}, image_output`,
  }));
}

function grouped(
  entries: readonly BillEntry[],
  byModel: boolean,
): [model: string | null, entries: BillEntry[]][] {
  return [...Map.groupBy(entries, ({ model }) => (byModel ? model : null))];
}
