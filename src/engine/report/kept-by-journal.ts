import type { Clock } from '../core/clock.ts';
import type { StoredRun } from '../store/store.ts';

/** What tells whether anything has happened in a run. */
export type RunMoment = Pick<StoredRun, 'id' | 'state' | 'events' | 'reading'>;

/** Answers that are kept; the oldest makes room. */
const MOST_KEPT = 200;

interface Kept<Value> {
  readonly moment: RunMoment;
  readonly value: Promise<Value>;
  /** When it is found anew for a run in which something happens. */
  until: number;
}

/**
 * Answers for which all items of a run are looked through. Each is kept for as long as the run's journal
 * stays as it is; while the run is worked on, or read in, for `pauseTimes` as long as it took to find.
 */
export class KeptByJournal<Value> {
  readonly #clock: Clock;
  readonly #pauseTimes: number;
  readonly #kept = new Map<string, Kept<Value>>();

  constructor(clock: Clock, pauseTimes: number) {
    this.#clock = clock;
    this.#pauseTimes = pauseTimes;
  }

  /** `of`: what is asked about the run, where answers to several questions are kept together. */
  get(run: RunMoment, find: () => Promise<Value>, of = ''): Promise<Value> {
    const key = `${run.id} ${of}`;
    const known = this.#kept.get(key);
    if (known !== undefined && this.#holds(known, run)) return known.value;
    const begun = this.#clock.now();
    const kept: Kept<Value> = { moment: run, value: find(), until: Infinity };
    this.#keep(key, kept);
    kept.value.then(
      () => {
        const now = this.#clock.now();
        kept.until = now + this.#pauseTimes * (now - begun);
      },
      () => {
        if (this.#kept.get(key) === kept) this.#kept.delete(key);
      },
    );
    return kept.value;
  }

  #holds({ moment, until }: Kept<Value>, run: RunMoment): boolean {
    const { state, events, reading } = run;
    const isStill = moment.events === events && moment.state === state && !moment.reading;
    if (isStill && !reading) return true;
    return (state === 'running' || reading) && this.#clock.now() < until;
  }

  #keep(key: string, kept: Kept<Value>): void {
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MOST_KEPT && oldest !== undefined) this.#kept.delete(oldest);
  }
}
