import { z } from 'zod';
import type { BillEntry } from '../bill.ts';
import type { VendorState } from '../simulator.ts';
import { invalid, type KlingError } from './errors.ts';
import { USD_MICROS_PER_UNIT } from './kling-task.ts';

/** The two reports of what tasks took: from resource packs (in units), and from the account's money. */
export type Report = 'package' | 'balance';

const UNITS_AT_START = 1_000_000;
const USD_AT_START = 10_000;

const askSchema = z.object({
  start_time: z.number().optional(),
  end_time: z.number().optional(),
  limit: z.int().min(1).max(500).default(500),
  cursor: z.string().optional(),
});
const cursorSchema = z.object({
  from: z.number(),
  to: z.number(),
  limit: z.number(),
  offset: z.number(),
});

/** A page of a report: by the time in which tasks were made, or from where a page before it ended. */
export function billingPage(
  state: VendorState,
  report: Report,
  body: unknown,
): { readonly data: unknown } | { readonly error: KlingError } {
  const asked = askSchema.safeParse(body);
  if (!asked.success) return { error: invalid('limit must be an integer from 1 to 500') };
  const cursor = cursorOf(asked.data);
  if (cursor === undefined) {
    return { error: invalid('start_time must be before end_time; both are required') };
  }
  const { from, to, limit, offset } = cursor;
  const isPaidHere = (state.behaviour.paysFromBalance ?? false) === (report === 'balance');
  const rows = isPaidHere ? rowsOf(state.bill.entries, report) : [];
  const meant = rows.filter(({ at }) => at >= from && at <= to);
  const detail = meant.slice(offset, offset + limit).map(({ row }) => row);
  const next = { ...cursor, offset: offset + limit };
  return {
    data: {
      result: { detail, count: detail.length },
      next_cursor: Buffer.from(JSON.stringify(next)).toString('base64url'),
      has_more: next.offset < meant.length,
    },
  };
}

/** What is left of the packs (`GET /account/costs`), with its second envelope. */
export function describePacks(state: VendorState): unknown {
  const used = state.bill.usdMicros / USD_MICROS_PER_UNIT;
  const pack = {
    resource_pack_name: 'Simulated images',
    resource_pack_id: 'simulated-pack',
    resource_pack_type: 'decreasing_total',
    total_quantity: UNITS_AT_START,
    remaining_quantity: state.isExhausted ? 0 : UNITS_AT_START - used,
    status: state.isExhausted ? 'runOut' : 'online',
  };
  return { code: 0, msg: 'success', resource_pack_subscribe_infos: [pack] };
}

function cursorOf({ cursor, start_time, end_time, limit }: z.infer<typeof askSchema>) {
  if (cursor) return readCursor(cursor);
  if (start_time === undefined || end_time === undefined || start_time >= end_time) {
    return undefined;
  }
  return { from: start_time, to: end_time, limit, offset: 0 };
}

function readCursor(text: string): z.infer<typeof cursorSchema> | undefined {
  try {
    return cursorSchema.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
  } catch {
    return undefined;
  }
}

/** Oldest first, each with what was left after it. */
function rowsOf(
  entries: readonly BillEntry[],
  report: Report,
): readonly { readonly at: number; readonly row: unknown }[] {
  let spentMicros = 0;
  return entries.map((entry) => {
    const before = spentMicros;
    spentMicros += entry.usdMicros;
    const figures = report === 'package' ? unitFigures(entry, before) : moneyFigures(entry, before);
    return { at: entry.at, row: { ...baseOf(entry), ...figures } };
  });
}

function baseOf(entry: BillEntry): Record<string, unknown> {
  return {
    task_id: entry.taskId,
    api_key_name: 'simulated',
    product_function: 'Image Generation',
    model_name: entry.model,
    deduction_time: String(entry.at),
  };
}

function unitFigures(entry: BillEntry, beforeMicros: number): Record<string, unknown> {
  const before = UNITS_AT_START - beforeMicros / USD_MICROS_PER_UNIT;
  const amount = entry.usdMicros / USD_MICROS_PER_UNIT;
  return {
    package_id: 'simulated-pack',
    product_type: 'image',
    unit_before_deduction: before,
    deduction_amount: amount,
    unit_after_deduction: before - amount,
  };
}

function moneyFigures(entry: BillEntry, beforeMicros: number): Record<string, unknown> {
  const before = USD_AT_START - beforeMicros / 1_000_000;
  const amount = entry.usdMicros / 1_000_000;
  return {
    cash_type: 'balance',
    balance_before_deduction: before,
    deduction_amount: amount,
    balance_after_deduction: before - amount,
    list_price: amount,
    currency: 'USD',
  };
}
