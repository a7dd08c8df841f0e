/**
 * The entries of an EXIF block (Exif 3.0, TIFF 6.0), as far as they can be read, with their places. Read
 * here since ExifReader, which reads it for inspecting, tells no places of values and writes nothing.
 */

export interface ExifEntry {
  readonly tag: number;
  /** Where its value lies in `tiff`. */
  readonly at: number;
  readonly length: number;
}

export interface ExifBlock {
  /** Without `Exif\0\0` before it. */
  readonly tiff: Buffer;
  /** Of the picture (IFD0) and of how it was taken (Exif IFD). */
  readonly picture: readonly ExifEntry[];
  readonly taking: readonly ExifEntry[];
}

const EXIF_IFD = 0x8769;
/** Bytes of a value by the number of its type. */
const TYPE_BYTES: readonly number[] = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8];

/** `exif` with or without `Exif\0\0` before it; `undefined` for what is none. */
export function readExifBlock(exif: Buffer): ExifBlock | undefined {
  const tiff = exif.subarray(exif.toString('latin1', 0, 6) === 'Exif\0\0' ? 6 : 0);
  const order = tiff.toString('latin1', 0, 4);
  const isLittle = order === 'II*\0';
  if ((!isLittle && order !== 'MM\0*') || tiff.length < 8) return undefined;
  const uint = (at: number, width: number): number => {
    if (at + width > tiff.length) return 0;
    return isLittle ? tiff.readUIntLE(at, width) : tiff.readUIntBE(at, width);
  };
  const entriesOf = (ifd: number): ExifEntry[] =>
    Array.from({ length: uint(ifd, 2) }, (_, index) => {
      const entry = ifd + 2 + index * 12;
      const length = (TYPE_BYTES[uint(entry + 2, 2)] ?? 0) * uint(entry + 4, 4);
      return { tag: uint(entry, 2), at: length > 4 ? uint(entry + 8, 4) : entry + 8, length };
    });
  const picture = entriesOf(uint(4, 4));
  const own = picture.find(({ tag }) => tag === EXIF_IFD);
  return { tiff, picture, taking: own === undefined ? [] : entriesOf(uint(own.at, 4)) };
}
