/**
 * Small AVIF files of other encoders, and one taken apart and built again in ways that the format allows
 * but few encoders use (ISO 14496-12).
 */
import { boxesIn, buildBox, figures } from '../../src/engine/finish/mark/media-boxes.ts';
import { readItems } from '../../src/engine/finish/mark/media-items.ts';

/** By the encoder that made them. */
export const FOREIGN_AVIFS: Readonly<Record<string, Buffer>> = {
  'libavif 0.11, alpha and XMP': base64(
    `AAAAIGZ0eXBhdmlmAAAAAGF2aWZtaWYxbWlhZk1BMUEAAAHVbWV0YQAAAAAAAAAoaGRscgAAAAAAAAAAcGljdAAAAAAAAAAAAAAA
AGxpYmF2aWYAAAAADnBpdG0AAAAAAAEAAAA6aWxvYwAAAABEAAADAAEAAAABAAAC6gAAACAAAgAAAAEAAALbAAAADwADAAAAAQAA
Af0AAADeAAAAbmlpbmYAAAAAAAMAAAAaaW5mZQIAAAAAAQAAYXYwMUNvbG9yAAAAABppbmZlAgAAAAACAABhdjAxQWxwaGEAAAAA
LGluZmUCAAAAAAMAAG1pbWVYTVAAYXBwbGljYXRpb24vcmRmK3htbAAAAAAoaXJlZgAAAAAAAAAOYXV4bAACAAEAAQAAAA5jZHNj
AAMAAQABAAAAw2lwcnAAAACdaXBjbwAAABRpc3BlAAAAAAAAABAAAAAQAAAAEHBpeGkAAAAAAwgICAAAAAxhdjFDgSAAAAAAABNj
b2xybmNseAABAA0ABoAAAAAOcGl4aQAAAAABCAAAAAxhdjFDgQAcAAAAADhhdXhDAAAAAHVybjptcGVnOm1wZWdCOmNpY3A6c3lz
dGVtczphdXhpbGlhcnk6YWxwaGEAAAAAHmlwbWEAAAAAAAAAAgABBAECgwQAAgQBBYYHAAABFW1kYXQ8eDp4bXBtZXRhIHhtbG5z
Ong9ImFkb2JlOm5zOm1ldGEvIj48cmRmOlJERiB4bWxuczpyZGY9Imh0dHA6Ly93d3cudzMub3JnLzE5OTkvMDIvMjItcmRmLXN5
bnRheC1ucyMiPjxyZGY6RGVzY3JpcHRpb24gcmRmOmFib3V0PSIiIHhtbG5zOmRjPSJodHRwOi8vcHVybC5vcmcvZGMvZWxlbWVu
dHMvMS4xLyIgZGM6Zm9ybWF0PSJ0aGVpciB3b3JkcyIvPjwvcmRmOlJERj48L3g6eG1wbWV0YT4SAAoFGAz/2FQyBBAAO6ASAAoI
OAz/2EBDQaQyEh3APfffRAAxnHPTr/a8BQQMkA==`,
  ),
  'libavif 0.11, a grid of 2x2': base64(
    `AAAAIGZ0eXBhdmlmAAAAAGF2aWZtaWYxbWlhZk1BMUEAAAHhbWV0YQAAAAAAAAAoaGRscgAAAAAAAAAAcGljdAAAAAAAAAAAAAAA
AGxpYmF2aWYAAAAADnBpdG0AAAAAAAEAAABWaWxvYwAAAABEAAAFAAEAAAABAAACCQAAAAgAAgAAAAEAAAIRAAAARQADAAAAAQAA
AlYAAABGAAQAAAABAAACnAAAAEcABQAAAAEAAALjAAAAQgAAAJBpaW5mAAAAAAAFAAAAGmluZmUCAAAAAAEAAGdyaWRDb2xvcgAA
AAAaaW5mZQIAAAEAAgAAYXYwMUNvbG9yAAAAABppbmZlAgAAAQADAABhdjAxQ29sb3IAAAAAGmluZmUCAAABAAQAAGF2MDFDb2xv
cgAAAAAaaW5mZQIAAAEABQAAYXYwMUNvbG9yAAAAACBpcmVmAAAAAAAAABRkaW1nAAEABAACAAMABAAFAAAAmWlwcnAAAABfaXBj
bwAAABRpc3BlAAAAAAAAAQAAAAEAAAAAEHBpeGkAAAAAAwgICAAAABNjb2xybmNseAABAA0ABoAAAAAUaXNwZQAAAAAAAACAAAAA
gAAAAAxhdjFDgSAAAAAAADJpcG1hAAAAAAAAAAUAAQMBAgMAAgQEAoUDAAMEBAKFAwAEBAQChQMABQQEAoUDAAABJG1kYXQAAAEB
AQABABIACgk4Gb//YQENBpAyNhPQD///8QC1IfNTn5zPenCx5ZXC81m1hk5UwRNeooqC3QRkc4NFaiKVlPmwXXZ0koU0g5J/sBIA
Cgk4Gb//YQENBpAyNxPQD///8QC/s9MJ13yfiHoLK9nr1jBPDyZESCkl9ZKDkqgKlJaHUJXl74Ldf8Lb5iKLVUEEu7kSAAoJOBm/
/2EBDQaQMjgT0A////EAtSBGvD0hH/ZLWn+qx8bSAX4O+Yt9G67k+51PuqbgJmPyYWkeIXHISyj6xR8BPeieNRIACgk4Gb//YQEN
BpAyMxPQD///8QC1GnWS/IwWSf5lPy+rmQSGrf+u8cOwf4qHFA7G4QLpWronZBejwJV0w5AEFw==`,
  ),
  'libheif 1.15, alpha': base64(
    `AAAAHGZ0eXBhdmlmAAAAAGF2aWZtaWYxbWlhZgAAAZhtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAA
AA5waXRtAAAAAAABAAAANGlsb2MAAAAAREAAAgACAAAAAAG8AAEAAAAAAAAAEgABAAAAAAHOAAEAAAAAAAAAIAAAADhpaW5mAAAA
AAACAAAAFWluZmUCAAAAAAEAAGF2MDEAAAAAFWluZmUCAAAAAAIAAGF2MDEAAAAA12lwcnAAAACxaXBjbwAAABNjb2xybmNseAAC
AAIABoAAAAAMYXYxQ4EAHAAAAAAUaXNwZQAAAAAAAAAQAAAAEAAAAA5waXhpAAAAAAEIAAAAOGF1eEMAAAAAdXJuOm1wZWc6bXBl
Z0I6Y2ljcDpzeXN0ZW1zOmF1eGlsaWFyeTphbHBoYQAAAAAMYXYxQ4EADAAAAAAUaXNwZQAAAAAAAAAQAAAAEAAAABBwaXhpAAAA
AAMICAgAAAAeaXBtYQAAAAAAAAACAAEEgYYHiAACBIIDhIUAAAAaaXJlZgAAAAAAAAAOYXV4bAACAAEAAQAAADptZGF0EgAKBRgM
/9hUMgccgKaRABUwEgAKCRgM/9ggQEDQgDIRHIAppppEADGcc9P0VApt6Cg=`,
  ),
};

export interface AvifShape {
  readonly ilocVersion?: 0 | 1 | 2;
  /** The media before the box that describes them. */
  readonly mediaFirst?: true;
  /** The pictures' bytes inside of the describing box. */
  readonly inIdat?: true;
  /** A size of 64 bits in the head of the media box. */
  readonly longSizes?: true;
  /** No size in it: it goes up to the end of the file. */
  readonly openEnd?: true;
  /** Each picture's bytes in two pieces. */
  readonly pieces?: true;
  /** Places are told from here on, in `base_offset`. */
  readonly baseOffset?: true;
}

/** The same pictures in a file that is built otherwise. Items lie in one piece in `bytes`. */
export function rebuildAvif(bytes: Uint8Array, shape: AvifShape): Buffer {
  const file = Buffer.from(bytes);
  const boxes = boxesIn(file, 0, file.length);
  const meta = boxes.find(({ type }) => type === 'meta')!;
  const ftyp = boxes.find(({ type }) => type === 'ftyp')!;
  const { children, locations } = readItems(file, meta);
  const data = locations.map(({ id, extents: [extent] }) => ({
    id,
    bytes: file.subarray(extent!.offset, extent!.offset + extent!.length),
  }));
  const media = Buffer.concat(data.map((item) => item.bytes));
  const build = (start: number): Buffer =>
    buildBox(
      'meta',
      file.subarray(meta.data, meta.data + 4),
      ...children.map((child) =>
        child.type === 'iloc'
          ? buildIloc(data, start, shape)
          : file.subarray(child.start, child.end),
      ),
      ...(shape.inIdat ? [buildBox('idat', media)] : []),
    );
  const head = file.subarray(ftyp.start, ftyp.end);
  const box = mediaBox(media, shape);
  const inBox = box.length - media.length;
  if (shape.inIdat) return Buffer.concat([head, build(0)]);
  return shape.mediaFirst
    ? Buffer.concat([head, box, build(head.length + inBox)])
    : Buffer.concat([head, build(head.length + build(0).length + inBox), box]);
}

function mediaBox(media: Buffer, { longSizes, openEnd }: AvifShape): Buffer {
  if (longSizes) {
    const head = figures([1, 4], [0x6d646174, 4], [0, 2], [16 + media.length, 6]);
    return Buffer.concat([head, media]);
  }
  const box = buildBox('mdat', media);
  if (openEnd) box.writeUInt32BE(0, 0);
  return box;
}

function buildIloc(
  items: readonly { readonly id: number; readonly bytes: Buffer }[],
  start: number,
  shape: AvifShape,
): Buffer {
  const { ilocVersion: version = shape.inIdat ? 1 : 0 } = shape;
  const idWidth = version === 2 ? 4 : 2;
  const baseWidth = shape.baseOffset ? 8 : 0;
  const base = shape.baseOffset ? start : 0;
  let at = start - base;
  const entries = items.map(({ id, bytes: { length } }) => {
    const half = shape.pieces ? Math.floor(length / 2) : length;
    const extents = [
      [at, half],
      [at + half, length - half],
    ].slice(0, shape.pieces ? 2 : 1);
    at += length;
    return figures(
      [id, idWidth],
      ...(version === 0 ? [] : [[shape.inIdat ? 1 : 0, 2] as const]),
      [0, 2],
      ...(baseWidth === 0 ? [] : [[0, 2] as const, [base, 6] as const]),
      [extents.length, 2],
      ...extents.flatMap(([offset = 0, size = 0]) => [[offset, 4] as const, [size, 4] as const]),
    );
  });
  const widths = figures([version << 24, 4], [0x44, 1], [baseWidth << 4, 1]);
  return buildBox('iloc', widths, figures([items.length, idWidth]), ...entries);
}

function base64(text: string): Buffer {
  return Buffer.from(text, 'base64');
}
