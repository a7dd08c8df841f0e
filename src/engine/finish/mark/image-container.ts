/**
 * A file format as a container of metadata: reading and replacing its XMP packet without touching the
 * pixels. One implementation each for PNG, JPEG, WebP and AVIF.
 */
export interface ImageContainer {
  /** Whether the bytes are of this format, by their first bytes. */
  recognises(bytes: Uint8Array): boolean;
  /** Whether it carries content credentials (C2PA), which any change would break. */
  hasCredentials(bytes: Uint8Array): boolean;
  readXmp(bytes: Uint8Array): string | undefined;
  /**
   * The same file with this packet as its only one, or with none; `undefined` when the packet does not
   * fit, or when the file is built in a way that is not known here.
   */
  withXmp(bytes: Uint8Array, packet: string | undefined): Uint8Array | undefined;
  /** Texts beside XMP and EXIF: PNG's text chunks, JPEG's comments. Damaged ones are left out. */
  readTexts(bytes: Uint8Array): readonly FileText[];
  /** Its EXIF, with or without `Exif\0\0` before it. */
  readExif(bytes: Uint8Array): Buffer | undefined;
  /** The same file without what may hold a prompt beside XMP: text chunks, comments, EXIF's texts. */
  withoutTexts(bytes: Uint8Array): Uint8Array;
}

export interface FileText {
  /** PNG's keyword of it: `parameters`. */
  readonly keyword: string;
  readonly text: string;
}

/** A damaged container is no reason to fail: it is delivered as it is. */
export class ContainerError extends Error {
  override readonly name = 'ContainerError';
}

/** Views bytes as a `Buffer` without copying them. */
export function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
