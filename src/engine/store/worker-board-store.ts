/** What people are shown of processes and of work that nobody has: a part of `Store`. */
import type { ByWorkerKind } from '../core/worker-board.ts';

export interface OwnedRun {
  readonly runId: string;
  readonly workerId: string;
}

export interface WorkerBoardStore {
  /** Runs that run, with the processes that own them, the oldest first. */
  ownedRuns(most: number): Promise<OwnedRun[]>;
  /**
   * Work of services that may be done now and that no living process has: runs, pictures, jobs. Of one workspace runs
   * and jobs only, since pictures are offered by processes.
   */
  untakenWork(workspace?: string): Promise<ByWorkerKind>;
  /** Living processes that send requests of a run beside its owner. */
  countHands(runId: string): Promise<number>;
}
