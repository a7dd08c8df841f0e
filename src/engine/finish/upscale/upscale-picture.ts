import { UsageError } from '../../core/errors.ts';
import type { UpscaleFactor, UpscaleMethod } from '../../core/recipe.ts';
import { formatSize } from '../../core/size.ts';
import { MOST_PIXELS } from '../check/check-image.ts';
import type { RawPicture } from '../raw-picture.ts';
import { resizeAlpha, resizeLanczos } from './enlarge-lanczos.ts';
import { openDoubler, type Doubler } from './open-doubler.ts';
import { drawPatches, picturePatches } from './patch.ts';
import { doublePatches } from './double-patches.ts';

export interface UpscaleOrder {
  readonly factor: UpscaleFactor;
  readonly method: UpscaleMethod;
}

/**
 * Makes a picture `factor` times as wide and high. Takes the calling thread's time.
 * Throws a `UsageError` when the result would be too large, or when the runtime of the learned one is missing.
 */
export async function upscalePicture(
  picture: RawPicture,
  { factor, method }: UpscaleOrder,
): Promise<RawPicture> {
  const to = { width: picture.width * factor, height: picture.height * factor };
  if (to.width * to.height > MOST_PIXELS) {
    throw new UsageError(
      `${formatSize(picture)} enlarged ${factor}x would be ${formatSize(to)}, more than the ${MOST_PIXELS / 1e6} million pixels that a picture may have. Enlarge it less.`,
    );
  }
  if (method === 'lanczos') return resizeLanczos(picture, to);
  const doubler = await keepDoubler();
  let source = doublePatches(picturePatches(picture), doubler);
  if (factor > 2) source = doublePatches(source, doubler);
  const result = await drawPatches(source, factor === 3 ? 3 : picture.channels, 384);
  if (factor === 3) {
    const reduced = resizeLanczos(result, to);
    if (picture.channels === 3) return reduced;
    const data = new Uint8Array(to.width * to.height * 4);
    for (let i = 0, o = 0; i < reduced.data.length; i += 3, o += 4)
      data.set(reduced.data.subarray(i, i + 3), o);
    resizeAlpha(picture, to, data);
    return { data, ...to, channels: 4 };
  }
  if (picture.channels === 4) resizeAlpha(picture, to, result.data as Uint8Array);
  return result;
}

let kept: Promise<Doubler> | undefined;

/** Each thread opens the network once. A failure is not kept: it may have been mended. */
async function keepDoubler(): Promise<Doubler> {
  kept ??= openDoubler();
  try {
    return await kept;
  } catch (error) {
    kept = undefined;
    throw error;
  }
}
