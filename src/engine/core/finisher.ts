/**
 * The seam between delivery and the pixels: a stored master in, the bytes of finished files out.
 * Finishing can be repeated at any time for nothing. Without content credentials it is pure: the same
 * master and order give the same bytes.
 */
import type { FileFormat } from './quality.ts';
import type { Recipe } from './recipe.ts';
import type { Size } from './size.ts';
import type { SourceType } from './source-type.ts';

/** What a picture says of itself once it has left us; what is not known of it is left out. */
export interface ImageMarks {
  /** Name and version of what made the marks: `Imagemill 0.1.0`. */
  readonly generator: string;
  /** IPTC: made by a trained model, by a plain algorithm (the demo), or else. */
  readonly source: SourceType;
  readonly model?: string;
  readonly vendor?: string;
  readonly prompt?: string;
  readonly negativePrompt?: string;
  readonly seed?: number;
  /** Of the sheet, from 1. */
  readonly row?: number;
  /** Of the row's images, from 1. */
  readonly index?: number;
  readonly runId?: string;
  readonly itemId?: string;
  /** ISO 8601. */
  readonly createdAt?: string;
}

/** What finished files say of themselves. A file with content credentials is never touched. */
export type MarkOrder =
  /** These, beside what the master says of itself. */
  | {
      readonly kind: 'write';
      readonly marks: ImageMarks;
      /** Also instead of what the master says of the same things: a person says so. */
      readonly overrides?: true;
      /** No prompt in the file, neither in the marks nor from the master. */
      readonly withoutPrompts?: true;
    }
  /** What the master says of itself is carried over. */
  | { readonly kind: 'keep'; readonly withoutPrompts?: true }
  /** Nothing; a master that is delivered as it is stays as it is. */
  | { readonly kind: 'none' };

export interface FinishOrder {
  /** The size that was asked for: a larger master is scaled down to it first, a smaller one is left. */
  readonly size?: Size;
  /** Absent: one file, as the model made it. */
  readonly recipe?: Recipe;
  readonly marks: MarkOrder;
}

export interface FileFacts extends Size {
  readonly format: FileFormat;
  /** Whether it carries our marks (a vendor's file with content credentials is never touched). */
  readonly marked: boolean;
}

export interface FinishedFile extends FileFacts {
  /** The recipe's name of it; absent: it has the image's own name. */
  readonly output?: string;
  readonly bytes: Uint8Array;
}

export type FinishResult =
  | {
      readonly kind: 'finished';
      /** One for each output of the recipe, in its order. */
      readonly files: readonly FinishedFile[];
      /** The master is signed by its maker and no file is it: it belongs beside them, untouched. */
      readonly keepsOriginal: boolean;
    }
  /** The master cannot be finished so; `reason` says why and what to do. */
  | { readonly kind: 'unusable'; readonly reason: string };

export interface Finisher {
  /** Pictures that other processes would take now, beside those that are finished here. Absent: none. */
  atOnce?(): number;
  /** Never rejects for bad bytes. */
  finish(master: Uint8Array, order: FinishOrder): Promise<FinishResult>;
  /** The facts of a delivered file, from its head; `undefined` when it is no picture of ours. */
  describe(file: Uint8Array): Promise<FileFacts | undefined>;
  /**
   * Whether `existing` is `fresh`, signed at another time: signatures have other bytes each time. Absent:
   * files are not signed, so that the same file has the same bytes.
   */
  readonly isSameSigned?: (existing: Uint8Array, fresh: Uint8Array) => Promise<boolean>;
}
