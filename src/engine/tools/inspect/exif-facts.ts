import ExifReader from 'exifreader';
import type { FileProperty } from '../../core/file-report.ts';
import { readComment } from '../../finish/mark/exif-texts.ts';

export interface ExifFacts {
  readonly exif: readonly FileProperty[];
  readonly iptc: readonly FileProperty[];
  readonly tellsPlace: boolean;
}

const NOTHING: ExifFacts = { exif: [], iptc: [], tellsPlace: false };
/** Tags that say nothing to a person: places inside of the file, whole profiles and thumbnails. */
const INSIDE =
  /Pointer$|Offset|ByteCounts|^JPEGInterchange|^MakerNote$|^ICC_Profile$|^ApplicationNotes$|^Padding$|^PrintIM$|undefined-/;
const MOST_TAGS = 400;
const MOST_CHARACTERS = 20_000;

/** EXIF and IPTC-IIM of a file; nothing when they are damaged. Nothing is unpacked for it. */
export function exifFacts(bytes: Uint8Array): ExifFacts {
  try {
    const { exif, iptc, gps } = ExifReader.load(
      Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length),
      {
        expanded: true,
        includeTags: { exif: true, iptc: true, gps: true },
      },
    );
    return {
      exif: propertiesOf(exif),
      iptc: propertiesOf(iptc),
      tellsPlace: gps?.Latitude !== undefined || gps?.Longitude !== undefined,
    };
  } catch {
    // No metadata at all comes as an error as well.
    return NOTHING;
  }
}

function propertiesOf(tags: object | undefined): FileProperty[] {
  return Object.entries(tags ?? {})
    .filter(([name]) => !INSIDE.test(name))
    .slice(0, MOST_TAGS)
    .map(([name, tag]) => ({ name, value: textOf(name, tag).slice(0, MOST_CHARACTERS) }))
    .filter(({ value }) => value !== '');
}

/** ExifReader says of a comment in two bytes a letter only that it is one. */
function textOf(name: string, tag: unknown): string {
  const { value } = tag as { readonly value?: unknown };
  if (name !== 'UserComment' || !Array.isArray(value)) return valueOf(tag);
  return readComment(Buffer.from(value as number[])).trim();
}

/** A tag, or a list of them (keywords). */
function valueOf(tag: unknown): string {
  if (Array.isArray(tag)) return tag.map(valueOf).join(', ');
  const { description, value } = tag as {
    readonly description?: unknown;
    readonly value?: unknown;
  };
  const words = description ?? value;
  return typeof words === 'string' || typeof words === 'number' ? String(words).trim() : '';
}
