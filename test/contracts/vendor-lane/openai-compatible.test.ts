import { createOpenaiSimulator } from '../../../simulators/index.ts';
import { createCompatibleLane } from '../../../src/engine/vendors/own/openai-compatible.ts';
import { describeVendorLane } from '../vendor-lane.contract.ts';

describeVendorLane('a server that is compatible with OpenAI', {
  createLane: (config) =>
    createCompatibleLane({
      ...config,
      name: 'localai',
      // The simulator is OpenAI itself, which takes no response_format for this model.
      vendor: { kind: 'openai-compatible', options: { response_format: null } },
    }),
  createSimulator: createOpenaiSimulator,
  basePath: '/v1',
  model: 'gpt-image-2',
  imagesPerRequest: 10,
  pushback: 'rate-limited',
  tellsUsd: false,
  refusals: {
    input: { kind: 'refused', stage: 'input', category: 'violence' },
    output: { kind: 'refused', stage: 'output', category: 'violence' },
  },
  without: { 'pictures-inside': 'some give addresses, which are then fetched' },
});
