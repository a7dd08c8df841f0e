import type { Flag } from '../../core/flag.ts';
import { covers, formatSize } from '../../core/size.ts';
import type { Size } from '../../core/size.ts';
import type { PictureMeasures } from '../../core/picture-measures.ts';
import type { ImageFormat } from '../../core/quality.ts';

/** What was found in the bytes of an answer. */
export type Inspection =
  | {
      readonly kind: 'image';
      readonly width: number;
      readonly height: number;
      readonly format: ImageFormat;
      /** Practically one colour: nothing was painted. */
      readonly blank: boolean;
      readonly measures: PictureMeasures;
      /** A WebP, where one was asked for and nothing of the picture is clear. */
      readonly thumbnail?: Uint8Array;
    }
  | { readonly kind: 'broken'; readonly reason: string };

/** Looks at bytes; the engine's port to whatever decodes pictures. It never rejects for bad bytes. */
export type ImageInspector = (bytes: Uint8Array) => Promise<Inspection>;

export type Judgement =
  | { readonly ok: true }
  | { readonly ok: false; readonly reason: string; readonly flag: Flag };

/** Whether a picture may count as delivered: it decodes, is not blank, and covers the size asked. */
export function judgeImage(inspection: Inspection, asked: Size): Judgement {
  if (inspection.kind === 'broken') {
    return { ok: false, reason: `broken: ${inspection.reason}`, flag: { kind: 'broken' } };
  }
  if (!covers(inspection, asked)) {
    return {
      ok: false,
      reason: `wrong size: ${formatSize(inspection)} for ${formatSize(asked)}`,
      flag: { kind: 'wrong-size' },
    };
  }
  if (inspection.blank) return { ok: false, reason: 'blank', flag: { kind: 'blank' } };
  return { ok: true };
}
