import { isoTime } from '../../engine/core/iso-time.ts';
import { fromMicros } from '../../engine/core/credits.ts';
import type { ItemRecord } from '../../engine/core/item-record.ts';
import { type ReferenceChange, referenceLabel } from '../../engine/core/reference.ts';
import { formatSize } from '../../engine/core/size.ts';
import { markJson, reviewJson } from './review-json.ts';

/** An image as `items --json` prints it; what is not known is null. */
export function itemJson(item: ItemRecord) {
  const { row, refusal, usdMicros, waitsUntil } = item;
  return {
    item: item.itemId,
    row: row.number,
    line: row.line,
    index: item.index,
    name: row.name ?? null,
    prompt: item.sentPrompt,
    model: item.model,
    vendor: item.vendor,
    size: formatSize(item.size),
    quality: item.quality,
    seed: item.seed ?? null,
    state: item.state,
    reason: item.reason ?? null,
    refusal_stage: refusal?.stage ?? null,
    refusal_category: refusal?.category ?? null,
    waits_until: waitsUntil === undefined ? null : isoTime(waitsUntil),
    file: item.file ?? null,
    more_files: item.moreFiles ?? [],
    finish_failure: item.finishFailure ?? null,
    sha256: item.image?.hash ?? null,
    credits: fromMicros(item.creditMicros),
    usd: usdMicros === undefined ? null : fromMicros(usdMicros),
    attempt: item.attempt,
    vendor_ref: item.vendorRef ?? null,
    flags: item.flags ?? [],
    review: item.review === undefined ? null : reviewJson(item.review),
    client_mark: item.clientMark === undefined ? null : markJson(item.clientMark),
    references: (item.references ?? []).map(referenceLabel),
    reference_changes: (item.referenceChanges ?? []).map(({ reference, steps, from, to }) => ({
      reference,
      steps,
      from: pictureJson(from),
      to: pictureJson(to),
    })),
  };
}

function pictureJson({ width, height, bytes, mediaType }: ReferenceChange['from']) {
  return { width, height, bytes, media_type: mediaType };
}
