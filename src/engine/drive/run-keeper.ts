/** Keeps the runs of a service going: takes up what may be worked on, many at once, until it is told to stop. */
import type { Clock } from '../core/clock.ts';
import type { DriveOptions } from '../engine-types.ts';
import { isAbout, type Signals } from '../ports/signals.ts';
import type { Store, StoredRun } from '../store/store.ts';
import { waitForWake } from './wait-for-wake.ts';
import type { WorkerLease } from './worker-lease.ts';

/** Runs driven at a time; further ones wait for a place, each workspace in its turn. */
const MOST_AT_ONCE = 2_000;
/** Another process may have died: what it left is looked for this often. */
const LOOK_AGAIN_MS = 5_000;
/** A run that broke may have met a fault that passes: it is tried again after this, then after twice as long. */
const BROKEN_PAUSE_MS = 5_000;
const LONGEST_BROKEN_PAUSE_MS = 3_600_000;

export interface RunKeeperDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly signals: Signals;
  readonly lease: Pick<WorkerLease, 'isOwn' | 'isAlive'>;
  /** Works on a run until nothing more can be done in it now, unless somebody else has it. */
  readonly work: (runId: string, options: DriveOptions) => Promise<unknown>;
  /** Whether another process should rather have it. Default: none should. */
  readonly isForUs?: (runId: string) => Promise<boolean>;
}

export interface KeepOptions {
  /** Told of a run that ended by a defect; the keeper goes on with the others. */
  readonly onDefect?: (runId: string, error: unknown) => void;
  readonly onNotice?: (runId: string, text: string) => void;
}

interface Broken {
  readonly times: number;
  readonly until: number;
}

/** Whether a run that was listed may still be taken up without being asked for. */
export function mayBeKept({ state, reason }: Pick<StoredRun, 'state' | 'reason'>): boolean {
  if (state === 'stopped') return reason === 'interrupted' || reason === 'storage';
  return state === 'planned' || state === 'running';
}

export class RunKeeper {
  readonly #deps: RunKeeperDeps;
  readonly #driven = new Map<string, Promise<void>>();
  readonly #drain = new AbortController();
  #wake = Promise.withResolvers<void>();
  /** What is to be looked at next: all runs, or those that somebody has named. */
  #wanted: Set<string> | 'all' = 'all';
  /** How often somebody asked to look at all. */
  #looks = 0;
  /** Runs that were named while they were worked on. */
  readonly #again = new Set<string>();
  #keeping: Promise<void> | undefined;
  /** Runs that ended by a defect: they are left alone for a while, or until somebody asks for them. */
  readonly #broken = new Map<string, Broken>();

  constructor(deps: RunKeeperDeps) {
    this.#deps = deps;
  }

  /** Begins to keep; a second call changes nothing. */
  start(options: KeepOptions = {}): void {
    this.#keeping ??= this.#keep(options);
  }

  /** How many runs are being worked on in this process. */
  get driven(): number {
    return this.#driven.size;
  }

  /**
   * Something changed that may let runs go on; `runId` is taken up even if it broke before. Where this process keeps
   * none, the others are told.
   */
  wake(runId?: string): void {
    if (this.#keeping === undefined) this.#deps.signals.notify('runs');
    if (runId === undefined) {
      this.#looks += 1;
      this.#wanted = 'all';
    } else {
      this.#broken.delete(runId);
      if (this.#wanted !== 'all') this.#wanted.add(runId);
    }
    this.#wake.resolve();
  }

  /** Resolves when nobody in this process works on the run any more; at once if nobody does. */
  async ended(runId: string): Promise<void> {
    await this.#driven.get(runId);
  }

  /** Takes up nothing more, lets what is in flight end, and resolves then. */
  async drain(): Promise<void> {
    this.#drain.abort();
    this.wake();
    await this.#keeping;
  }

  async #keep(options: KeepOptions): Promise<void> {
    const { clock, signals } = this.#deps;
    const unsubscribe = signals.subscribe((topic) => {
      if (isAbout(topic, 'runs')) this.wake();
    });
    try {
      while (!this.#drain.signal.aborted) {
        const wake = this.#wake.promise;
        await this.#takeUp(options).catch((error: unknown) => {
          this.#wanted = 'all';
          options.onDefect?.('', error);
        });
        const why = await waitForWake(clock, wake, LOOK_AGAIN_MS);
        this.#wake = Promise.withResolvers();
        if (why === 'time' && !this.#drain.signal.aborted) {
          this.#wanted = 'all';
          // Credits may have come while a run was stopping for want of them.
          await this.#reopen(options);
        }
      }
    } finally {
      unsubscribe();
      await Promise.all(this.#driven.values());
    }
  }

  async #reopen(options: KeepOptions): Promise<void> {
    await this.#deps.store.reopenRuns().catch((error: unknown) => options.onDefect?.('', error));
  }

  async #takeUp(options: KeepOptions): Promise<void> {
    const room = MOST_AT_ONCE - this.#driven.size;
    if (room <= 0) return;
    const only = this.#takeWanted();
    if (only?.size === 0) return;
    const taken = new Set([...this.#driven.keys(), ...this.#resting()]);
    const alive = new Map<string, boolean>();
    for (const { id, workerId } of await this.#deps.store.runsToKeep(taken, room, only)) {
      if (this.#driven.has(id) || this.#drain.signal.aborted) continue;
      if (workerId !== undefined && (await this.#isAlive(workerId, alive))) continue;
      if ((await this.#deps.isForUs?.(id)) === false) continue;
      this.#begin(id, options);
    }
  }

  /** The runs that were named and are not being worked on; `undefined`: all are to be looked at. */
  #takeWanted(): ReadonlySet<string> | undefined {
    const wanted = this.#wanted;
    this.#wanted = new Set();
    if (wanted === 'all') return undefined;
    for (const id of wanted) {
      if (this.#driven.has(id) && wanted.delete(id)) this.#again.add(id);
    }
    return wanted;
  }

  #resting(): string[] {
    const now = this.#deps.clock.now();
    return [...this.#broken].filter(([, { until }]) => until > now).map(([id]) => id);
  }

  #broke(runId: string): void {
    const times = (this.#broken.get(runId)?.times ?? 0) + 1;
    const pauseMs = Math.min(BROKEN_PAUSE_MS * 2 ** (times - 1), LONGEST_BROKEN_PAUSE_MS);
    this.#broken.set(runId, { times, until: this.#deps.clock.now() + pauseMs });
  }

  /** Asked once for each worker, whatever it works on. This process may take up again what it has. */
  async #isAlive(workerId: string, known: Map<string, boolean>): Promise<boolean> {
    const before = known.get(workerId);
    if (before !== undefined) return before;
    const { store, lease } = this.#deps;
    const worker = (await lease.isOwn(workerId)) ? undefined : await store.findWorker(workerId);
    const isAlive = worker !== undefined && (await lease.isAlive(worker));
    known.set(workerId, isAlive);
    return isAlive;
  }

  #begin(runId: string, options: KeepOptions): void {
    const looks = this.#looks;
    const work = this.#deps
      .work(runId, {
        drain: this.#drain.signal,
        onNotice: (text) => options.onNotice?.(runId, text),
      })
      .then(() => void this.#broken.delete(runId))
      .catch((error: unknown) => {
        this.#broke(runId);
        options.onDefect?.(runId, error);
      })
      .finally(() => {
        const hasWaiting = this.#driven.size >= MOST_AT_ONCE;
        this.#driven.delete(runId);
        const isNamed = this.#again.delete(runId);
        // It was passed over while it was worked on.
        if (hasWaiting || looks !== this.#looks) this.wake();
        else if (isNamed) this.wake(runId);
      });
    this.#driven.set(runId, work);
  }
}
