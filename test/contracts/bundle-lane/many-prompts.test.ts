import { createManyPromptsSimulator } from '../../../simulators/index.ts';
import { createManyPromptsLane } from '../../../src/engine/vendors/many-prompts/many-prompts.ts';
import { describeBundleLane } from '../bundle-lane.contract.ts';

describeBundleLane('a many-prompts vendor', {
  createLane: createManyPromptsLane,
  createSimulator: createManyPromptsSimulator,
  basePath: '',
  model: 'painter-2',
  imagesPerRequest: 10,
  // What it refuses as a whole is in the lane's own tests.
  behaviour: { refuseWhole: false },
  pushback: 'rate-limited',
  refusals: {
    input: { kind: 'refused', stage: 'input', category: 'violence' },
    output: { kind: 'refused', stage: 'output', category: 'violence' },
  },
  tellsDollars: true,
  sendsFile: false,
  lineFailure: 'task-failed',
  spoil: (bundle) => ({
    ...bundle,
    requests: bundle.requests.map((request) => ({ ...request, key: 'the-same-for-all' })),
  }),
});
