import { createComfyuiSimulator } from '../../../simulators/index.ts';
import { createComfyuiLane } from '../../../src/engine/vendors/own/comfyui.ts';
import { comfyWorkflow } from '../../support/comfy-workflow.ts';
import { describeVendorLane } from '../vendor-lane.contract.ts';

describeVendorLane('ComfyUI', {
  createLane: (config) =>
    createComfyuiLane({
      ...config,
      name: 'comfy',
      vendor: { kind: 'comfyui', workflows: { '*': comfyWorkflow } },
    }),
  createSimulator: createComfyuiSimulator,
  basePath: '',
  model: 'flux1-dev-fp8.safetensors',
  imagesPerRequest: 4,
  tellsUsd: false,
  without: {
    policy: 'it has no policy of its own',
    pushback: 'its queue has no end',
    overload: 'only a proxy before it says 503',
    account: 'it is the user’s own machine',
    'expiring-addresses': 'pictures stay in its folder',
    'addresses-elsewhere': 'its pictures lie behind the same key as everything else',
    'single-use-ids': 'it runs an id as often as it is sent; we ask for it first',
  },
});
