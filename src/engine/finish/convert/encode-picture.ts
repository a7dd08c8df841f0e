import type { Sharp } from 'sharp';
import type { EncodeStep } from '../../core/recipe.ts';
import type { FileFormat } from '../../core/quality.ts';
import { formatSize, type Size } from '../../core/size.ts';
import { UnusablePicture } from './unusable.ts';

/** Of 1 to 100, where none is given: what is hardly told from the master at normal size. */
export const DEFAULT_QUALITIES = { jpeg: 92, webp: 90, avif: 60 } as const;
/** From here on JPEG keeps the colour of every pixel (4:4:4), below it that of each 2x2 (4:2:0). */
const FULL_COLOUR_QUALITY = 90;
/** zlib's own default; level 2 takes a quarter less time and 10 % more bytes. */
const PNG_LEVEL = 6;
/** libwebp's default; 2 takes half the time and 5 % more bytes. */
const WEBP_EFFORT = 4;
/** libaom at 4, sharp's default, takes three times as long for 2 % fewer bytes. */
const AVIF_EFFORT = 3;

/** Longest side that a format or its encoder takes (libjpeg, the WebP container, libvips for AVIF). */
const LONGEST_SIDES: Readonly<Record<FileFormat, number>> = {
  png: Infinity,
  jpeg: 65_500,
  webp: 16_383,
  avif: 16_384,
};

/** Throws `UnusablePicture` when a format cannot hold a picture of this size. */
export function refuseTooLong(size: Size, format: FileFormat): void {
  const longest = LONGEST_SIDES[format];
  if (Math.max(size.width, size.height) <= longest) return;
  throw new UnusablePicture(
    `it has ${formatSize(size)} pixels, and ${format} takes at most ${longest} a side: resize it, or write png`,
  );
}

/**
 * The file of a picture, without any metadata of the master. WebP's colour is of each 2x2 pixels (the
 * format has no other, unless lossless), AVIF's of every pixel. `paper` is what shows through where the
 * picture is clear, in JPEG.
 */
export async function encodePicture(
  picture: Sharp,
  encoding: Omit<EncodeStep, 'kind' | 'mostBytes'>,
  paper: string,
): Promise<Uint8Array> {
  return await encoder(picture, encoding, paper).toBuffer();
}

function encoder(
  picture: Sharp,
  { format, quality, lossless }: Omit<EncodeStep, 'kind' | 'mostBytes'>,
  paper: string,
): Sharp {
  switch (format) {
    case 'png':
      return picture.png({ compressionLevel: PNG_LEVEL });
    case 'jpeg': {
      const chosen = quality ?? DEFAULT_QUALITIES.jpeg;
      const chromaSubsampling = chosen >= FULL_COLOUR_QUALITY ? '4:4:4' : '4:2:0';
      return picture.flatten({ background: paper }).jpeg({ quality: chosen, chromaSubsampling });
    }
    case 'webp': {
      // Lossless also where nobody sees it: the colour of what is fully clear.
      const loss = lossless
        ? { lossless, exact: true }
        : { quality: quality ?? DEFAULT_QUALITIES.webp };
      return picture.webp({ ...loss, effort: WEBP_EFFORT });
    }
    case 'avif': {
      const loss = lossless ? { lossless } : { quality: quality ?? DEFAULT_QUALITIES.avif };
      return picture.avif({ ...loss, effort: AVIF_EFFORT, chromaSubsampling: '4:4:4' });
    }
    default:
      return format satisfies never;
  }
}
