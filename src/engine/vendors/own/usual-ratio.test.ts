import { expect, test } from 'vitest';
import { usualRatioOf } from './usual-ratio.ts';

test.each([
  [1024, 1024, '1:1'],
  [1344, 768, '16:9'],
  [768, 1344, '9:16'],
  [1536, 1024, '3:2'],
  [896, 1152, '7:9'],
  [1000, 800, '5:4'],
])('%i x %i is asked for as %s', (width, height, ratio) => {
  expect(usualRatioOf({ width, height })).toBe(ratio);
});
