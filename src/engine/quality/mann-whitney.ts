/** Samples up to this size, without ties, are counted exactly; others go by the normal distribution. */
const MOST_EXACT = 40;

/**
 * The one-sided Mann-Whitney test: how likely it is that chance alone would put `lower` as far below
 * `higher` as it stands, 0 to 1. Makes no assumption on how the values are spread; ties count half.
 * Exact without ties up to 40 values a side, otherwise the normal approximation with corrections for
 * ties and continuity.
 */
export function probabilityOfLower(lower: readonly number[], higher: readonly number[]): number {
  if (lower.length === 0 || higher.length === 0) return 1;
  const { wins, hasTies } = countWins(lower, higher);
  const isSmall = lower.length <= MOST_EXACT && higher.length <= MOST_EXACT;
  return isSmall && !hasTies
    ? exactShare(lower.length, higher.length, wins)
    : normalShare(lower, higher, wins);
}

/** Pairs in which the value of `lower` is the larger one: Mann and Whitney's U. */
function countWins(
  lower: readonly number[],
  higher: readonly number[],
): { wins: number; hasTies: boolean } {
  let wins = 0;
  let hasTies = false;
  for (const low of lower) {
    for (const high of higher) {
      if (low > high) wins += 1;
      else if (low === high) {
        wins += 0.5;
        hasTies = true;
      }
    }
  }
  return { wins, hasTies };
}

/** By the sizes of both samples: the same few are asked for after every image. */
const shares = new Map<string, Float64Array>();

/** The share of all orders of the values that have at most `most` wins. */
function exactShare(first: number, second: number, most: number): number {
  const sizes = `${first} ${second}`;
  const known = shares.get(sizes) ?? cumulativeShares(first, second);
  shares.set(sizes, known);
  return known[Math.floor(most)]!;
}

/**
 * For each number of wins the share of orders that have no more. `ways[n][wins]` counts the orders of the values so
 * far with `n` of them in the first sample (Mann and Whitney's own recursion).
 */
function cumulativeShares(first: number, second: number): Float64Array {
  const largest = first * second;
  let ways = Array.from({ length: second + 1 }, () => new Float64Array(largest + 1));
  for (const row of ways) row[0] = 1;
  for (let taken = 1; taken <= first; taken += 1) {
    const next = Array.from({ length: second + 1 }, () => new Float64Array(largest + 1));
    for (let others = 0; others <= second; others += 1) {
      for (let wins = 0; wins <= taken * others; wins += 1) {
        // The largest value is one of the first sample (and beats all others), or of the second.
        const ofFirst = wins >= others ? ways[others]![wins - others]! : 0;
        const ofSecond = others > 0 ? next[others - 1]![wins]! : 0;
        next[others]![wins] = ofFirst + ofSecond;
      }
    }
    ways = next;
  }
  const counts = ways[second]!;
  const all = counts.reduce((sum, count) => sum + count, 0);
  let below = 0;
  return counts.map((count) => (below += count) / all);
}

function normalShare(lower: readonly number[], higher: readonly number[], wins: number): number {
  const pairs = lower.length * higher.length;
  const size = lower.length + higher.length;
  const tied = tieSizes([...lower, ...higher]).reduce((sum, ties) => sum + ties ** 3 - ties, 0);
  const variance = (pairs / 12) * (size + 1 - tied / (size * (size - 1)));
  if (variance <= 0) return 1;
  return standardNormal((wins + 0.5 - pairs / 2) / Math.sqrt(variance));
}

function tieSizes(values: readonly number[]): number[] {
  const sizes = new Map<number, number>();
  for (const value of values) sizes.set(value, (sizes.get(value) ?? 0) + 1);
  return [...sizes.values()];
}

/** The share of a normal distribution below `z` (Abramowitz and Stegun 26.2.17, good to 1e-7). */
function standardNormal(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const series =
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const above = (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * series;
  return z >= 0 ? 1 - above : above;
}
