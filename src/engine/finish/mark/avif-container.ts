import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { withoutExifTexts } from './exif-texts.ts';
import { bufferOf, ContainerError } from './image-container.ts';
import type { ImageContainer } from './image-container.ts';
import { editItems } from './edit-media-items.ts';
import { boxesIn } from './media-boxes.ts';
import { readItems, type ItemInfo, type MediaItems } from './media-items.ts';

/** `uuid` box of content credentials (C2PA 2.2, "Embedding manifests into BMFF-based assets"). */
const CREDENTIALS_ID = Buffer.from('d8fec3d61b0e483c92975828877ec481', 'hex');
const BRANDS = ['avif', 'avis', 'heic', 'heix', 'mif1', 'msf1'];
const XMP_TYPE = 'application/rdf+xml';
const MOST_XMP_BYTES = 16 * 1024 * 1024;

/**
 * AVIF (and HEIC, its sister): XMP is a `mime` item that describes the primary one, content credentials
 * are a `uuid` box.
 */
export const avifContainer: ImageContainer = {
  recognises: (bytes) => {
    const head = bufferOf(bytes).toString('latin1', 0, 12);
    return head.slice(4, 8) === 'ftyp' && BRANDS.includes(head.slice(8));
  },
  hasCredentials: (bytes) => {
    const file = bufferOf(bytes);
    return boxesIn(file, 0, file.length).some(
      ({ type, data }) =>
        type === 'uuid' && file.subarray(data, data + CREDENTIALS_ID.length).equals(CREDENTIALS_ID),
    );
  },
  readXmp: (bytes) => {
    const file = bufferOf(bytes);
    const items = itemsOf(file);
    const [xmp] = items === undefined ? [] : xmpItems(items);
    return items === undefined || xmp === undefined ? undefined : textOf(file, items, xmp);
  },
  withXmp: (bytes, packet) => {
    const file = bufferOf(bytes);
    const items = itemsOf(file);
    if (items === undefined) return undefined;
    const [xmp, ...more] = xmpItems(items);
    if (more.length > 0) return undefined;
    const edited = editItems(file, {
      ...(xmp !== undefined && { replaces: xmp.id }),
      ...(packet !== undefined && { contentType: XMP_TYPE, data: Buffer.from(packet) }),
    });
    // A place missed would damage the picture: what was written is read before it is given out.
    return edited !== undefined && isSame(file, edited, xmp?.id, packet) ? edited : undefined;
  },
  readTexts: () => [],
  readExif: (bytes) => {
    const file = bufferOf(bytes);
    const items = itemsOf(file);
    const exif = items?.infos.find(({ type }) => type === 'Exif');
    if (items === undefined || exif === undefined) return undefined;
    const data = dataOf(file, items, exif.id);
    return data.subarray(exifStart(data));
  },
  withoutTexts: (bytes) => {
    const copy = Buffer.from(bytes);
    const items = itemsOf(copy);
    const exif = items?.infos.filter(({ type }) => type === 'Exif') ?? [];
    for (const { id } of exif) {
      const found = items?.locations.find((each) => each.id === id);
      const [extent, ...more] = found?.extents ?? [];
      if (items === undefined || extent === undefined) continue;
      if (more.length > 0) throw new ContainerError('EXIF in pieces');
      const data = dataOf(copy, items, id);
      const start = exifStart(data);
      const base = found?.method === 1 && items.idat !== undefined ? items.idat.data : 0;
      withoutExifTexts(data.subarray(start)).copy(copy, base + extent.offset + start);
    }
    return copy;
  },
};

/** EXIF begins with how many bytes are between that figure and its own beginning. */
function exifStart(data: Buffer): number {
  return data.length < 4 ? data.length : 4 + data.readUInt32BE(0);
}

function itemsOf(file: Buffer): MediaItems | undefined {
  const metas = boxesIn(file, 0, file.length).filter(({ type }) => type === 'meta');
  return metas.length === 1 && metas[0] !== undefined ? readItems(file, metas[0]) : undefined;
}

/** XMP of the picture itself, not of one that only belongs to it, like a gain map. */
function xmpItems({ infos, references, primary }: MediaItems): readonly ItemInfo[] {
  return infos.filter(({ id, contentType = '' }) => {
    const [type = ''] = contentType.toLowerCase().split(';');
    if (type.trim() !== XMP_TYPE) return false;
    const describes = references.filter((each) => each.type === 'cdsc' && each.from === id);
    return describes.length === 0 || describes.some(({ to }) => to.includes(primary));
  });
}

function textOf(file: Buffer, items: MediaItems, info: ItemInfo): string {
  if (info.isProtected) throw new ContainerError('protected XMP');
  const data = dataOf(file, items, info.id);
  const options = { maxOutputLength: MOST_XMP_BYTES };
  try {
    switch (info.contentEncoding) {
      case undefined:
        return data.toString();
      case 'deflate':
        return inflateSync(data, options).toString();
      case 'gzip':
        return gunzipSync(data, options).toString();
      case 'br':
        return brotliDecompressSync(data, options).toString();
      default:
        throw new ContainerError('XMP packed in an unknown way');
    }
  } catch (error) {
    throw new ContainerError('damaged XMP', { cause: error });
  }
}

/** An item's bytes, wherever its pieces lie in this file. */
function dataOf(file: Buffer, { locations, idat }: MediaItems, id: number): Buffer {
  const location = locations.find((each) => each.id === id);
  if (location === undefined) return Buffer.alloc(0);
  const { method, dataReference, extents } = location;
  const source = method === 1 && idat !== undefined ? file.subarray(idat.data, idat.end) : file;
  if (method > 1 || dataReference !== 0) throw new ContainerError('an item that lies elsewhere');
  const length = extents.reduce((sum, extent) => sum + extent.length, 0);
  const isOutside = extents.some(({ offset, length: size }) => offset + size > source.length);
  // Pieces may overlap: together they could be far more than the file.
  if (isOutside || length > source.length) throw new ContainerError('an item outside its file');
  return Buffer.concat(
    extents.map(({ offset, length: size }) => source.subarray(offset, offset + size)),
  );
}

/** Whether a file says this and everything else in it is what it was in the other. */
function isSame(
  before: Buffer,
  after: Buffer,
  xmp: number | undefined,
  packet: string | undefined,
): boolean {
  const [old, now] = [itemsOf(before), itemsOf(after)];
  if (old === undefined || now === undefined) return false;
  const others = old.infos.filter(({ id }) => id !== xmp);
  return (
    avifContainer.readXmp(after) === packet &&
    others.every(({ id }) => isReadable(old, id) === isReadable(now, id)) &&
    others
      .filter(({ id }) => isReadable(old, id))
      .every(({ id }) => dataOf(before, old, id).equals(dataOf(after, now, id)))
  );
}

/** Items made of other items are as they were when those are. */
function isReadable({ locations }: MediaItems, id: number): boolean {
  return (locations.find((each) => each.id === id)?.method ?? 0) <= 1;
}
