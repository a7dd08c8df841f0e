import { Tinypool } from 'tinypool';
import { UsageError } from '../../core/errors.ts';
import type { Screening } from '../../core/screening.ts';
import { useNativeGate } from '../workers/native-gate.ts';
import type { SharedWithThreads } from '../workers/worker-threads.ts';
import { openScreenModel, type ScreenModel } from './screen-model.ts';
import type { ScreenPackages } from './screen-packages.ts';

useNativeGate((Tinypool.workerData as SharedWithThreads).nativeGate);

export interface ScreenTask {
  readonly packages: ScreenPackages;
  /** Absent: only the model is loaded. */
  readonly bytes?: Uint8Array;
}

export type ScreenAnswer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'screened'; readonly screening?: Screening }
  /** The picture cannot be decoded. */
  | { readonly kind: 'unreadable'; readonly reason: string }
  /** The model cannot be used; the words say what to install. */
  | { readonly kind: 'unusable'; readonly reason: string };

/** A thread has one model at a time. */
let opened: Promise<ScreenModel> | undefined;

/** What the thread of `screener.ts` does. */
export default async function work({ packages, bytes }: ScreenTask): Promise<ScreenAnswer> {
  try {
    opened ??= openScreenModel(packages);
    const model = await opened;
    if (bytes === undefined) return { kind: 'ready' };
    const screening = await model.screen(bytes);
    return { kind: 'screened', ...(screening !== undefined && { screening }) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    // Errors lose their class on the way out of a thread.
    if (error instanceof UsageError) return { kind: 'unusable', reason };
    return { kind: 'unreadable', reason: reason.split('\n')[0] ?? '' };
  }
}
