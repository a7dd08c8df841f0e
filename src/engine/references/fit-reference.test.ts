import { createHash } from 'node:crypto';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { bitmap, grainy, turnedPhoto } from '../../../test/support/reference-pictures.ts';
import type { Model } from '../core/model.ts';
import { decideReferenceFit, describeReferenceChange } from '../core/reference.ts';
import { fitReference, type FittedReference } from './fit-reference.ts';
import { inspectPicture } from './inspect-picture.ts';

const MEGABYTE = 1024 * 1024;

type Limits = Model['references'];

const FLUX: Limits = {
  count: 4,
  bytes: 2 * MEGABYTE,
  pixels: 2048 * 2048,
  mediaTypes: ['image/png', 'image/jpeg', 'image/webp'],
};
const KLING: Limits = {
  count: 1,
  bytes: 10 * MEGABYTE,
  smallestSide: 300,
  longestRatio: 2.5,
  mediaTypes: ['image/png', 'image/jpeg'],
};

/** The fitted copy; `undefined` where the very bytes are sent. Throws where it cannot be fitted. */
async function fitted(master: Uint8Array, limits: Limits): Promise<FittedReference | undefined> {
  const finding = await inspectPicture(master);
  if (finding.kind === 'problem') throw new Error(finding.message);
  const { facts } = finding;
  const fit = decideReferenceFit(facts, { title: 'A model', references: limits });
  if (fit.kind === 'impossible') throw new Error(fit.message);
  if (fit.kind === 'as-it-is') return undefined;
  const copy = await fitReference(master, facts, fit, limits);
  if (copy === undefined) throw new Error('too many bytes');
  await expectToFit(copy, limits);
  return copy;
}

/** What a vendor would check, on the decoded file. */
async function expectToFit(copy: FittedReference, limits: Limits): Promise<void> {
  const { format, width, height, space, depth, orientation } = await sharp(copy.bytes).metadata();
  expect(limits.mediaTypes).toContain(copy.mediaType);
  expect({ mediaType: `image/${format}`, width, height }).toEqual({
    mediaType: copy.mediaType,
    width: copy.width,
    height: copy.height,
  });
  expect([space, depth, orientation ?? 1]).toEqual(['srgb', 'uchar', 1]);
  expect(copy.bytes.length).toBeLessThanOrEqual(limits.bytes);
  expect(width * height).toBeLessThanOrEqual(limits.pixels ?? Infinity);
  expect(Math.min(width, height)).toBeGreaterThanOrEqual(limits.smallestSide ?? 1);
  expect(Math.max(width, height)).toBeLessThanOrEqual(limits.largestSide ?? Infinity);
  expect(Math.max(width / height, height / width)).toBeLessThanOrEqual(
    limits.longestRatio ?? Infinity,
  );
}

describe('a reference is fitted', () => {
  test('not at all when the model takes it as it is', async () => {
    expect(await fitted(await grainy(400, 300).webp().toBuffer(), FLUX)).toBeUndefined();
    expect(await fitted(await grainy(400, 300, 4).png().toBuffer(), KLING)).toBeUndefined();
  });

  test('by turning it upright, pixel for pixel', async () => {
    const copy = await fitted(await turnedPhoto(640, 480), FLUX);
    expect(copy).toMatchObject({ width: 480, height: 640, steps: ['turned'] });
    const shown = await sharp(await turnedPhoto(640, 480))
      .autoOrient()
      .raw()
      .toBuffer();
    const sent = await sharp(copy!.bytes).raw().toBuffer();
    expect(meanDifference(shown, sent)).toBeLessThan(4);
  });

  test('by pixels and bytes, however large it is', async () => {
    const huge = await grainy(5640, 3172).jpeg({ quality: 100 }).toBuffer();
    expect(huge.length).toBeGreaterThan(12 * MEGABYTE);
    const copy = await fitted(huge, FLUX);
    expect(copy?.steps).toEqual(['scaled', 'recompressed']);
    expect(copy!.width / copy!.height).toBeCloseTo(5640 / 3172, 2);
    // As many pixels as the model takes, not fewer than it must be.
    expect(copy!.width * copy!.height).toBeGreaterThan(0.5 * FLUX.pixels!);
  });

  test('by fewer pixels still where no quality reaches the bytes', async () => {
    const tight = { ...FLUX, bytes: 40_000 };
    const copy = await fitted(await grainy(1600, 1200).jpeg().toBuffer(), tight);
    expect(copy?.steps).toEqual(['scaled', 'recompressed']);
    expect(copy!.bytes.length).toBeGreaterThan(10_000);
  });

  test('to a format that the model takes, lossless from a lossless one', async () => {
    const tiff = await grainy(400, 300).tiff({ compression: 'lzw' }).toBuffer();
    const copy = await fitted(tiff, FLUX);
    expect(copy).toMatchObject({ mediaType: 'image/png', steps: ['converted'] });
    expect(await sharp(copy!.bytes).raw().toBuffer()).toEqual(await sharp(tiff).raw().toBuffer());
    expect(await fitted(await grainy(400, 300).webp().toBuffer(), KLING)).toMatchObject({
      mediaType: 'image/jpeg',
    });
    expect(await fitted(await grainy(400, 300).avif({ effort: 0 }).toBuffer(), FLUX)).toMatchObject(
      { mediaType: 'image/jpeg', steps: ['converted'] },
    );
  });

  test('from a bitmap, which the picture library cannot read', async () => {
    for (const bits of [24, 32] as const) {
      const copy = await fitted(bitmap(320, 310, bits), KLING);
      expect(copy).toMatchObject({ mediaType: 'image/png', steps: ['converted'] });
      const { data, info } = await sharp(copy!.bytes).raw().toBuffer({ resolveWithObject: true });
      expect(info.channels).toBe(bits === 24 ? 3 : 4);
      // Red from left to right, green from top to bottom, and 7 of blue.
      const at = (100 * 320 + 200) * info.channels;
      expect([...data.subarray(at, at + info.channels)]).toEqual([
        Math.floor((200 * 255) / 320),
        Math.floor((100 * 255) / 310),
        7,
        ...(bits === 32 ? [128] : []),
      ]);
    }
  });

  test('from an animation by its first frame', async () => {
    const frames = await Promise.all(
      [1, 3].map((frame) =>
        grainy(320, 310)
          .linear(frame / 3)
          .png()
          .toBuffer(),
      ),
    );
    const animation = await sharp(frames, { join: { animated: true } })
      .webp()
      .toBuffer();
    const copy = await fitted(animation, KLING);
    expect(copy).toMatchObject({ steps: ['first-frame', 'converted'], width: 320, height: 310 });
    const sent = await sharp(copy!.bytes).raw().toBuffer();
    expect(meanDifference(await sharp(frames[0]).raw().toBuffer(), sent)).toBeLessThan(6);
  });

  test.each(['rgb16', 'cmyk'] as const)('from %s to 8 bits of plain RGB', async (space) => {
    const format = space === 'cmyk' ? 'jpeg' : 'png';
    const deep = await grainy(400, 300).toColourspace(space).toFormat(format).toBuffer();
    const copy = await fitted(deep, FLUX);
    expect(copy).toMatchObject({ mediaType: `image/${format}`, steps: ['colours'] });
    const shown = await sharp(deep).toColourspace('srgb').raw().toBuffer();
    expect(meanDifference(shown, await sharp(copy!.bytes).raw().toBuffer())).toBeLessThan(6);
  });

  test('without giving up transparency where a format that has it is taken', async () => {
    const clear = await grainy(1500, 1500, 4).png().toBuffer();
    expect(clear.length).toBeGreaterThan(FLUX.bytes);
    const copy = await fitted(clear, FLUX);
    expect(copy).toMatchObject({ mediaType: 'image/webp', width: 1500 });
    expect((await sharp(copy!.bytes).metadata()).hasAlpha).toBe(true);
    // Kling has no WebP: the PNG gets smaller instead.
    const smaller = await fitted(clear, { ...KLING, bytes: MEGABYTE });
    expect(smaller).toMatchObject({ mediaType: 'image/png', steps: ['scaled', 'recompressed'] });
    expect((await sharp(smaller!.bytes).metadata()).hasAlpha).toBe(true);
    const flat = await fitted(clear, { ...FLUX, mediaTypes: ['image/jpeg'] });
    expect(flat?.steps).toContain('flattened');
  });

  test('as an opaque picture when its transparency is never used', async () => {
    const opaque = await grainy(1500, 1500).ensureAlpha().png().toBuffer();
    const copy = await fitted(opaque, FLUX);
    expect(copy).toMatchObject({ mediaType: 'image/jpeg', width: 1500 });
    expect(copy?.steps).not.toContain('flattened');
  });

  test('within the longest ratio, also after rounding', async () => {
    for (const width of [2500, 2498, 1251]) {
      const picture = await grainy(width, Math.ceil(width / 2.5))
        .png()
        .toBuffer();
      await fitted(picture, { ...KLING, largestSide: 999 });
    }
  });

  test('to the same bytes, whenever it is done', async () => {
    const master = await turnedPhoto(2600, 1900);
    const hash = ({ bytes }: FittedReference) => createHash('sha256').update(bytes).digest('hex');
    const [one, two] = await Promise.all([fitted(master, FLUX), fitted(master, FLUX)]);
    expect(hash(one!)).toBe(hash(two!));
  });

  test('not, when the bytes cannot be reached with the sides that the model wants', async () => {
    const master = await grainy(700, 700).jpeg({ quality: 100 }).toBuffer();
    await expect(fitted(master, { ...KLING, bytes: 2_000 })).rejects.toThrow('too many bytes');
  });
});

describe('decideReferenceFit()', () => {
  const facts = { hash: 'h', bytes: 1000, mediaType: 'image/png', width: 900, height: 600 };
  const decide = (change: object, limits: Partial<Limits> = {}) =>
    decideReferenceFit(
      { ...facts, ...change },
      { title: 'Kling', references: { ...KLING, ...limits } },
    );

  test('refuses sides that are too small, as given or after scaling, and ratios too long', () => {
    expect(decide({ width: 299 })).toMatchObject({ kind: 'impossible' });
    expect(decide({ width: 300 })).toEqual({ kind: 'as-it-is' });
    expect(decide({ width: 1501 })).toMatchObject({ kind: 'impossible' });
    expect(decide({ width: 1500 })).toEqual({ kind: 'as-it-is' });
    expect(decide({ width: 1500 }, { largestSide: 700 })).toMatchObject({
      kind: 'impossible',
      message: expect.stringContaining('scaled to what Kling takes') as string,
    });
  });

  test('scales to the tightest bound, rounding down', () => {
    expect(decide({}, { largestSide: 600 })).toEqual({
      kind: 'changed',
      steps: ['scaled'],
      size: { width: 600, height: 400 },
    });
    expect(decide({}, { pixels: 900 * 600 })).toEqual({ kind: 'as-it-is' });
    const { size } = decide({}, { pixels: 900 * 600 - 1 }) as { size: { width: number } };
    expect(size).toEqual({ width: 899, height: 599 });
  });

  test('compresses what has one byte too many', () => {
    expect(decide({ bytes: KLING.bytes })).toEqual({ kind: 'as-it-is' });
    expect(decide({ bytes: KLING.bytes + 1 })).toMatchObject({ steps: ['recompressed'] });
  });
});

test('a change is told in one line', () => {
  const from = { width: 5640, height: 3172, bytes: 16 * MEGABYTE, mediaType: 'image/avif' };
  const to = { width: 300, height: 169, bytes: 80_000, mediaType: 'image/jpeg' };
  const steps = ['own-master', 'turned', 'converted', 'scaled', 'flattened'] as const;
  expect(describeReferenceChange({ reference: 'a.avif', steps, from, to })).toBe(
    'a.avif: taken from its stored master, turned upright, transparency made white, 5640x3172 → 300x169, AVIF → JPEG, 16.0 MB → 78 kB',
  );
});

function meanDifference(one: Uint8Array, other: Uint8Array): number {
  expect(other.length).toBe(one.length);
  return one.reduce((sum, value, at) => sum + Math.abs(value - other[at]!), 0) / one.length;
}
