/** How fast a run is, from what ended lately. Pure: time is handed in. */

interface Mark {
  readonly at: number;
  readonly ended: number;
}

/** Long enough to see over the pauses of a per-minute limit. */
const WINDOW_MS = 150_000;
/** Before this nothing can be said. */
const LEAST_MS = 1_500;

export class Pace {
  #marks: Mark[] = [];

  /** `ended`: items that have an outcome by now. */
  add(at: number, ended: number): void {
    const last = this.#marks.at(-1);
    if (last !== undefined && last.ended === ended && this.#marks.length > 1) {
      this.#marks[this.#marks.length - 1] = { at, ended };
    } else {
      this.#marks.push({ at, ended });
    }
    while (this.#marks.length > 2 && at - (this.#marks[1]?.at ?? at) >= WINDOW_MS) {
      this.#marks.shift();
    }
  }

  /** Items a minute; `undefined` while there is too little to tell. */
  perMinute(now: number): number | undefined {
    const first = this.#marks[0];
    const last = this.#marks.at(-1);
    if (first === undefined || last === undefined || last.ended === first.ended) return undefined;
    const elapsed = now - first.at;
    return elapsed < LEAST_MS ? undefined : ((last.ended - first.ended) / elapsed) * 60_000;
  }

  /** Milliseconds until `left` more have ended at this pace. */
  remainingMs(left: number, now: number): number | undefined {
    const perMinute = this.perMinute(now);
    return perMinute === undefined ? undefined : (left / perMinute) * 60_000;
  }
}
