import { createOpenaiSimulator } from '../../../simulators/index.ts';
import { createOpenaiBatchLane } from '../../../src/engine/vendors/openai/openai-batch.ts';
import { describeBundleLane } from '../bundle-lane.contract.ts';

describeBundleLane('OpenAI', {
  createLane: createOpenaiBatchLane,
  createSimulator: createOpenaiSimulator,
  basePath: '/v1',
  model: 'gpt-image-2',
  imagesPerRequest: 10,
  pushback: 'rate-limited',
  refusals: {
    input: { kind: 'refused', stage: 'input', category: 'violence' },
    output: { kind: 'refused', stage: 'output', category: 'violence' },
  },
  tellsDollars: true,
  sendsFile: true,
  lineFailure: 'task-failed',
  spoil: (bundle) => ({
    ...bundle,
    requests: bundle.requests.map((request) => ({ ...request, key: 'the-same-for-all' })),
  }),
  otherKind: { references: [{ kind: 'url', url: 'https://pictures.example/fox.png' }] },
});
