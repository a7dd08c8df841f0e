import type { ImageMarks } from '../../core/finisher.ts';
import { carryMarks, type MarkedFile } from './carry-marks.ts';
import { withContainer } from './containers.ts';
import type { FileText } from './image-container.ts';

/**
 * Writes marks into the bytes of a PNG, JPEG, WebP or AVIF as XMP; no pixel is encoded anew. A file that
 * carries content credentials (C2PA) comes back untouched, and so does one that cannot be parsed.
 */
export function markImage(bytes: Uint8Array, marks: ImageMarks): MarkedFile {
  return carryMarks(bytes, bytes, { kind: 'write', marks });
}

export { marksOf as readMarks } from './carry-marks.ts';

/** Whether a file carries content credentials of its maker. */
export function hasCredentials(bytes: Uint8Array): boolean {
  return withContainer(bytes, (container) => container.hasCredentials(bytes) || undefined) ?? false;
}

/** The XMP packet of a file, as it stands there; `undefined` if it has none or is damaged. */
export function readXmp(bytes: Uint8Array): string | undefined {
  return withContainer(bytes, (container) => container.readXmp(bytes));
}

/** Texts beside XMP and EXIF. */
export function readTexts(bytes: Uint8Array): readonly FileText[] {
  return withContainer(bytes, (container) => container.readTexts(bytes)) ?? [];
}
