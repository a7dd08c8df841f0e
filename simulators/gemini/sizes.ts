import type { Size } from '../../src/engine/core/size.ts';

/**
 * What a ratio measures at 1K, as third parties measured it in autumn 2026; Google publishes no table.
 * 2K and 4K are exactly two and four times as large. 1:8 and 8:1 are 4 % off their ratio.
 */
const AT_1K: Readonly<Record<string, readonly [width: number, height: number]>> = {
  '1:1': [1024, 1024],
  '2:3': [848, 1264],
  '3:2': [1264, 848],
  '3:4': [896, 1200],
  '4:3': [1200, 896],
  '4:5': [928, 1152],
  '5:4': [1152, 928],
  '9:16': [768, 1376],
  '16:9': [1376, 768],
  '21:9': [1584, 672],
  '1:4': [512, 2064],
  '4:1': [2064, 512],
  '1:8': [352, 2928],
  '8:1': [2928, 352],
};

/** The four of which `512` is not the half of 1K. */
const AT_512: Readonly<Record<string, readonly [width: number, height: number]>> = {
  '21:9': [784, 336],
  '1:4': [256, 1024],
  '4:1': [1024, 256],
  '1:8': [176, 1456],
  '8:1': [1456, 176],
};

const TIMES: Readonly<Record<string, number>> = { '512': 0.5, '1K': 1, '2K': 2, '4K': 4 };

export const RATIOS = Object.keys(AT_1K);

/** Size of a picture of one of `RATIOS` and a class of `TIMES`. */
export function sizeOf(ratio: string, imageSize: string): Size {
  const small = imageSize === '512' ? AT_512[ratio] : undefined;
  const [width, height] = small ?? AT_1K[ratio]!.map((side) => side * TIMES[imageSize]!);
  return { width: width!, height: height! };
}
