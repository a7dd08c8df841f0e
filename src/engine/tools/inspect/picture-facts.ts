import sharp, { type Metadata } from 'sharp';
import type { Decoding, PictureFacts } from '../../core/file-report.ts';
import { formatName, type PictureType } from '../../core/media-type.ts';
import { MOST_PIXELS } from '../../finish/check/check-image.ts';
import { iccName } from './icc-name.ts';
import { readWhole } from '../../references/read-whole.ts';

export interface LookedAt {
  readonly facts: PictureFacts;
  /** As it stands in the file, also of formats that we do not write ourselves. */
  readonly xmp?: string;
}

/** From the file's head, whatever it claims of its size. Rejects when that cannot be read. */
export async function lookAtHead(bytes: Uint8Array, type: PictureType): Promise<LookedAt> {
  const metadata = await sharp(bytes, { limitInputPixels: false, failOn: 'none' }).metadata();
  const { autoOrient, channels, hasAlpha, orientation, pages, icc, xmp } = metadata;
  const colourProfile = icc === undefined ? undefined : await iccName(bytes);
  return {
    facts: {
      format: formatName(type),
      width: autoOrient.width,
      height: autoOrient.height,
      colourSpace: metadata.space,
      bits: bitsOf(metadata),
      channels,
      hasAlpha,
      frames: pages ?? 1,
      ...(orientation !== undefined && { orientation }),
      ...(colourProfile !== undefined && { colourProfile }),
    },
    ...(xmp !== undefined && { xmp: xmp.toString() }),
  };
}

/** Decodes every pixel of every frame, but not of more than any picture has. */
export async function tryDecoding(
  bytes: Uint8Array,
  { width, height, frames, format }: PictureFacts,
): Promise<Decoding> {
  const pixels = width * height * frames;
  if (pixels > MOST_PIXELS) {
    const reason = `${pixels.toLocaleString('en-US')} pixels are more than the ${MOST_PIXELS.toLocaleString('en-US')} that are looked at`;
    return { kind: 'unchecked', reason };
  }
  // sharp's build has no decoder of HEVC, and complains as if the file were damaged.
  if (format === 'HEIC') return { kind: 'unchecked', reason: 'there is no decoder for HEIC here' };
  try {
    const options = { failOn: 'error', limitInputPixels: MOST_PIXELS } as const;
    await readWhole(sharp(bytes, frames > 1 ? { ...options, pages: -1 } : options));
    return { kind: 'whole' };
  } catch (error) {
    return { kind: 'broken', reason: firstLine(error) };
  }
}

function bitsOf({ bitsPerSample, depth }: Metadata): number {
  if (bitsPerSample !== undefined) return bitsPerSample;
  if (depth.includes('short')) return 16;
  if (depth === 'double') return 64;
  return depth.includes('char') ? 8 : 32;
}

export function firstLine(error: unknown): string {
  const words = error instanceof Error ? error.message : String(error);
  return (words.split('\n')[0] ?? '').slice(0, 200);
}
