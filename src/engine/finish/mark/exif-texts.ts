/** Texts of EXIF in which generators keep prompts, made empty in place (Exif 3.0, TIFF 6.0). */

/** ImageDescription, and Windows' title, comment, keywords and subject. */
const TEXTS = [0x010e, 0x9c9b, 0x9c9c, 0x9c9e, 0x9c9f];
/** XMP, IPTC and Photoshop's data inside of EXIF: second copies of what is read elsewhere. */
const COPIES = [0x02bc, 0x83bb, 0x8649];
const USER_COMMENT = 0x9286;
/** Make and Model: ComfyUI writes its workflow there, in JSON. */
const MISUSED = [0x010f, 0x0110];
const EXIF_IFD = 0x8769;
const TYPE_BYTES: readonly number[] = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8];
const NAME_BYTES = 64;

/** `exif` with or without `Exif\0\0` before it. What is damaged comes back as it is. */
export function withoutExifTexts(exif: Buffer): Buffer {
  const skip = exif.toString('latin1', 0, 6) === 'Exif\0\0' ? 6 : 0;
  const copy = Buffer.from(exif);
  const tiff = copy.subarray(skip);
  const order = tiff.toString('latin1', 0, 4);
  const little = order === 'II*\0';
  if ((!little && order !== 'MM\0*') || tiff.length < 8) return copy;
  const uint = (at: number, width: number): number =>
    at + width > tiff.length ? 0 : little ? tiff.readUIntLE(at, width) : tiff.readUIntBE(at, width);
  const main = uint(4, 4);
  for (const { tag, at, length } of entriesOf(main, uint)) {
    if (tag === EXIF_IFD) {
      const own = entriesOf(uint(at, 4), uint).filter((each) => each.tag === USER_COMMENT);
      for (const comment of own) tiff.fill(0, comment.at, comment.at + comment.length);
    }
    const isText = TEXTS.includes(tag) || COPIES.includes(tag);
    if (isText || (MISUSED.includes(tag) && isNoName(tiff.subarray(at, at + length)))) {
      tiff.fill(0, at, at + length);
    }
  }
  return copy;
}

interface Entry {
  readonly tag: number;
  /** Where its value lies. */
  readonly at: number;
  readonly length: number;
}

function entriesOf(ifd: number, uint: (at: number, width: number) => number): Entry[] {
  return Array.from({ length: uint(ifd, 2) }, (_, index) => {
    const entry = ifd + 2 + index * 12;
    const length = (TYPE_BYTES[uint(entry + 2, 2)] ?? 0) * uint(entry + 4, 4);
    return { tag: uint(entry, 2), at: length > 4 ? uint(entry + 8, 4) : entry + 8, length };
  });
}

function isNoName(value: Buffer): boolean {
  return value.length > NAME_BYTES || value.includes('{');
}
