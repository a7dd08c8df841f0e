import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { paintPicture, pixelsOf } from '../../../test/support/pictures.ts';
import { signedOriginal } from '../../../test/support/signing.ts';
import type { FinishOrder, FinishResult, ImageMarks } from '../core/finisher.ts';
import { IMAGE_FORMATS } from '../core/quality.ts';
import { parseRecipe } from '../core/recipe.ts';
import { imageFinisher } from './finish-image.ts';
import { finishUnchanged } from './finish-unchanged.ts';
import { markImage, readMarks } from './mark/mark-image.ts';
import { createPicturePool } from './workers/picture-pool.ts';

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

describe('imageFinisher.finish()', () => {
  test.each(IMAGE_FORMATS)('gives a %s of the size asked back byte for byte', async (format) => {
    const master = await paintPicture(64, 48, format);
    const file = await fileOf(master, { size: { width: 64, height: 48 } });
    expect(file.bytes).toBe(master);
    expect(file).toMatchObject({ width: 64, height: 48, format, marked: false });
  });

  test('scales a larger one down to exactly the size asked', async () => {
    const file = await fileOf(await paintPicture(202, 100, 'jpeg'), {
      size: { width: 100, height: 50 },
    });
    expect(file).toMatchObject({ width: 100, height: 50, format: 'jpeg' });
    expect(await sharp(file.bytes).metadata()).toMatchObject({ width: 100, height: 50 });
  });

  test('never enlarges and never squeezes to the size asked', async () => {
    const master = await paintPicture(64, 64);
    for (const size of [
      { width: 128, height: 128 },
      { width: 60, height: 30 },
    ]) {
      expect((await fileOf(master, { size })).bytes).toBe(master);
    }
  });

  test('converts to the format asked, transparency to white for JPEG', async () => {
    const create = { width: 32, height: 32, channels: 4 as const, background: '#00000000' };
    const master = await sharp({ create }).png().toBuffer();
    for (const format of IMAGE_FORMATS) {
      const { bytes } = await fileOf(master, recipe(format));
      expect(await sharp(bytes).metadata()).toMatchObject({ format, width: 32 });
    }
    const jpeg = await fileOf(master, recipe('jpeg'));
    expect([...(await pixelsOf(jpeg.bytes)).subarray(0, 3)]).toEqual([255, 255, 255]);
  });

  test('makes several files of one master, in the order of the recipe', async () => {
    const result = await imageFinisher.finish(await paintPicture(96, 64), {
      ...recipe(
        'upscale 2x lanczos; webp 82 | thumb: resize 32x32; jpeg | upscaled: upscale 2x lanczos; png',
      ),
      marks: { kind: 'none' },
    });
    expect(filesOf(result)).toMatchObject([
      { width: 192, height: 128, format: 'webp' },
      { output: 'thumb', width: 32, height: 32, format: 'jpeg' },
      { output: 'upscaled', width: 192, height: 128, format: 'png' },
    ]);
  });

  test('finishes the same master twice into the same bytes, marked and described', async () => {
    const master = await paintPicture(128, 128);
    const order: FinishOrder = {
      size: { width: 64, height: 64 },
      ...recipe('webp'),
      marks: { kind: 'write', marks: MARKS },
    };
    const once = await imageFinisher.finish(master, order);
    expect(await imageFinisher.finish(master, order)).toEqual(once);
    const [file] = filesOf(once);
    expect(readMarks(file!.bytes)).toEqual(MARKS);
    expect(await imageFinisher.describe(file!.bytes)).toEqual({
      width: 64,
      height: 64,
      format: 'webp',
      marked: true,
    });
  });

  test('tells what is wrong with a master, and what to do, also out of a thread', async () => {
    const order: FinishOrder = { ...recipe('webp'), marks: { kind: 'none' } };
    const unusable = {
      kind: 'unusable',
      reason: 'it is no picture that is read here: use PNG, JPEG, WebP, AVIF, GIF, TIFF or BMP',
    };
    expect(await imageFinisher.finish(Buffer.from('text'), order)).toEqual(unusable);
    await using pool = createPicturePool(1);
    expect(await pool.finish(Buffer.from('text'), order)).toEqual(unusable);
    const master = await paintPicture(40, 30);
    const [file] = filesOf(await pool.finish(master, order));
    const [here] = filesOf(await imageFinisher.finish(master, order));
    expect({ ...file, bytes: Buffer.from(file!.bytes) }).toEqual(here);
    // What is given to a thread is still the caller's.
    expect((await sharp(master).metadata()).width).toBe(40);
  });

  test.each(IMAGE_FORMATS)(
    'puts marks into a %s in the calling thread as in any other',
    async (format) => {
      const master = await paintPicture(64, 48, format);
      const order: FinishOrder = {
        size: { width: 64, height: 48 },
        marks: { kind: 'write', marks: MARKS },
      };
      expect(await finishUnchanged(master, order)).toEqual(
        await imageFinisher.finish(master, order),
      );
    },
  );

  test('leaves to other threads what is more than marks', async () => {
    const plain: FinishOrder = { marks: { kind: 'write', marks: MARKS } };
    const master = await paintPicture(64, 48);
    expect(await finishUnchanged(master, { ...plain, ...recipe('webp') })).toBeUndefined();
    const size = { width: 32, height: 24 };
    expect(await finishUnchanged(master, { ...plain, size })).toBeUndefined();
    expect(await finishUnchanged(master.subarray(0, -20), plain)).toBeUndefined();
    expect(await finishUnchanged(Buffer.from('text'), plain)).toBeUndefined();
    expect(await finishUnchanged(markImage(master, MARKS).bytes, plain)).toBeUndefined();
    const { bytes: signed } = await signedOriginal(master, 'image/png');
    expect(await finishUnchanged(signed, plain)).toBeUndefined();
  });

  test('keeps the original beside its files only where it is signed and none of them is it', async () => {
    const { bytes: signed } = await signedOriginal(await paintPicture(64, 48), 'image/png');
    const keeps = async (master: Uint8Array, text: string) => {
      const result = await imageFinisher.finish(master, {
        ...recipe(text),
        marks: { kind: 'write', marks: MARKS },
      });
      return result.kind === 'finished' && result.keepsOriginal;
    };
    expect(await keeps(signed, 'webp')).toBe(true);
    expect(await keeps(signed, 'png')).toBe(false);
    expect(await keeps(signed, 'png | w: webp')).toBe(false);
    expect(await keeps(await paintPicture(64, 48), 'webp')).toBe(false);
  });

  test('does not describe what is no picture', async () => {
    expect(await imageFinisher.describe(Buffer.from('text'))).toBeUndefined();
  });
});

function recipe(text: string): Required<Pick<FinishOrder, 'recipe'>> {
  const read = parseRecipe(text);
  if (!('recipe' in read)) throw new Error(JSON.stringify(read.problems));
  return { recipe: read.recipe };
}

async function fileOf(master: Uint8Array, order: Omit<FinishOrder, 'marks'>) {
  const result = await imageFinisher.finish(master, { ...order, marks: { kind: 'none' } });
  return filesOf(result)[0]!;
}

function filesOf(result: FinishResult) {
  if (result.kind === 'unusable') throw new Error(result.reason);
  return result.files;
}
