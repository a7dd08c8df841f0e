import sharp from 'sharp';
import { expect, test } from 'vitest';
import { paintPicture } from '../test/support/pictures.ts';
import { pictureFromBase64, pictureFromDataUrl, receivedPicture } from './received-picture.ts';

test.each(['png', 'jpeg', 'webp'] as const)('reads the size of a %s', async (format) => {
  const bytes = await paintPicture(301, 77, format);
  const picture = { mediaType: `image/${format}`, bytes: bytes.length, width: 301, height: 77 };
  expect(receivedPicture(bytes)).toEqual(picture);
  expect(pictureFromBase64(bytes.toString('base64'))).toEqual(picture);
  const url = `data:image/${format};base64,${bytes.toString('base64')}`;
  expect(pictureFromDataUrl(url)).toEqual(picture);
  expect(pictureFromDataUrl(url.replace(format, 'gif'))).toBeUndefined();
  expect(receivedPicture(bytes.subarray(0, 18))).toBeUndefined();
});

test.each([{ lossless: true }, { quality: 50, alphaQuality: 50 }])(
  'reads the size of a WebP with transparency, made with %j',
  async (options) => {
    const pixels = Buffer.alloc(50 * 40 * 4, 99);
    const raw = { width: 50, height: 40, channels: 4 } as const;
    const bytes = await sharp(pixels, { raw }).webp(options).toBuffer();
    expect(receivedPicture(bytes)).toMatchObject({ width: 50, height: 40 });
  },
);

test('what is no picture is none', () => {
  expect(pictureFromBase64('AAAA')).toBeUndefined();
  expect(pictureFromBase64('data:image/png;base64,AAAA')).toBeUndefined();
  expect(pictureFromDataUrl('https://example.com/a.png')).toBeUndefined();
});
