/** Below it a picture falls apart to the eye: it is rather made smaller. */
export const LOWEST_QUALITY = 10;
const HIGHEST_QUALITY = 100;
/** Enough for certainty: one free guess, and seven halvings of the 90 qualities that are left. */
export const MOST_ENCODES = 8;
/** Tried first: most targets are near it. */
export const FIRST_GUESS = 75;
/** A step of quality makes a file about so much larger (the natural logarithm), at first guess. */
const USUAL_GROWTH = 0.03;

export type FittedBytes =
  | { readonly kind: 'fits'; readonly quality: number; readonly bytes: Uint8Array }
  /** Even the lowest quality has more bytes than allowed. */
  | { readonly kind: 'too-large'; readonly leastBytes: number };

/**
 * The file of the best quality (10 to 100) that has at most `mostBytes`, found with at most 8 encodes,
 * the same ones for the same picture. A better quality is taken to make a file that is not smaller.
 */
export async function fitBytes(
  mostBytes: number,
  encode: (quality: number) => Promise<Uint8Array>,
): Promise<FittedBytes> {
  let best: Extract<FittedBytes, { kind: 'fits' }> | undefined;
  let least = Infinity;
  // All below `fits` is known to fit, all from `exceeds` on is known not to.
  let [fits, exceeds] = [LOWEST_QUALITY - 1, HIGHEST_QUALITY + 1];
  const known: Point[] = [];
  for (let left = MOST_ENCODES; exceeds - fits > 1; left -= 1) {
    const guess = known.length === 0 ? FIRST_GUESS : interpolate(known, mostBytes);
    // Whatever this one shows, what is then open can be halved to the end with the encodes left.
    const reach = 2 ** (left - 1);
    const quality = clamp(guess, [exceeds - reach, fits + reach], [fits + 1, exceeds - 1]);
    const bytes = await encode(quality);
    known.push({ quality, size: Math.log(bytes.length) });
    least = Math.min(least, bytes.length);
    if (bytes.length <= mostBytes) {
      best = { kind: 'fits', quality, bytes };
      fits = quality;
    } else {
      exceeds = quality;
    }
  }
  return best ?? { kind: 'too-large', leastBytes: least };
}

interface Point {
  readonly quality: number;
  /** The logarithm of its bytes. */
  readonly size: number;
}

/** Where a line through the two nearest points meets the target; sizes grow by factors. */
function interpolate(known: readonly Point[], mostBytes: number): number {
  const target = Math.log(mostBytes);
  const [nearest, next] = known.toSorted(
    (one, other) => Math.abs(one.size - target) - Math.abs(other.size - target),
  );
  if (nearest === undefined) return FIRST_GUESS;
  const growth =
    next === undefined || next.size === nearest.size
      ? USUAL_GROWTH
      : (next.size - nearest.size) / (next.quality - nearest.quality);
  return Math.floor(nearest.quality + (target - nearest.size) / Math.max(growth, 0.001));
}

function clamp(
  guess: number,
  ...ranges: readonly (readonly [low: number, high: number])[]
): number {
  return ranges.reduce((value, [low, high]) => Math.min(Math.max(value, low), high), guess);
}
