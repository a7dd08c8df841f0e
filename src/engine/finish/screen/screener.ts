import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Tinypool } from 'tinypool';
import { UsageError } from '../../core/errors.ts';
import type { Screening } from '../../core/screening.ts';
import { findScreenPackages, type ScreenPackages } from './screen-packages.ts';
import type { ScreenAnswer, ScreenTask } from './screen-worker.ts';

/** Flags pictures for review, in a thread of its own. */
export interface Screener extends AsyncDisposable {
  /** Throws `UsageError` that says what to install, before any picture is worked on. */
  ready(): Promise<void>;
  /** `undefined`: not flagged, or not decodable; it says nothing about the picture. */
  screen(bytes: Uint8Array): Promise<Screening | undefined>;
}

/** A worker that had nothing to do for so long is let go, and its half a gigabyte with it. */
const IDLE_MS = 10_000;

/**
 * One thread, however many cores there are: the runtime spreads each picture over them, and the model is
 * in memory once. It starts with its first picture. `folders`: absolute paths where packages are looked for.
 */
export function createScreener(folders: readonly string[]): Screener {
  let pool: Tinypool | undefined;
  let packages: ScreenPackages | undefined;
  const run = async (given?: Uint8Array): Promise<ScreenAnswer> => {
    packages ??= findScreenPackages(folders);
    pool ??= startPool();
    if (given === undefined) return (await pool.run({ packages })) as ScreenAnswer;
    const bytes = new Uint8Array(given);
    const task: ScreenTask = { packages, bytes };
    const answer = (await pool.run(task, { transferList: [bytes.buffer] })) as ScreenAnswer;
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
      await ending?.destroy();
    },
  };
}

function startPool(): Tinypool {
  // In a clone this file and the worker end in .ts, in the published package in .js.
  const ending = extname(fileURLToPath(import.meta.url));
  return new Tinypool({
    filename: new URL(`./screen-worker${ending}`, import.meta.url).href,
    runtime: 'worker_threads',
    // The parent's flags (like --input-type of `node -e`) would not fit a worker's file.
    execArgv: [],
    minThreads: 0,
    maxThreads: 1,
    idleTimeout: IDLE_MS,
    // Whoever asks bounds how many pictures wait here.
    maxQueue: Infinity,
  });
}
