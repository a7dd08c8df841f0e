import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { bitmap, grainy, turnedPhoto } from '../../../test/support/reference-pictures.ts';
import type { MasterFacts } from '../core/reference.ts';
import { inspectPicture } from './inspect-picture.ts';

const HEIC_HEAD = Buffer.from('0000001c6674797068656963000000006d696631686569636d696166', 'hex');

async function factsOf(bytes: Uint8Array): Promise<MasterFacts> {
  const finding = await inspectPicture(bytes);
  if (finding.kind === 'problem') throw new Error(finding.message);
  return finding.facts;
}

describe('inspectPicture() knows', () => {
  test.each<[string, () => Promise<Buffer>, Partial<MasterFacts>]>([
    ['a plain PNG', () => grainy(40, 30).png().toBuffer(), { mediaType: 'image/png' }],
    [
      'a grey JPEG',
      () => grainy(40, 30).greyscale().jpeg().toBuffer(),
      { mediaType: 'image/jpeg' },
    ],
    [
      'a clear WebP',
      () => grainy(40, 30, 4).webp().toBuffer(),
      { mediaType: 'image/webp', alpha: true },
    ],
    [
      'a 16-bit PNG',
      () => grainy(40, 30).toColourspace('rgb16').png().toBuffer(),
      { colours: 'deep' },
    ],
    [
      'a CMYK JPEG',
      () => grainy(40, 30).toColourspace('cmyk').jpeg().toBuffer(),
      { colours: 'cmyk' },
    ],
    ['an AVIF', () => grainy(40, 30).avif({ effort: 0 }).toBuffer(), { mediaType: 'image/avif' }],
    ['a TIFF', () => grainy(40, 30).tiff().toBuffer(), { mediaType: 'image/tiff' }],
    ['a BMP', async () => bitmap(40, 30, 24), { mediaType: 'image/bmp' }],
    ['a clear BMP', async () => bitmap(40, 30, 32), { mediaType: 'image/bmp', alpha: true }],
  ])('%s', async (_, paint, facts) => {
    const bytes = await paint();
    const found = await factsOf(bytes);
    expect(found).toEqual({
      hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      bytes: bytes.length,
      mediaType: found.mediaType,
      width: 40,
      height: 30,
      ...facts,
    });
  });

  test('a photograph that lies on its side, by its size upright', async () => {
    expect(await factsOf(await turnedPhoto(40, 30))).toMatchObject({
      turned: true,
      width: 30,
      height: 40,
    });
  });

  test('how many frames an animation has', async () => {
    const frames = await Promise.all(
      [1, 2, 3].map((frame) =>
        grainy(20, 10)
          .linear(frame / 3)
          .png()
          .toBuffer(),
      ),
    );
    const animation = await sharp(frames, { join: { animated: true } })
      .gif()
      .toBuffer();
    expect(await factsOf(animation)).toMatchObject({ frames: 3, width: 20, height: 10 });
  });

  test.each(['png', 'jpeg', 'webp', 'gif', 'tiff', 'avif'] as const)(
    'that a %s was cut off',
    async (format) => {
      const whole = await grainy(300, 200).toFormat(format).toBuffer();
      expect((await inspectPicture(whole)).kind).toBe('picture');
      const cut = await inspectPicture(whole.subarray(0, Math.floor(whole.length / 2)));
      expect(cut).toMatchObject({
        kind: 'problem',
        message: expect.stringContaining('broken or cut off') as string,
      });
    },
  );

  test('that a picture with a few bytes after its end is whole', async () => {
    const whole = await grainy(30, 20).jpeg().toBuffer();
    expect((await inspectPicture(Buffer.concat([whole, Buffer.alloc(9)]))).kind).toBe('picture');
  });

  test.each<[string, Buffer, string]>([
    ['a text', Buffer.from('only words'), 'not an image'],
    ['nothing', Buffer.alloc(0), 'not an image'],
    ['HEIC, which only says so', HEIC_HEAD, 'HEIC pictures cannot be read here'],
    ['a cut BMP', bitmap(40, 30, 24).subarray(0, 900), 'BMP file is compressed or cut off'],
  ])('that %s is of no use', async (_, bytes, words) => {
    expect(await inspectPicture(bytes)).toMatchObject({
      kind: 'problem',
      message: expect.stringContaining(words) as string,
    });
  });

  test('that a picture claims more pixels than are ever read', async () => {
    // The head of a PNG of 20,000 by 20,000 pixels; nothing of it is decoded.
    const png = await grainy(10, 10).png().toBuffer();
    png.writeUInt32BE(20_000, 16);
    png.writeUInt32BE(20_000, 20);
    expect((await inspectPicture(png)).kind).toBe('problem');
  });
});
