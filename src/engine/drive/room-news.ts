/**
 * Who waits for what the ends of others' requests give back (slots, held credits), and who tells of it. An end is
 * told to the other processes only while one of them has said that it waits: most ends free what nobody waits for,
 * and each telling wakes everybody. Whoever waits says so now and then, and looks by itself as often, so that nothing
 * depends on a signal.
 */
import { type Obstacle, OWN_TURNS } from '../core/admission.ts';
import type { Clock } from '../core/clock.ts';
import { isAbout, type Signals } from '../ports/signals.ts';

/** What was freed before the others knew that somebody waits is found so soon. */
const FIRST_LOOK_MS = 1_000;
/** A process that waits says so, and looks, this often. */
const SAY_AGAIN_MS = 5_000;
/** For so long it is told of ends without saying so again: two of its words may be missed. */
const WANTED_MS = 15_000;
/** Processes of older versions wait without a word: as long as a long call they are told of every end. */
const OLDER_WANTED_MS = 600_000;

export interface RoomNewsDeps {
  readonly clock: Clock;
  readonly signals: Signals;
}

/** One schedule that may wait. */
export interface RoomWatch extends Disposable {
  /** What its lanes wait for now. */
  waits(waits: Readonly<Record<string, Obstacle>>): void;
}

export class RoomNews {
  readonly #deps: RoomNewsDeps;
  readonly #waiting = new Set<() => void>();
  #isListening = false;
  #asking = new AbortController();
  #saidAt = -Infinity;
  #wantedUntil = -Infinity;

  constructor(deps: RoomNewsDeps) {
    this.#deps = deps;
  }

  /** `wake` is called when something that it waits for may have been given back. */
  watch(wake: () => void): RoomWatch {
    const own = () => wake();
    this.#listen();
    return {
      waits: (waits) => this.#setWaiting(own, Object.values(waits).some(endsByOthers)),
      [Symbol.dispose]: () => this.#setWaiting(own, false),
    };
  }

  /** A request of this process has ended. */
  freed(): void {
    const { clock, signals } = this.#deps;
    if (clock.now() < this.#wantedUntil) signals.notify('slots');
  }

  /** As long as the process lives, once it has sent something. */
  #listen(): void {
    if (this.#isListening) return;
    this.#isListening = true;
    // Somebody may have said it before, and says it again.
    this.#want(WANTED_MS);
    this.#deps.signals.subscribe((topic) => {
      if (isAbout(topic, 'slots-wanted')) this.#want(WANTED_MS);
      if (topic === 'older') this.#want(OLDER_WANTED_MS);
      if (isAbout(topic, 'slots')) this.#wakeAll();
    });
  }

  #want(forMs: number): void {
    this.#wantedUntil = Math.max(this.#wantedUntil, this.#deps.clock.now() + forMs);
  }

  #wakeAll(): void {
    for (const wake of this.#waiting) wake();
  }

  #setWaiting(own: () => void, isWaiting: boolean): void {
    const before = this.#waiting.size;
    if (isWaiting) this.#waiting.add(own);
    else this.#waiting.delete(own);
    if (before === 0 && this.#waiting.size > 0) {
      this.#asking = new AbortController();
      void this.#keepAsking(this.#asking.signal);
    }
    if (this.#waiting.size === 0) this.#asking.abort();
  }

  async #keepAsking(over: AbortSignal): Promise<void> {
    for (let waitMs = FIRST_LOOK_MS; !over.aborted; waitMs = SAY_AGAIN_MS) {
      this.#say();
      await this.#deps.clock.sleep(waitMs, over);
      if (!over.aborted) this.#wakeAll();
    }
  }

  #say(): void {
    const { clock, signals } = this.#deps;
    const now = clock.now();
    if (now - this.#saidAt < SAY_AGAIN_MS) return;
    this.#saidAt = now;
    signals.notify('slots-wanted');
  }
}

/** Whether an end of another process's request may be the end of it. */
function endsByOthers({ limit, endsEarly }: Obstacle): boolean {
  return endsEarly === true && limit !== OWN_TURNS;
}
