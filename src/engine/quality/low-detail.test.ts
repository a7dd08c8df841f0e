import { describe, expect, test } from 'vitest';
import { seededRandom } from '../core/random.ts';
import { lowDetails } from './low-detail.ts';

describe('lowDetails()', () => {
  const others = Array.from({ length: 29 }, (_, at) => 400 + 30 * at);

  test('finds the one that is far softer than the others, and tells its share of the median', () => {
    const found = lowDetails([...others.slice(0, 10), 41, ...others.slice(10)]);
    expect(found.filter((share) => share !== undefined)).toHaveLength(1);
    expect(found[10]).toBeCloseTo(41 / 805, 2);
  });

  test('leaves alone what a quarter of the usual detail is left of, however alike the others are', () => {
    expect(lowDetails([...Array.from({ length: 30 }, () => 500), 130])).not.toContain(0.26);
    expect(lowDetails([...Array.from({ length: 30 }, () => 500), 130])[30]).toBeUndefined();
    expect(lowDetails([...Array.from({ length: 30 }, () => 500), 120])[30]).toBeCloseTo(0.24);
  });

  test('says nothing of a few pictures, nor where they differ by nature', () => {
    expect(lowDetails([...others.slice(0, 18), 1]).every((share) => share === undefined)).toBe(
      true,
    );
    const random = seededRandom(3);
    const wild = Array.from({ length: 40 }, () => Math.exp(6 + 4 * (random.next() - 0.5)));
    expect(lowDetails([...wild, 40])[40]).toBeUndefined();
  });
});
