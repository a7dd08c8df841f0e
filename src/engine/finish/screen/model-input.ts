import sharp from 'sharp';
import { MOST_PIXELS } from '../check/check-image.ts';

const CHANNELS = 3;

/**
 * A picture as the screening models see it: `side` times `side` pixels, 0 to 1, all reds first, then
 * greens, then blues. Turned as it is to be shown, clear parts on white. The picture is squeezed and
 * sampled as nsfwjs does it (TensorFlow's `resizeBilinear` with aligned corners, without smoothing), since
 * the models were trained on such pictures. Rejects with the decoder's words.
 */
export async function modelInput(bytes: Uint8Array, side: number): Promise<Float32Array> {
  const { data, info } = await sharp(bytes, { failOn: 'error', limitInputPixels: MOST_PIXELS })
    .autoOrient()
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return sampled(data, info, side);
}

function sampled(
  rgb: Uint8Array,
  { width, height }: { readonly width: number; readonly height: number },
  side: number,
): Float32Array {
  const across = Array.from({ length: side }, (_, at) => between(at, side, width));
  const input = new Float32Array(CHANNELS * side * side);
  for (let y = 0; y < side; y += 1) {
    const [above, below, down] = between(y, side, height);
    for (let x = 0; x < side; x += 1) {
      const [left, right, along] = across[x]!;
      for (let channel = 0; channel < CHANNELS; channel += 1) {
        const value = (row: number, column: number) =>
          rgb[(row * width + column) * CHANNELS + channel]!;
        const top = value(above, left) + (value(above, right) - value(above, left)) * along;
        const bottom = value(below, left) + (value(below, right) - value(below, left)) * along;
        input[(channel * side + y) * side + x] = (top + (bottom - top) * down) / 255;
      }
    }
  }
  return input;
}

/** The two neighbours of place `at` of `places` on a line of `length`, whose ends meet, and the share. */
function between(
  at: number,
  places: number,
  length: number,
): [from: number, to: number, share: number] {
  const place = places > 1 ? (at * (length - 1)) / (places - 1) : 0;
  const from = Math.floor(place);
  return [from, Math.min(length - 1, Math.ceil(place)), place - from];
}
