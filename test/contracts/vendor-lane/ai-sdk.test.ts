import {
  createBflSimulator,
  createGeminiSimulator,
  createOpenaiSimulator,
} from '../../../simulators/index.ts';
import { createAiSdkLane } from '../../../src/engine/vendors/own/ai-sdk.ts';
import { describeVendorLane } from '../vendor-lane.contract.ts';

describeVendorLane('@ai-sdk/openai', {
  createLane: (config) => aiSdkLane(config, '@ai-sdk/openai'),
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
});

describeVendorLane('@ai-sdk/black-forest-labs', {
  createLane: (config) => aiSdkLane(config, '@ai-sdk/black-forest-labs'),
  createSimulator: createBflSimulator,
  basePath: '/v1',
  model: 'flux-kontext-pro',
  imagesPerRequest: 1,
  pushback: 'rate-limited',
  tellsUsd: false,
  refusals: {
    input: { kind: 'refused', stage: 'input' },
    output: { kind: 'refused', stage: 'output' },
  },
});

describeVendorLane('@ai-sdk/google', {
  // The package wants the version of the interface in its address.
  createLane: (config) =>
    aiSdkLane({ ...config, baseUrl: `${config.baseUrl}/v1beta` }, '@ai-sdk/google'),
  createSimulator: createGeminiSimulator,
  basePath: '',
  model: 'gemini-nano-banana-2.1',
  imagesPerRequest: 1,
  pushback: 'rate-limited',
  tellsUsd: false,
  refusals: {
    input: { kind: 'refused', stage: 'input' },
    output: { kind: 'refused', stage: 'output' },
  },
});

function aiSdkLane(
  config: Parameters<Parameters<typeof describeVendorLane>[1]['createLane']>[0],
  name: string,
) {
  const vendor = { kind: 'ai-sdk', package: name, folders: [import.meta.dirname] } as const;
  return createAiSdkLane({ ...config, name: 'bridge', vendor });
}
