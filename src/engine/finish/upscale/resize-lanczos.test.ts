import { describe, expect, test } from 'vitest';
import type { RawPicture } from '../raw-picture.ts';
import { resizeLanczos } from './resize-lanczos.ts';

describe('resizing by Lanczos', () => {
  test.each([
    [9, 18],
    [9, 27],
    [10, 15],
    [20, 13],
    [40, 10],
    [3, 12],
    [1, 4],
  ])('a line of %i becomes %i as the kernel says', (size, resultSize) => {
    const values = Array.from({ length: size }, (_, at) => 100 + ((at * 37) % 60));
    const line = grey(values, size, 1);
    expect(reds(resizeLanczos(line, { width: resultSize, height: 1 }))).toEqual(
      byDefinition(values, resultSize),
    );
    const column = grey(values, 1, size);
    expect(reds(resizeLanczos(column, { width: 1, height: resultSize }))).toEqual(
      byDefinition(values, resultSize),
    );
  });

  test('stays between black and white beside a hard edge', () => {
    const edge = grey([0, 0, 0, 255, 255, 255, 0, 0], 8, 1);
    const result = reds(resizeLanczos(edge, { width: 32, height: 1 }));
    expect(Math.min(...result)).toBe(0);
    expect(Math.max(...result)).toBe(255);
    expect(result[14]).toBe(255);
  });
});

function grey(values: readonly number[], width: number, height: number): RawPicture {
  const data = Uint8Array.from(
    { length: values.length * 3 },
    (_, at) => values[Math.trunc(at / 3)]!,
  );
  return { data, width, height, channels: 3 };
}

function reds({ data }: RawPicture): number[] {
  return [...data].filter((_, at) => at % 3 === 0);
}

/** sinc(x) sinc(x / 3), over all pixels there are and many like the border outside. */
function byDefinition(values: readonly number[], resultSize: number): number[] {
  const step = values.length / resultSize;
  const stretch = Math.max(1, step);
  return Array.from({ length: resultSize }, (_, result) => {
    const centre = (result + 0.5) * step - 0.5;
    let [sum, weights] = [0, 0];
    for (let at = -50; at < values.length + 50; at += 1) {
      const x = (at - centre) / stretch;
      const weight = Math.abs(x) < 3 ? sinc(x) * sinc(x / 3) : 0;
      sum += weight * values[Math.min(Math.max(at, 0), values.length - 1)]!;
      weights += weight;
    }
    return Math.round(sum / weights);
  });
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}
