/** Pictures that processes offer to each other to be finished: a part of `Store`. */
import type { FinishOrder, FinishResult } from '../core/finisher.ts';

export interface FinishingTask {
  readonly id: string;
  /** Capabilities that whoever takes it has to have, all of them. */
  readonly needs: readonly string[];
  /** `blob:HASH`, or `file` where the picture is kept with the task. */
  readonly master: string;
  readonly order: FinishOrder;
}

type FinishedFiles = Extract<FinishResult, { readonly kind: 'finished' }>;

/** What came of a task. The bytes of its files are kept with it, by their place. */
export type FinishingResult =
  | (Omit<FinishedFiles, 'files'> & {
      readonly files: readonly Omit<FinishedFiles['files'][number], 'bytes'>[];
    })
  | Exclude<FinishResult, FinishedFiles>
  /** Whoever took it could not work on it at all. */
  | { readonly kind: 'not-done' };

export interface OfferedTask {
  readonly id: string;
  readonly takenBy?: string;
  readonly result?: FinishingResult;
}

export interface FinishingStore {
  offerFinishing(workerId: string, task: FinishingTask): Promise<void>;
  /** The tasks that a worker has offered, with what came of them. */
  offeredFinishing(workerId: string): Promise<OfferedTask[]>;
  /** Takes a task back; false when somebody works on it. */
  withdrawFinishing(taskId: string): Promise<boolean>;
  /** Offers a task again that a dead worker had taken. */
  freeFinishing(taskId: string, takenBy: string): Promise<void>;
  removeFinishing(taskId: string): Promise<void>;
  /** The oldest task of another worker that this one can do, which is its own from then on. */
  takeFinishing(
    workerId: string,
    capabilities: readonly string[],
  ): Promise<FinishingTask | undefined>;
  /** False when the task is not its own any more. */
  endFinishing(taskId: string, workerId: string, result: FinishingResult): Promise<boolean>;
  /** Removes the tasks of workers that are gone; their ids. */
  removeStrayFinishing(): Promise<string[]>;
}
