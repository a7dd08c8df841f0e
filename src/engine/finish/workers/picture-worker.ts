import type { FinishOrder, FinishResult } from '../../core/finisher.ts';
import { inspectImage } from '../check/check-image.ts';
import type { Inspection } from '../check/image-inspector.ts';
import { finishPicture } from '../finish-image.ts';

/** What a picture's thread can be asked for. */
export type PictureTask =
  | { readonly kind: 'inspect'; readonly bytes: Uint8Array }
  | { readonly kind: 'finish'; readonly bytes: Uint8Array; readonly order: FinishOrder };

/** What a worker thread of `picture-pool.ts` does. */
export default async function work(task: PictureTask): Promise<Inspection | FinishResult> {
  switch (task.kind) {
    case 'inspect':
      return await inspectImage(task.bytes);
    case 'finish':
      return await finishPicture(task.bytes, task.order);
    default:
      return task satisfies never;
  }
}
