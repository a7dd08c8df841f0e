/**
 * Kling's export of what each task took, from the money of the account and from its resource packs:
 * two reports of one form, which come in pages (https://klingai.com/document-api/api/assets).
 */
import { z } from 'zod';
import { toMicros } from '../../core/credits.ts';
import type { Failure } from '../../core/failure.ts';
import type { CallKling } from './kling-call.ts';
import { usdMicrosOfUnits } from './kling-price.ts';
import type { CallContext, UsageLine } from '../vendor.ts';

export interface UsagePeriod {
  readonly from: number;
  readonly to: number;
}

type Lines = { readonly lines: readonly UsageLine[] } | { readonly failure: Failure };

/** The vendor's most tasks a page. */
const PAGE_ROWS = 500;
/** 100,000 tasks of each report: more is asked for in shorter times. */
const MOST_PAGES = 200;

/**
 * Every task made from `from` to `to`, at its list price as in the task's own answer (a discount of the
 * account is not taken off). A task that was paid from both a pack and the account has two lines.
 */
export async function klingUsage(
  callKling: CallKling,
  period: UsagePeriod,
  context: CallContext,
): Promise<Lines> {
  const fromPacks = await readReport(callKling, '/account/billing/package', period, context);
  if ('failure' in fromPacks) return fromPacks;
  const fromBalance = await readReport(callKling, '/account/billing/balance', period, context);
  if ('failure' in fromBalance) return fromBalance;
  return { lines: [...fromPacks.lines, ...fromBalance.lines] };
}

async function readReport(
  callKling: CallKling,
  path: string,
  { from, to }: UsagePeriod,
  context: CallContext,
): Promise<Lines> {
  const lines: UsageLine[] = [];
  // A cursor stands for the whole question: nothing else goes beside it.
  let body: object = { start_time: from, end_time: to, limit: PAGE_ROWS };
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const page = await callKling({ method: 'POST', path, body, data: pageSchema }, context);
    if (page.failure) return { failure: page.failure };
    const { result, has_more, next_cursor } = page.data;
    lines.push(...(result?.detail ?? []).map(lineOf));
    if (!has_more || !next_cursor) return { lines };
    body = { cursor: next_cursor };
  }
  const words = `The report has more than ${MOST_PAGES * PAGE_ROWS} tasks: ask for a shorter time.`;
  return { failure: { kind: 'unknown', words } };
}

function lineOf(row: Row): UsageLine {
  const usdMicros = usdMicrosOf(row);
  return {
    ref: row.task_id,
    at: row.deduction_time,
    ...(row.model_name && { model: row.model_name }),
    ...(usdMicros !== undefined && { usdMicros }),
  };
}

/** Rows of a pack count units and name no currency; yuan are left for people to judge. */
function usdMicrosOf(row: Row): number | undefined {
  if (row.currency) {
    const price = row.list_price ?? row.deduction_amount;
    return row.currency === 'USD' && price !== undefined ? toMicros(price) : undefined;
  }
  return row.deduction_amount === undefined ? undefined : usdMicrosOfUnits(row.deduction_amount);
}

// The wire, as far as it is read.

const amount = z.coerce.number().nonnegative().optional().catch(undefined);

const rowSchema = z.object({
  task_id: z.string().min(1),
  model_name: z.string().nullish(),
  // Milliseconds since 1970, as a text.
  deduction_time: z.coerce.number().int().nonnegative(),
  deduction_amount: amount,
  list_price: amount,
  currency: z.string().nullish(),
});
type Row = z.infer<typeof rowSchema>;

const pageSchema = z.object({
  result: z.object({ detail: z.array(rowSchema).nullish() }).nullish(),
  next_cursor: z.string().nullish(),
  has_more: z.boolean().nullish(),
});
