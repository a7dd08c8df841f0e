import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seededRandom } from '../core/random.ts';
import { bitDistance } from './bit-distance.ts';
import { colourDistance, toneOf } from './colour-distance.ts';
import { DriftGroup, driftFromReference } from './drift.ts';
import { judgeCanary } from './judge-canary.ts';
import { NearDuplicates } from './near-duplicates.ts';

const GREY = plain(50, 0, 0);

describe('bitDistance()', () => {
  test('is the share of bits that differ', () => {
    fc.assert(
      fc.property(hex(32), hex(32), (one, other) => {
        const apart = BigInt(`0x${one}`) ^ BigInt(`0x${other}`);
        const bits = apart.toString(2).replaceAll('0', '').length;
        expect(bitDistance(one, other)).toBe(bits / 128);
      }),
    );
  });
});

describe('colourDistance()', () => {
  test('is 0 for the same, the same both ways, and the difference of colour otherwise', () => {
    fc.assert(
      fc.property(hex(96), hex(96), (one, other) => {
        expect(colourDistance(one, one)).toBe(0);
        expect(colourDistance(one, other)).toBeCloseTo(colourDistance(other, one), 9);
      }),
    );
    expect(colourDistance(plain(20, 0, 0), plain(80, 0, 0))).toBeCloseTo(60, 0);
    expect(colourDistance(plain(50, 30, 0), plain(50, 0, 40))).toBeCloseTo(50, 0);
  });

  test('a tone does not mind where the colours stand', () => {
    const cells = Array.from({ length: 16 }, (_, at) => cell(at * 6, at, -at));
    const turned = toneOf(cells.toReversed().join(''));
    for (const [at, value] of toneOf(cells.join('')).entries()) {
      expect(value).toBeCloseTo(turned[at]!, 9);
    }
  });
});

describe('NearDuplicates', () => {
  const print = (bits: number) =>
    BigInt(`0b${'1'.repeat(bits)}${'0'.repeat(128 - bits)}`)
      .toString(16)
      .padStart(32, '0');

  const grey = (fingerprint: string) => ({ fingerprint, signature: GREY });

  test('finds the most similar of the earlier images, up to a fifth of the bits', () => {
    const seen = new NearDuplicates<string>();
    expect(seen.add('first', grey(print(60)))).toBeUndefined();
    expect(seen.add('far', grey(print(86)))).toBeUndefined();
    expect(seen.add('third', grey(print(70)))).toBe('first');
    expect(seen.add('fourth', grey(print(72)))).toBe('third');
  });

  test('says nothing of images that may repeat each other', () => {
    const seen = new NearDuplicates<string>();
    seen.add('first', grey(print(60)));
    seen.add('its thumbnail', grey(print(62)), (other) => other === 'first');
    const mayRepeat = (other: string) => other !== 'first';
    expect(seen.add('third', grey(print(62)), mayRepeat)).toBe('first');
  });

  test('wants more likeness of pictures that are plain for the most part', () => {
    const seen = new NearDuplicates<string>();
    seen.add('a bowl on white', grey(print(40)));
    expect(seen.add('a cup on white', grey(print(25)))).toBeUndefined();
    expect(seen.add('the bowl, scaled', grey(print(28)))).toBe('a cup on white');
    expect(seen.add('the bowl, encoded anew', grey(print(41)))).toBe('a bowl on white');
  });

  test('does not take the same shape in another colour for a duplicate', () => {
    const seen = new NearDuplicates<string>();
    seen.add('red', { fingerprint: print(40), signature: plain(50, 50, 0) });
    const green = { fingerprint: print(40), signature: plain(50, -50, 0) };
    expect(seen.add('green', green)).toBeUndefined();
    expect(seen.add('green again', green)).toBe('green');
  });

  test('does not take another thing on the same ground for a duplicate, but the same in other light', () => {
    const cells = (thing: string, light: number) =>
      Array.from({ length: 16 }, (_, at) =>
        at === 5 || at === 6 ? thing : cell(60 + light, 0, 0),
      );
    const shot = (thing: string, light = 0) => ({
      fingerprint: print(60),
      signature: cells(thing, light).join(''),
    });
    const seen = new NearDuplicates<string>();
    seen.add('a grey mug', shot(cell(45, 0, 0)));
    expect(seen.add('a blue vase', shot(cell(45, 0, -14)))).toBeUndefined();
    expect(seen.add('the mug, lighter', shot(cell(51, 0, 0), 6))).toBe('a grey mug');
  });

  test('remembers the latest images of a long run', () => {
    const seen = new NearDuplicates<number>(3);
    const random = seededRandom(5);
    const prints = Array.from({ length: 9 }, () =>
      Array.from({ length: 32 }, () => Math.floor(random.next() * 16).toString(16)).join(''),
    );
    for (const [row, fingerprint] of prints.entries()) {
      expect(seen.add(row, grey(fingerprint))).toBeUndefined();
    }
    expect(seen.add(20, grey(prints[0]!))).toBeUndefined();
    expect(seen.add(21, grey(prints[8]!))).toBe(8);
  });
});

describe('drift', () => {
  test('from a reference is 0 for the reference itself and 1 for the opposite', () => {
    const dark = { detail: 1, fingerprint: '0'.repeat(32), signature: plain(10, 0, 0) };
    const bright = { detail: 1, fingerprint: 'f'.repeat(32), signature: plain(90, 0, 0) };
    expect(driftFromReference(dark, dark)).toBe(0);
    expect(driftFromReference(dark, bright)).toBe(1);
  });

  test('from the start is told once there is a start, and marks what has another tone', () => {
    const group = new DriftGroup<number>();
    const random = seededRandom(3);
    const warm = () => plain(45 + random.next() * 10, 15 + random.next() * 8, 20);
    for (let id = 1; id < 20; id += 1) expect(group.add(id, warm())).toEqual([]);
    const first = group.add(20, warm());
    expect(first.map(({ id }) => id)).toEqual(Array.from({ length: 20 }, (_, at) => at + 1));
    expect(first.filter(({ drift }) => drift.isOutlier)).toEqual([]);
    expect(group.add(21, warm())[0]!.drift.isOutlier).toBe(false);
    const cold = group.add(22, plain(20, -5, -35))[0]!.drift;
    expect(cold.isOutlier).toBe(true);
    expect(cold.score).toBeGreaterThan(0.5);
  });

  test('marks one of the first images as well, since the start is their middle', () => {
    const group = new DriftGroup<number>();
    let first: ReturnType<typeof group.add> = [];
    for (let id = 1; id <= 20; id += 1) {
      first = group.add(id, id === 4 ? plain(15, 30, -50) : plain(50 + (id % 5), 10, 10));
    }
    expect(first.filter(({ drift }) => drift.isOutlier).map(({ id }) => id)).toEqual([4]);
  });

  test('among edits of one reference marks the one that is far from it', () => {
    const group = new DriftGroup<number>();
    for (let id = 1; id <= 20; id += 1) group.add(id, GREY, 0.3 + (id % 7) / 100);
    expect(group.add(21, GREY, 0.36)[0]!.drift.isOutlier).toBe(false);
    expect(group.add(22, GREY, 0.8)[0]!.drift).toEqual({ score: 0.8, isOutlier: true });
  });
});

describe('judgeCanary()', () => {
  const first = { detail: 400, fingerprint: '0'.repeat(32), signature: GREY };

  test('tells the same picture, one with less detail, and another picture', () => {
    expect(judgeCanary(first, { ...first, detail: 390 })).toEqual({
      ratio: 0.975,
      difference: 0,
      verdict: 'same',
    });
    expect(judgeCanary(first, { ...first, detail: 200 })).toMatchObject({ verdict: 'less-detail' });
    const other = { ...first, detail: 200, fingerprint: `${'f'.repeat(16)}${'0'.repeat(16)}` };
    expect(judgeCanary(first, other)).toMatchObject({ difference: 0.5, verdict: 'other-picture' });
  });
});

function cell(lightness: number, a: number, b: number): string {
  return Buffer.from([Math.round(lightness * 2.55), a + 128, b + 128]).toString('hex');
}

/** A signature of one colour. */
function plain(lightness: number, a: number, b: number): string {
  return cell(lightness, a, b).repeat(16);
}

function hex(length: number) {
  return fc
    .array(fc.integer({ min: 0, max: 15 }), { minLength: length, maxLength: length })
    .map((digits) => digits.map((digit) => digit.toString(16)).join(''));
}
