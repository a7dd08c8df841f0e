import sharp from 'sharp';
import type { FileFacts, Finisher } from '../core/finisher.ts';
import { knownFormat } from './check-image.ts';
import { markImage, readMarks } from './mark-image.ts';
import { resizeDelivery } from './resize-delivery.ts';

/**
 * The finisher of real runs: scale, convert, mark. The heavy work runs on sharp's own threads; callers
 * bound how many are under way at once.
 */
export const imageFinisher: Finisher = {
  finish: async (master, { size, format, marks }) => {
    const { bytes, ...facts } = await resizeDelivery(master, size, format);
    return { ...facts, ...markImage(bytes, marks) };
  },
  describe: async (file) => {
    const metadata = await sharp(file)
      .metadata()
      .catch(() => undefined);
    const format = knownFormat(metadata?.format);
    if (metadata === undefined || format === undefined) return undefined;
    const { width, height } = metadata.autoOrient;
    return { width, height, format, marked: readMarks(file) !== undefined } satisfies FileFacts;
  },
};
