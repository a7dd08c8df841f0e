import { withoutExifTexts } from './exif-texts.ts';
import { bufferOf, ContainerError } from './image-container.ts';
import type { ImageContainer } from './image-container.ts';
import { withoutIptcTexts } from './iptc-texts.ts';

const XMP_HEAD = Buffer.from('http://ns.adobe.com/xap/1.0/\0', 'latin1');
const EXTENSION_HEAD = Buffer.from('http://ns.adobe.com/xmp/extension/\0', 'latin1');
const EXIF_HEAD = Buffer.from('Exif\0\0', 'latin1');
const APP0 = 0xe0;
const APP1 = 0xe1;
const APP11 = 0xeb;
const COMMENT = 0xfe;
const APP13 = 0xed;
const START_OF_SCAN = 0xda;
/** A segment's length is 16 bits and counts itself. */
const MOST_SEGMENT_BYTES = 65_533;

interface Segment {
  readonly marker: number;
  readonly start: number;
  readonly end: number;
  readonly data: Buffer;
}

/** JPEG: XMP is an `APP1` segment of at most 64 KB, content credentials are JUMBF boxes in `APP11`. */
export const jpegContainer: ImageContainer = {
  recognises: (bytes) => bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff,
  hasCredentials: (bytes) =>
    segmentsOf(bytes).some(
      ({ marker, data }) => marker === APP11 && data.toString('latin1', 0, 2) === 'JP',
    ),
  readXmp: (bytes) => segmentsOf(bytes).find(isXmp)?.data.toString('utf8', XMP_HEAD.length),
  withXmp: (bytes, packet) => {
    const data = Buffer.concat([XMP_HEAD, Buffer.from(packet ?? '')]);
    if (data.length > MOST_SEGMENT_BYTES) return undefined;
    const file = bufferOf(bytes);
    const kept = segmentsOf(bytes).filter((segment) => !isXmp(segment));
    // JFIF and Exif want to be first; XMP comes right after them.
    const leading = kept.findIndex(({ marker }) => marker !== APP0 && marker !== APP1);
    const pieces = kept.map(({ start, end }) => file.subarray(start, end));
    const place = leading < 0 ? pieces.length : leading;
    return Buffer.concat([
      file.subarray(0, 2),
      ...pieces.slice(0, place),
      ...(packet === undefined ? [] : [buildSegment(APP1, data)]),
      ...pieces.slice(place),
    ]);
  },
  readTexts: (bytes) =>
    segmentsOf(bytes)
      .filter(({ marker }) => marker === COMMENT)
      .map(({ data }) => ({ keyword: 'Comment', text: data.toString() })),
  readExif: (bytes) => segmentsOf(bytes).find(isExif)?.data,
  withoutTexts: (bytes) => {
    const file = bufferOf(bytes);
    const pieces = segmentsOf(bytes)
      .filter((segment) => segment.marker !== COMMENT && !isExtension(segment))
      .map((segment) => {
        const { marker, start, end, data } = segment;
        if (isExif(segment)) return buildSegment(marker, withoutExifTexts(data));
        if (marker === APP13) return buildSegment(marker, withoutIptcTexts(data));
        return file.subarray(start, end);
      });
    return Buffer.concat([file.subarray(0, 2), ...pieces]);
  },
};

function buildSegment(marker: number, data: Buffer): Buffer {
  const length = data.length + 2;
  return Buffer.concat([Buffer.from([0xff, marker, length >> 8, length & 0xff]), data]);
}

function isExif({ marker, data }: Segment): boolean {
  return marker === APP1 && data.subarray(0, EXIF_HEAD.length).equals(EXIF_HEAD);
}

/** The rest of a packet of more than 64 KB (XMP Specification Part 3, 1.1.3.1). */
function isExtension({ marker, data }: Segment): boolean {
  return marker === APP1 && data.subarray(0, EXTENSION_HEAD.length).equals(EXTENSION_HEAD);
}

function isXmp({ marker, data }: Segment): boolean {
  return marker === APP1 && data.subarray(0, XMP_HEAD.length).equals(XMP_HEAD);
}

/** The segments before the pixels; the last one is everything from the first scan to the end. */
function segmentsOf(bytes: Uint8Array): Segment[] {
  const file = bufferOf(bytes);
  const segments: Segment[] = [];
  for (let start = 2; start < file.length;) {
    if (start + 4 > file.length || file[start] !== 0xff) {
      throw new ContainerError('cut JPEG segment');
    }
    const marker = file.readUInt8(start + 1);
    const length = marker === 0xff ? 0 : file.readUInt16BE(start + 2);
    // Any number of fill bytes may stand before a marker.
    let end = marker === 0xff ? start + 1 : start + 2 + length;
    if (marker === START_OF_SCAN) end = file.length;
    if (end > file.length || (marker !== 0xff && length < 2)) {
      throw new ContainerError('cut JPEG segment');
    }
    if (marker !== 0xff) {
      segments.push({ marker, start, end, data: file.subarray(start + 4, end) });
    }
    start = end;
  }
  return segments;
}
