import { Tinypool } from 'tinypool';
import type { CredentialsReport } from '../../core/credentials.ts';
import type { FinishOrder, FinishResult } from '../../core/finisher.ts';
import { inspectImage } from '../check/check-image.ts';
import type { Inspection } from '../check/image-inspector.ts';
import { isSameSigned } from '../credentials/same-signed.ts';
import type { SigningIdentity } from '../credentials/signing-identity.ts';
import { verifyCredentials } from '../credentials/verify-credentials.ts';
import { finishPicture } from '../finish-image.ts';
import { useNativeGate } from './native-gate.ts';

useNativeGate(threadData().nativeGate);

/** What a picture's thread can be asked for. */
export type PictureTask =
  | { readonly kind: 'inspect'; readonly bytes: Uint8Array }
  | { readonly kind: 'finish'; readonly bytes: Uint8Array; readonly order: FinishOrder }
  | { readonly kind: 'verify'; readonly bytes: Uint8Array; readonly trustAnchors?: string }
  | { readonly kind: 'compare'; readonly bytes: Uint8Array; readonly other: Uint8Array };

/** What each thread of a pool has from its start. */
export interface PictureThread {
  /** Absent: finished files are not signed. */
  readonly signing?: SigningIdentity;
}

export interface ThreadData extends PictureThread {
  readonly nativeGate: SharedArrayBuffer;
}

/** What a worker thread of `picture-pool.ts` does. */
export default async function work(
  task: PictureTask,
): Promise<Inspection | FinishResult | CredentialsReport | boolean> {
  switch (task.kind) {
    case 'inspect':
      return await inspectImage(task.bytes);
    case 'finish':
      return await finishPicture(task.bytes, task.order, threadData().signing);
    case 'verify':
      return await verifyCredentials(task.bytes, task);
    case 'compare':
      return await isSameSigned(task.bytes, task.other);
    default:
      return task satisfies never;
  }
}

function threadData(): ThreadData {
  return Tinypool.workerData as ThreadData;
}
