import { createGeminiSimulator } from '../../../simulators/index.ts';
import { createGeminiBatchLane } from '../../../src/engine/vendors/gemini/gemini-batch.ts';
import { describeBundleLane } from '../bundle-lane.contract.ts';

describeBundleLane('Gemini', {
  createLane: createGeminiBatchLane,
  createSimulator: createGeminiSimulator,
  basePath: '',
  model: 'gemini-nano-banana-2.1',
  imagesPerRequest: 1,
  pushback: 'rate-limited',
  refusals: {
    input: { kind: 'refused', stage: 'input' },
    output: { kind: 'refused', stage: 'output' },
  },
  tellsDollars: true,
  sendsFile: true,
  lineFailure: 'task-failed',
});
