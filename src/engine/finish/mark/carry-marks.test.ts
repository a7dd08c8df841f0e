import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { readTags, writeTags } from '../../../../test/support/exiftool.ts';
import { paintPicture, pixelsOf } from '../../../../test/support/pictures.ts';
import type { ImageMarks, MarkOrder } from '../../core/finisher.ts';
import { FILE_FORMATS, type FileFormat } from '../../core/quality.ts';
import { carryMarks } from './carry-marks.ts';
import { withContainer } from './containers.ts';
import { markImage, readMarks } from './mark-image.ts';
import { pngText } from '../../../../test/support/png-text.ts';

const SECRET = 'an umbrella full of marmalade';
const NOT_THAT = 'no gloomy zeppelins';
const SCHEME = 'http://cv.iptc.org/newscodes/digitalsourcetype/';

const MARKS: ImageMarks = {
  generator: 'Imagemill 0.1.0',
  source: 'trainedAlgorithmicMedia',
  model: 'gpt-image-2',
  vendor: 'openai',
  prompt: SECRET,
  negativePrompt: NOT_THAT,
  seed: 42,
  row: 7,
  index: 2,
  runId: 'run-1',
  itemId: 'item-7-2',
  createdAt: '2026-11-22T22:56:39.000Z',
};
const KEEP: MarkOrder = { kind: 'keep' };
const WRITE: MarkOrder = { kind: 'write', marks: MARKS };

describe('carryMarks(): marks of a run', () => {
  test('survive conversion after conversion, as an independent reader sees it', async () => {
    let file: Uint8Array = carryMarks(
      ...(await madeOf(await paintPicture(48, 32), 'webp')),
      WRITE,
    ).bytes;
    for (const format of ['avif', 'jpeg', 'png', 'webp', 'png', 'avif'] as const) {
      const carried = carryMarks(...(await madeOf(file, format)), KEEP);
      expect(carried.marked).toBe(true);
      expect(readMarks(carried.bytes)).toEqual(MARKS);
      expect(await readTags(carried.bytes, format)).toMatchObject({
        'XMP-iptcExt:DigitalSourceType': `${SCHEME}trainedAlgorithmicMedia`,
        'XMP-iptcExt:AISystemUsed': 'gpt-image-2',
        'XMP-iptcExt:AIPromptInformation': SECRET,
        'XMP-xmp:CreatorTool': 'Imagemill 0.1.0',
        'ExifTool:Validate': '0 0 0',
      });
      file = carried.bytes;
    }
  });

  test.each(FILE_FORMATS)(
    'stay in a %s that exiftool has rewritten, and are given once only',
    async (format) => {
      const marked = markImage(await paintPicture(32, 32, format), MARKS).bytes;
      const rewritten = await writeTags(marked, format, {
        'XMP-photoshop:Headline': 'of others',
      });
      expect(readMarks(rewritten)).toEqual(MARKS);
      const again = markImage(rewritten, { ...MARKS, row: 8, prompt: 'another' }).bytes;
      expect(readMarks(again)).toEqual({ ...MARKS, row: 8, prompt: 'another' });
      const tags = await readTags(again, format);
      expect(tags['XMP-iptcExt:AIPromptInformation']).toBe('another');
      expect(tags['XMP-photoshop:Headline']).toBe('of others');
      expect(tags['ExifTool:Validate']).toBe('0 0 0');
    },
  );
});

describe('carryMarks(): what a master says of itself', () => {
  test.each(FILE_FORMATS)('goes into a %s, beside our marks or alone', async (format) => {
    const theirs = described(
      `xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" Iptc4xmpExt:DigitalSourceType="${SCHEME}compositeWithTrainedAlgorithmicMedia"`,
      '<dc:creator><rdf:Seq><rdf:li>Ada</rdf:li></rdf:Seq></dc:creator>',
    );
    const [master, file] = await madeOf(await withPacket(theirs), format);
    const kept = carryMarks(master, file, KEEP);
    expect(kept.marked).toBe(false);
    expect(await pixelsOf(kept.bytes)).toEqual(await pixelsOf(file));
    const written = carryMarks(master, file, WRITE);
    expect(written.marked).toBe(true);
    for (const { bytes } of [kept, written]) {
      const tags = await readTags(bytes, format);
      expect(tags).toMatchObject({
        'XMP-iptcExt:DigitalSourceType': `${SCHEME}compositeWithTrainedAlgorithmicMedia`,
        'XMP-dc:Creator': ['Ada'],
        'ExifTool:Validate': '0 0 0',
      });
    }
    const override = carryMarks(master, file, { ...WRITE, overrides: true }).bytes;
    expect(await readTags(override, format)).toMatchObject({
      'XMP-iptcExt:DigitalSourceType': `${SCHEME}trainedAlgorithmicMedia`,
      'XMP-dc:Creator': ['Ada'],
      'ExifTool:Validate': '0 0 0',
    });
  });

  test('does not go on where it is true of the master’s file only', async () => {
    const theirs = described(
      'xmlns:tiff="http://ns.adobe.com/tiff/1.0/" xmlns:exif="http://ns.adobe.com/exif/1.0/" tiff:Orientation="6" exif:GPSLatitude="52,30N"',
      '<dc:format>image/tiff</dc:format><dc:rights><rdf:Alt><rdf:li xml:lang="x-default">mine</rdf:li></rdf:Alt></dc:rights>' +
        '<dcterms:provenance xmlns:dcterms="http://purl.org/dc/terms/">self#jumbf=/c2pa/x</dcterms:provenance>',
    );
    const [master, file] = await madeOf(await withPacket(theirs), 'webp');
    const tags = await readTags(carryMarks(master, file, KEEP).bytes, 'webp');
    const said = Object.keys(tags).filter((name) => name.startsWith('XMP'));
    expect(said).toEqual(['XMP-dc:Rights']);
  });

  test('stays as it is in a master that is delivered as it is', async () => {
    const master = await withPacket(
      described('xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="1"'),
    );
    for (const order of [KEEP, { kind: 'none' }] as const) {
      expect(carryMarks(master, master, order)).toEqual({ bytes: master, marked: false });
      expect(carryMarks(master, master, order).bytes).toBe(master);
    }
  });

  test('is nothing for a plain photograph, which is not declared as anything', async () => {
    for (const format of FILE_FORMATS) {
      const [master, file] = await madeOf(await paintPicture(24, 24, 'jpeg'), format);
      expect(carryMarks(master, file, KEEP).bytes).toBe(file);
    }
  });

  test('does not go on when nothing is to be said', async () => {
    const [master, file] = await madeOf(markImage(await paintPicture(24, 24), MARKS).bytes, 'avif');
    expect(carryMarks(master, file, { kind: 'none' })).toEqual({ bytes: file, marked: false });
  });

  test('goes on from the text that a generator put into its PNG', async () => {
    const png = pngText(await paintPicture(24, 24), 'parameters', `${SECRET}\nSteps: 20, Seed: 7`);
    const [master, file] = await madeOf(png, 'webp');
    const tags = await readTags(carryMarks(master, file, KEEP).bytes, 'webp');
    expect(tags['XMP-iptcExt:AIPromptInformation']).toBe(`${SECRET}\nSteps: 20, Seed: 7`);
    expect(tags).not.toHaveProperty('XMP-iptcExt:DigitalSourceType');
    const ours = await readTags(carryMarks(master, file, WRITE).bytes, 'webp');
    expect(ours['XMP-iptcExt:AIPromptInformation']).toBe(SECRET);
  });

  test.each(['jpeg', 'webp', 'avif', 'png'] as const)(
    'goes on from the comment that a generator put into its %s, and no other comment does',
    async (format) => {
      const options = format === 'avif' ? { effort: 0 } : {};
      const plain = await paintPicture(24, 24);
      for (const [comment, prompt] of [
        [`${SECRET}, Steps: 20, Seed: 7`, `${SECRET}, Steps: 20, Seed: 7`],
        ['seen at the beach', undefined],
      ]) {
        const exif = { IFD2: { UserComment: comment! } };
        const bytes = await sharp(plain).withExif(exif).toFormat(format, options).toBuffer();
        const { bytes: kept } = carryMarks(...(await madeOf(bytes, 'webp')), KEEP);
        const tags = await readTags(kept, 'webp');
        expect(tags['XMP-iptcExt:AIPromptInformation']).toBe(prompt);
      }
    },
  );

  test('goes on from a comment in two bytes a letter', async () => {
    const plain = await paintPicture(24, 24, 'jpeg');
    const comment = `${SECRET} 猫, Steps: 20, Seed: 7`;
    const master = await writeTags(plain, 'jpeg', { 'EXIF:UserComment': comment });
    const { bytes } = carryMarks(...(await madeOf(master, 'png')), KEEP);
    expect((await readTags(bytes, 'png'))['XMP-iptcExt:AIPromptInformation']).toBe(comment);
  });

  test('is shortened to what tells origin and rights where a JPEG cannot hold it all', async () => {
    const theirs = described(
      `xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" Iptc4xmpExt:DigitalSourceType="${SCHEME}compositeSynthetic"`,
      `<dc:subject><rdf:Bag>${'<rdf:li>a word</rdf:li>'.repeat(5_000)}</rdf:Bag></dc:subject>`,
    );
    const [master, file] = await madeOf(await withPacket(theirs), 'jpeg');
    for (const order of [KEEP, WRITE]) {
      const tags = await readTags(carryMarks(master, file, order).bytes, 'jpeg');
      expect(tags).toMatchObject({
        'XMP-iptcExt:DigitalSourceType': `${SCHEME}compositeSynthetic`,
        'ExifTool:Validate': '0 0 0',
      });
      expect(tags).not.toHaveProperty('XMP-dc:Subject');
    }
  });

  test('is read where something was left behind its packet, and that does not go on', async () => {
    const theirs = described(
      '',
      '<dc:creator><rdf:Seq><rdf:li>Ada</rdf:li></rdf:Seq></dc:creator>',
    );
    const longer = described('', `<dc:description>${SECRET}</dc:description>`).slice(-60);
    for (const packet of [
      `${theirs}\u0000\u0000`,
      `${theirs}<?xpacket end="w"?>${longer}<?xpacket end="w"?>`,
    ]) {
      const master = await withPacket(packet);
      const clean = carryMarks(master, master, { kind: 'keep', withoutPrompts: true }).bytes;
      const carried = carryMarks(...(await madeOf(master, 'webp')), WRITE).bytes;
      expectNoSecret(clean);
      expect(Buffer.from(carried).includes(longer)).toBe(false);
      expect(await readTags(clean, 'png')).toMatchObject({ 'XMP-dc:Creator': ['Ada'] });
      expect(await readTags(carried, 'webp')).toMatchObject({ 'XMP-dc:Creator': ['Ada'] });
    }
  });

  test('is as good as nothing when its packet is hostile, and can do no harm', async () => {
    const bomb = `<!DOCTYPE x [<!ENTITY a "${'A'.repeat(100)}"><!ENTITY b "${'&a;'.repeat(100)}">]>`;
    const hostile = [
      `${bomb}${described('', '<dc:creator>&b;</dc:creator>')}`,
      `${'<a>'.repeat(10_000)}`,
      described('', '<dc:creator>not closed'),
      described('dc:creator="a" dc:creator='),
      `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">${' '.repeat(50_000)}`,
      '\u0000\u0001<',
      '',
    ];
    for (const packet of hostile) {
      const master = rewrite(markImage(await paintPicture(16, 16), MARKS).bytes, () => packet);
      const file = await paintPicture(16, 16, 'webp');
      expect(carryMarks(master, file, KEEP)).toEqual({ bytes: file, marked: false });
      const written = carryMarks(master, file, WRITE);
      expect(readMarks(written.bytes)).toEqual(MARKS);
      expect((await readTags(written.bytes, 'webp'))['ExifTool:Validate']).toBe('0 0 0');
    }
  });

  test('comes through whatever it is made of', async () => {
    const file = await paintPicture(8, 8, 'jpeg');
    const text = fc.string({ unit: 'grapheme', maxLength: 40 });
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 5 }), (words) => {
        const list = words.map(
          (word) => `<rdf:li><![CDATA[${word.replaceAll(']]>', '')}]]></rdf:li>`,
        );
        const theirs = described(
          '',
          `<dc:subject><rdf:Bag>${list.join('')}</rdf:Bag></dc:subject>`,
        );
        const master = rewrite(markImage(file, MARKS).bytes, () => theirs);
        const { bytes } = carryMarks(master, file, WRITE);
        expect(readMarks(bytes)).toEqual(MARKS);
        for (const each of list) expect(Buffer.from(bytes).includes(each)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });
});

describe('carryMarks() without prompts', () => {
  const orders: readonly MarkOrder[] = [
    { ...WRITE, withoutPrompts: true },
    { kind: 'keep', withoutPrompts: true },
  ];

  test.each(FILE_FORMATS)('leaves no word of them in a %s, wherever they were', async (format) => {
    for (const order of orders) {
      for (const master of await telltale(format)) {
        const { bytes } = carryMarks(master, master, order);
        expectNoSecret(bytes);
        expect(await pixelsOf(bytes)).toEqual(await pixelsOf(master));
        const tags = await readTags(bytes, format);
        expect(JSON.stringify(tags)).not.toMatch(/marmalade|zeppelin/i);
        expect(String(tags['ExifTool:Validate'])).toMatch(/^0 /);
        for (const target of FILE_FORMATS) {
          expectNoSecret(carryMarks(...(await madeOf(master, target)), order).bytes);
        }
      }
    }
  });

  test('keeps everything else of the marks, and of a file what cannot tell', async () => {
    const { prompt: _, negativePrompt: __, ...others } = MARKS;
    const png = pngText(markImage(await paintPicture(24, 24), MARKS).bytes, 'Copyright', 'Ada');
    for (const order of orders) {
      const { bytes, marked } = carryMarks(png, png, order);
      expect(marked).toBe(true);
      expect(readMarks(bytes)).toEqual(others);
      expect(await readTags(bytes, 'png')).toMatchObject({
        'PNG:Copyright': 'Ada',
        'XMP-iptcExt:AISystemUsed': 'gpt-image-2',
        'ExifTool:Validate': '0 0 0',
      });
    }
  });

  test('keeps a picture the way round that it was', async () => {
    const turned = await sharp(await paintPicture(32, 16))
      .withExif({ IFD0: { ImageDescription: SECRET, Copyright: 'Ada' } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    const { bytes } = carryMarks(turned, turned, { kind: 'keep', withoutPrompts: true });
    expectNoSecret(bytes);
    expect((await sharp(bytes).metadata()).orientation).toBe(6);
  });
});

/** A master and what conversion makes of it: without any metadata. */
async function madeOf(master: Uint8Array, format: FileFormat): Promise<[Uint8Array, Uint8Array]> {
  const file = await sharp(master)
    .autoOrient()
    .toFormat(format, format === 'avif' ? { effort: 0 } : {})
    .toBuffer();
  return [master, file];
}

/** Files that tell the secret in every place that is known for it. */
async function telltale(format: FileFormat): Promise<Uint8Array[]> {
  const plain = await paintPicture(24, 24, format);
  const options = format === 'avif' ? { effort: 0 } : {};
  const inExif = await sharp(plain)
    .withExif({
      IFD0: { ImageDescription: SECRET, Make: `workflow:{"text": "${SECRET}"}` },
      IFD2: { UserComment: NOT_THAT },
    })
    .toFormat(format, options)
    .toBuffer();
  const inXmp = await sharp(plain)
    .withXmp(
      described(
        '',
        `<dc:description><rdf:Alt><rdf:li>${SECRET}</rdf:li></rdf:Alt></dc:description>`,
      ),
    )
    .toFormat(format, options)
    .toBuffer();
  const damaged = rewrite(markImage(plain, MARKS).bytes, (packet) => packet.slice(0, -40));
  const inTexts =
    format === 'png'
      ? [
          pngText(plain, 'parameters', SECRET),
          pngText(pngText(plain, 'prompt', `{"text":"${SECRET}"}`), 'Comment', NOT_THAT),
        ]
      : [];
  const inComment =
    format === 'jpeg'
      ? [
          await writeTags(plain, format, {
            'IPTC:Caption-Abstract': SECRET,
            'IPTC:Headline': NOT_THAT,
          }),
          Buffer.concat([
            plain.subarray(0, 2),
            Buffer.from([0xff, 0xfe, 0, SECRET.length + 2]),
            Buffer.from(SECRET),
            plain.subarray(2),
          ]),
        ]
      : [];
  return [
    markImage(plain, MARKS).bytes,
    markImage(inExif, MARKS).bytes,
    inExif,
    inXmp,
    damaged,
    ...inTexts,
    ...inComment,
  ];
}

function expectNoSecret(bytes: Uint8Array): void {
  const text = Buffer.from(bytes).toString('latin1');
  expect(text).not.toMatch(/umbrella|marmalade|gloomy|zeppelin/);
}

function described(attributes: string, properties = ''): string {
  return (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">' +
    `<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" ${attributes}>${properties}</rdf:Description>` +
    '</rdf:RDF></x:xmpmeta>'
  );
}

async function withPacket(packet: string): Promise<Uint8Array> {
  const marked = markImage(await paintPicture(40, 24), MARKS).bytes;
  return rewrite(marked, () => packet);
}

function rewrite(bytes: Uint8Array, change: (packet: string) => string): Uint8Array {
  return withContainer(bytes, (container) =>
    container.withXmp(bytes, change(container.readXmp(bytes) ?? '')),
  )!;
}
