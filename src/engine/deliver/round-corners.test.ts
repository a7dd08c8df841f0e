import { expect, test } from 'vitest';
import { roundCorners } from './round-corners.ts';

const alphaOf = (rgba: Uint8Array) =>
  Array.from({ length: rgba.length / 4 }, (_, at) => rgba[at * 4 + 3]!);

test('roundCorners() takes the corners away, the same on all sides, and nothing else', () => {
  const size = { width: 12, height: 8 };
  const rgba = new Uint8Array(size.width * size.height * 4).fill(255);
  roundCorners(rgba, size, 3);
  const alpha = alphaOf(rgba);
  expect(alpha[0]).toBeLessThan(30);
  expect(alpha[11]).toBe(alpha[0]);
  expect(alpha[7 * 12]).toBe(alpha[0]);
  expect(alpha.at(-1)).toBe(alpha[0]);
  expect(alpha.filter((value) => value === 255)).toHaveLength(12 * 8 - 4 * 5);
  expect(rgba.filter((_, at) => at % 4 !== 3).every((value) => value === 255)).toBe(true);
});

test('roundCorners() rounds a picture smaller than its radius as far as it goes', () => {
  const rgba = new Uint8Array(2 * 2 * 4).fill(255);
  roundCorners(rgba, { width: 2, height: 2 }, 10);
  expect(new Set(alphaOf(rgba)).size).toBe(1);
});
