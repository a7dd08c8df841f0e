import { createBflSimulator } from '../../../simulators/index.ts';
import { createBflLane } from '../../../src/engine/vendors/bfl.ts';
import { describeVendorLane } from '../vendor-lane.contract.ts';

describeVendorLane('BFL', {
  createLane: createBflLane,
  createSimulator: createBflSimulator,
  basePath: '',
  model: 'flux-kontext-pro',
  imagesPerRequest: 1,
  pushback: 'slots-full',
  refusals: {
    input: { kind: 'refused', stage: 'input' },
    output: { kind: 'refused', stage: 'output' },
  },
});
