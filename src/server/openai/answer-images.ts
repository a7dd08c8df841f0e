/** The answer to a call, made from its run: the same one whenever it is made. */
import type { ImagesAnswer } from '../../api/schemas/openai-image.ts';
import { fromMicros } from '../../engine/core/credits.ts';
import type { ItemRecord } from '../../engine/core/item-record.ts';
import type { Engine, StoredRun } from '../../engine/engine-types.ts';
import type { ImageOrder } from './image-order.ts';
import { LINK_LASTS_MS, signLink } from './image-links.ts';
import { type Picture, pictureOf } from './pictures.ts';

export interface AnswerDeps {
  readonly engine: Engine;
  readonly publicUrl: string;
  readonly now: () => number;
}

/** What of an order its answer depends on; a batch keeps it with each line. */
export type AnswerWish = Pick<ImageOrder, 'picture' | 'answer' | 'quality'>;

export type ImageEntry = ImagesAnswer['data'][number];

/** Of images that are delivered, at least one. */
export async function imagesAnswer(
  deps: AnswerDeps,
  run: Pick<StoredRun, 'id' | 'createdAt'>,
  delivered: readonly ItemRecord[],
  wish: AnswerWish,
): Promise<ImagesAnswer> {
  const entries: ImageEntry[] = [];
  let first: Picture | undefined;
  for (const record of delivered) {
    const picture = await pictureOf(deps.engine, run.id, record, wish.picture);
    first ??= picture;
    entries.push(await entryOf(deps, run.id, record, wish, picture));
  }
  return {
    created: Math.floor(run.createdAt / 1000),
    data: entries,
    output_format: first?.format ?? 'png',
    quality: wish.quality,
    size: first?.size ?? '',
    usage: usageOf(delivered),
  };
}

export async function entryOf(
  { engine, publicUrl, now }: AnswerDeps,
  runId: string,
  { itemId }: ItemRecord,
  { answer, picture: wish }: AnswerWish,
  { bytes }: Picture,
): Promise<ImageEntry> {
  if (answer === 'b64_json') {
    return {
      b64_json: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64'),
    };
  }
  const secret = await engine.service.files.linkSecret();
  const link = signLink({ runId, itemId, wish, endsAt: now() + LINK_LASTS_MS }, secret);
  return { url: `${publicUrl}/openai/images/${link}` };
}

/** Tokens are not counted by most vendors, and what is not known is null. */
export function usageOf(delivered: readonly ItemRecord[]): ImagesAnswer['usage'] {
  const usd = delivered.map(({ usdMicros }) => usdMicros);
  return {
    input_tokens: null,
    output_tokens: null,
    total_tokens: null,
    input_tokens_details: { text_tokens: null, image_tokens: null },
    credits: fromMicros(creditsOf(delivered)),
    usd: usd.includes(undefined)
      ? null
      : fromMicros(usd.reduce<number>((sum, each) => sum + (each ?? 0), 0)),
  };
}

export function creditsOf(delivered: readonly ItemRecord[]): number {
  return delivered.reduce((sum, { creditMicros }) => sum + creditMicros, 0);
}
