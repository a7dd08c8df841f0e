import { createKlingSimulator } from '../../../simulators/index.ts';
import { createKlingLane } from '../../../src/engine/vendors/kling/kling.ts';
import { describeVendorLane } from '../vendor-lane.contract.ts';

describeVendorLane('Kling', {
  createLane: createKlingLane,
  createSimulator: createKlingSimulator,
  basePath: '',
  model: 'kling-v3',
  imagesPerRequest: 9,
  pushback: 'rate-limited',
  // Of a task that was refused late the vendor says by no code that it was refused, only in words.
  refusals: { input: { kind: 'refused', stage: 'input' }, output: { kind: 'task-failed' } },
});
