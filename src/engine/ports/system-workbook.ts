/**
 * Reads an Excel file in a thread of its own: a file of 2 KB can unpack to more than any memory, or have a
 * single cell in the last column of the last row, and ends that thread then and not the process.
 */
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { WorkbookAnswer } from './system-workbook-thread.ts';

/** Of the thread; a sheet of 100,000 prompts takes 200 MB. */
const MOST_HEAP_MB = 1_024;
/** A workbook of 50 MB takes 10 s. */
const LONGEST_MS = 60_000;
const TOO_LARGE: WorkbookAnswer = { isTooLarge: true };

/** One after the other: each may take the memory of a large one. */
let before: Promise<unknown> = Promise.resolve();

export function readWorkbook(path: string): Promise<WorkbookAnswer> {
  const reading = before.then(() => readAlone(path));
  before = reading.catch(() => undefined);
  return reading;
}

async function readAlone(path: string): Promise<WorkbookAnswer> {
  // In a clone this file and the worker end in .ts, in the published package in .js.
  const ending = extname(fileURLToPath(import.meta.url));
  const worker = new Worker(new URL(`./system-workbook-thread${ending}`, import.meta.url), {
    workerData: path,
    resourceLimits: { maxOldGenerationSizeMb: MOST_HEAP_MB },
    execArgv: [],
  });
  const answer = Promise.withResolvers<WorkbookAnswer>();
  // A thread that hangs is ended by real time, whatever clock the engine has.
  const late = setTimeout(() => answer.resolve(TOO_LARGE), LONGEST_MS);
  worker.once('message', (told: WorkbookAnswer) => answer.resolve(told));
  worker.once('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') answer.resolve(TOO_LARGE);
    else answer.reject(error);
  });
  worker.once('exit', () => answer.reject(new Error('The thread that reads workbooks ended.')));
  try {
    return await answer.promise;
  } finally {
    clearTimeout(late);
    await worker.terminate();
  }
}
