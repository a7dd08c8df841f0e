import sharp from 'sharp';
import type { Sharp } from 'sharp';
import type { FileFormat } from '../../core/quality.ts';
import { covers } from '../../core/size.ts';
import type { Size } from '../../core/size.ts';
import { knownFormat, MOST_PIXELS } from '../check/check-image.ts';

export interface DeliveryImage extends Size {
  readonly bytes: Uint8Array;
  readonly format: FileFormat;
}

/**
 * A master as it is delivered. One that has the size and format asked for comes back byte for byte. A
 * larger one is scaled down to exactly that size (Lanczos; what its ratio differs, at most 2 %, is cut
 * off evenly at both sides); it is never enlarged. JPEG has no transparency: it becomes white.
 */
export async function resizeDelivery(
  master: Uint8Array,
  asked: Size | undefined,
  format?: FileFormat,
): Promise<DeliveryImage> {
  const metadata = await sharp(master, { limitInputPixels: MOST_PIXELS }).metadata();
  const own = knownFormat(metadata.format);
  if (own === undefined)
    throw new TypeError(`Cannot deliver a picture of format ${metadata.format}.`);
  const { width, height } = metadata.autoOrient;
  const isLarger =
    asked !== undefined &&
    covers({ width, height }, asked) &&
    !(width === asked.width && height === asked.height);
  const target = format ?? own;
  if (!isLarger && target === own) return { bytes: master, width, height, format: own };

  const size = isLarger ? asked : { width, height };
  let picture = sharp(master, { limitInputPixels: MOST_PIXELS }).autoOrient();
  if (isLarger)
    picture = picture.resize(size.width, size.height, { fit: 'cover', kernel: 'lanczos3' });
  return {
    bytes: await encode(picture, target).toBuffer(),
    width: size.width,
    height: size.height,
    format: target,
  };
}

function encode(picture: Sharp, format: FileFormat): Sharp {
  switch (format) {
    case 'png':
      return picture.png({ compressionLevel: 6 });
    case 'jpeg':
      return picture
        .flatten({ background: '#ffffff' })
        .jpeg({ quality: 92, chromaSubsampling: '4:4:4' });
    case 'webp':
      return picture.webp({ quality: 90, effort: 4 });
    case 'avif':
      return picture.avif({ quality: 60, effort: 3 });
    default:
      return format satisfies never;
  }
}
