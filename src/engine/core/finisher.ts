/**
 * The seam between delivery and the pixels: a stored master in, the bytes of a delivered file out.
 * Finishing is pure: the same master and order give the same bytes, so it can be repeated for nothing.
 */
import type { ImageFormat } from './quality.ts';
import type { Size } from './size.ts';

/** What a picture says of itself once it has left us. */
export interface ImageMarks {
  /** Name and version of what made the file: `Imagemill 0.1.0`. */
  readonly generator: string;
  /** IPTC: made by a trained model, or by a plain algorithm (the demo). */
  readonly source: 'trainedAlgorithmicMedia' | 'algorithmicMedia';
  readonly model: string;
  readonly vendor: string;
  readonly prompt: string;
  readonly negativePrompt?: string;
  readonly seed?: number;
  readonly row: number;
  readonly index: number;
  readonly runId: string;
  readonly itemId: string;
  /** ISO 8601. */
  readonly createdAt: string;
}

export interface FinishOrder {
  /** The size that was asked for; a larger master is scaled down to it, a smaller one is left. */
  readonly size: Size;
  /** Absent: as the model made it. */
  readonly format?: ImageFormat;
  readonly marks: ImageMarks;
}

export interface FileFacts extends Size {
  readonly format: ImageFormat;
  /** Whether it carries our marks (a file with content credentials is never touched). */
  readonly marked: boolean;
}

export interface FinishedImage extends FileFacts {
  readonly bytes: Uint8Array;
}

export interface Finisher {
  finish(master: Uint8Array, order: FinishOrder): Promise<FinishedImage>;
  /** The facts of a delivered file, from its head; `undefined` when it is no picture of ours. */
  describe(file: Uint8Array): Promise<FileFacts | undefined>;
}
