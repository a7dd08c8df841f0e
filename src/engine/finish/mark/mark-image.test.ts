import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { paintPicture, pixelsOf } from '../../../../test/support/pictures.ts';
import type { ImageMarks } from '../../core/finisher.ts';
import { FILE_FORMATS } from '../../core/quality.ts';
import { buildBox } from './media-boxes.ts';
import { hasCredentials, markImage, readMarks } from './mark-image.ts';
import { readXml } from './read-xml.ts';
import { escapeXml, possibleXml } from '../../core/xml-text.ts';

const MARKS: ImageMarks = {
  generator: 'Imagemill 0.1.0',
  source: 'trainedAlgorithmicMedia',
  model: 'gpt-image-2',
  vendor: 'openai',
  prompt: 'A "cat" & <dog> — 猫 🐱\nin two lines',
  negativePrompt: 'blur',
  seed: 42,
  row: 7,
  index: 2,
  runId: 'run-1',
  itemId: 'item-7-2',
  createdAt: '2026-11-22T22:56:39.000Z',
};

describe('markImage()', () => {
  for (const format of FILE_FORMATS) {
    test(`writes marks into a ${format} that read back, and leaves its pixels alone`, async () => {
      const bytes = await paintPicture(70, 50, format);
      const marked = markImage(bytes, MARKS);
      expect(marked.marked).toBe(true);
      expect(readMarks(marked.bytes)).toEqual(MARKS);
      expect(await pixelsOf(marked.bytes)).toEqual(await pixelsOf(bytes));
      const { xmp, width, height } = await sharp(marked.bytes).metadata();
      expect([width, height]).toEqual([70, 50]);
      expect(xmp?.toString()).toContain('digitalsourcetype/trainedAlgorithmicMedia');
    });

    test(`marks a ${format} anew instead of twice`, async () => {
      const once = markImage(await paintPicture(40, 40, format), MARKS);
      const twice = markImage(once.bytes, { ...MARKS, row: 8 });
      expect(readMarks(twice.bytes)).toEqual({ ...MARKS, row: 8 });
      expect(twice.bytes.length).toBe(once.bytes.length);
    });

    test(`keeps what another program wrote into a ${format}`, async () => {
      const theirs =
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">' +
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" dc:format="their words"/>' +
        '</rdf:RDF></x:xmpmeta>';
      const bytes = await sharp(await paintPicture(40, 40, format))
        .withXmp(theirs)
        .toFormat(format)
        .toBuffer();
      const { xmp } = await sharp(markImage(bytes, MARKS).bytes).metadata();
      expect(xmp?.toString()).toContain('their words');
      expect(xmp?.toString()).toContain('<imagemill:Row>7</imagemill:Row>');
    });

    test(`reads back any prompt from a ${format}, but for what XML cannot hold`, async () => {
      const bytes = await paintPicture(16, 16, format);
      fc.assert(
        fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (prompt) => {
          const read = readMarks(markImage(bytes, { ...MARKS, prompt }).bytes);
          expect(read?.prompt).toBe(possibleXml(prompt));
        }),
        { numRuns: 60 },
      );
    });
  }

  test('handles a WebP of every kind', async () => {
    const raw = sharp(await paintPicture(33, 17));
    const kinds = [
      await raw.clone().webp({ lossless: true }).toBuffer(),
      await raw.clone().ensureAlpha(0.5).webp({ lossless: true }).toBuffer(),
      await raw.clone().ensureAlpha(0.5).webp().toBuffer(),
      await raw.clone().withIccProfile('p3').webp().toBuffer(),
    ];
    for (const bytes of kinds) {
      const marked = markImage(bytes, MARKS);
      expect(readMarks(marked.bytes)).toEqual(MARKS);
      expect(await pixelsOf(marked.bytes)).toEqual(await pixelsOf(bytes));
      const [before, after] = [await sharp(bytes).metadata(), await sharp(marked.bytes).metadata()];
      expect(after.hasAlpha).toBe(before.hasAlpha);
      expect(after.icc).toEqual(before.icc);
    }
  });

  test('shortens a prompt that a JPEG cannot hold, and keeps it whole in a PNG', async () => {
    const long = { ...MARKS, prompt: '<猫>'.repeat(20_000) };
    const jpeg = markImage(await paintPicture(32, 32, 'jpeg'), long);
    expect(jpeg.marked).toBe(true);
    expect(readMarks(jpeg.bytes)).toMatchObject({ row: 7, prompt: expect.stringMatching(/…$/) });
    await expect(sharp(jpeg.bytes).stats()).resolves.toBeDefined();
    expect(readMarks(markImage(await paintPicture(32, 32), long).bytes)).toEqual(long);
  });

  test('leaves a file with content credentials untouched', async () => {
    for (const bytes of await credentialed()) {
      expect(hasCredentials(bytes)).toBe(true);
      expect(markImage(bytes, MARKS)).toEqual({ bytes, marked: false });
    }
  });

  test('never throws on damaged or random bytes', async () => {
    const files = await Promise.all(FILE_FORMATS.map((format) => paintPicture(24, 24, format)));
    fc.assert(
      fc.property(
        fc.constantFrom(...files),
        fc.nat(),
        fc.uint8Array({ maxLength: 40 }),
        (file, place, noise) => {
          const at = place % file.length;
          const damaged = Buffer.concat([file.subarray(0, at), noise, file.subarray(at + 3)]);
          markImage(damaged, MARKS);
          readMarks(damaged);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('escapeXml()', () => {
  test('is undone by reading, for every text that XML can hold', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const escaped = escapeXml(text);
        expect(escaped).not.toMatch(/[<>"']/);
        expect(readXml(`<a>${escaped}</a>`)?.text).toBe(possibleXml(text));
      }),
    );
  });

  test('leaves out lone surrogates and control characters', () => {
    expect(escapeXml('a\u0000b\u001bc\ud800d\ufffee')).toBe('abcde');
  });
});

/** Files as a signing vendor would send them: only the marker of the credentials matters here. */
async function credentialed(): Promise<Buffer[]> {
  const png = await paintPicture(24, 24);
  const chunk = Buffer.from('\0\0\0\u0004caBXjumb\0\0\0\0', 'latin1');
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 12)), 12);
  const jpeg = await paintPicture(24, 24, 'jpeg');
  const webp = await paintPicture(24, 24, 'webp');
  const signed = Buffer.concat([webp, Buffer.from('C2PA\u0004\0\0\0jumb', 'latin1')]);
  signed.writeUInt32LE(signed.length - 8, 4);
  const avif = await paintPicture(24, 24, 'avif');
  const id = Buffer.from('d8fec3d61b0e483c92975828877ec481', 'hex');
  return [
    Buffer.concat([avif, buildBox('uuid', id, Buffer.from('manifest'))]),
    Buffer.concat([png.subarray(0, 33), chunk, png.subarray(33)]),
    Buffer.concat([
      jpeg.subarray(0, 2),
      Buffer.from([0xff, 0xeb, 0, 8]),
      Buffer.from('JPjumb'),
      jpeg.subarray(2),
    ]),
    signed,
  ];
}
