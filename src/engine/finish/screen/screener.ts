import { UsageError } from '../../core/errors.ts';
import type { Screening } from '../../core/screening.ts';
import { findScreenPackages, type ScreenPackages } from './screen-packages.ts';
import { startWorkerThreads, type WorkerThreads } from '../workers/worker-threads.ts';
import type { ScreenAnswer, ScreenTask } from './screen-worker.ts';

/** Flags pictures for review, in a thread of its own. */
export interface Screener extends AsyncDisposable {
  /** Throws `UsageError` that says what to install, before any picture is worked on. */
  ready(): Promise<void>;
  /** `undefined`: not flagged, or not decodable; it says nothing about the picture. */
  screen(bytes: Uint8Array): Promise<Screening | undefined>;
}

/**
 * One thread, however many cores there are: the runtime spreads each picture over them, and the model is
 * in memory once, half a gigabyte, until there was nothing to do for a while. It starts with its first
 * picture. `folders`: absolute paths where packages are looked for.
 */
export function createScreener(folders: readonly string[]): Screener {
  let pool: WorkerThreads | undefined;
  let packages: ScreenPackages | undefined;
  const run = async (given?: Uint8Array): Promise<ScreenAnswer> => {
    packages ??= findScreenPackages(folders);
    pool ??= startWorkerThreads(new URL('./screen-worker', import.meta.url), 1);
    if (given === undefined) return (await pool.run({ packages }, [])) as ScreenAnswer;
    const bytes = new Uint8Array(given);
    const task: ScreenTask = { packages, bytes };
    const answer = (await pool.run(task, [bytes.buffer])) as ScreenAnswer;
    return answer;
  };
  const answered = async (given?: Uint8Array): Promise<ScreenAnswer> => {
    const answer = await run(given);
    if (answer.kind === 'unusable') throw new UsageError(answer.reason);
    return answer;
  };
  return {
    ready: async () => {
      await answered();
    },
    screen: async (bytes) => {
      const answer = await answered(bytes);
      return answer.kind === 'screened' ? answer.screening : undefined;
    },
    [Symbol.asyncDispose]: async () => {
      const ending = pool;
      pool = undefined;
      await ending?.end();
    },
  };
}
