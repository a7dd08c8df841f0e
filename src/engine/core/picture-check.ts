/** What a file of a picture is found to be, by itself. How it compares with others is judged later. */
import type { ImageMarks } from './finisher.ts';
import type { PictureType } from './media-type.ts';
import type { PictureMeasures } from './picture-measures.ts';
import type { Screening } from './screening.ts';

export type PictureCheck = CheckedPicture | UnreadPicture;

export interface CheckedPicture {
  readonly kind: 'picture';
  /** Hex, of the whole file. */
  readonly sha256: string;
  readonly mediaType: PictureType;
  /** As it is shown. */
  readonly width: number;
  readonly height: number;
  /** Practically one colour. */
  readonly blank: boolean;
  readonly measures: PictureMeasures;
  /** More than one; only the first is measured. */
  readonly frames?: number;
  /** Stored on its side, with a note on how to turn it. */
  readonly turned?: true;
  /** Colours that much software shows wrong, or more than 8 bits each. */
  readonly colours?: 'cmyk' | 'deep';
  /** As far as they tell which image it is. */
  readonly marks?: Pick<ImageMarks, 'runId' | 'itemId' | 'model'>;
  /** Content credentials; absent: it has none. `problem`: what is wrong with broken ones. */
  readonly credentials?: {
    readonly kind: 'valid' | 'untrusted' | 'broken';
    readonly problem?: string;
  };
  /** Flagged for review. Absent: not flagged, or not screened. */
  readonly screening?: Screening;
}

/** `broken`: it is no whole picture. `unread`: it may be one, and is not looked into here. */
export interface UnreadPicture {
  readonly kind: 'broken' | 'unread';
  readonly sha256: string;
  readonly reason: string;
  /** What its first bytes say that it is. */
  readonly mediaType?: PictureType;
}
