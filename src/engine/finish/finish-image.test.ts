import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { paintPicture, pixelsOf } from '../../../test/support/pictures.ts';
import type { FinishOrder, ImageMarks } from '../core/finisher.ts';
import { IMAGE_FORMATS } from '../core/quality.ts';
import { imageFinisher } from './finish-image.ts';
import { readMarks } from './mark/mark-image.ts';
import { resizeDelivery } from './convert/resize-delivery.ts';

const MARKS: ImageMarks = {
  generator: 'Imagemill 0.1.0',
  source: 'algorithmicMedia',
  model: 'demo',
  vendor: 'demo',
  prompt: 'a lake',
  row: 1,
  index: 1,
  runId: 'run',
  itemId: 'item',
  createdAt: '2026-11-22T22:56:39.000Z',
};

describe('resizeDelivery()', () => {
  test.each(IMAGE_FORMATS)('gives a %s of the size asked back byte for byte', async (format) => {
    const master = await paintPicture(64, 48, format);
    const delivery = await resizeDelivery(master, { width: 64, height: 48 });
    expect(delivery).toEqual({ bytes: master, width: 64, height: 48, format });
  });

  test('scales a larger one down to exactly the size asked', async () => {
    const master = await paintPicture(202, 100, 'jpeg');
    const delivery = await resizeDelivery(master, { width: 100, height: 50 });
    expect(delivery).toMatchObject({ width: 100, height: 50, format: 'jpeg' });
    expect(await sharp(delivery.bytes).metadata()).toMatchObject({ width: 100, height: 50 });
  });

  test('never enlarges and never squeezes', async () => {
    const master = await paintPicture(64, 64);
    for (const asked of [
      { width: 128, height: 128 },
      { width: 60, height: 30 },
    ]) {
      expect((await resizeDelivery(master, asked)).bytes).toBe(master);
    }
  });

  test('converts to the format asked, transparency to white for JPEG', async () => {
    const create = { width: 32, height: 32, channels: 4 as const, background: '#00000000' };
    const master = await sharp({ create }).png().toBuffer();
    for (const format of IMAGE_FORMATS) {
      const delivery = await resizeDelivery(master, { width: 32, height: 32 }, format);
      expect(await sharp(delivery.bytes).metadata()).toMatchObject({ format, width: 32 });
    }
    const jpeg = await resizeDelivery(master, { width: 32, height: 32 }, 'jpeg');
    expect([...(await pixelsOf(jpeg.bytes)).subarray(0, 3)]).toEqual([255, 255, 255]);
  });
});

describe('imageFinisher', () => {
  test('finishes the same master twice into the same bytes, marked and described', async () => {
    const master = await paintPicture(128, 128);
    const order: FinishOrder = {
      size: { width: 64, height: 64 },
      recipe: { outputs: [{ steps: [{ kind: 'encode', format: 'webp' }] }] },
      marks: { kind: 'write', marks: MARKS },
    };
    const [once, twice] = [
      await imageFinisher.finish(master, order),
      await imageFinisher.finish(master, order),
    ];
    expect(twice).toEqual(once);
    const file = once.kind === 'finished' ? once.files[0]! : expect.unreachable();
    expect(readMarks(file.bytes)).toEqual(MARKS);
    expect(await imageFinisher.describe(file.bytes)).toEqual({
      width: 64,
      height: 64,
      format: 'webp',
      marked: true,
    });
  });

  test('does not describe what is no picture', async () => {
    expect(await imageFinisher.describe(Buffer.from('text'))).toBeUndefined();
  });
});
