/**
 * What a paid call has come to is written down even when the database is away for some minutes, or its disk
 * is full: its answer is nowhere else, and the vendor is never asked to make it again.
 */
import type { Clock } from '../core/clock.ts';
import { StorageError } from '../core/errors.ts';
import { isAway } from '../store/is-away.ts';
import type { Store } from '../store/store.ts';

const TRY_AGAIN_MS = 1_000;
/** After so many times the answer is given up: its outcome is unknown then. */
const MOST_TIMES_AWAY = 600;
/** A full disk stops the run as well, and somebody may be waiting for that: as long as pictures are tried. */
const MOST_TIMES_FULL = 120;

const ENDINGS: ReadonlySet<string | symbol> = new Set<keyof Store>([
  'accepted',
  'settle',
  'returned',
  'markUnknown',
  'bundleAccepted',
  'returnBundle',
  // An owner waits for hands that have not left.
  'leaveRun',
]);

export interface LastingStoreDeps {
  readonly store: Store;
  readonly clock: Clock;
  /** Aborted when the engine stops at once. */
  readonly stop: AbortSignal;
}

/**
 * The store, with endings that are tried again while the database is away. One that was written without our
 * hearing of it is `fenced` at its repetition: it changes nothing twice.
 */
export function lastingStore(deps: LastingStoreDeps): Store {
  return new Proxy(deps.store, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function' || !ENDINGS.has(name)) return member;
      return (...rest: unknown[]) =>
        untilBack(deps, async () => Reflect.apply(member, target, rest) as unknown);
    },
  });
}

async function untilBack<Result>(
  { clock, stop }: LastingStoreDeps,
  write: () => Promise<Result>,
): Promise<Result> {
  for (let times = 1; ; times += 1) {
    try {
      return await write();
    } catch (error) {
      if (times >= mostTimes(error) || stop.aborted) throw error;
      await clock.sleep(TRY_AGAIN_MS, stop);
    }
  }
}

function mostTimes(error: unknown): number {
  if (error instanceof StorageError) return MOST_TIMES_FULL;
  return isAway(error) ? MOST_TIMES_AWAY : 0;
}
