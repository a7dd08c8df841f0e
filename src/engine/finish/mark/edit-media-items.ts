/**
 * Puts one item of metadata into a picture file of boxes, in place of an old one or beside the others,
 * and puts every place that the file tells right again. The pictures' own bytes are only moved.
 */
import { bufferOf } from './image-container.ts';
import { boxesIn, buildBox, figures, type Box } from './media-boxes.ts';
import { readItems, type ItemLocation, type MediaItems } from './media-items.ts';

export interface ItemEdit {
  /** The item that goes. */
  readonly replaces?: number;
  /** What comes, described as belonging to the primary item; absent: nothing. */
  readonly contentType?: string;
  readonly data?: Buffer;
}

/** Boxes that tell no places of others; in any further one could be a place that we do not know of. */
const KNOWN_BOXES = ['ftyp', 'meta', 'mdat', 'free', 'skip', 'wide', 'uuid'];
const MOST_FILE_BYTES = 0xffff_ffff;
const MOST_SHORT_ID = 0xffff;
/** Of `infe`: the item is not shown (ISO 23008-12 §6.4.2). */
const HIDDEN = 1;

interface Range {
  readonly start: number;
  readonly end: number;
}

/** `undefined` for a file that is built in a way that is not known here. */
export function editItems(bytes: Uint8Array, edit: ItemEdit): Buffer | undefined {
  const file = bufferOf(bytes);
  const boxes = boxesIn(file, 0, file.length);
  const meta = boxes.find(({ type }) => type === 'meta');
  if (meta === undefined || boxes.some(({ type }) => !KNOWN_BOXES.includes(type))) return undefined;
  const items = readItems(file, meta);
  const gone = items.locations.find(({ id }) => id === edit.replaces);
  const kept = items.locations.filter((location) => location !== gone);
  const cuts = gone?.method === 0 ? rangesOf(gone) : [];
  const idatCuts = gone?.method === 1 ? rangesOf(gone) : [];
  if (
    !isUsual(items, gone, boxes, file.length) ||
    overlap(kept, 0, cuts) ||
    overlap(kept, 1, idatCuts)
  ) {
    return undefined;
  }
  const id = edit.replaces ?? Math.max(...items.infos.map((info) => info.id)) + 1;
  if (id > MOST_SHORT_ID || file.length + (edit.data?.length ?? 0) > MOST_FILE_BYTES - 10_000) {
    return undefined;
  }
  const buildMeta = (moved: readonly ItemLocation[]): Buffer =>
    buildMetaBox(file, meta, items, { ...edit, id, idatCuts, locations: moved });
  const placed = (place: number): ItemLocation[] =>
    edit.data === undefined ? [] : [whole(id, place, edit.data.length)];
  // Where things come to lie does not change how long the box is that tells it.
  const metaLength = buildMeta([...kept, ...placed(0)]).length;
  const layout = layOut(file, boxes, cuts, metaLength);
  const moved = kept.map((location) => move(location, layout.moved, idatCuts));
  const place = layout.length + 8;
  return Buffer.concat([
    ...layout.pieces(buildMeta([...moved, ...placed(place)])),
    ...(edit.data === undefined ? [] : [buildBox('mdat', edit.data)]),
  ]);
}

/** Whether everything that an item is made of lies where it can be found again. */
function isUsual(
  { locations, infos, idat }: MediaItems,
  gone: ItemLocation | undefined,
  boxes: readonly Box[],
  fileLength: number,
): boolean {
  const media = boxes.filter(({ type }) => type === 'mdat');
  const isInFile = ({ offset, length }: { offset: number; length: number }) =>
    length > 0 && media.some(({ data, end }) => offset >= data && offset + length <= end);
  const idatLength = idat === undefined ? 0 : idat.end - idat.data;
  const told = locations
    .flatMap(({ extents }) => extents)
    .reduce((sum, { length }) => sum + length, 0);
  return (
    // Pieces may be shared, but not so often that to compare them would take all day.
    told <= 4 * fileLength &&
    infos.length > 0 &&
    new Set(locations.map(({ id }) => id)).size === locations.length &&
    (gone?.method ?? 0) <= 1 &&
    locations.every(
      ({ method, dataReference, extents }) =>
        dataReference === 0 &&
        (method === 0
          ? extents.every(isInFile)
          : method === 2 ||
            extents.every(({ offset, length }) => length > 0 && offset + length <= idatLength)),
    )
  );
}

function rangesOf({ extents }: ItemLocation): Range[] {
  return extents.map(({ offset, length }) => ({ start: offset, end: offset + length }));
}

function overlap(
  locations: readonly ItemLocation[],
  method: number,
  cuts: readonly Range[],
): boolean {
  return locations
    .filter((location) => location.method === method)
    .flatMap(rangesOf)
    .some(({ start, end }) => cuts.some((cut) => start < cut.end && cut.start < end));
}

interface Layout {
  readonly length: number;
  /** A place of the old file in the new one. */
  readonly moved: (place: number) => number;
  readonly pieces: (meta: Buffer) => readonly Buffer[];
}

/** The boxes one behind the other, `meta` in its new length, and `mdat` without what is cut. */
function layOut(
  file: Buffer,
  boxes: readonly Box[],
  cuts: readonly Range[],
  metaLength: number,
): Layout {
  const parts: { readonly box: Box; readonly start: number; readonly piece: Buffer }[] = [];
  let length = 0;
  for (const box of boxes) {
    const piece = box.type === 'mdat' ? cutBox(file, box, cuts) : file.subarray(box.start, box.end);
    parts.push({ box, start: length, piece });
    length += box.type === 'meta' ? metaLength : piece.length;
  }
  return {
    length,
    moved: (place) => {
      const part = parts.findLast(({ box }) => box.data <= place);
      if (part === undefined) return place;
      return part.start + 8 + place - part.box.data - lengthBefore(cuts, part.box.data, place);
    },
    pieces: (meta) => parts.map(({ box, piece }) => (box.type === 'meta' ? meta : piece)),
  };
}

/** A box without some of its bytes; nothing at all when nothing is left of what it held. */
function cutBox(file: Buffer, { type, data, end }: Box, cuts: readonly Range[]): Buffer {
  const left = without(file, data, end, cuts);
  return left.length === 0 && end > data ? left : buildBox(type, left);
}

function without(file: Buffer, start: number, end: number, cuts: readonly Range[]): Buffer {
  const pieces: Buffer[] = [];
  let from = start;
  for (const cut of cuts.toSorted((a, b) => a.start - b.start)) {
    if (cut.end <= start || cut.start >= end) continue;
    if (cut.start > from) pieces.push(file.subarray(from, cut.start));
    from = Math.max(from, cut.end);
  }
  return Buffer.concat([...pieces, file.subarray(Math.min(from, end), end)]);
}

function lengthBefore(cuts: readonly Range[], start: number, place: number): number {
  let [length, from] = [0, start];
  for (const cut of cuts.toSorted((a, b) => a.start - b.start)) {
    const [first, last] = [Math.max(cut.start, from), Math.min(cut.end, place)];
    if (last > first) length += last - first;
    from = Math.max(from, last);
  }
  return length;
}

function move(
  location: ItemLocation,
  moved: (place: number) => number,
  idatCuts: readonly Range[],
): ItemLocation {
  if (location.method > 1) return location;
  const place = (offset: number) =>
    location.method === 0 ? moved(offset) : offset - lengthBefore(idatCuts, 0, offset);
  const extents = location.extents.map((extent) => ({ ...extent, offset: place(extent.offset) }));
  return { ...location, extents };
}

function whole(id: number, offset: number, length: number): ItemLocation {
  return { id, method: 0, dataReference: 0, extents: [{ index: 0, offset, length }] };
}

interface MetaEdit extends ItemEdit {
  readonly id: number;
  readonly idatCuts: readonly Range[];
  readonly locations: readonly ItemLocation[];
}

function buildMetaBox(file: Buffer, meta: Box, items: MediaItems, edit: MetaEdit): Buffer {
  const children = items.children.flatMap(({ type, start, data, end }) => {
    switch (type) {
      case 'iinf':
        return [buildInfos(items, edit)];
      case 'iloc':
        return [buildLocations(items, edit.locations)];
      case 'iref':
        return [];
      case 'idat':
        return [buildBox('idat', without(file, data, end, shifted(edit.idatCuts, data)))];
      default:
        return [file.subarray(start, end)];
    }
  });
  return buildBox(
    'meta',
    file.subarray(meta.data, meta.data + 4),
    ...children,
    ...buildReferences(items, edit),
  );
}

function shifted(ranges: readonly Range[], by: number): Range[] {
  return ranges.map(({ start, end }) => ({ start: start + by, end: end + by }));
}

/** `infe` version 2: id, protection, type, an empty name, content type. */
function buildInfos({ infoVersion, infos }: MediaItems, edit: MetaEdit): Buffer {
  const { id, replaces, contentType } = edit;
  const boxes = infos.filter((info) => info.id !== replaces).map(({ box }) => box);
  if (contentType !== undefined) {
    const head = figures([(2 << 24) | HIDDEN, 4], [id, 2], [0, 2]);
    boxes.push(buildBox('infe', head, Buffer.from(`mime\0${contentType}\0`, 'latin1')));
  }
  const count = figures([infoVersion << 24, 4], [boxes.length, infoVersion === 0 ? 2 : 4]);
  return buildBox('iinf', count, ...boxes);
}

/** Places are written from the start of the file, in 32 bits. */
function buildLocations(
  { locationVersion: version, indexSize }: MediaItems,
  locations: readonly ItemLocation[],
): Buffer {
  const idWidth = version < 2 ? 2 : 4;
  const entries = locations.map(({ id, method, dataReference, extents }) =>
    figures(
      [id, idWidth],
      ...(version === 0 ? [] : [[method, 2] as const]),
      [dataReference, 2],
      [extents.length, 2],
      ...extents.flatMap(
        ({ index, offset, length }) =>
          [
            [index, Math.min(indexSize, 4)],
            [offset, 4],
            [length, 4],
          ] as const,
      ),
    ),
  );
  const head = figures([version << 24, 4], [0x44, 1], [Math.min(indexSize, 4), 1]);
  return buildBox('iloc', head, figures([locations.length, idWidth]), ...entries);
}

/** What describes what; nothing at all when there is nothing to say. */
function buildReferences(
  { referenceVersion, references, primary }: MediaItems,
  { id, replaces, data }: MetaEdit,
): readonly Buffer[] {
  const boxes = references
    .filter(
      ({ from, to }) => replaces === undefined || (from !== replaces && !to.includes(replaces)),
    )
    .map(({ box }) => box);
  if (data !== undefined) {
    const width = referenceVersion === 0 ? 2 : 4;
    boxes.push(buildBox('cdsc', figures([id, width], [1, 2], [primary, width])));
  }
  if (boxes.length === 0) return [];
  return [buildBox('iref', figures([referenceVersion << 24, 4]), ...boxes)];
}
