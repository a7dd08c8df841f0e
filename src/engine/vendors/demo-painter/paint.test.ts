import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { SCENES } from './vocabulary.ts';
import { type PaintRequest, paint } from './paint.ts';

const request = (fields: Partial<PaintRequest> = {}): PaintRequest => ({
  prompt: 'a mountain lake at sunset',
  width: 128,
  height: 128,
  quality: 'medium',
  seed: 7,
  ...fields,
});
const hashOf = (fields: Partial<PaintRequest>) =>
  createHash('sha256')
    .update(paint(request(fields)).data)
    .digest('hex')
    .slice(0, 16);

/** Mean distance of the pixels from their common mean: 0 is a blank picture. */
function contrast(data: Uint8Array): number {
  const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
  return data.reduce((sum, value) => sum + Math.abs(value - mean), 0) / data.length;
}

describe('paint()', () => {
  test('the same request gives the same bytes', () => {
    expect(hashOf({})).toBe(hashOf({}));
  });

  test('a picture that changes is noticed', () => {
    expect({
      lake: hashOf({}),
      city: hashOf({ prompt: 'a neon city at night' }),
      studio: hashOf({ prompt: 'a green mug on a plinth' }),
    }).toMatchInlineSnapshot(`
      {
        "city": "90088a21bd01968d",
        "lake": "8fbae8478f54d3b1",
        "studio": "0dc1bad354af9655",
      }
    `);
  });

  test('seed, prompt, quality and size each change the picture', () => {
    const all = [
      hashOf({}),
      hashOf({ seed: 8 }),
      hashOf({ prompt: 'a mountain lake at night' }),
      hashOf({ quality: 'high' }),
      hashOf({ width: 144 }),
    ];
    expect(new Set(all).size).toBe(all.length);
  });

  test.each(Object.keys(SCENES))('%s is painted in full at any ratio', (scene) => {
    for (const [width, height] of [
      [64, 64],
      [320, 80],
      [72, 288],
    ] as const) {
      const painting = paint(request({ prompt: scene, width, height, quality: 'low' }));
      expect(painting.data).toHaveLength(width * height * 3);
      expect(contrast(painting.data)).toBeGreaterThan(6);
    }
  });

  test('lent colours turn the picture towards them', () => {
    const red = (data: Uint8Array) =>
      data.reduce((sum, value, index) => sum + (index % 3 === 0 ? value : -value / 2), 0);
    const plain = paint(request({ prompt: 'a lake by day' })).data;
    const lent = paint(
      request({
        prompt: 'a lake by day',
        lentColours: [
          [0.3, 0, 0],
          [0.9, 0.2, 0.1],
          [1, 0.5, 0.4],
        ],
      }),
    ).data;
    expect(red(lent)).toBeGreaterThan(red(plain));
  });
});
