/** The batch lanes of a run that is being driven: when they are left, and what happens to their bundles then. */
import { laneName, parseLaneName } from '../core/lane.ts';
import { type DeadlineDeps, isTimeToLeave, waitToLeave } from './lane-deadline.ts';
import type { StoredRun } from '../store/store.ts';

export interface BatchLanesEvents {
  /** These lanes are left: nothing more is to be admitted on them. */
  readonly onLeft: (lanes: readonly string[]) => void;
  /** Requests have moved to the live lane. */
  readonly onMoved: () => void;
  /** Told once, in words. */
  readonly onNotice: (text: string) => void;
  /** The watching itself broke. */
  readonly onDefect: (error: unknown) => void;
}

export class BatchLanes {
  readonly #deps: DeadlineDeps;
  readonly #run: StoredRun;
  readonly #names: readonly string[];
  readonly #events: BatchLanesEvents;
  readonly #leave = new AbortController();
  readonly #drained = new AbortController();
  #watching: Promise<void> = Promise.resolve();
  /** What was not made goes live; of a cancelled run it stays on its lane, at its price. */
  #goesLive = false;

  constructor(
    deps: DeadlineDeps,
    run: StoredRun,
    names: readonly string[],
    events: BatchLanesEvents,
  ) {
    this.#deps = deps;
    this.#run = run;
    this.#names = names;
    this.#events = events;
  }

  /** For bundles: aborted when the vendor shall stop, and when a bundle is to be left at the vendor. */
  get signals(): { readonly leave: AbortSignal; readonly drain: AbortSignal } {
    return { leave: this.#leave.signal, drain: this.#drained.signal };
  }

  /** The run stops: what the vendor has is left there, to be read at the next start. */
  leaveAtVendor(): void {
    this.#drained.abort();
  }

  /** The run is cancelled: the vendor is asked to stop; what it has made already is still taken. */
  cancel(): void {
    this.#leave.abort();
  }

  /**
   * Takes what is not made yet off the batch lanes in time for the live lane: at once when it is late
   * already, so that no batch is begun then.
   */
  async keepDeadline(): Promise<void> {
    if (await isTimeToLeave(this.#deps, this.#run, this.#names)) await this.#goLive();
    else this.#watching = this.#watch().catch((error: unknown) => this.#events.onDefect(error));
  }

  /** Resolves when nothing is watched any more; after `leaveAtVendor`. */
  settle(): Promise<void> {
    return this.#watching;
  }

  async #watch(): Promise<void> {
    const isTime = await waitToLeave(this.#deps, this.#run, this.#names, this.#drained.signal);
    if (isTime && !this.#leave.signal.aborted) await this.#goLive();
  }

  async #goLive(): Promise<void> {
    this.#goesLive = true;
    this.#leave.abort();
    this.#events.onLeft(this.#names);
    this.#events.onNotice('the deadline is near: what no batch has made is made live');
    for (const lane of this.#names) await this.#moveToLive(lane);
  }

  /** A request of this lane was not made and waits again. */
  async returned(lane: string): Promise<void> {
    if (this.#goesLive && this.#names.includes(lane)) await this.#moveToLive(lane);
  }

  async #moveToLive(lane: string): Promise<void> {
    const live = laneName(parseLaneName(lane).model, 'live');
    const moved = await this.#deps.store.moveToLive(this.#run.id, lane, live);
    if (moved > 0) this.#events.onMoved();
  }
}
