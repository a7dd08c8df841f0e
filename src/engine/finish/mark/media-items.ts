/**
 * The items of a picture's `meta` box (ISO 14496-12 §8.11, ISO 23008-12): what there is (`iinf`), where
 * it lies (`iloc`) and what belongs to what (`iref`).
 */
import { ByteReader } from './byte-reader.ts';
import { ContainerError } from './image-container.ts';
import { boxesIn, type Box } from './media-boxes.ts';

export interface ItemInfo {
  readonly id: number;
  readonly type: string;
  /** Of `mime` items. */
  readonly contentType?: string;
  /** How its bytes are packed, like `deflate`. */
  readonly contentEncoding?: string;
  readonly isProtected: boolean;
  /** Its whole box. */
  readonly box: Buffer;
}

export interface Extent {
  /** Of construction method 2: which of the item's references it comes from. */
  readonly index: number;
  readonly offset: number;
  readonly length: number;
}

export interface ItemLocation {
  readonly id: number;
  /** 0: bytes of the file; 1: of the `idat` box; 2: of another item. */
  readonly method: number;
  /** 0: this file. */
  readonly dataReference: number;
  readonly extents: readonly Extent[];
}

export interface ItemReference {
  readonly type: string;
  readonly from: number;
  readonly to: readonly number[];
  readonly box: Buffer;
}

export interface MediaItems {
  readonly children: readonly Box[];
  readonly primary: number;
  readonly infoVersion: number;
  readonly infos: readonly ItemInfo[];
  readonly locationVersion: number;
  /** Bytes of an extent's index. */
  readonly indexSize: number;
  readonly locations: readonly ItemLocation[];
  readonly referenceVersion: number;
  readonly references: readonly ItemReference[];
  readonly idat?: Box;
}

/** Pictures have a handful of items; a grid of tiles some hundreds, each of one piece. */
const MOST_EXTENTS = 20_000;

export function readItems(file: Buffer, meta: Box): MediaItems {
  const children = boxesIn(file, meta.data + 4, meta.end);
  const only = (type: string): Box | undefined => {
    const found = children.filter((child) => child.type === type);
    if (found.length > 1) throw new ContainerError(`more than one ${type} box`);
    return found[0];
  };
  const [pitm, iinf, iloc, iref, idat] = ['pitm', 'iinf', 'iloc', 'iref', 'idat'].map(only);
  if (pitm === undefined || iinf === undefined || iloc === undefined) {
    throw new ContainerError('a picture without its items');
  }
  return {
    children,
    primary: readPrimary(file, pitm),
    ...readInfos(file, iinf),
    ...readLocations(file, iloc),
    ...readReferences(file, iref),
    ...(idat !== undefined && { idat }),
  };
}

function readPrimary(file: Buffer, box: Box): number {
  const reader = new ByteReader(file, box.data, box.end);
  const version = versionOf(reader);
  return reader.uint(version === 0 ? 2 : 4);
}

function readInfos(file: Buffer, box: Box): Pick<MediaItems, 'infoVersion' | 'infos'> {
  const reader = new ByteReader(file, box.data, box.end);
  const infoVersion = versionOf(reader);
  const count = reader.uint(infoVersion === 0 ? 2 : 4);
  const infos = boxesIn(file, reader.at, box.end).map((child) => readInfo(file, child));
  if (infos.length !== count) throw new ContainerError('items are missing');
  return { infoVersion, infos };
}

function readInfo(file: Buffer, box: Box): ItemInfo {
  const reader = new ByteReader(file, box.data, box.end);
  const version = versionOf(reader);
  if (box.type !== 'infe' || version < 2 || version > 3) throw new ContainerError('no known infe');
  const id = reader.uint(version === 2 ? 2 : 4);
  const isProtected = reader.uint(2) !== 0;
  const type = reader.code();
  reader.text();
  const contentType = type === 'mime' ? reader.text() : undefined;
  const contentEncoding = type === 'mime' ? reader.text() : '';
  return {
    id,
    type,
    isProtected,
    ...(contentType !== undefined && { contentType }),
    ...(contentEncoding !== '' && { contentEncoding }),
    box: file.subarray(box.start, box.end),
  };
}

function readLocations(
  file: Buffer,
  box: Box,
): Pick<MediaItems, 'locationVersion' | 'indexSize' | 'locations'> {
  const reader = new ByteReader(file, box.data, box.end);
  const version = versionOf(reader);
  if (version > 2) throw new ContainerError('no known iloc');
  const [widths, more] = [reader.uint(1), reader.uint(1)];
  const [offsetSize, lengthSize, baseSize] = [widths >> 4, widths & 15, more >> 4];
  const indexSize = version === 0 ? 0 : more & 15;
  if ([offsetSize, lengthSize, baseSize, indexSize].some((width) => ![0, 4, 8].includes(width))) {
    throw new ContainerError('no known widths in iloc');
  }
  const idWidth = version < 2 ? 2 : 4;
  const locations: ItemLocation[] = [];
  let extentsLeft = MOST_EXTENTS;
  for (let left = reader.uint(idWidth); left > 0; left -= 1) {
    const id = reader.uint(idWidth);
    const method = version === 0 ? 0 : reader.uint(2) & 15;
    const dataReference = reader.uint(2);
    const base = reader.uint(baseSize);
    const count = reader.uint(2);
    extentsLeft -= count;
    if (extentsLeft < 0) throw new ContainerError('too many pieces in iloc');
    const extents = Array.from({ length: count }, () => ({
      index: reader.uint(indexSize),
      offset: base + reader.uint(offsetSize),
      length: reader.uint(lengthSize),
    }));
    locations.push({ id, method, dataReference, extents });
  }
  return { locationVersion: version, indexSize, locations };
}

function readReferences(
  file: Buffer,
  box: Box | undefined,
): Pick<MediaItems, 'referenceVersion' | 'references'> {
  if (box === undefined) return { referenceVersion: 0, references: [] };
  const head = new ByteReader(file, box.data, box.end);
  const referenceVersion = versionOf(head);
  if (referenceVersion > 1) throw new ContainerError('no known iref');
  const width = referenceVersion === 0 ? 2 : 4;
  const references = boxesIn(file, head.at, box.end).map(({ type, start, data, end }) => {
    const reader = new ByteReader(file, data, end);
    const from = reader.uint(width);
    const to = Array.from({ length: reader.uint(2) }, () => reader.uint(width));
    return { type, from, to, box: file.subarray(start, end) };
  });
  return { referenceVersion, references };
}

/** The version of a full box; its flags are passed over. */
function versionOf(reader: ByteReader): number {
  return reader.uint(4) >>> 24;
}
