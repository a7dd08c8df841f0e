import fc from 'fast-check';
import { expect, test } from 'vitest';
import { measureDetail } from './measure-detail.ts';

/** The same, pixel by pixel. */
function plainly(rgb: Uint8Array, width: number, height: number): number {
  const luma = (x: number, y: number) => {
    const [red, green, blue] = rgb.subarray((y * width + x) * 3);
    return (19_595 * red! + 38_470 * green! + 7_471 * blue! + 32_768) >> 16;
  };
  let [sum, squares, count] = [0, 0, 0];
  for (let y = 1; y < height - 1; y += 1) {
    for (let x = 1; x < width - 1; x += 1) {
      const around = luma(x, y - 1) + luma(x, y + 1) + luma(x - 1, y) + luma(x + 1, y);
      const value = around - 4 * luma(x, y);
      sum += value;
      squares += value * value;
      count += 1;
    }
  }
  return squares / count - (sum / count) ** 2;
}

const side = fc.integer({ min: 3, max: 70 });
const picture = fc.tuple(side, side).chain(([width, height]) =>
  fc.record({
    width: fc.constant(width),
    height: fc.constant(height),
    rgb: fc.uint8Array({ minLength: width * height * 3, maxLength: width * height * 3 }),
  }),
);

test('measureDetail() is exactly the variance of the Laplacian, whatever the size', () => {
  fc.assert(
    fc.property(picture, ({ rgb, width, height }) => {
      expect(measureDetail(rgb, { width, height })).toBe(plainly(rgb, width, height));
    }),
    { numRuns: 150 },
  );
});

test('measureDetail() holds the largest values of a wide picture', () => {
  const [width, height] = [40_001, 5];
  const rgb = Uint8Array.from({ length: width * height * 3 }, (_, at) => {
    const pixel = Math.floor(at / 3);
    return (pixel + Math.floor(pixel / width)) % 2 === 0 ? 0 : 255;
  });
  expect(measureDetail(rgb, { width, height })).toBe(plainly(rgb, width, height));
  expect(measureDetail(new Uint8Array(12), { width: 2, height: 2 })).toBe(0);
});
