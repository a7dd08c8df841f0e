/** Reads the lines of an ended bundle, a few at a time, and again where the reading broke off. */
import type { BundleWork, Passenger } from './bundle-work.ts';
import type { BundleLine } from '../vendors/vendor.ts';

/** Readings before giving up: about two minutes with growing waits. Each starts at what is left. */
const TRIES = 7;
const FIRST_WAIT_MS = 1_000;
/** Lines decoded and stored at a time: a picture of 3 MB takes some 20 MB while it is looked at. */
const LINES_AT_ONCE = 2;
/** Between two lines; a file of gigabytes may take hours as a whole. */
const LONGEST_SILENCE_MS = 10 * 60_000;

export type Missing =
  /** The results were read to their end; these have no line in them. */
  | { readonly kind: 'read'; readonly passengers: readonly Passenger[] }
  | {
      readonly kind: 'broken-off';
      readonly passengers: readonly Passenger[];
      readonly reason: string;
    }
  | { readonly kind: 'left'; readonly passengers: readonly Passenger[] };

export async function readBundleResults(
  { deps, lane }: BundleWork,
  passengers: readonly Passenger[],
  ref: string,
  onLine: (passenger: Passenger, line: BundleLine) => Promise<void>,
): Promise<Missing> {
  const left = new Map(passengers.map((passenger) => [passenger.request.key, passenger]));
  let waitMs = FIRST_WAIT_MS;
  let reason = '';
  for (let tries = 1; tries <= TRIES; tries += 1) {
    const silence = new Silence(deps.clock, deps.stop);
    try {
      const requests = [...left.values()].map(({ request }) => request);
      const lines = lane.lane.results!(ref, requests, { signal: silence.signal });
      await eachOf(lines, silence, async (line) => {
        const passenger = left.get(line.key);
        if (passenger === undefined || !left.delete(line.key)) return;
        await onLine(passenger, line);
      });
      return { kind: deps.stop.aborted ? 'left' : 'read', passengers: [...left.values()] };
    } catch (error) {
      if (!(error instanceof ReadingError)) throw error;
      reason = error.message;
    } finally {
      await silence.end();
    }
    if (deps.stop.aborted || left.size === 0) break;
    await deps.clock.sleep(waitMs, deps.stop);
    waitMs *= 2;
  }
  const rest = [...left.values()];
  if (deps.stop.aborted) return { kind: 'left', passengers: rest };
  return { kind: rest.length === 0 ? 'read' : 'broken-off', passengers: rest, reason };
}

/** The lane's own error, told apart from one of ours, which must not be taken for a lost line. */
class ReadingError extends Error {
  override readonly name = 'ReadingError';
}

/**
 * Takes the next line only while fewer than `LINES_AT_ONCE` are being worked on. An error of the work
 * ends it: a line whose end was not written down must not be taken for one that has ended.
 */
async function eachOf(
  lines: AsyncIterable<BundleLine>,
  silence: Silence,
  work: (line: BundleLine) => Promise<void>,
): Promise<void> {
  const running = new Set<Promise<void>>();
  const defects: unknown[] = [];
  const reader = lines[Symbol.asyncIterator]();
  const readAll = async () => {
    while (defects.length === 0) {
      const next = await silence.within(reader.next()).catch((error: unknown) => {
        throw new ReadingError(error instanceof Error ? error.message : String(error));
      });
      if (next.done === true) break;
      const task = work(next.value)
        .catch((error: unknown) => void defects.push(error))
        .finally(() => running.delete(task));
      running.add(task);
      if (running.size >= LINES_AT_ONCE) await Promise.race(running);
    }
  };
  try {
    await readAll();
  } catch (error) {
    // A defect of the work comes first: that reading is not begun again.
    await Promise.all(running);
    if (defects.length === 0) throw error;
  } finally {
    await Promise.all(running);
    await reader.return?.();
  }
  if (defects.length > 0) throw defects[0];
}

/** Ends a reading in which nothing comes any more. */
class Silence {
  readonly #clock: BundleWork['deps']['clock'];
  readonly #ended = new AbortController();
  readonly #tooLong = new AbortController();
  readonly signal: AbortSignal;
  #since: number;
  readonly #watch: Promise<void>;

  constructor(clock: BundleWork['deps']['clock'], stop: AbortSignal) {
    this.#clock = clock;
    this.#since = clock.now();
    this.signal = AbortSignal.any([stop, this.#tooLong.signal]);
    this.#watch = this.#run();
  }

  async within<Result>(next: Promise<Result>): Promise<Result> {
    this.#since = this.#clock.now();
    const result = await next;
    this.#since = this.#clock.now();
    return result;
  }

  async end(): Promise<void> {
    this.#ended.abort();
    await this.#watch;
  }

  async #run(): Promise<void> {
    for (;;) {
      const leftMs = this.#since + LONGEST_SILENCE_MS - this.#clock.now();
      if (leftMs <= 0) return this.#tooLong.abort();
      await this.#clock.sleep(leftMs, this.#ended.signal);
      if (this.#ended.signal.aborted) return;
    }
  }
}
