import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { readTags } from '../../../../test/support/exiftool.ts';
import { finished, finishedOne } from '../../../../test/support/finishing.ts';
import { CORNERS, quarters } from '../../../../test/support/odd-pictures.ts';
import { paintFlat, paintPicture } from '../../../../test/support/pictures.ts';
import { readPng } from '../../../../test/support/read-png.ts';
import { FILE_FORMATS } from '../../core/quality.ts';

/** Everything is read back by exiftool or by a PNG reader of our own. */
describe('formats', () => {
  const MEDIA_TYPES = {
    png: 'image/png',
    jpeg: 'image/jpeg',
    webp: 'image/webp',
    avif: 'image/avif',
  };

  test.each(FILE_FORMATS)('a %s becomes each of the four, of its size', async (from) => {
    const master = await paintPicture(90, 50, from);
    const files = await finished(master, 'png | j: jpeg | w: webp | a: avif');
    for (const { format, bytes } of files) {
      expect(await readTags(bytes, format)).toMatchObject({
        'File:MIMEType': MEDIA_TYPES[format],
        'Composite:ImageSize': '90 50',
      });
    }
  });

  test('PNG and lossless WebP and AVIF keep every pixel', async () => {
    const pixels = quarters();
    const master = await sharp(pixels, { raw: { width: 60, height: 40, channels: 3 } })
      .webp({ lossless: true })
      .toBuffer();
    for (const between of ['png', 'webp lossless', 'avif lossless']) {
      const { bytes } = await finishedOne(master, between);
      const back = readPng((await finishedOne(bytes, 'resize 60x40; png')).bytes);
      for (const [x, y] of [
        [0, 0],
        [29, 19],
        [30, 19],
        [29, 20],
        [59, 39],
      ] as const) {
        expect(back.at(x, y)).toEqual([...pixels.subarray((y * 60 + x) * 3, (y * 60 + x) * 3 + 3)]);
      }
    }
  });

  test('they keep transparency too, and what it hides', async () => {
    const pixels = Buffer.from(Array.from({ length: 16 * 16 * 4 }, (_, at) => (at * 31) & 255));
    const master = await sharp(pixels, { raw: { width: 16, height: 16, channels: 4 } })
      .png()
      .toBuffer();
    for (const between of ['webp lossless', 'avif lossless']) {
      const { bytes } = await finishedOne(master, between);
      const back = readPng((await finishedOne(bytes, 'png')).bytes);
      const found = Array.from({ length: 256 }, (_, at) => back.at(at % 16, at >> 4)).flat();
      expect(Buffer.from(found).equals(pixels)).toBe(true);
    }
  });

  test('JPEG keeps the colour of each pixel from quality 90 on, AVIF always', async () => {
    const master = await paintPicture(64, 64);
    const subsampling = async (recipe: string) => {
      const { bytes, format } = await finishedOne(master, recipe);
      return await readTags(bytes, format);
    };
    expect(await subsampling('jpeg')).toMatchObject({ 'File:YCbCrSubSampling': '1 1' });
    expect(await subsampling('jpeg 90')).toMatchObject({ 'File:YCbCrSubSampling': '1 1' });
    expect(await subsampling('jpeg 89')).toMatchObject({ 'File:YCbCrSubSampling': '2 2' });
    expect(await subsampling('avif 30')).toMatchObject({ 'QuickTime:ChromaFormat': 0 });
  });

  test('a lower quality makes a smaller file', async () => {
    const master = await paintPicture(128, 128);
    for (const format of ['jpeg', 'webp', 'avif']) {
      const [low, usual, high] = await finished(
        master,
        `low: ${format} 20 | usual: ${format} | high: ${format} 98`,
      );
      expect(low!.bytes.length).toBeLessThan(usual!.bytes.length);
      expect(usual!.bytes.length).toBeLessThan(high!.bytes.length);
    }
  });

  test('a format without a quality leaves a master of this format byte for byte', async () => {
    for (const format of FILE_FORMATS) {
      const master = await paintPicture(40, 30, format);
      expect((await finishedOne(master, format)).bytes).toBe(master);
      expect((await finishedOne(master, `resize 40x30; ${format}`)).bytes).toBe(master);
    }
    const jpeg = await paintPicture(40, 30, 'jpeg');
    expect((await finishedOne(jpeg, 'jpeg 50')).bytes).not.toBe(jpeg);
  });

  test('without a format a file keeps that of its master, and others become PNG', async () => {
    for (const format of FILE_FORMATS) {
      const master = await paintPicture(40, 30, format);
      expect(await finishedOne(master, 'resize 20x')).toMatchObject({
        format,
        width: 20,
        height: 15,
      });
    }
    const tiff = await sharp(await paintPicture(40, 30))
      .tiff()
      .toBuffer();
    const file = await finishedOne(tiff, 'resize 20x');
    expect(await readTags(file.bytes, 'png')).toMatchObject({ 'File:MIMEType': 'image/png' });
  });

  test('a name that lies does not matter, since nobody looks at it', async () => {
    const { bytes } = await finishedOne(await paintPicture(40, 30, 'webp'), 'jpeg');
    expect(await readTags(bytes, 'png')).toMatchObject({ 'File:MIMEType': 'image/jpeg' });
  });
});

describe('sizes and crops', () => {
  const four = sharp(quarters(), { raw: { width: 60, height: 40, channels: 3 } });

  test('cover cuts what sticks out, at the side that may go', async () => {
    const master = await four.png().toBuffer();
    const left = readPng((await finishedOne(master, 'resize 20x40 left; png')).bytes);
    expect([left.width, left.height]).toEqual([20, 40]);
    expect(left.at(10, 5)).toEqual(CORNERS.topLeft);
    expect(left.at(10, 35)).toEqual(CORNERS.bottomLeft);
    const right = readPng((await finishedOne(master, 'resize 20x40 cover right; png')).bytes);
    expect(right.at(10, 5)).toEqual(CORNERS.topRight);
    const bottom = readPng((await finishedOne(master, 'resize 60x20 bottom; png')).bytes);
    expect(bottom.at(10, 10)).toEqual(CORNERS.bottomLeft);
  });

  test('inside is never larger than it was', async () => {
    const master = await four.png().toBuffer();
    expect(await finishedOne(master, 'resize 30x30 inside')).toMatchObject({
      width: 30,
      height: 20,
    });
    expect((await finishedOne(master, 'resize 300x300 inside')).bytes).toBe(master);
  });

  test('pad fills what is free: clear, with a colour, or white in JPEG', async () => {
    const master = await four.png().toBuffer();
    const clear = readPng((await finishedOne(master, 'resize 60x60 pad; png')).bytes);
    expect(clear.channels).toBe(4);
    expect(clear.at(30, 2)).toEqual([0, 0, 0, 0]);
    expect(clear.at(10, 20)).toEqual([...CORNERS.topLeft, 255]);
    const blue = readPng((await finishedOne(master, 'resize 60x60 pad #0000ff; png')).bytes);
    expect(blue.at(30, 2)).toEqual([0, 0, 255]);
    const top = readPng((await finishedOne(master, 'resize 60x60 pad top #0000ff; png')).bytes);
    expect([top.at(10, 2), top.at(10, 58)]).toEqual([CORNERS.topLeft, [0, 0, 255]]);
    for (const [recipe, colour] of [
      ['resize 60x60 pad; jpeg 100', 255],
      ['resize 60x60 pad #000000; jpeg 100', 0],
      ['resize 60x60 pad #00000080; jpeg 100', 127],
    ] as const) {
      const { bytes } = await finishedOne(master, recipe);
      const back = readPng((await finishedOne(bytes, 'png')).bytes);
      expect(back.at(30, 2)).toEqual([colour, colour, colour]);
    }
  });

  test('crops come before and after sizes, as the recipe says', async () => {
    const master = await four.png().toBuffer();
    const first = await finishedOne(master, 'crop 1:1 right; resize 20x20; png');
    expectNear(readPng(first.bytes).at(2, 3), CORNERS.topLeft);
    expectNear(readPng(first.bytes).at(17, 3), CORNERS.topRight);
    const after = await finishedOne(master, 'resize 30x20; crop 1:2 right; png');
    expect(after).toMatchObject({ width: 10, height: 20 });
    expectNear(readPng(after.bytes).at(5, 3), CORNERS.topRight);
  });

  test('attention finds what stands out', async () => {
    const mark = await paintFlat('#e01010', 30, 30);
    const master = await sharp(await paintFlat('#dddddd', 200, 60))
      .composite([{ input: mark, left: 160, top: 15 }])
      .png()
      .toBuffer();
    for (const recipe of ['crop 1:1 attention; png', 'resize 30x30 attention; png']) {
      const { width, height, at } = readPng((await finishedOne(master, recipe)).bytes);
      const reds = Array.from({ length: width }, (_, x) => at(x, height >> 1)).filter(
        ([red, green]) => red! > 200 && green! < 60,
      );
      expect(reds.length / width).toBeGreaterThan(0.4);
    }
    const middle = readPng((await finishedOne(master, 'crop 1:1; png')).bytes);
    expect(middle.at(30, 30).slice(0, 3)).toEqual([221, 221, 221]);
  });

  test('what is clear stays clear, and does not bleed where it is scaled', async () => {
    const half = Buffer.alloc(40 * 20 * 4);
    for (let at = 0; at < half.length; at += 4) {
      // Clear green beside solid red.
      half.set((at / 4) % 40 < 20 ? [0, 255, 0, 0] : [255, 0, 0, 255], at);
    }
    const master = await sharp(half, { raw: { width: 40, height: 20, channels: 4 } })
      .png()
      .toBuffer();
    const small = readPng((await finishedOne(master, 'resize 14x7; png')).bytes);
    expect(small.at(1, 3)[3]).toBe(0);
    for (let x = 7; x < 14; x += 1) expect(small.at(x, 3)[1]).toBe(0);
    const large = readPng((await finishedOne(master, 'upscale 2x lanczos; png')).bytes);
    expect([large.at(10, 10)[3], large.at(70, 10)]).toEqual([0, [255, 0, 0, 255]]);
    const { bytes } = await finishedOne(master, 'jpeg 100');
    expect(readPng((await finishedOne(bytes, 'png')).bytes).at(5, 10)).toEqual([255, 255, 255]);
  });
});

/** Lanczos rings by a few of 255 beside an edge. */
function expectNear(pixel: readonly number[], colour: readonly number[]): void {
  for (const [channel, value] of colour.entries()) {
    expect(Math.abs(pixel[channel]! - value)).toBeLessThanOrEqual(6);
  }
}
