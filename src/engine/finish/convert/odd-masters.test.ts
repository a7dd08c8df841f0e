import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { readTags } from '../../../../test/support/exiftool.ts';
import { finishedOne, recipeOf, whyUnusable } from '../../../../test/support/finishing.ts';
import {
  animated,
  CORNERS,
  jpegBomb,
  pngBomb,
  storedTurned,
  withChunk,
} from '../../../../test/support/odd-pictures.ts';
import { paintFlat, paintPicture } from '../../../../test/support/pictures.ts';
import { readPng } from '../../../../test/support/read-png.ts';
import { bitmap } from '../../../../test/support/reference-pictures.ts';
import { FILE_FORMATS } from '../../core/quality.ts';
import { finishPicture } from '../finish-image.ts';

const COLOUR = [200, 100, 50] as const;
const flat = () => sharp({ create: { width: 24, height: 16, channels: 3, background: '#c86432' } });

/** The middle of the PNG that a recipe makes of a master, read without the library that wrote it. */
async function colourOf(master: Uint8Array, recipe = 'resize 12x8; png') {
  const { width, height, at } = readPng((await finishedOne(master, recipe)).bytes);
  return at(width >> 1, height >> 1);
}

function expectNear(pixel: readonly number[], colour: readonly number[], most: number): void {
  const apart = colour.map((value, channel) => Math.abs(pixel[channel]! - value));
  expect(Math.max(...apart)).toBeLessThanOrEqual(most);
}

describe('colours come out as they are shown', () => {
  test('of a wide gamut, in 8 bits and in 16', async () => {
    const wide = flat().withIccProfile('p3');
    for (const master of [
      await wide.clone().png().toBuffer(),
      await wide.clone().toColourspace('rgb16').png().toBuffer(),
      await wide.clone().jpeg({ quality: 100 }).toBuffer(),
    ]) {
      expect((await readTags(master, 'x'))['ICC_Profile:ProfileDescription']).toBeDefined();
      const file = await finishedOne(master, 'resize 12x8; png');
      expectNear(readPng(file.bytes).at(6, 4), COLOUR, 2);
      expect(await readTags(file.bytes, 'png')).not.toHaveProperty(
        'ICC_Profile:ProfileDescription',
      );
    }
  });

  test('of CMYK, which a named format turns into sRGB', async () => {
    const master = await flat().toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer();
    expect(await readTags(master, 'jpg')).toMatchObject({ 'File:ColorComponents': 4 });
    // A press has no such orange: it comes back duller.
    expectNear(await colourOf(master), COLOUR, 32);
    const jpeg = await finishedOne(master, 'jpeg');
    expect(await readTags(jpeg.bytes, 'jpg')).toMatchObject({ 'File:ColorComponents': 3 });
    expectNear(await colourOf(jpeg.bytes), await colourOf(master), 3);
  });

  test('of 16 bits, grey, a palette, and 10-bit AVIF', async () => {
    for (const master of [
      await flat().toColourspace('rgb16').png().toBuffer(),
      await flat().png({ palette: true }).toBuffer(),
      await flat().avif({ bitdepth: 10, quality: 100, chromaSubsampling: '4:4:4' }).toBuffer(),
      await flat().toColourspace('rgb16').tiff().toBuffer(),
      await flat().gif().toBuffer(),
    ]) {
      const file = await finishedOne(master, 'resize 12x8; png');
      expect(await readTags(file.bytes, 'png')).toMatchObject({ 'PNG:BitDepth': 8 });
      expectNear(readPng(file.bytes).at(6, 4), COLOUR, 2);
    }
    for (const deep of ['b-w', 'grey16']) {
      const grey = await flat().toColourspace(deep).png().toBuffer();
      const [value] = await colourOf(grey);
      expectNear(await colourOf(grey, 'upscale 2x lanczos; png'), [value!, value!, value!], 1);
      expect(value).toBeGreaterThan(110);
      expect(value).toBeLessThan(140);
    }
  });

  test('of grey with transparency', async () => {
    const pixels = Buffer.alloc(24 * 16 * 2, 128);
    const master = await sharp(pixels, { raw: { width: 24, height: 16, channels: 2 } })
      .png()
      .toBuffer();
    for (const recipe of ['resize 12x8; png', 'upscale 2x lanczos; png']) {
      expectNear(await colourOf(master, recipe), [128, 128, 128, 128], 1);
    }
  });

  test('of a bitmap of Windows', async () => {
    const file = await finishedOne(bitmap(40, 20, 24), 'png');
    expect(file).toMatchObject({ width: 40, height: 20, format: 'png' });
    expect(readPng(file.bytes).at(0, 0)).toEqual([0, 0, 7]);
    expect(readPng(file.bytes).at(39, 19)[0]).toBeGreaterThan(240);
  });
});

describe('a picture that lies on its side', () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])('stands upright once, for orientation %i', async (turn) => {
    const master = await storedTurned(turn);
    expect(await readTags(master, 'jpg')).toMatchObject({
      'IFD0:Orientation': turn,
      'Composite:ImageSize': turn > 4 ? '40 60' : '60 40',
    });
    for (const recipe of ['png', 'upscale 2x lanczos; resize 60x40; png']) {
      const file = await finishedOne(master, recipe);
      const { width, height, at } = readPng(file.bytes);
      expect([width, height]).toEqual([60, 40]);
      expectNear(at(10, 8), CORNERS.topLeft, 4);
      expectNear(at(50, 8), CORNERS.topRight, 4);
      expectNear(at(10, 32), CORNERS.bottomLeft, 4);
      expectNear(at(50, 32), CORNERS.bottomRight, 4);
      expect(await readTags(file.bytes, 'png')).not.toHaveProperty('IFD0:Orientation');
    }
    const part = readPng((await finishedOne(master, 'crop 1:2 left; resize 10x20; png')).bytes);
    expectNear(part.at(5, 4), CORNERS.topLeft, 4);
    expectNear(part.at(5, 16), CORNERS.bottomLeft, 4);
  });
});

describe('what cannot be finished is told', () => {
  test('animated ones with their frames, which stay as they are where nothing is done', async () => {
    const webp = await animated('webp');
    expect(await whyUnusable(webp, 'png')).toBe(
      'it is an animated WebP (3 frames), and only single pictures are finished: save the one you want',
    );
    expect((await finishedOne(webp, 'webp')).bytes).toBe(webp);
    expect(await whyUnusable(await animated('gif'), 'webp')).toContain('animated GIF (3 frames)');
    expect(await whyUnusable(await animated('tiff'), 'webp')).toContain('it has 3 pages');
    const frames = Buffer.from([0, 0, 0, 12, 0, 0, 0, 0]);
    const animatedPng = withChunk(await paintPicture(), 'acTL', frames);
    expect(await whyUnusable(animatedPng, 'webp')).toContain('animated PNG (12 frames)');
  });

  test.each(['jpeg', 'png', 'webp', 'avif'] as const)(
    'a %s that is cut off, also where nothing is done or the rest would do',
    async (format) => {
      const whole = await paintPicture(120, 120, format);
      for (const part of [0.03, 0.4, 0.9, 0.99]) {
        const cut = whole.subarray(0, Math.floor(whole.length * part));
        for (const recipe of [format, 'webp 50', 'crop 4:1 top; resize 30x; png']) {
          expect(await whyUnusable(cut, recipe)).toMatch(/^it is damaged or cut off \(.+\): /);
        }
      }
    },
  );

  test('damage in the middle, with the words of the decoder', async () => {
    const png = Buffer.from(await paintPicture(120, 120));
    png.fill(0x5a, png.length >> 1, (png.length >> 1) + 20);
    expect(await whyUnusable(png, 'webp')).toBe(
      'it is damaged or cut off (vipspng: libpng read error): make, save or download it again',
    );
    const avif = Buffer.from(await paintPicture(120, 120, 'avif'));
    avif.fill(0x5a, avif.indexOf('mdat') + 40, avif.indexOf('mdat') + 80);
    expect(await whyUnusable(avif, 'webp')).toContain('damaged or cut off (heif: ');
  });

  test.each([
    ['', 'it is empty (0 bytes)'],
    ['some text', 'it is no picture that is read here'],
    ['<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', 'SVG'],
    ['%PDF-1.7 %%EOF', 'it is a PDF document'],
    ['BM and a text that goes on for a while', 'it is no picture'],
    ['\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'HEIC pictures cannot be read here'],
  ])('%j', async (text, words) => {
    for (const recipe of ['png', 'upscale 2x; webp']) {
      expect(await whyUnusable(Buffer.from(text, 'latin1'), recipe)).toContain(words);
    }
  });

  test('a picture that is too long for its format', async () => {
    const long = await paintFlat('#336699', 16_400, 2);
    expect(await whyUnusable(long, 'webp')).toBe(
      'it has 16400x2 pixels, and webp takes at most 16383 a side: resize it, or write png',
    );
    expect(await whyUnusable(long, 'avif')).toContain('avif takes at most 16384 a side');
    expect(await whyUnusable(long, 'upscale 4x lanczos; jpeg')).toContain('at most 65500 a side');
    for (const format of FILE_FORMATS) {
      const file = await finishedOne(long, `resize 16383x; ${format}`);
      expect(file).toMatchObject({ width: 16_383, height: 2 });
    }
  });
});

describe('whatever stands in a file', () => {
  test('it is finished or the reason is told, and nothing else happens', async () => {
    const gif = await sharp(await paintPicture(40, 30))
      .gif()
      .toBuffer();
    const tiff = await sharp(await paintPicture(40, 30))
      .tiff()
      .toBuffer();
    const painted = FILE_FORMATS.map((format) => paintPicture(40, 30, format));
    const masters = [...(await Promise.all(painted)), gif, tiff, bitmap(40, 30, 32)];
    const change = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), byte: fc.nat(255) });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...masters),
        fc.array(change, { minLength: 1, maxLength: 4 }),
        fc.constantFrom('resize 20x; webp', 'crop 1:1; png', 'upscale 2x lanczos; jpeg 1KB'),
        async (master, changes, recipe) => {
          const damaged = Buffer.from(master);
          for (const { at, byte } of changes) damaged[Math.floor(at * (master.length - 1))] = byte;
          const result = await finishPicture(damaged, {
            recipe: recipeOf(recipe),
            marks: { kind: 'write', marks: { generator: 'x', source: 'algorithmicMedia' } },
          });
          if (result.kind === 'unusable') expect(result.reason).not.toBe('');
          else expect(result.files[0]!.bytes.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 250 },
    );
  });
});

describe('a small file that claims to be huge', () => {
  test('is refused by its head', async () => {
    for (const recipe of ['png', 'webp', 'resize 64x64; jpeg']) {
      expect(await whyUnusable(pngBomb(30_000, 30_000), recipe)).toBe(
        'it claims 30000x30000 pixels, and at most 100 million are read: make a smaller copy of it',
      );
    }
    expect(await whyUnusable(await jpegBomb(65_500, 65_500), 'webp')).toContain(
      'it claims 65500x65500 pixels',
    );
    // Beyond what a decoder would even think of.
    expect(await whyUnusable(pngBomb(0x7fffffff, 0x7fffffff), 'webp')).toContain('it is damaged');
  });

  test('takes no memory', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [
      `${import.meta.dirname}/../../../../test/support/bomb-memory.ts`,
    ]);
    const { reason, grownMegabytes } = JSON.parse(stdout) as {
      reason: string;
      grownMegabytes: number;
    };
    expect(reason).toContain('it claims 30000x30000 pixels');
    // Decoded it would have 3,600 MB.
    expect(grownMegabytes).toBeLessThan(40);
  });
});
