/** What a picture's file says of itself, as `tools inspect` tells it. All texts are as others wrote them. */
import type { CredentialsReport } from './credentials.ts';
import type { ImageMarks } from './finisher.ts';

export interface PictureFacts {
  /** `PNG`, `JPEG`, `WebP`, `AVIF`, `GIF`, `TIFF`, `HEIC`, `BMP`. */
  readonly format: string;
  /** In pixels, the right way up. */
  readonly width: number;
  readonly height: number;
  /** `srgb`, `cmyk`, `b-w`, … */
  readonly colourSpace: string;
  /** Bits of a channel. */
  readonly bits: number;
  readonly channels: number;
  readonly hasAlpha: boolean;
  /** 1: it does not move. */
  readonly frames: number;
  /** EXIF's, 1 to 8: how it is turned for showing. Absent: not said. */
  readonly orientation?: number;
  /** The colour profile's own name of itself. Absent: none. */
  readonly colourProfile?: string;
}

/** Whether every pixel of it can be decoded. */
export type Decoding =
  | { readonly kind: 'whole' }
  | { readonly kind: 'broken'; readonly reason: string }
  /** It is larger than is looked at, or there is no decoder for it here. */
  | { readonly kind: 'unchecked'; readonly reason: string };

export interface FileProperty {
  /** `dc:creator`, `Copyright`, `parameters`. */
  readonly name: string;
  readonly value: string;
}

/** What Imagemill knows of the file beside what stands in it. */
export type KnownOrigin =
  /** The store has these very bytes as a master, or the item that the marks name. */
  | {
      readonly kind: 'master' | 'item';
      readonly runId: string;
      readonly itemId: string;
      readonly row: number;
      readonly index: number;
      /** Path inside the run's out folder. */
      readonly file?: string;
    }
  /** The manifest of a folder above it vouches for these very bytes. */
  | {
      readonly kind: 'delivered';
      readonly manifest: string;
      readonly runId: string;
      readonly file: string;
      readonly row?: number;
      readonly itemId?: string;
    };

export interface FileReport {
  readonly bytes: number;
  readonly sha256: string;
  readonly picture: PictureFacts;
  readonly decoding: Decoding;
  /** Our own. */
  readonly marks?: ImageMarks;
  /** IPTC's digital source type, as it stands in XMP: a term of the list, or whatever it says. */
  readonly sourceType?: string;
  readonly xmp: readonly FileProperty[];
  readonly iptc: readonly FileProperty[];
  readonly exif: readonly FileProperty[];
  /** PNG's text chunks, JPEG's comments. */
  readonly texts: readonly FileProperty[];
  /** Whether it tells the place where it was taken (GPS). */
  readonly tellsPlace: boolean;
  readonly credentials: CredentialsReport;
  readonly origins: readonly KnownOrigin[];
}

export type FileInspection =
  | { readonly kind: 'picture'; readonly report: FileReport }
  /** No picture, or not to be read; why, and what to do. */
  | { readonly kind: 'unusable'; readonly reason: string };
