import { once } from 'node:events';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import type { UpscaleFactor, UpscaleMethod } from '../../src/engine/core/recipe.ts';
import { upscalePicture } from '../../src/engine/finish/upscale/upscale-picture.ts';
import { paint } from '../../src/engine/vendors/demo-painter/paint.ts';

export interface EnlargeInput {
  /** Of the source, in pixels. */
  readonly side: number;
  /** Absent: nothing is enlarged, to see what a process holds anyway. */
  readonly factor?: UpscaleFactor;
  readonly method: UpscaleMethod;
  readonly times: number;
}

export interface EnlargeOutput {
  /** Each, after one that nobody counts. */
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
  const { data } = paint({ prompt: 'a coral reef', ...size, quality: 'medium', seed: 1 });
  if (factor === undefined) return { seconds: [] };
  // Opens the network, and lets the compiler see the loops.
  const small = { data: data.subarray(0, 256 * 256 * 3), width: 256, height: 256 };
  await upscalePicture({ ...small, channels: 3 }, { factor, method });
  const seconds: number[] = [];
  for (let time = 0; time < times; time += 1) {
    const started = performance.now();
    await upscalePicture({ data, ...size, channels: 3 }, { factor, method });
    seconds.push((performance.now() - started) / 1000);
  }
  return { seconds };
}

if (!isMainThread) parentPort?.postMessage(await enlarge(workerData as EnlargeInput));
