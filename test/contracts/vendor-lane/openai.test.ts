import { createOpenaiSimulator } from '../../../simulators/index.ts';
import { createOpenaiLane } from '../../../src/engine/vendors/openai.ts';
import { describeVendorLane } from '../vendor-lane.contract.ts';

describeVendorLane('OpenAI', {
  createLane: createOpenaiLane,
  createSimulator: createOpenaiSimulator,
  basePath: '/v1',
  model: 'gpt-image-2',
  imagesPerRequest: 10,
  pushback: 'rate-limited',
  // The vendor's code is the same before and after painting.
  refusals: {
    input: { kind: 'refused', stage: 'input' },
    output: { kind: 'refused', stage: 'input' },
  },
});
