import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { paintFlat, paintPicture } from '../../../../test/support/pictures.ts';
import { IMAGE_FORMATS } from '../../core/quality.ts';
import { inspectImage } from './check-image.ts';
import { judgeImage } from './image-inspector.ts';

describe('inspectImage()', () => {
  test.each(IMAGE_FORMATS)('tells size and format of a %s', async (format) => {
    expect(await inspectImage(await paintPicture(80, 48, format))).toMatchObject({
      kind: 'image',
      width: 80,
      height: 48,
      format,
      blank: false,
    });
  });

  test.each(['#000000', '#ffffff', '#3a6ea5'])(
    'calls a picture of nothing but %s blank',
    async (colour) => {
      for (const format of IMAGE_FORMATS) {
        const bytes = await paintFlat(colour, 256, 256, format);
        expect(await inspectImage(bytes)).toMatchObject({ blank: true });
      }
    },
  );

  test('calls a flat picture with faint noise blank, and a fully transparent one too', async () => {
    const noise = Buffer.from(
      Array.from({ length: 256 * 256 * 3 }, (_, at) => 127 + ((at * 7919) % 3)),
    );
    const noisy = await sharp(noise, { raw: { width: 256, height: 256, channels: 3 } })
      .jpeg()
      .toBuffer();
    expect(await inspectImage(noisy)).toMatchObject({ blank: true });
    const create = { width: 64, height: 64, channels: 4 as const, background: '#ff000000' };
    expect(await inspectImage(await sharp({ create }).png().toBuffer())).toMatchObject({
      blank: true,
    });
  });

  test('does not call a small mark on a plain ground blank', async () => {
    const mark = await paintFlat('#c01010', 24, 24);
    const picture = await sharp(await paintFlat('#fafafa', 1024, 1024))
      .composite([{ input: mark, left: 500, top: 500 }])
      .png()
      .toBuffer();
    expect(await inspectImage(picture)).toMatchObject({ blank: false });
  });

  test.each(IMAGE_FORMATS)('finds a %s broken wherever it is cut', async (format) => {
    const whole = await paintPicture(96, 96, format);
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: Math.floor(whole.length * 0.9) }),
        async (length) => {
          expect((await inspectImage(whole.subarray(0, length))).kind).toBe('broken');
        },
      ),
      { numRuns: 15 },
    );
  });

  test('measures grey, deep and transparent pictures like others', async () => {
    const plain = await paintPicture(96, 64);
    const { measures } = await imageOf(plain);
    for (const bytes of [
      await sharp(plain).toColourspace('rgb16').png().toBuffer(),
      await sharp(plain).ensureAlpha().png().toBuffer(),
    ]) {
      const other = (await imageOf(bytes)).measures;
      expect(other.fingerprint).toBe(measures.fingerprint);
      expect(other.detail / measures.detail).toBeCloseTo(1, 1);
    }
    const grey = await sharp(plain).greyscale().png().toBuffer();
    expect((await imageOf(grey)).measures.detail / measures.detail).toBeCloseTo(1, 0);
  });

  test('finds text, other formats and nothing at all broken, and says why', async () => {
    expect(await inspectImage(Buffer.from('<html>502</html>'))).toMatchObject({ kind: 'broken' });
    expect(await inspectImage(Buffer.alloc(0))).toEqual({ kind: 'broken', reason: 'no bytes' });
    const gif = await sharp(await paintPicture())
      .gif()
      .toBuffer();
    expect(await inspectImage(gif)).toEqual({
      kind: 'broken',
      reason: 'gif instead of png, jpeg, webp',
    });
  });
});

async function imageOf(bytes: Uint8Array) {
  const inspection = await inspectImage(bytes);
  if (inspection.kind !== 'image') throw new Error(inspection.reason);
  return inspection;
}

describe('judgeImage()', () => {
  const asked = { width: 1024, height: 1024 };
  const measures = { detail: 400, fingerprint: '0'.repeat(32), signature: '0'.repeat(96) };
  const image = {
    kind: 'image',
    width: 1024,
    height: 1024,
    format: 'png',
    blank: false,
    measures,
  } as const;

  test('takes a picture that covers what was asked', () => {
    expect(judgeImage(image, asked)).toEqual({ ok: true });
    expect(judgeImage({ ...image, width: 2048, height: 2048 }, asked)).toEqual({ ok: true });
    expect(judgeImage({ ...image, width: 1040 }, asked)).toEqual({ ok: true });
  });

  test('says what is wrong with any other', () => {
    expect(judgeImage({ ...image, width: 512, height: 512 }, asked)).toEqual({
      ok: false,
      reason: 'wrong size: 512x512 for 1024x1024',
      flag: { kind: 'wrong-size' },
    });
    expect(judgeImage({ ...image, width: 1536 }, asked)).toMatchObject({ ok: false });
    expect(judgeImage({ ...image, blank: true }, asked)).toEqual({
      ok: false,
      reason: 'blank',
      flag: { kind: 'blank' },
    });
    expect(judgeImage({ kind: 'broken', reason: 'premature end' }, asked)).toEqual({
      ok: false,
      reason: 'broken: premature end',
      flag: { kind: 'broken' },
    });
  });
});
