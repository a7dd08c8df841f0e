import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { FOREIGN_AVIFS } from '../../../test/support/avif-files.ts';
import { writeTags } from '../../../test/support/exiftool.ts';
import { runProgram } from '../../../test/support/export-source.ts';
import { animated, pngBomb } from '../../../test/support/odd-pictures.ts';
import { paintPicture } from '../../../test/support/pictures.ts';
import { pngText } from '../../../test/support/png-text.ts';
import { signedOriginal } from '../../../test/support/signing.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import type { FileReport } from '../core/file-report.ts';
import type { ImageMarks } from '../core/finisher.ts';
import { FILE_FORMATS } from '../core/quality.ts';
import { markImage } from '../finish/mark/mark-image.ts';
import { inspectFile } from './inspect-file.ts';
import { inspectPath } from './inspect-path.ts';

const MARKS: ImageMarks = {
  generator: 'Imagemill 0.1.0',
  source: 'trainedAlgorithmicMedia',
  model: 'gpt-image-2',
  prompt: 'a lake',
  runId: 'run-1',
  itemId: 'item-1',
  row: 3,
  index: 1,
};

describe('inspectFile()', () => {
  test.each(FILE_FORMATS)('tells what a %s is, and our marks in it', async (format) => {
    const report = await reportOf(markImage(await paintPicture(48, 32, format), MARKS).bytes);
    expect(report.picture).toMatchObject({
      format: { png: 'PNG', jpeg: 'JPEG', webp: 'WebP', avif: 'AVIF' }[format],
      width: 48,
      height: 32,
      colourSpace: 'srgb',
      bits: 8,
      hasAlpha: false,
      frames: 1,
    });
    expect(report).toMatchObject({
      decoding: { kind: 'whole' },
      marks: MARKS,
      sourceType: 'trainedAlgorithmicMedia',
      tellsPlace: false,
      credentials: { kind: 'none' },
    });
    expect(report.xmp).toContainEqual({ name: 'Iptc4xmpExt:AISystemUsed', value: 'gpt-image-2' });
  });

  test('tells EXIF, the colour profile, the way round, and that it names a place', async () => {
    for (const format of FILE_FORMATS) {
      const bytes = await sharp(await paintPicture(40, 20))
        .withIccProfile('p3')
        .withExif({
          IFD0: { Copyright: 'Ada', Make: 'Camera' },
          IFD3: { GPSLatitude: '52/1 30/1 0/1', GPSLatitudeRef: 'N' },
        })
        .withMetadata({ orientation: 6 })
        .toFormat(format, format === 'avif' ? { effort: 0 } : {})
        .toBuffer();
      const report = await reportOf(bytes);
      expect(report.tellsPlace).toBe(true);
      expect(report.picture).toMatchObject({ width: 20, height: 40, colourProfile: 'sRGB' });
      expect(report.exif).toContainEqual({ name: 'Copyright', value: 'Ada' });
    }
  });

  test('tells a comment in any letters, where generators put what they were asked for', async () => {
    for (const comment of ['a cat\nSteps: 20, Sampler: Euler', 'a cat — 猫\nSteps: 20']) {
      const bytes = await writeTags(await paintPicture(16, 16, 'jpeg'), 'jpeg', {
        'EXIF:UserComment': comment,
      });
      const report = await reportOf(bytes);
      expect(report.exif).toContainEqual({ name: 'UserComment', value: comment });
    }
  });

  test('tells the texts of generators, also packed ones', async () => {
    const png = pngText(await paintPicture(24, 24), 'parameters', 'a cat — 猫\nSteps: 20');
    expect((await reportOf(png)).texts).toEqual([
      { name: 'parameters', value: 'a cat — 猫\nSteps: 20' },
    ]);
  });

  test('counts frames, deep bits, channels and alpha', async () => {
    expect((await reportOf(await animated('gif'))).picture.frames).toBe(3);
    expect((await reportOf(await animated('webp'))).picture).toMatchObject({
      frames: 3,
      width: 32,
      height: 24,
    });
    const deep = sharp(await paintPicture(16, 16))
      .toColourspace('rgb16')
      .ensureAlpha();
    expect((await reportOf(await deep.png().toBuffer())).picture).toMatchObject({
      bits: 16,
      hasAlpha: true,
    });
    const cmyk = sharp(await paintPicture(16, 16)).toColourspace('cmyk');
    expect((await reportOf(await cmyk.jpeg().toBuffer())).picture).toMatchObject({
      colourSpace: 'cmyk',
      channels: 4,
    });
  });

  test.each(FILE_FORMATS)('tells the state of a %s’s content credentials', async (format) => {
    const { bytes, trustAnchors } = await signedOriginal(
      await paintPicture(32, 32, format),
      `image/${format}`,
    );
    const trusted = await inspectFile(bytes, { trustAnchors });
    expect(trusted).toMatchObject({
      report: {
        decoding: { kind: 'whole' },
        credentials: {
          kind: 'valid',
          signer: 'Vendor',
          digitalSourceType: 'trainedAlgorithmicMedia',
        },
      },
    });
    expect((await reportOf(bytes)).credentials.kind).toBe('untrusted');
  });

  test('says so when credentials do not hold any more', async () => {
    const { bytes, trustAnchors } = await signedOriginal(
      await paintPicture(64, 64, 'jpeg'),
      'image/jpeg',
    );
    const changed = Buffer.from(bytes);
    changed[changed.length - 40]! ^= 0x10;
    const inspection = await inspectFile(changed, { trustAnchors });
    expect(inspection).toMatchObject({ report: { credentials: { kind: 'broken' } } });
  });

  test('says that a cut file does not decode, with everything else that it says', async () => {
    const marked = markImage(await paintPicture(200, 200, 'jpeg'), MARKS).bytes;
    const report = await reportOf(marked.subarray(0, marked.length / 2));
    expect(report.decoding.kind).toBe('broken');
    expect(report.marks).toEqual(MARKS);
  });

  test('looks at no more than the head of what claims to be huge', async () => {
    const report = await reportOf(pngBomb(60_000, 60_000));
    expect(report.picture).toMatchObject({ width: 60_000, height: 60_000 });
    expect(report.decoding).toMatchObject({
      kind: 'unchecked',
      reason: expect.stringContaining('3,600,000,000'),
    });
  });

  test.each([
    ['nothing', '', /empty/],
    ['a text', 'hello', /no picture/],
    ['a PDF', '%PDF-1.7\n', /PDF/],
    [
      'a drawing that could run things',
      '<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>',
      /SVG/,
    ],
    ['a drawing with a head', '<?xml version="1.0"?><!DOCTYPE svg><svg/>', /SVG/],
    ['a head of a picture alone', '\x89PNG\r\n\x1a\n', /cannot be read/],
  ])('says why %s cannot be looked into', async (_, text, reason) => {
    const inspection = await inspectFile(Buffer.from(text, 'latin1'));
    expect(inspection).toEqual({ kind: 'unusable', reason: expect.stringMatching(reason) });
  });

  test('never throws, whatever is turned over in a file', async () => {
    const { bytes } = await signedOriginal(await paintPicture(16, 16, 'webp'), 'image/webp');
    const exif = await sharp(await paintPicture(16, 16))
      .withExif({ IFD0: { Copyright: 'Ada' }, IFD3: { GPSLatitude: '52/1 30/1 0/1' } })
      .jpeg()
      .toBuffer();
    const png = pngText(markImage(await paintPicture(16, 16), MARKS).bytes, 'parameters', 'a cat');
    const files = [bytes, exif, png, ...Object.values(FOREIGN_AVIFS)];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...files),
        fc.nat(),
        fc.uint8Array({ maxLength: 6 }),
        fc.boolean(),
        async (file, place, noise, cuts) => {
          const damaged = Buffer.from(file);
          damaged.set(noise, place % (file.length - 6));
          const seen = cuts ? damaged.subarray(0, place % file.length) : damaged;
          expect((await inspectFile(seen)).kind).toMatch(/picture|unusable/);
        },
      ),
      { numRuns: 120 },
    );
  });
});

describe('inspectPath()', () => {
  test('finds the manifest above a file that vouches for its very bytes', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'cats'));
    const path = join(folder, 'cats', 'one.png');
    await writeFile(path, await paintPicture(16, 16));
    const { sha256 } = await reportOf(await paintPicture(16, 16));
    const facts = { format: 'imagemill-manifest-1', generator: 'x', run: 'run-9', planHash: 'p' };
    const entry = { file: 'cats/one.png', sha256, bytes: 1, item: 'item-9', row: 4 };
    const head = JSON.stringify(facts, undefined, 2).slice(0, -2);
    const manifest = join(folder, 'manifest.json');
    await writeFile(
      manifest,
      `${head},\n  "files": [\n    ${JSON.stringify(entry)},\n    {}\n  ]\n}\n`,
    );
    const known = {
      kind: 'delivered',
      manifest,
      runId: 'run-9',
      file: 'cats/one.png',
      row: 4,
      itemId: 'item-9',
    };
    expect(await inspectPath(path)).toMatchObject({ report: { origins: [known] } });
    await writeFile(path, await paintPicture(16, 16, 'png', 2));
    expect(await inspectPath(path)).toMatchObject({ report: { origins: [] } });
    await writeFile(manifest, 'not ours');
    expect(await inspectPath(path)).toMatchObject({ report: { origins: [] } });
  });

  test('waits for nobody who might write into a pipe', async () => {
    const pipe = join(await temporaryFolder(), 'pipe.png');
    if (runProgram('mkfifo', [pipe])?.code !== 0) return;
    expect(await inspectPath(pipe)).toMatchObject({ reason: expect.stringMatching(/pipe/) });
  });

  test('says why a path cannot be looked into', async () => {
    const folder = await temporaryFolder();
    for (const [path, reason] of [
      [folder, /folder/],
      [join(folder, 'nothing.png'), /no such file/],
      ['/dev/null', /device/],
    ] as const) {
      expect(await inspectPath(path)).toEqual({
        kind: 'unusable',
        reason: expect.stringMatching(reason),
      });
    }
  });
});

async function reportOf(bytes: Uint8Array): Promise<FileReport> {
  const inspection = await inspectFile(bytes);
  if (inspection.kind === 'unusable') throw new Error(inspection.reason);
  return inspection.report;
}
