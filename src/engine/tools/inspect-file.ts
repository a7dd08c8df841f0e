/** All that a picture's file says of itself, in one look. */
import { createHash } from 'node:crypto';
import type { FileInspection, FileProperty } from '../core/file-report.ts';
import { mediaTypeOf } from '../core/media-type.ts';
import { sourceTypeOf } from '../core/source-type.ts';
import { verifyCredentials } from '../finish/credentials/verify-credentials.ts';
import { readTexts, readXmp } from '../finish/mark/mark-image.ts';
import { parseXmp, type XmpDocument } from '../finish/mark/xmp-document.ts';
import { marksIn } from '../finish/mark/xmp-packet.ts';
import { xmpName } from '../finish/mark/xmp-kinds.ts';
import { exifFacts } from './inspect/exif-facts.ts';
import { firstLine, lookAtHead, tryDecoding } from './inspect/picture-facts.ts';

/** Of one kind; a file may have as many as it has bytes. */
const MOST_PROPERTIES = 1_000;
const MOST_CHARACTERS = 4_000_000;

export interface InspectOptions {
  /** Certificates of those whose word is good, PEM. Absent: nobody is trusted. */
  readonly trustAnchors?: string;
}

/**
 * What a file says: its picture, our marks, XMP, IPTC, EXIF, texts, content credentials. Reads PNG, JPEG,
 * WebP, AVIF, GIF and TIFF, of HEIC and BMP what can be read; nothing that could run anything (SVG, PDF). Asks
 * nobody, and never rejects for bad bytes.
 */
export async function inspectFile(
  bytes: Uint8Array,
  options: InspectOptions = {},
): Promise<FileInspection> {
  const type = mediaTypeOf(bytes);
  if (type === undefined) return { kind: 'unusable', reason: noPicture(bytes) };
  let head;
  try {
    head = await lookAtHead(bytes, type);
  } catch (error) {
    const reason = `It begins like a picture (${type}), but cannot be read: ${firstLine(error)}`;
    return { kind: 'unusable', reason };
  }
  const packet = readXmp(bytes) ?? head.xmp;
  const xmp = packet === undefined ? undefined : parseXmp(packet);
  const marks = xmp && marksIn(xmp);
  const sourceType = xmp && sourceTypeIn(xmp);
  const { exif, iptc, tellsPlace } = exifFacts(bytes);
  return {
    kind: 'picture',
    report: {
      bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      picture: head.facts,
      decoding: await tryDecoding(bytes, head.facts),
      ...(marks !== undefined && { marks }),
      ...(sourceType !== undefined && { sourceType }),
      xmp: xmp === undefined ? [] : propertiesOf(xmp),
      iptc,
      exif,
      texts: told(readTexts(bytes).map(({ keyword, text }) => ({ name: keyword, value: text }))),
      tellsPlace: tellsPlace || xmp?.properties.some(tellsPlaceInXmp) === true,
      credentials: await verifyCredentials(bytes, options),
      origins: [],
    },
  };
}

function noPicture(bytes: Uint8Array): string {
  if (bytes.length === 0) return 'The file is empty.';
  const start = Buffer.from(bytes.subarray(0, 300)).toString('latin1').trimStart();
  if (start.startsWith('%PDF')) return 'It is a PDF, which is not looked into.';
  if (/^(<\?xml|<!doctype|<svg|<!--)/i.test(start) && /<svg|svg/i.test(start)) {
    return 'It is an SVG drawing, which is not looked into.';
  }
  return 'It is no picture: none of PNG, JPEG, WebP, AVIF, GIF, TIFF, HEIC and BMP by its first bytes.';
}

function sourceTypeIn({ properties }: XmpDocument): string | undefined {
  const said = properties.find((property) => xmpName(property) === 'Iptc4xmpExt:DigitalSourceType');
  return said && (sourceTypeOf(said.value) ?? said.value);
}

function tellsPlaceInXmp(property: XmpDocument['properties'][number]): boolean {
  return /^exif:GPS(Latitude|Longitude)$/.test(xmpName(property));
}

function propertiesOf({ properties }: XmpDocument): FileProperty[] {
  return told(properties.map((property) => ({ name: xmpName(property), value: property.value })));
}

/** The first ones, as far as a person would ever read. */
function told(properties: readonly FileProperty[]): FileProperty[] {
  let left = MOST_CHARACTERS;
  return properties.slice(0, MOST_PROPERTIES).map(({ name, value }) => {
    const shown = { name: name.slice(0, left), value: value.slice(0, left) };
    left = Math.max(0, left - name.length - value.length);
    return shown;
  });
}
