/** Texts of EXIF in which generators keep prompts: read, or made empty in place. */
import { readExifBlock } from './exif-block.ts';

/** ImageDescription, and Windows' title, comment, keywords and subject. */
const TEXTS = [0x010e, 0x9c9b, 0x9c9c, 0x9c9e, 0x9c9f];
/** XMP, IPTC and Photoshop's data inside of EXIF: second copies of what is read elsewhere. */
const COPIES = [0x02bc, 0x83bb, 0x8649];
/** Make and Model: ComfyUI writes its workflow there, in JSON. */
const MISUSED = [0x010f, 0x0110];
const USER_COMMENT = 0x9286;
const NAME_BYTES = 64;
/** A comment begins with how it is written. */
const ENCODING_BYTES = 8;

/** `exif` with or without `Exif\0\0` before it. What is damaged comes back as it is. */
export function withoutExifTexts(exif: Buffer): Buffer {
  const copy = Buffer.from(exif);
  const block = readExifBlock(copy);
  if (block === undefined) return copy;
  const { tiff, picture, taking } = block;
  for (const { tag, at, length } of picture) {
    const isText = TEXTS.includes(tag) || COPIES.includes(tag);
    if (isText || (MISUSED.includes(tag) && isNoName(tiff.subarray(at, at + length)))) {
      tiff.fill(0, at, at + length);
    }
  }
  for (const { tag, at, length } of taking) {
    if (tag === USER_COMMENT) tiff.fill(0, at, at + length);
  }
  return copy;
}

/**
 * The comment, where AUTOMATIC1111 and its kin put their parameters when a file is no PNG. Of one in two
 * bytes a letter ExifReader says only that it is one.
 */
export function exifComment(exif: Buffer): string | undefined {
  const block = readExifBlock(exif);
  const entry = block?.taking.find(({ tag }) => tag === USER_COMMENT);
  if (block === undefined || entry === undefined) return undefined;
  return readComment(block.tiff.subarray(entry.at, entry.at + entry.length));
}

/** The words of a comment, whose first eight bytes name its letters. */
export function readComment(bytes: Buffer): string {
  const encoding = bytes.toString('latin1', 0, ENCODING_BYTES).replaceAll('\0', '').trim();
  const text = bytes.subarray(ENCODING_BYTES);
  if (encoding !== 'UNICODE') return text.toString('utf8').replaceAll('\0', '');
  const letters = Buffer.from(text.subarray(0, text.length & ~1));
  return (isBigEndian(letters) ? letters.swap16() : letters)
    .toString('utf16le')
    .replaceAll('\0', '');
}

/** The block's own order says nothing: a library that many use writes big-endian in any. */
function isBigEndian(letters: Buffer): boolean {
  let lead = 0;
  for (let at = 0; at + 1 < letters.length; at += 2) {
    if (letters[at] === 0) lead += 1;
    if (letters[at + 1] === 0) lead -= 1;
  }
  return lead > 0;
}

function isNoName(value: Buffer): boolean {
  return value.length > NAME_BYTES || value.includes('{');
}
