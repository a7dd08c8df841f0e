/** How fast a run is, from what ended lately. Pure: time is handed in. */

interface Mark {
  readonly at: number;
  readonly ended: number;
}

/** A pace that a limit allows: what was made from a burst's beginning to the end of the wait after it. */
interface AllowedPace {
  readonly perMs: number;
  readonly until: number;
  /** When it says nothing any more: no wait has followed the last one. */
  readonly staleAt: number;
}

/** Long enough to see over the pauses of a per-minute limit. */
const WINDOW_MS = 150_000;
/** Before this nothing can be said. */
const LEAST_MS = 1_500;

export class Pace {
  readonly #marks: Mark[] = [];
  #allowed: AllowedPace | undefined;

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

  /** Nothing goes on before `until`: what was made so far is all that the limit allows until then. */
  blocked(now: number, until: number): void {
    const first = this.#marks[0];
    const last = this.#marks.at(-1);
    if (first === undefined || last === undefined || last.ended === first.ended) return;
    if (until <= now || this.#allowed?.until === until) return;
    const perMs = (last.ended - first.ended) / (until - first.at);
    this.#allowed = { perMs, until, staleAt: until + (until - now) };
  }

  /** Items a minute, as measured; `undefined` while there is too little to tell. */
  perMinute(now: number): number | undefined {
    const first = this.#marks[0];
    const last = this.#marks.at(-1);
    if (first === undefined || last === undefined || last.ended === first.ended) return undefined;
    const elapsed = now - first.at;
    return elapsed < LEAST_MS ? undefined : ((last.ended - first.ended) / elapsed) * 60_000;
  }

  /** When `left` more will have ended, as far as it can be told. */
  doneAt(left: number, now: number): number | undefined {
    const allowed = this.#allowed;
    if (allowed !== undefined && now < allowed.staleAt) {
      return Math.max(allowed.until, now + left / allowed.perMs);
    }
    const perMinute = this.perMinute(now);
    return perMinute === undefined ? undefined : now + (left / perMinute) * 60_000;
  }
}
