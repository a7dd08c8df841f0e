/** Items as the API tells them: what the command line prints, and where their pictures are. */
import { fromMicros } from '../../engine/core/credits.ts';
import { isoTime } from '../../engine/core/iso-time.ts';
import type { ItemRecord } from '../../engine/core/item-record.ts';
import type { ItemAttempt } from '../../engine/engine-types.ts';
import { runLinks } from './api-run-json.ts';
import { itemJson } from './item-json.ts';
import { asSent } from './mutable.ts';

export function apiItemJson(item: ItemRecord, runId: string, base: string) {
  const { image } = item;
  const self = `${runLinks(base, runId).items}/${item.itemId}`;
  return asSent({
    ...itemJson(item),
    width: image?.width ?? null,
    height: image?.height ?? null,
    bytes: image?.bytes ?? null,
    format: image?.format ?? null,
    links: {
      self,
      image: image === undefined ? null : `${self}/image`,
      thumbnail: image === undefined ? null : `${self}/thumbnail`,
    },
  });
}

export function itemDetailJson(
  item: ItemRecord,
  attempts: readonly ItemAttempt[],
  runId: string,
  base: string,
) {
  return {
    ...apiItemJson(item, runId, base),
    given_prompt: item.row.prompt,
    negative_prompt: item.negativePrompt ?? null,
    cells: { ...item.row.cells },
    attempts: attempts.map(attemptJson),
  };
}

function attemptJson(attempt: ItemAttempt) {
  const { id, number, lane, state, sentAt, endedAt, reason, ref, usdMicros, images } = attempt;
  return {
    attempt: id,
    number,
    lane,
    state,
    sent_at: isoTime(sentAt),
    ended_at: endedAt === undefined ? null : isoTime(endedAt),
    reason: reason ?? null,
    vendor_ref: ref ?? null,
    usd: usdMicros === undefined ? null : fromMicros(usdMicros),
    images,
    ledger: attempt.ledger.map(({ kind, account, at, creditMicros }) => ({
      kind,
      account,
      at: isoTime(at),
      credits: fromMicros(creditMicros),
    })),
  };
}
