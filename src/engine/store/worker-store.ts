/** The processes that share a store, as it keeps them: a part of `Store`. */
import type { WorkerKind, WorkerLoad } from '../core/worker.ts';
import type { StoreLevel } from './store-level.ts';
import type { Worker } from './stored-run.ts';

/** What a process says of itself when it registers. */
export interface WorkerFacts {
  readonly version: string;
  readonly kinds: readonly WorkerKind[];
  /** Vendors whose keys it has (`vendor:openai`), and what its machine can (`signing`, `screening`). */
  readonly capabilities: readonly string[];
  /** Where it keeps images: two processes with the same can read what the other has stored. */
  readonly imagesPlace: string;
}

/** A registered process; one of a version that told nothing of itself has no `facts`. */
export interface RegisteredWorker extends Worker {
  readonly facts?: WorkerFacts;
  readonly startedAt?: number;
  /** Since when it takes up nothing new. */
  readonly drainingAt?: number;
  /** When somebody else found its lease at an end: it can take up nothing under this name any more. */
  readonly endedAt?: number;
  readonly load?: WorkerLoad;
}

/** A run that asks for hands. */
export interface RunWithWork {
  readonly id: string;
  readonly workspace: string;
  readonly workerId: string;
  /** Lanes on which more waits than its owner sends in no time, and nothing stands in the way. */
  readonly lanes: readonly string[];
}

/** A worker at a run that another one owns. */
export interface RunHand {
  readonly workerId: string;
  /** Absent: it has left, or was ended. */
  readonly worker?: Worker;
  /** False: it has left, or its lending broke off. */
  readonly isJoined: boolean;
  /** Attempts under way, but for those of bundles, which go on without anybody. */
  readonly attemptIds: readonly string[];
}

/** What another worker's attempt has come to. */
export interface AttemptNews {
  readonly attemptId: string;
  readonly lane: string;
  readonly what: 'sent' | 'settled' | 'returned' | 'unknown';
  /** Of one that is settled. */
  readonly outcomes?: {
    readonly delivered: number;
    readonly refused: number;
    readonly failed: number;
  };
  readonly itemIds: readonly string[];
}

export interface WorkerStore {
  /** How far newer programs have brought the store, and which may write. */
  level(): Promise<StoreLevel>;
  /** Why this program may not write any more, in words; `undefined`: it may. */
  tooOld(): Promise<string | undefined>;
  /** Throws `UsageError` where this program is too old. */
  registerWorker(worker: Worker, facts?: WorkerFacts): Promise<void>;
  /** False: its lease had ended and somebody has noticed; it must register anew. */
  renewWorker(
    workerId: string,
    leaseUntil: number,
    now?: { readonly load: WorkerLoad; readonly isDraining: boolean },
  ): Promise<boolean>;
  removeWorker(workerId: string): Promise<void>;
  /** One whose lease was found at an end counts as gone. */
  findWorker(workerId: string): Promise<Worker | undefined>;
  /**
   * Ends a worker that is taken for dead, so that it can take up nothing more; `isDead`: whatever its lease says.
   * False when it has renewed its lease meanwhile.
   */
  fenceWorker(workerId: string, isDead: boolean): Promise<boolean>;
  registeredWorkers(): Promise<RegisteredWorker[]>;

  /** Running runs of services that others own, with what waits there for nothing but somebody to send it. */
  runsWithWork(workerId: string): Promise<RunWithWork[]>;
  /** Lets a worker send requests of a running run beside its owner; false when the run does not run any more. */
  joinRun(runId: string, workerId: string): Promise<boolean>;
  leaveRun(runId: string, workerId: string): Promise<void>;
  /** Workers that have lent a hand and have not left, and those that have attempts of the run under way. */
  handsOf(runId: string, except: string): Promise<RunHand[]>;
  /** The run's journal so far: what comes later has larger numbers. */
  lastEvent(runId: string): Promise<number>;
  /** What other workers' attempts came to after an event, in order, a page of it; `last`: the event read last. */
  newsElsewhere(
    runId: string,
    workerId: string,
    after: number,
  ): Promise<{
    readonly news: readonly AttemptNews[];
    readonly last: number;
    readonly hasMore: boolean;
  }>;
}
