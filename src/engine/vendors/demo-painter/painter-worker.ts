import sharp from 'sharp';
import type { ImageFormat } from '../../core/quality.ts';
import { lendColours } from './lent-colours.ts';
import { type PaintRequest, type Painting, paint } from './paint.ts';

/** What travels to a worker thread. */
export interface PaintTask extends Omit<PaintRequest, 'lentColours'> {
  readonly format: ImageFormat;
  /** A reference picture that lends its colours. */
  readonly reference?: Uint8Array;
}

/** What comes back. */
export type PaintResult =
  | { readonly kind: 'painted'; readonly bytes: Uint8Array }
  | { readonly kind: 'unreadable-reference'; readonly words: string };

// A worker has one core: libvips' own threads would only compete with the other workers.
sharp.concurrency(1);

/** Paints and encodes one picture, in a worker thread. */
export default async function paintTask(task: PaintTask): Promise<PaintResult> {
  const { reference, format, ...request } = task;
  let lentColours;
  try {
    lentColours = reference === undefined ? [] : await lendColours(reference);
  } catch (error) {
    return { kind: 'unreadable-reference', words: String(error) };
  }
  return { kind: 'painted', bytes: await encode(paint({ ...request, lentColours }), format) };
}

function encode({ width, height, data }: Painting, format: ImageFormat): Promise<Uint8Array> {
  const image = sharp(data, { raw: { width, height, channels: 3 } });
  switch (format) {
    case 'png':
      // Level 2 takes two thirds of the default's time for a few per cent more bytes.
      return image.png({ compressionLevel: 2 }).toBuffer();
    case 'jpeg':
      return image.jpeg({ quality: 90 }).toBuffer();
    case 'webp':
      return image.webp({ quality: 88, effort: 2 }).toBuffer();
    default:
      return format satisfies never;
  }
}
