/** The bytes of a delivered image, as they are to be sent. */
import type { ItemRecord } from '../../engine/core/item-record.ts';
import type { FileFormat } from '../../engine/core/quality.ts';
import { formatSize, type Size } from '../../engine/core/size.ts';
import type { Engine } from '../../engine/engine-types.ts';
import type { PictureWish } from './image-order.ts';
import { notThere } from './openai-error.ts';

export interface Picture {
  readonly bytes: Uint8Array;
  readonly format: FileFormat;
  /** `WxH`. */
  readonly size: string;
}

/**
 * The master as it is, where it is what was wished; else made of it, with what it says of itself carried over.
 * One that cannot be worked on is sent as it is: it was paid for.
 */
export async function pictureOf(
  engine: Engine,
  runId: string,
  record: ItemRecord,
  wish: PictureWish,
): Promise<Picture> {
  const stored = await engine.image(runId, record.itemId);
  const { image } = record;
  if (stored === undefined || image === undefined) throw notThere(`image ${record.itemId}`);
  const master = await stored.read();
  const asMade: Picture = { bytes: master, format: image.format, size: formatSize(image) };
  if (isAsWished(record, wish)) return asMade;
  const { format = image.format, quality } = wish;
  const step = { kind: 'encode', format, ...(quality !== undefined && { quality }) } as const;
  const finished = await engine.finish(master, {
    size: record.size,
    recipe: { outputs: [{ steps: [step] }] },
    marks: { kind: 'keep' },
  });
  const file = finished.kind === 'finished' ? finished.files[0] : undefined;
  return file === undefined ? asMade : { ...file, size: formatSize(file) };
}

function isAsWished({ image, size }: ItemRecord, { format, quality }: PictureWish): boolean {
  if (image === undefined || quality !== undefined) return false;
  return (format === undefined || format === image.format) && !isLarger(image, size);
}

function isLarger(made: Size, asked: Size): boolean {
  return made.width > asked.width || made.height > asked.height;
}
