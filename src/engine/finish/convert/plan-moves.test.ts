import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { recipeOf } from '../../../../test/support/finishing.ts';
import { planMoves } from './plan-moves.ts';

const plan = (width: number, height: number, recipe: string) =>
  planMoves({ width, height }, recipeOf(recipe).outputs[0]!.steps);

describe('planMoves()', () => {
  test.each([
    ['resize 512x512', { width: 512, height: 512 }],
    ['resize 512x512 inside', { width: 512, height: 341 }],
    ['resize 512x512 pad', { width: 512, height: 512 }],
    ['resize 600x', { width: 600, height: 400 }],
    ['resize x300', { width: 450, height: 300 }],
    ['resize 3000x', { width: 1200, height: 800 }],
    ['resize 3000x cover', { width: 3000, height: 2000 }],
    ['crop 1:1', { width: 800, height: 800 }],
    ['crop 16:9', { width: 1200, height: 675 }],
    ['upscale 3x', { width: 3600, height: 2400 }],
    ['crop 1:1; upscale 2x; resize 1000x', { width: 1000, height: 1000 }],
  ])('%s makes of 1200x800 what it says', (recipe, size) => {
    expect(plan(1200, 800, recipe).size).toEqual(size);
  });

  test.each(['resize 1200x800', 'resize 2000x2000 inside', 'resize 1200x', 'crop 3:2', 'crop 6:4'])(
    '%s leaves 1200x800 alone',
    (recipe) => {
      expect(plan(1200, 800, recipe).moves).toEqual([]);
    },
  );

  test('a box of the picture’s own ratio needs neither cutting nor filling', () => {
    for (const fit of ['cover', 'pad']) {
      expect(plan(1200, 800, `resize 600x400 ${fit}`).moves).toMatchObject([{ fit: 'fill' }]);
    }
  });

  test('a crop keeps the side that is named, and the middle where none is', () => {
    const lefts = { left: 0, right: 400, center: 200 };
    for (const [position, left] of Object.entries(lefts)) {
      expect(plan(1200, 800, `crop 1:1 ${position}`).moves).toEqual([
        { kind: 'cut', left, top: 0, width: 800, height: 800 },
      ]);
    }
    expect(plan(800, 1200, 'crop 1:1 bottom').moves).toMatchObject([{ left: 0, top: 400 }]);
    expect(plan(800, 1200, 'crop 1:1 top').moves).toMatchObject([{ left: 0, top: 0 }]);
  });

  test('a crop lies inside the picture, touches two sides and is off its ratio by half a pixel', () => {
    const side = fc.integer({ min: 1, max: 3000 });
    const part = fc.integer({ min: 1, max: 50 });
    fc.assert(
      fc.property(side, side, part, part, (width, height, across, down) => {
        const { size, moves } = plan(width, height, `crop ${across}:${down}`);
        expect(size.width === width || size.height === height).toBe(true);
        for (const move of moves) {
          if (move.kind !== 'cut') throw new Error('no cut');
          expect(move.left + move.width).toBeLessThanOrEqual(width);
          expect(move.top + move.height).toBeLessThanOrEqual(height);
        }
        const exact = Math.min(width / across, height / down);
        expect(Math.abs(size.width - Math.max(1, exact * across))).toBeLessThanOrEqual(0.5);
        expect(Math.abs(size.height - Math.max(1, exact * down))).toBeLessThanOrEqual(0.5);
      }),
    );
  });

  test('more than 100 million pixels are refused before any is made', () => {
    expect(() => plan(6000, 5000, 'upscale 2x')).toThrow(
      'it would get 12000x10000 pixels, and at most 100 million are worked on',
    );
    expect(() => plan(10, 1, 'resize 16384x cover; resize 16384x16384')).toThrow('16384x16384');
    expect(plan(5000, 5000, 'upscale 2x').size).toEqual({ width: 10_000, height: 10_000 });
  });
});
