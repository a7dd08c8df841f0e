import type { DetectedEncoding } from './text-encoding.ts';

/** A text file whose encoding is known. */
export interface TextSource {
  readonly path: string;
  readonly encoding: DetectedEncoding;
  /** The decoded start of the file, some 64 KiB. */
  readonly sample: string;
  /** Lower case, with its dot; may be empty. */
  readonly extension: string;
}

/** The encoding's warning, if any, as the start of a table's warnings. */
export function encodingWarnings(source: TextSource): string[] {
  return source.encoding.warning === undefined ? [] : [source.encoding.warning];
}
