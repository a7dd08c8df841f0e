import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { turnedPhoto } from '../../../test/support/reference-pictures.ts';
import { readWhole } from './read-whole.ts';

describe('readWhole()', () => {
  test('tells each of many cut pictures at once, and lets whole ones pass', async () => {
    const whole = await turnedPhoto(900, 600);
    const cut = whole.subarray(0, 20_000);
    const looks = Array.from({ length: 100 }, (_, place) =>
      readWhole(sharp(place % 2 === 0 ? cut : whole, { failOn: 'error' })),
    );
    const ends = await Promise.allSettled(looks);
    expect(ends.map(({ status }) => status)).toEqual(
      ends.map((_, place) => (place % 2 === 0 ? 'rejected' : 'fulfilled')),
    );
  });
});
