/**
 * The work that processes of one store share, as far as this one takes part: runs of its own and of others, pictures
 * to finish, jobs. A server and a worker do the same here; a server answers requests beside it.
 */
import { WORKER_KINDS, type WorkerKind, type WorkerLoad } from '../core/worker.ts';
import type { HandKeeper } from './hand-keeper.ts';
import type { RunKeeper } from '../drive/run-keeper.ts';
import type { WorkerLease } from '../drive/worker-lease.ts';

interface JobWork {
  start(options: { readonly onDefect?: (jobId: string, error: unknown) => void }): void;
  drain(): Promise<void>;
}

interface FinishingWork {
  readonly finishing: number;
  readonly finished: number;
  start(options: { readonly onDefect?: (taskId: string, error: unknown) => void }): void;
  drain(): Promise<void>;
}

export interface SharedWorkParts {
  readonly runs: RunKeeper;
  readonly hands: HandKeeper;
  /** Absent where pictures are shared with nobody. */
  readonly finishing?: FinishingWork;
  readonly jobs: JobWork;
  readonly lease: WorkerLease;
  /** What this process takes; default: everything. */
  readonly kinds?: readonly WorkerKind[];
  readonly inFlight: () => number;
  /** Requests sent to an end since the start. */
  readonly ended: () => number;
}

export interface SharedWorkOptions {
  /** Something of ours broke; the rest goes on. */
  readonly onDefect?: (what: 'run' | 'job' | 'picture', id: string, error: unknown) => void;
  readonly onNotice?: (runId: string, text: string) => void;
}

export class SharedWork {
  readonly kinds: readonly WorkerKind[];
  readonly #parts: SharedWorkParts;

  constructor(parts: SharedWorkParts) {
    this.#parts = parts;
    this.kinds = parts.kinds ?? WORKER_KINDS;
  }

  get load(): WorkerLoad {
    const { runs, hands, finishing, inFlight, ended } = this.#parts;
    return {
      runs: runs.driven,
      hands: hands.lent,
      inFlight: inFlight(),
      finishing: finishing?.finishing ?? 0,
      ended: ended(),
      finished: finishing?.finished ?? 0,
    };
  }

  start({ onDefect, onNotice }: SharedWorkOptions = {}): void {
    const { runs, hands, finishing, jobs } = this.#parts;
    if (this.kinds.includes('runs')) {
      const onBroken = (id: string, error: unknown) => onDefect?.('run', id, error);
      runs.start({ onDefect: onBroken, ...(onNotice && { onNotice }) });
      hands.start({ onDefect: onBroken });
    }
    if (this.kinds.includes('finishing')) {
      finishing?.start({ onDefect: (id, error) => onDefect?.('picture', id, error) });
    }
    if (this.kinds.includes('jobs')) {
      jobs.start({ onDefect: (id, error) => onDefect?.('job', id, error) });
    }
  }

  /** Takes up nothing more, lets what is in flight end, and resolves then. */
  async drain(): Promise<void> {
    const { runs, hands, finishing, jobs, lease } = this.#parts;
    await lease.drain();
    await Promise.all([runs.drain(), hands.drain(), finishing?.drain(), jobs.drain()]);
  }
}
