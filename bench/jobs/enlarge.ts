import { once } from 'node:events';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import type { UpscaleFactor, UpscaleMethod } from '../../src/engine/core/recipe.ts';
import { upscalePicture } from '../../src/engine/finish/upscale/upscale-picture.ts';

export interface EnlargeInput {
  /** Of the source, in pixels. */
  readonly side: number;
  /** Absent: nothing is enlarged, to see what a process holds anyway. */
  readonly factor?: UpscaleFactor;
  readonly method: UpscaleMethod;
  readonly times: number;
}

export interface EnlargeOutput {
  /** Of the thread's processor time, for each; one before them is not counted. */
  readonly seconds: readonly number[];
}

/** Enlarges the same picture several times in a worker thread, as a run does. */
export async function job(input: EnlargeInput): Promise<EnlargeOutput> {
  const worker = new Worker(new URL(import.meta.url), { workerData: input });
  const [output] = (await once(worker, 'message')) as [EnlargeOutput];
  await worker.terminate();
  return output;
}

async function enlarge({ side, factor, method, times }: EnlargeInput): Promise<EnlargeOutput> {
  const size = { width: side, height: side };
  const data = new Uint8Array(side * side * 3).map((_, at) => (at * 7 + (at >> 9) * 13) & 255);
  if (factor === undefined) return { seconds: [] };
  // Opens the network, and lets the compiler see the loops.
  const small = { data: data.subarray(0, 256 * 256 * 3), width: 256, height: 256 };
  await upscalePicture({ ...small, channels: 3 }, { factor, method });
  const seconds: number[] = [];
  for (let time = 0; time < times; time += 1) {
    const before = process.threadCpuUsage();
    await upscalePicture({ data, ...size, channels: 3 }, { factor, method });
    const { user, system } = process.threadCpuUsage(before);
    seconds.push((user + system) / 1e6);
  }
  return { seconds };
}

if (!isMainThread) parentPort?.postMessage(await enlarge(workerData as EnlargeInput));
