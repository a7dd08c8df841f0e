import { createDashscopeSimulator } from '../../../simulators/index.ts';
import { createDashscopeLane } from '../../../src/engine/vendors/dashscope/dashscope.ts';
import { describeVendorLane } from '../vendor-lane.contract.ts';

describeVendorLane('DashScope', {
  createLane: createDashscopeLane,
  createSimulator: createDashscopeSimulator,
  basePath: '',
  model: 'wan2.7-image',
  imagesPerRequest: 4,
  pushback: 'rate-limited',
  // The vendor tells how many pictures it made, not what they cost: the catalog has the price.
  tellsUsd: false,
  refusals: {
    input: { kind: 'refused', stage: 'input', category: 'unspecified' },
    output: { kind: 'refused', stage: 'output', category: 'unspecified' },
  },
});
