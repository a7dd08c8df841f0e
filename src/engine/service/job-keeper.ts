/** Works on jobs that came in through a service, one of each workspace at a time, until it is told to stop. */
import type { Clock } from '../core/clock.ts';
import { waitForWake } from '../drive/wait-for-wake.ts';
import { ImagemillError, StorageError } from '../core/errors.ts';
import type { OrderedJob } from '../store/ordered-job-store.ts';
import type { Store } from '../store/store.ts';
import type { JobReport, Tools } from '../tools/tools.ts';

/** Jobs worked on at a time; the threads that pictures are worked on in are bounded by themselves. */
const MOST_AT_ONCE = 4;
/** Open jobs that are looked through for the next ones. */
const MOST_READ = 1_000;
/** Another process may have died or cancelled a job: that is looked for so often. */
const LOOK_AGAIN_MS = 5_000;
/** A job that another living process works on is left alone for so long. */
const OWNED_MS = 15_000;
/** A job whose disk or bucket fails is tried again after this, then after twice as long, so many times. */
const FAULT_PAUSE_MS = 5_000;
const LONGEST_FAULT_PAUSE_MS = 600_000;
const MOST_FAULTS = 16;

export interface JobKeeperDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly toolsOf: (workspace: string) => Pick<Tools, 'workOn'>;
  /** Makes its pictures be here. */
  readonly makeReady: (job: OrderedJob) => Promise<void>;
  /** What a check has found, once its pictures were looked at. */
  readonly conclude: (job: OrderedJob, report: JobReport) => Promise<unknown>;
}

export interface KeepJobsOptions {
  /** Told of a job that ended by a defect; the others go on. */
  readonly onDefect?: (jobId: string, error: unknown) => void;
}

interface Working {
  readonly workspace: string;
  readonly stop: AbortController;
  readonly ended: Promise<void>;
}

export class JobKeeper {
  readonly #deps: JobKeeperDeps;
  readonly #working = new Map<string, Working>();
  /** Until when a job is left to the process that has it, or to a fault that may pass. */
  readonly #left = new Map<string, number>();
  /** Faults of a job in a row. */
  readonly #faults = new Map<string, number>();
  readonly #drain = new AbortController();
  #wake = Promise.withResolvers<void>();
  #keeping: Promise<void> | undefined;
  #options: KeepJobsOptions = {};

  constructor(deps: JobKeeperDeps) {
    this.#deps = deps;
  }

  /** Begins to keep; a second call changes nothing. */
  start(options: KeepJobsOptions = {}): void {
    this.#options = options;
    this.#keeping ??= this.#keep();
  }

  /** There may be something new to work on. */
  wake(): void {
    this.#wake.resolve();
  }

  /** Lets the pictures in flight end, and begins no further one of this job. */
  stop(jobId: string): void {
    this.#working.get(jobId)?.stop.abort();
  }

  /** Takes up nothing more, lets what is in flight end, and resolves then. */
  async drain(): Promise<void> {
    this.#drain.abort();
    this.wake();
    await this.#keeping;
  }

  async #keep(): Promise<void> {
    const { clock } = this.#deps;
    while (!this.#drain.signal.aborted) {
      const wake = this.#wake.promise;
      await this.#takeUp().catch((error: unknown) => this.#options.onDefect?.('', error));
      await waitForWake(clock, wake, LOOK_AGAIN_MS);
      this.#wake = Promise.withResolvers();
    }
    await Promise.all([...this.#working.values()].map(({ ended }) => ended));
  }

  async #takeUp(): Promise<void> {
    const { store, clock } = this.#deps;
    const open = await store.openOrderedJobs(MOST_READ);
    const ids = new Set(open.map(({ id }) => id));
    for (const [id, { stop }] of this.#working) if (!ids.has(id)) stop.abort();
    for (const job of open) {
      if (this.#drain.signal.aborted || this.#working.size >= MOST_AT_ONCE) return;
      const isBusy = [...this.#working.values()].some((each) => each.workspace === job.workspace);
      if (!isBusy && (this.#left.get(job.id) ?? 0) <= clock.now()) this.#begin(job);
    }
  }

  #begin(job: OrderedJob): void {
    const { id, workspace } = job;
    const stop = new AbortController();
    const ended = this.#work(job, AbortSignal.any([stop.signal, this.#drain.signal]))
      .catch((error: unknown) => this.#options.onDefect?.(id, error))
      .finally(() => {
        this.#working.delete(id);
        this.wake();
      });
    this.#working.set(id, { workspace, stop, ended });
  }

  async #work(job: OrderedJob, drain: AbortSignal): Promise<void> {
    const { store } = this.#deps;
    // It may have been cancelled since it was listed.
    if (!(await store.changeOrderedJob(job.id, { state: 'working' }))) return;
    try {
      await this.#workOn(job, drain);
    } catch (error) {
      if (error instanceof StorageError && error.fault === 'failed' && this.#leave(job)) return;
      const isOurs = !(error instanceof ImagemillError);
      const problem = isOurs ? 'Something of ours broke. The log tells what.' : error.message;
      await store.changeOrderedJob(job.id, { state: 'failed', problem });
      if (isOurs) throw error;
    }
  }

  async #workOn(job: OrderedJob, drain: AbortSignal): Promise<void> {
    const { store, clock, toolsOf, makeReady, conclude } = this.#deps;
    await makeReady(job);
    const isCheck = job.kind === 'check';
    const result = await toolsOf(job.workspace).workOn(job.jobId, {
      drain,
      // What could not be looked at before may be there now.
      ...(isCheck && { retryFailed: true }),
    });
    if (result.kind === 'owned') {
      this.#left.set(job.id, clock.now() + OWNED_MS);
      return;
    }
    this.#left.delete(job.id);
    const { report } = result;
    if (report.mayPass === true && this.#leave(job)) return;
    this.#faults.delete(job.id);
    if (report.stopped !== undefined) {
      await store.changeOrderedJob(job.id, { state: 'failed', problem: report.stopped });
    } else if (report.job.state === 'done') {
      const outcome = isCheck ? await conclude(job, report) : undefined;
      await store.changeOrderedJob(job.id, { state: 'done', outcome });
    }
    // Else it was told to stop: it was cancelled, or whoever keeps the service next goes on with it.
  }

  /** Lets the job wait for the fault to pass; false: it has had its chances. */
  #leave({ id }: OrderedJob): boolean {
    const faults = (this.#faults.get(id) ?? 0) + 1;
    this.#faults.set(id, faults);
    if (faults > MOST_FAULTS) return false;
    const pauseMs = Math.min(FAULT_PAUSE_MS * 2 ** (faults - 1), LONGEST_FAULT_PAUSE_MS);
    this.#left.set(id, this.#deps.clock.now() + pauseMs);
    return true;
  }
}
