import { availableParallelism } from 'node:os';
import { isMainThread } from 'node:worker_threads';
import { GRAPH_INPUT, GRAPH_OUTPUT, networkGraph, reachOf } from './network-graph.ts';
import { loadRuntime } from './load-runtime.ts';
import { writeOnnxModel } from './onnx-model.ts';
import { COLOURS, type Patch } from './patch.ts';
import { readNetwork } from './read-network.ts';

/** Makes patches twice as wide and high. */
export interface Doubler {
  /** Pixels around one that have a say in what it becomes: as many at the rim of a result are not right. */
  readonly reach: number;
  readonly double: (patch: Patch) => Promise<Patch>;
}

const NETWORK = 'cnn-2x-l-an';

/** The network in the runtime. Costs about 30 ms, so a thread keeps its own (`upscale-picture.ts`). */
export async function openDoubler(name = NETWORK): Promise<Doubler> {
  const { InferenceSession, Tensor } = await loadRuntime();
  const network = await readNetwork(name);
  const session = await InferenceSession.create(writeOnnxModel(networkGraph(network)), {
    // Worker threads have a picture each, and as many of them as there are cores: one each is enough.
    intraOpNumThreads: isMainThread ? availableParallelism() : 1,
    interOpNumThreads: 1,
    // It would keep the largest tile's memory for ever, and is no quicker.
    enableCpuMemArena: false,
    enableMemPattern: false,
    logSeverityLevel: 3,
  });
  return {
    reach: reachOf(network),
    double: async ({ planes, width, height }) => {
      const input = new Tensor('float32', planes, [1, COLOURS, height, width]);
      const { [GRAPH_OUTPUT]: output } = await session.run({ [GRAPH_INPUT]: input });
      return { planes: output!.data as Float32Array, width: 2 * width, height: 2 * height };
    },
  };
}
