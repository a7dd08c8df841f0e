/**
 * OpenAI's reports of the organization: how many images were made in each minute, and what a day cost.
 * They count and sum, and name no request. Only an admin key may read them (`OPENAI_ADMIN_KEY`).
 */
import type OpenAI from 'openai';
import { z } from 'zod';
import { toMicros } from '../../core/credits.ts';
import type { Failure } from '../../core/failure.ts';
import { failed, lostFailure } from '../failures.ts';
import type { LaneConfig } from '../lane-config.ts';
import { classify, UNREADABLE } from './openai-answers.ts';
import { createOpenaiClient, exchange, type Exchange } from './openai-client.ts';
import { scrubber } from '../secret.ts';
import type { CallContext, UsageAnswer, UsageLine } from '../vendor.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** Up to here by the minute (1,440 of them a page), above by the hour (168 a page). */
const LONGEST_BY_MINUTE_MS = 7 * DAY_MS;
/** A year of hours, a week of minutes and more. */
const MOST_PAGES = 60;

const NO_ADMIN_KEY: Failure = {
  kind: 'key-unusable',
  words:
    'OpenAI tells its usage to an admin key of the organization only: set OPENAI_ADMIN_KEY to have it compared',
};

interface Period {
  readonly from: number;
  readonly to: number;
}

/** How the lane's `usage` reads both reports. */
export function usageReader(
  config: LaneConfig,
): (period: Period, context: CallContext) => Promise<UsageAnswer> {
  const { adminKey } = config;
  if (adminKey === undefined) return async () => failed(NO_ADMIN_KEY, (words) => words);
  const client = createOpenaiClient(config);
  const scrub = scrubber(adminKey);
  return async (period, context) => {
    const now = config.clock.now();
    const images = await readPages(imagePages(client, period, context), imageLine, now);
    if ('failure' in images) return failed(images.failure, scrub);
    const costs = await readPages(costPages(client, period, context), costLine, now);
    if ('failure' in costs) return failed(costs.failure, scrub);
    return { kind: 'usage', lines: [...images.lines, ...costs.lines] };
  };
}

// The questions.

type AskPage = (page: string | undefined) => Promise<Exchange>;

function imagePages(client: OpenAI, { from, to }: Period, { signal }: CallContext): AskPage {
  const isShort = to - from <= LONGEST_BY_MINUTE_MS;
  const spanMs = isShort ? MINUTE_MS : HOUR_MS;
  const query = {
    ...secondsOf({ from, to }, spanMs),
    bucket_width: isShort ? ('1m' as const) : ('1h' as const),
    limit: isShort ? 1_440 : 168,
    group_by: ['model' as const],
  };
  return (page) =>
    exchange(signal, () =>
      client.admin.organization.usage.images({ ...query, ...(page && { page }) }, { signal }),
    );
}

function costPages(client: OpenAI, period: Period, { signal }: CallContext): AskPage {
  const query = {
    ...secondsOf(period, DAY_MS),
    bucket_width: '1d' as const,
    limit: 180,
    group_by: ['line_item' as const],
  };
  return (page) =>
    exchange(signal, () =>
      client.admin.organization.usage.costs({ ...query, ...(page && { page }) }, { signal }),
    );
}

/** Whole buckets around the time; the end is not part of it. */
function secondsOf({ from, to }: Period, spanMs: number) {
  return {
    start_time: (Math.floor(from / spanMs) * spanMs) / 1000,
    end_time: (Math.ceil(to / spanMs) * spanMs) / 1000,
  };
}

// The answers.

type Lines = { readonly lines: readonly UsageLine[] } | { readonly failure: Failure };
type LineOf = (result: Result, bucket: Omit<Bucket, 'results'>) => UsageLine | undefined;

async function readPages(ask: AskPage, lineOf: LineOf, now: number): Promise<Lines> {
  const lines: UsageLine[] = [];
  let page: string | undefined;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const answer = await ask(page);
    if (answer.kind === 'lost') return { failure: lostFailure(answer) };
    if (answer.kind === 'refusal') return { failure: classify(answer, now) };
    const parsed = pageSchema.safeParse(answer.body);
    if (!parsed.success) return { failure: UNREADABLE };
    for (const bucket of parsed.data.data) {
      lines.push(...bucket.results.flatMap((result) => lineOf(result, bucket) ?? []));
    }
    const { has_more, next_page } = parsed.data;
    if (!has_more || !next_page) return { lines };
    page = next_page;
  }
  const words = `The report has more than ${MOST_PAGES} pages: it is too long a time to compare.`;
  return { failure: { kind: 'unknown', words } };
}

function imageLine(
  { model, images }: Result,
  { start_time, end_time }: Omit<Bucket, 'results'>,
): UsageLine | undefined {
  if (images === undefined) return undefined;
  return {
    at: start_time * 1000,
    spanMs: (end_time - start_time) * 1000,
    images,
    ...(model && { model }),
  };
}

/** A line item is a model and what it was paid for: `gpt-image-2, image_output`. */
function costLine(
  { amount, line_item }: Result,
  { start_time, end_time }: Omit<Bucket, 'results'>,
): UsageLine | undefined {
  const model = line_item?.split(',')[0]?.trim();
  if (!model || amount?.value === undefined || amount.currency !== 'usd') return undefined;
  return {
    at: start_time * 1000,
    spanMs: (end_time - start_time) * 1000,
    model,
    usdMicros: toMicros(amount.value),
  };
}

// The wire, as far as it is read.

const resultSchema = z.object({
  model: z.string().nullish(),
  images: z.number().nonnegative().optional(),
  line_item: z.string().nullish(),
  amount: z
    .object({ value: z.coerce.number(), currency: z.string().optional() })
    .nullish()
    .catch(undefined),
});
type Result = z.infer<typeof resultSchema>;

const bucketSchema = z.object({
  start_time: z.number(),
  end_time: z.number(),
  results: z.array(resultSchema),
});
type Bucket = z.infer<typeof bucketSchema>;

const pageSchema = z.object({
  data: z.array(bucketSchema),
  has_more: z.boolean().nullish(),
  next_page: z.string().nullish(),
});
