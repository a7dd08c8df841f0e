import { createGeminiSimulator } from '../../../simulators/index.ts';
import { createGeminiLane } from '../../../src/engine/vendors/gemini/gemini.ts';
import { describeVendorLane } from '../vendor-lane.contract.ts';

describeVendorLane('Gemini', {
  createLane: createGeminiLane,
  createSimulator: createGeminiSimulator,
  basePath: '',
  model: 'gemini-nano-banana-2.1',
  imagesPerRequest: 1,
  pushback: 'rate-limited',
  refusals: {
    input: { kind: 'refused', stage: 'input' },
    output: { kind: 'refused', stage: 'output' },
  },
});
