import { Tinypool } from 'tinypool';
import type { FinishOrder, FinishResult } from '../../core/finisher.ts';
import type { PictureCheck } from '../../core/picture-check.ts';
import { giveBack } from '../../core/give-back.ts';
import type { Inspection } from '../check/image-inspector.ts';
import type { SigningIdentity } from '../credentials/signing-identity.ts';
import { useNativeGate } from './native-gate.ts';
import type { SharedWithThreads } from './worker-threads.ts';

useNativeGate(threadData().nativeGate);

/** What a picture's thread can be asked for. */
export type PictureTask =
  | { readonly kind: 'inspect'; readonly bytes: Uint8Array; readonly thumbnailSide?: number }
  | { readonly kind: 'finish'; readonly bytes: Uint8Array; readonly order: FinishOrder }
  | { readonly kind: 'check'; readonly bytes: Uint8Array; readonly trustAnchors?: string }
  | { readonly kind: 'compare'; readonly bytes: Uint8Array; readonly other: Uint8Array };

/** What each thread of a pool has from its start. */
export interface PictureThread {
  /** Absent: finished files are not signed. */
  readonly signing?: SigningIdentity;
}

/** What a worker thread of `picture-pool.ts` does. It loads what a kind of task needs with the first of it. */
export default async function work(
  task: PictureTask,
): Promise<Inspection | PictureCheck | FinishResult | boolean> {
  switch (task.kind) {
    case 'inspect': {
      const { inspectImage } = await import('../check/check-image.ts');
      const inspection = await inspectImage(task.bytes, task.thumbnailSide);
      giveBack(task.bytes);
      return inspection;
    }
    case 'finish': {
      const { finishPicture } = await import('../finish-image.ts');
      return await finishPicture(task.bytes, task.order, threadData().signing);
    }
    case 'check': {
      const { checkPicture } = await import('../check/check-picture.ts');
      return await checkPicture(task.bytes, task);
    }
    case 'compare':
      return await isSame(task.bytes, task.other, threadData());
    default:
      return task satisfies never;
  }
}

function threadData(): PictureThread & SharedWithThreads {
  return Tinypool.workerData as PictureThread & SharedWithThreads;
}

/** Who signs nothing has signed none of them. */
async function isSame(
  existing: Uint8Array,
  fresh: Uint8Array,
  { signing }: PictureThread,
): Promise<boolean> {
  if (signing === undefined) return false;
  const { isSameSigned } = await import('../credentials/same-signed.ts');
  return await isSameSigned(existing, fresh, signing);
}
