export type Ratio = readonly [across: number, down: number];

const WIDE: readonly Ratio[] = [
  [5, 4],
  [4, 3],
  [3, 2],
  [16, 10],
  [16, 9],
  [2, 1],
  [21, 9],
  [3, 1],
];
const USUAL: readonly Ratio[] = [[1, 1], ...WIDE, ...WIDE.map(([a, b]): Ratio => [b, a])];

/** The well-known ratio whose quotient is within `tolerance` (a share, like 0.005) of `quotient`. */
export function nearestUsualRatio(quotient: number, tolerance: number): Ratio | undefined {
  return USUAL.find(([across, down]) => Math.abs(quotient / (across / down) - 1) <= tolerance);
}
