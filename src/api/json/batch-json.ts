/** A batch as the API tells it: the run that makes it, with its images. */
import { isoTime } from '../../engine/core/iso-time.ts';
import { fromMicros } from '../../engine/core/credits.ts';
import type { ItemRecord } from '../../engine/core/item-record.ts';
import { totalItems } from '../../engine/core/outcome.ts';
import type { RunReport } from '../../engine/engine-types.ts';
import { amountJson } from './run-json.ts';

/** `doneAt`: milliseconds since 1970. */
export function batchJson(
  { run, rows, items: counts }: RunReport,
  items: readonly ItemRecord[],
  doneAt: number | undefined,
) {
  const { plan } = run;
  const none = { creditMicros: 0, usdMicros: undefined };
  return {
    batch: run.id,
    run: run.id,
    title: run.title,
    model: run.settings.models[0] ?? '',
    state: run.state,
    reason: run.reason ?? null,
    reason_text: run.reasonText ?? null,
    prompts: rows,
    images: totalItems(counts),
    price: { ...amountJson(plan?.expected ?? none), at_most: amountJson(plan?.worst ?? none) },
    spent: {
      credits: fromMicros(run.postedCreditMicros),
      usd: fromMicros(run.actualUsdMicros),
    },
    done_at: doneAt === undefined ? null : isoTime(doneAt),
    counts,
    items: items.map((item) => batchItemJson(run.id, item)),
    created_at: isoTime(run.createdAt),
    updated_at: isoTime(run.updatedAt),
  };
}

function batchItemJson(runId: string, item: ItemRecord) {
  const { itemId, row, index, sentPrompt, state, reason, creditMicros, usdMicros, image } = item;
  return {
    item: itemId,
    prompt: row.number,
    index,
    text: sentPrompt,
    state,
    reason: reason ?? null,
    credits: fromMicros(creditMicros),
    usd: usdMicros === undefined ? null : fromMicros(usdMicros),
    sha256: image?.hash ?? null,
    image: image === undefined ? null : `/v1/runs/${runId}/items/${itemId}/image`,
  };
}
