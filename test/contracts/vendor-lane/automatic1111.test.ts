import { createA1111Simulator } from '../../../simulators/index.ts';
import { createAutomatic1111Lane } from '../../../src/engine/vendors/own/automatic1111.ts';
import { describeVendorLane } from '../vendor-lane.contract.ts';

describeVendorLane('AUTOMATIC1111', {
  createLane: (config) =>
    createAutomatic1111Lane({ ...config, name: 'forge', vendor: { kind: 'automatic1111' } }),
  createSimulator: createA1111Simulator,
  basePath: '',
  model: 'sd_xl_base_1.0.safetensors',
  imagesPerRequest: 4,
  tellsUsd: false,
  without: {
    policy: 'it has no policy of its own',
    pushback: 'it lets every request wait in its own queue',
    overload: 'only a proxy before it says 503',
    account: 'it is the user’s own machine',
  },
});
