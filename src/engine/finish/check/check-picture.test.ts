import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { animated, jpegBomb, pngBomb } from '../../../../test/support/odd-pictures.ts';
import { paintFlat, paintPicture } from '../../../../test/support/pictures.ts';
import { bitmap, turnedPhoto } from '../../../../test/support/reference-pictures.ts';
import { signedOriginal } from '../../../../test/support/signing.ts';
import type { CheckedPicture } from '../../core/picture-check.ts';
import { markImage } from '../mark/mark-image.ts';
import { checkPicture } from './check-picture.ts';

describe('a picture that is whole', () => {
  test.each([
    ['png', 'image/png'],
    ['jpeg', 'image/jpeg'],
    ['webp', 'image/webp'],
    ['avif', 'image/avif'],
    ['tiff', 'image/tiff'],
  ] as const)('is measured as %s', async (format, mediaType) => {
    const bytes = await sharp(await paintPicture(64, 48))
      .toFormat(format)
      .toBuffer();
    const check = await whole(bytes);
    expect(check).toMatchObject({ mediaType, width: 64, height: 48, blank: false });
    expect(check.colours).toBeUndefined();
    expect(check.measures.detail).toBeGreaterThan(0);
    expect(check.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  test('tells that it is turned, animated, of CMYK or deep', async () => {
    expect(await whole(await turnedPhoto(48, 32))).toMatchObject({
      turned: true,
      width: 32,
      height: 48,
    });
    for (const format of ['gif', 'webp', 'tiff'] as const) {
      expect(await whole(await animated(format))).toMatchObject({ frames: 3, height: 24 });
    }
    const picture = sharp(await paintPicture());
    const cmyk = await picture.clone().toColourspace('cmyk').jpeg().toBuffer();
    expect(await whole(cmyk)).toMatchObject({ colours: 'cmyk' });
    const deep = await picture.clone().toColourspace('rgb16').png().toBuffer();
    expect(await whole(deep)).toMatchObject({ colours: 'deep' });
    const plain = await whole(await paintPicture());
    expect(Object.keys(plain)).not.toEqual(expect.arrayContaining(['turned']));
    expect(plain.colours ?? plain.frames).toBeUndefined();
  });

  test('is blank when it has one colour, and not when that fades', async () => {
    expect(await whole(await paintFlat('#123456'))).toMatchObject({ blank: true });
    const grey = { width: 32, height: 32, channels: 4, background: '#80808000' } as const;
    expect(await whole(await sharp({ create: grey }).png().toBuffer())).toMatchObject({
      blank: true,
    });
    const square = await paintFlat('#808080', 16, 16);
    const icon = await sharp({ create: grey })
      .composite([{ input: square }])
      .png()
      .toBuffer();
    expect(await whole(icon)).toMatchObject({ blank: false });
  });

  test('tells which image its marks say that it is', async () => {
    const marks = {
      generator: 'Imagemill 0.1.0',
      source: 'trainedAlgorithmicMedia',
      model: 'a-model',
      runId: 'r1',
      itemId: 'r1-2',
      prompt: 'a boat',
    } as const;
    const { bytes } = markImage(await paintPicture(), marks);
    expect((await whole(bytes)).marks).toEqual({ runId: 'r1', itemId: 'r1-2', model: 'a-model' });
    expect((await whole(await paintPicture())).marks).toBeUndefined();
  });

  test('tells whether its content credentials hold, and who is trusted', async () => {
    const picture = await paintPicture(64, 64, 'jpeg');
    const { bytes, trustAnchors } = await signedOriginal(picture, 'image/jpeg');
    expect((await whole(bytes)).credentials).toEqual({ kind: 'untrusted' });
    expect(await checkPicture(bytes, { trustAnchors })).toMatchObject({
      credentials: { kind: 'valid' },
    });
    const claims = Buffer.from(bytes).indexOf('trainedAlgorithmicMedia');
    const changed = Buffer.from(bytes);
    changed[claims]! ^= 1;
    expect(await checkPicture(changed, { trustAnchors })).toMatchObject({
      kind: 'picture',
      credentials: {
        kind: 'broken',
        problem: 'What the credentials say was changed after it was signed',
      },
    });
  });
});

describe('a file that is no whole picture', () => {
  test.each(['png', 'jpeg', 'webp', 'avif'] as const)(
    'is broken when a %s is cut',
    async (format) => {
      const bytes = await sharp(await paintPicture(128, 128))
        .toFormat(format)
        .toBuffer();
      const cut = await checkPicture(bytes.subarray(0, Math.floor(bytes.length * 0.6)));
      expect(cut).toMatchObject({ kind: 'broken', mediaType: `image/${format}` });
      expect(cut).not.toHaveProperty('measures');
    },
  );

  test('is broken when a later frame of an animation is cut', async () => {
    const bytes = await animated('webp');
    expect(await checkPicture(bytes.subarray(0, bytes.length - 20))).toMatchObject({
      kind: 'broken',
    });
  });

  test.each([
    ['nothing', Buffer.alloc(0), 'the file is empty'],
    ['a text', Buffer.from('<html>not found</html>'), 'its first bytes are those of no picture'],
  ])('is broken when it is %s', async (_, bytes, reason) => {
    expect(await checkPicture(bytes)).toMatchObject({ kind: 'broken', reason });
  });

  test('is not looked into when its decoder is missing, or it claims too many pixels', async () => {
    const bmp = await checkPicture(bitmap(16, 16, 24));
    expect(bmp).toMatchObject({ kind: 'unread', reason: 'BMP pictures are not looked into' });
    const reason = 'it has more than 100 million pixels';
    expect(await checkPicture(pngBomb(20_000, 20_000))).toMatchObject({ kind: 'unread', reason });
    expect(await checkPicture(await jpegBomb(60_000, 60_000))).toMatchObject({ kind: 'unread' });
  });
});

async function whole(bytes: Uint8Array): Promise<CheckedPicture> {
  const check = await checkPicture(bytes);
  if (check.kind !== 'picture') throw new Error(check.reason);
  return check;
}
