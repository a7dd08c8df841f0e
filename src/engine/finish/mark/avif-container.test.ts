import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { type AvifShape, FOREIGN_AVIFS, rebuildAvif } from '../../../../test/support/avif-files.ts';
import { readTags } from '../../../../test/support/exiftool.ts';
import { paintPicture, pixelsOf } from '../../../../test/support/pictures.ts';
import { avifContainer } from './avif-container.ts';
import { ContainerError } from './image-container.ts';
import { boxesIn, buildBox } from './media-boxes.ts';

const PACKET = packetOf('ours');

const SHAPES: Readonly<Record<string, AvifShape>> = {
  'places of version 1': { ilocVersion: 1 },
  'places of version 2': { ilocVersion: 2 },
  'media before their description': { mediaFirst: true },
  'media inside of their description': { inIdat: true },
  'media inside of it, version 2': { inIdat: true, ilocVersion: 2 },
  'sizes of 64 bits': { longSizes: true },
  'media up to the end of the file': { openEnd: true },
  'pictures in pieces': { pieces: true },
  'places told from a base': { baseOffset: true, mediaFirst: true },
};

describe('avifContainer', () => {
  test.each(Object.keys(FOREIGN_AVIFS))('puts XMP into a file of %s', async (name) => {
    await expectCarries(FOREIGN_AVIFS[name]!);
  });

  test('puts XMP into files of sharp of every kind', async () => {
    const raw = sharp(await paintPicture(40, 30));
    const kinds = [
      raw.clone(),
      raw.clone().ensureAlpha(0.5),
      raw.clone().withIccProfile('p3'),
      raw.clone().withExif({ IFD0: { Copyright: 'Ada' } }),
      raw.clone().withXmp(packetOf('theirs')),
      raw.clone().ensureAlpha(0.5).withXmp(packetOf('theirs')),
    ];
    for (const kind of kinds) await expectCarries(await kind.avif({ effort: 0 }).toBuffer());
  });

  test.each(Object.keys(SHAPES))('puts XMP into a file with %s', async (name) => {
    const raw = sharp(await paintPicture(24, 24)).ensureAlpha(0.5);
    for (const kind of [raw.clone(), raw.clone().withXmp(packetOf('theirs'))]) {
      const bytes = rebuildAvif(await kind.avif({ effort: 0 }).toBuffer(), SHAPES[name]!);
      // The shape itself is one that decoders understand.
      expect((await sharp(bytes).metadata()).width).toBe(24);
      await expectCarries(bytes);
    }
  });

  test('replaces XMP without leaving the old one behind, however often', async () => {
    const bytes = await paintPicture(24, 24, 'avif');
    let file = written(bytes, packetOf('the first secret'));
    const { length } = file;
    for (const word of ['another secret!!', 'the third secret', 'the first secret']) {
      file = written(file, packetOf(word));
      expect(file.length).toBe(length);
      expect(file.toString('latin1').match(/secret/g)).toHaveLength(1);
    }
    const without = avifContainer.withXmp(file, undefined)!;
    expect(Buffer.from(without).includes('secret')).toBe(false);
    expect(avifContainer.readXmp(without)).toBeUndefined();
    expect(await pixelsOf(without)).toEqual(await pixelsOf(bytes));
    expect((await readTags(without, 'avif'))['ExifTool:Validate']).toBe('0 0 0');
  });

  test('sees content credentials by their box', async () => {
    const bytes = await paintPicture(16, 16, 'avif');
    const id = Buffer.from('d8fec3d61b0e483c92975828877ec481', 'hex');
    const signed = Buffer.concat([bytes, buildBox('uuid', id, Buffer.from('\0\0\0\0manifest\0'))]);
    expect(avifContainer.hasCredentials(signed)).toBe(true);
    expect(avifContainer.hasCredentials(bytes)).toBe(false);
    const other = Buffer.concat([bytes, buildBox('uuid', Buffer.alloc(20, 7))]);
    expect(avifContainer.hasCredentials(other)).toBe(false);
    await expectCarries(other);
  });

  test('leaves a file alone in which a place may be told that it does not know of', async () => {
    const bytes = await paintPicture(16, 16, 'avif');
    for (const type of ['moov', 'sidx', 'what']) {
      const other = Buffer.concat([bytes, buildBox(type, Buffer.alloc(8))]);
      expect(avifContainer.withXmp(other, PACKET)).toBeUndefined();
    }
    const shared = change(bytes, 'iloc', (data) => data.writeUInt16BE(3, 10));
    expect(avifContainer.withXmp(shared, PACKET)).toBeUndefined();
  });

  test('never throws anything but ContainerError, whatever is cut off or turned over', async () => {
    const files = [
      written(await paintPicture(16, 16, 'avif'), PACKET),
      ...Object.values(FOREIGN_AVIFS),
      rebuildAvif(await paintPicture(16, 16, 'avif'), { inIdat: true, ilocVersion: 2 }),
    ];
    const use = (bytes: Uint8Array) => {
      for (const look of [
        () => avifContainer.hasCredentials(bytes),
        () => avifContainer.readXmp(bytes),
        () => avifContainer.withXmp(bytes, PACKET),
        () => avifContainer.withXmp(bytes, undefined),
        () => avifContainer.withoutTexts(bytes),
      ]) {
        try {
          look();
        } catch (error) {
          expect(error).toBeInstanceOf(ContainerError);
        }
      }
    };
    for (const file of files) {
      for (let length = 0; length < file.length; length += 5) use(file.subarray(0, length));
      // Everything that is told of the pictures stands in the first bytes.
      for (let bit = 0; bit < Math.min(file.length, 500) * 8; bit += 5) {
        const turned = Buffer.from(file);
        turned[bit >> 3]! ^= 1 << (bit & 7);
        use(turned);
      }
    }
    fc.assert(
      fc.property(
        fc.constantFrom(...files),
        fc.nat(),
        fc.uint8Array({ maxLength: 12 }),
        (file, at, noise) => {
          const damaged = Buffer.from(file);
          damaged.set(noise, at % (file.length - 12));
          use(damaged);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('does not unpack or gather more than a packet may have', async () => {
    const bytes = await paintPicture(16, 16, 'avif');
    const marked = written(bytes, PACKET);
    // The same place told as longer than the file is.
    const long = change(marked, 'iloc', (data) => data.writeUInt32BE(0x7fff_ffff, data.length - 4));
    expect(() => avifContainer.readXmp(long)).toThrow(ContainerError);
  });
});

/** Its pixels stay, sharp and exiftool read the packet, and what else it said is there. */
async function expectCarries(bytes: Buffer): Promise<void> {
  const before = await readTags(bytes, 'avif');
  const marked = written(bytes, PACKET);
  expect(avifContainer.readXmp(marked)).toBe(PACKET);
  expect(await pixelsOf(marked)).toEqual(await pixelsOf(bytes));
  const [old, now] = [await sharp(bytes).metadata(), await sharp(marked).metadata()];
  expect(now.xmp?.toString()).toBe(PACKET);
  expect([now.hasAlpha, now.icc, now.exif]).toEqual([old.hasAlpha, old.icc, old.exif]);
  const tags = await readTags(marked, 'avif');
  expect(tags['XMP-dc:Source']).toBe('ours');
  expect(tags['ExifTool:Validate']).toBe('0 0 0');
  const isStill = (name: string) => /^(IFD0|ExifIFD|Meta|Meta-.*|ICC-.*):(?!Media)/.test(name);
  for (const name of Object.keys(before).filter(isStill)) expect(tags[name]).toEqual(before[name]);
}

function written(bytes: Uint8Array, packet: string): Buffer {
  return Buffer.from(avifContainer.withXmp(bytes, packet)!);
}

/** A copy with other bytes in a box inside of `meta`. */
function change(bytes: Buffer, type: string, how: (data: Buffer) => void): Buffer {
  const copy = Buffer.from(bytes);
  const meta = boxesIn(copy, 0, copy.length).find((box) => box.type === 'meta')!;
  const box = boxesIn(copy, meta.data + 4, meta.end).find((each) => each.type === type)!;
  how(copy.subarray(box.data, box.end));
  return copy;
}

function packetOf(word: string): string {
  return (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">' +
    `<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" dc:source="${word}"/>` +
    '</rdf:RDF></x:xmpmeta>'
  );
}
