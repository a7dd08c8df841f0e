import sharp, { type Metadata } from 'sharp';
import type { FileFacts, Finisher, FinishOrder, FinishResult } from '../core/finisher.ts';
import type { FileFormat } from '../core/quality.ts';
import { resizeDelivery } from './convert/resize-delivery.ts';
import { hasCredentials, markImage, readMarks } from './mark/mark-image.ts';

/**
 * Finishes one master: scale, convert, mark. Takes the calling thread's time: `workers/` calls it in
 * others.
 */
export async function finishPicture(
  master: Uint8Array,
  { size, recipe, marks }: FinishOrder,
): Promise<FinishResult> {
  const [output] = recipe?.outputs ?? [];
  const encode = output?.steps.find((step) => step.kind === 'encode');
  const { bytes, ...facts } = await resizeDelivery(master, size, encode?.format);
  const marked = marks.kind === 'write' ? markImage(bytes, marks.marks) : { bytes, marked: false };
  return {
    kind: 'finished',
    files: [{ ...facts, ...marked }],
    keepsOriginal: bytes !== master && hasCredentials(master),
  };
}

/** The facts of a delivered file, from its head; `undefined` when it is no picture of ours. */
export async function describeFile(file: Uint8Array): Promise<FileFacts | undefined> {
  const metadata = await sharp(file)
    .metadata()
    .catch(() => undefined);
  const format = metadata && fileFormatOf(metadata);
  if (metadata === undefined || format === undefined) return undefined;
  const { width, height } = metadata.autoOrient;
  return { width, height, format, marked: readMarks(file) !== undefined };
}

/** Both in the calling thread. */
export const imageFinisher: Finisher = { finish: finishPicture, describe: describeFile };

/** sharp calls AVIF after its container. */
export function fileFormatOf({ format, compression }: Metadata): FileFormat | undefined {
  if (format === 'heif') return compression === 'av1' ? 'avif' : undefined;
  return format === 'png' || format === 'jpeg' || format === 'webp' ? format : undefined;
}
