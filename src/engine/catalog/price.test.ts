import { describe, expect, test } from 'vitest';
import type { Model } from '../core/model.ts';
import { MODELS } from './models.ts';
import { creditMicrosPerImage, imagePrice, requestUsd, usdMicrosPerImage } from './price.ts';

const SQUARE = { width: 1024, height: 1024 };
const gpt = modelNamed('gpt-image-2');
const flux = modelNamed('flux-kontext-pro');

function modelNamed(id: string): Model {
  const model = MODELS.find((each) => each.id === id);
  if (!model) throw new Error(`no ${id}`);
  return model;
}

describe('the price of an image', () => {
  test('is the guide’s for 1024x1024 at medium quality: 120 and 95 credits for 50 images', () => {
    expect(50 * creditMicrosPerImage(gpt, SQUARE, 'medium')).toBe(120_000_000);
    expect(50 * creditMicrosPerImage(flux, SQUARE, 'medium')).toBe(95_000_000);
  });

  test('follows the vendor’s dollars for other sizes and qualities, and says so', () => {
    expect(imagePrice(gpt, SQUARE, 'high')).toEqual({
      creditMicros: Math.round((2_400_000 * 211) / 53),
      creditSource: 'proportional',
      usdMicros: 211_000,
      usdSource: 'list',
    });
    expect(imagePrice(gpt, { width: 2048, height: 2048 }, 'medium')).toEqual({
      creditMicros: 9_600_000,
      creditSource: 'proportional',
      usdMicros: 212_000,
      usdSource: 'proportional',
    });
  });

  test('is the same for every size and quality of a flat model', () => {
    expect(imagePrice(flux, { width: 512, height: 512 }, 'high')).toEqual(
      imagePrice(flux, SQUARE, 'medium'),
    );
  });

  test('is the class’s at every ratio where the vendor sells classes', () => {
    const gemini = modelNamed('gemini-3.1-flash-image');
    const usd = (width: number, height: number) =>
      imagePrice(gemini, { width, height }, 'low').usdMicros;
    expect([usd(512, 512), usd(688, 384), usd(1024, 1024), usd(1360, 768)]).toEqual([
      45_000, 45_000, 67_000, 67_000,
    ]);
    expect(imagePrice(gemini, { width: 1360, height: 768 }, 'low')).toMatchObject({
      creditMicros: 1_400_000,
      creditSource: 'list',
    });
    expect(imagePrice(gemini, { width: 4096, height: 4096 }, 'medium')).toEqual({
      creditMicros: Math.round((1_400_000 * 151) / 67),
      creditSource: 'proportional',
      usdMicros: 151_000,
      usdSource: 'list',
    });
  });

  test('is that of the picture the vendor makes, not of the smaller one delivered', () => {
    expect(usdMicrosPerImage(gpt, { width: 1500, height: 1000 }, 'medium')).toBe(
      usdMicrosPerImage(gpt, { width: 1504, height: 1008 }, 'medium'),
    );
  });

  test('stays unknown where nobody knows it', () => {
    const unknown: Model = { ...gpt, prices: { ...gpt.prices, usd: 'unknown' } };
    expect(imagePrice(unknown, SQUARE, 'high')).toMatchObject({ usdMicros: undefined });
    expect(
      requestUsd(unknown, {
        size: SQUARE,
        quality: 'high',
        count: 1,
        promptBytes: 5,
        references: 0,
      }),
    ).toEqual({ expectedMicros: undefined, worstMicros: undefined });
  });
});

describe('the price of a request', () => {
  const request = { size: SQUARE, quality: 'medium', count: 4, references: 0 } as const;

  test('is its images and its prompt, at four bytes a token or, at worst, one', () => {
    expect(requestUsd(gpt, { ...request, promptBytes: 101 })).toEqual({
      expectedMicros: 4 * 53_000 + 127,
      worstMicros: 4 * 53_000 + 505,
    });
  });

  test('counts the pictures that are sent along', () => {
    const { worstMicros } = requestUsd(gpt, { ...request, promptBytes: 0, references: 2 });
    expect(worstMicros).toBe(4 * 53_000 + 2 * 56_000);
  });

  test('counts what the model writes to itself before each image', () => {
    const gemini = modelNamed('gemini-nano-banana-2.1');
    expect(requestUsd(gemini, { ...request, count: 1, promptBytes: 100 })).toEqual({
      expectedMicros: 33_600 + 6_750 + 50,
      worstMicros: 33_600 + 15_000 + 200,
    });
  });
});
