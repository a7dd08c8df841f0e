import { availableParallelism } from 'node:os';
import { isMainThread } from 'node:worker_threads';
import { throughNativeGate } from '../workers/native-gate.ts';
import { loadRuntime, type RuntimeNeed } from './load-runtime.ts';
import { type OnnxModel, writeOnnx } from './onnx-model.ts';

/** Numbers row by row, one for each place of `dims`. */
export interface SessionTensor {
  readonly data: Float32Array;
  readonly dims: readonly number[];
}

/** A model ready to be run in this thread, which each run holds until it is done. */
export interface OnnxSession {
  readonly run: (
    inputs: Readonly<Record<string, SessionTensor>>,
  ) => Promise<Readonly<Record<string, SessionTensor>>>;
}

export interface SessionOptions {
  /** Cores that one run is spread over. Default: all from the main thread, one from a worker. */
  readonly threads?: number;
  /** Another module to take for the runtime. */
  readonly runtime?: string;
}

/**
 * Opens a model in the runtime, in some 30 ms and as much memory as its weights: to be kept by a thread
 * that uses it often. Throws the `UsageError` of `loadRuntime`.
 */
export async function openSession(
  model: OnnxModel,
  need: RuntimeNeed,
  // Worker threads have a picture each, and there are as many of them as cores: one each is enough.
  { threads = isMainThread ? availableParallelism() : 1, runtime }: SessionOptions = {},
): Promise<OnnxSession> {
  const { InferenceSession, Tensor } = await throughNativeGate(() => loadRuntime(need, runtime));
  const session = await throughNativeGate(() =>
    InferenceSession.create(writeOnnx(model), {
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      // They would keep the memory of the largest run for ever, and make it no quicker.
      enableCpuMemArena: false,
      enableMemPattern: false,
      logSeverityLevel: 3,
    }),
  );
  return {
    run: async (inputs) => {
      const feeds = Object.fromEntries(
        Object.entries(inputs).map(([name, { data, dims }]) => [
          name,
          new Tensor('float32', data, dims),
        ]),
      );
      const outputs = await throughNativeGate(() => session.run(feeds));
      return Object.fromEntries(
        Object.entries(outputs).map(([name, { data, dims }]) => [
          name,
          { data: data as Float32Array, dims },
        ]),
      );
    },
  };
}
