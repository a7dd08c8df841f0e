import { createOpenaiSimulator } from '../../../simulators/index.ts';
import { createOpenaiLane } from '../../../src/engine/vendors/openai/openai.ts';
import { describeVendorLane } from '../vendor-lane.contract.ts';

describeVendorLane('OpenAI', {
  createLane: createOpenaiLane,
  createSimulator: createOpenaiSimulator,
  basePath: '/v1',
  model: 'gpt-image-2',
  imagesPerRequest: 10,
  pushback: 'rate-limited',
  refusals: {
    input: { kind: 'refused', stage: 'input', category: 'violence' },
    output: { kind: 'refused', stage: 'output', category: 'violence' },
  },
});
