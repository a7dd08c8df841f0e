import type { FinishOrder, FinishResult } from '../core/finisher.ts';
import { closeFile } from './close-file.ts';
import { openMaster } from './convert/open-master.ts';
import { planOutputs } from './convert/plan-outputs.ts';
import { UnusablePicture } from './convert/unusable.ts';
import { hasCredentials, readXmp } from './mark/mark-image.ts';

/** Larger ones are copied in a thread, not in the caller's. About a millisecond a copy. */
const MOST_BYTES = 4 * 1024 * 1024;

/**
 * Finishes a master whose pixels stay as they are, in the calling thread: only marks are put into it, which
 * takes less than handing it to another thread and back. `undefined` for all that is more: a recipe, a size,
 * a large file, what the file says of itself already, and what cannot be finished.
 */
export async function finishUnchanged(
  bytes: Uint8Array,
  order: FinishOrder,
): Promise<FinishResult | undefined> {
  const isMore = order.recipe !== undefined || bytes.length > MOST_BYTES;
  if (isMore || hasCredentials(bytes) || readXmp(bytes) !== undefined) return undefined;
  try {
    const master = await openMaster(bytes);
    const [output, ...others] = planOutputs(master, order.size, undefined);
    if (output === undefined || others.length > 0 || !output.isMaster) return undefined;
    const closed = await closeFile(bytes, { master, marks: order.marks });
    const file = { ...output.size, format: output.encode.format, ...closed };
    return { kind: 'finished', files: [file], keepsOriginal: false };
  } catch (error) {
    if (error instanceof UnusablePicture) return undefined;
    throw error;
  }
}
