/**
 * Makes an answer's pictures durable: download where they come by address (a step of its own, free to
 * repeat), check, store. Only then can an item be called delivered.
 */
import type { Clock } from '../core/clock.ts';
import { StorageError } from '../core/errors.ts';
import type { ItemOutcome } from '../core/outcome.ts';
import type { Size } from '../core/size.ts';
import { type ImageInspector, judgeImage } from '../finish/check/image-inspector.ts';
import { lastWord } from '../send/retry-policy.ts';
import { callVendor } from '../send/send-request.ts';
import type { BlobStore } from '../store/blob-store.ts';
import type { ImageSource, LaneImage, LaneRequest, VendorLane } from '../vendors/vendor.ts';

/** What an image is fetched by: its address, and a fresh one when it has expired. */
export type ImageLane = Pick<VendorLane, 'fetch' | 'poll'>;

export interface StoreImagesDeps {
  readonly blobs: BlobStore;
  readonly inspect: ImageInspector;
  readonly clock: Clock;
  readonly stop: AbortSignal;
}

export type StoredImages =
  | { readonly kind: 'stored'; readonly outcomes: readonly ItemOutcome[] }
  /** Made and paid, but there is no place to keep it. */
  | { readonly kind: 'not-stored'; readonly reason: string }
  | { readonly kind: 'left' };

/** Tries to download or to store before giving up: about two minutes with growing waits. */
const TRIES = 7;
const FIRST_WAIT_MS = 1_000;
const DOWNLOAD_MS = 120_000;

export async function storeImages(
  deps: StoreImagesDeps,
  lane: ImageLane,
  request: LaneRequest,
  images: readonly LaneImage[],
  /** The size that will be delivered (less than what was asked, maybe), and the task's id. */
  task: { readonly wanted: Size; readonly ref?: string },
): Promise<StoredImages> {
  const outcomes: ItemOutcome[] = [];
  for (const image of images) {
    if (image.index < 0 || image.index >= request.count) continue;
    if (image.kind === 'refused') {
      const { index, words, stage, category } = image;
      const sorted = { stage, ...(category !== undefined && { category }) };
      outcomes.push({ index, state: 'refused', reason: words, ...sorted });
      continue;
    }
    if (image.kind === 'failed') {
      outcomes.push({ index: image.index, state: 'failed', reason: image.words });
      continue;
    }
    const bytes = await bytesOf(deps, lane, request, image, task.ref);
    if (bytes === 'left') return { kind: 'left' };
    if ('lost' in bytes) {
      outcomes.push({ index: image.index, state: 'failed', reason: bytes.lost });
      continue;
    }
    const outcome = await keep(deps, request, task.wanted, image, bytes.bytes);
    if ('kind' in outcome) return outcome;
    outcomes.push(outcome);
  }
  return { kind: 'stored', outcomes };
}

async function keep(
  deps: StoreImagesDeps,
  request: LaneRequest,
  wanted: Size,
  { index, leftOut }: Extract<LaneImage, { kind: 'image' }>,
  bytes: Uint8Array,
): Promise<ItemOutcome | Exclude<StoredImages, { kind: 'stored' }>> {
  const inspection = await deps.inspect(bytes);
  const judgement = judgeImage(inspection, wanted);
  const stored = await putWithPatience(deps, bytes);
  if ('kind' in stored) return stored;
  const facts =
    inspection.kind === 'image'
      ? {
          width: inspection.width,
          height: inspection.height,
          format: inspection.format,
          measures: inspection.measures,
        }
      : { width: 0, height: 0, format: request.format };
  const image = { hash: stored.hash, bytes: stored.bytes, ...facts };
  if (!judgement.ok) {
    const reason = leftOut ? `${judgement.reason} (${leftOut.words})` : judgement.reason;
    return { index, state: 'failed', reason, image, flag: judgement.flag };
  }
  return leftOut?.spoils === true
    ? { index, state: 'failed', reason: leftOut.words, image }
    : { index, state: 'delivered', image };
}

/** A full disk may be cleared by its owner: the bytes are paid for and worth waiting with. */
async function putWithPatience(
  deps: StoreImagesDeps,
  bytes: Uint8Array,
): Promise<{ hash: string; bytes: number } | Exclude<StoredImages, { kind: 'stored' }>> {
  let waitMs = FIRST_WAIT_MS;
  for (let tries = 1; ; tries += 1) {
    try {
      return await deps.blobs.put(bytes);
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      if (tries >= TRIES)
        return { kind: 'not-stored', reason: `made, but not stored: ${error.message}` };
    }
    await deps.clock.sleep(waitMs, deps.stop);
    if (deps.stop.aborted) return { kind: 'left' };
    waitMs *= 2;
  }
}

async function bytesOf(
  deps: StoreImagesDeps,
  lane: ImageLane,
  request: LaneRequest,
  image: { readonly index: number; readonly source: ImageSource },
  ref: string | undefined,
): Promise<{ bytes: Uint8Array } | { lost: string } | 'left'> {
  if (image.source.kind === 'bytes') return { bytes: image.source.bytes };
  let url = image.source.url;
  let waitMs = FIRST_WAIT_MS;
  let words = '';
  let renewed = false;
  for (let tries = 1; tries <= TRIES; tries += 1) {
    const answer = await callVendor({
      clock: deps.clock,
      deadlineAt: deps.clock.now() + DOWNLOAD_MS,
      stop: deps.stop,
      make: (signal) => lane.fetch!(url, { signal }),
    });
    if (deps.stop.aborted) return 'left';
    if (answer.kind === 'fetched') return { bytes: answer.bytes };
    words = answer.kind === 'failed' ? answer.failure.words : answer.words;
    if (answer.kind === 'forbidden') return { lost: `the picture is not fetched: ${words}` };
    if (answer.kind === 'expired') {
      // Asking for the task again may give a fresh address; one answer is enough to know.
      const fresh = renewed ? 'none' : await freshUrl(deps, lane, request, image.index, ref);
      if (fresh === 'none') return { lost: `the address of the picture has expired: ${words}` };
      if (fresh !== 'not-told') {
        renewed = true;
        url = fresh.url;
        continue;
      }
    }
    await deps.clock.sleep(waitMs, deps.stop);
    if (deps.stop.aborted) return 'left';
    waitMs *= 2;
  }
  return { lost: `the picture could not be downloaded: ${words}` };
}

/** `not-told`: the asking itself went wrong, which says nothing of the picture. */
async function freshUrl(
  deps: StoreImagesDeps,
  lane: ImageLane,
  request: LaneRequest,
  index: number,
  ref: string | undefined,
): Promise<{ readonly url: string } | 'none' | 'not-told'> {
  if (ref === undefined || lane.poll === undefined) return 'none';
  const answer = await callVendor({
    clock: deps.clock,
    deadlineAt: deps.clock.now() + DOWNLOAD_MS,
    stop: deps.stop,
    make: (signal) => lane.poll!(ref, request, { signal }),
  });
  if (answer.kind !== 'answered') {
    return answer.kind === 'failed' && lastWord(answer.failure) !== undefined ? 'none' : 'not-told';
  }
  const again = answer.images.find((image) => image.index === index);
  return again?.kind === 'image' && again.source.kind === 'url'
    ? { url: again.source.url }
    : 'none';
}
