import {
  createBflSimulator,
  createKlingSimulator,
  createOpenaiSimulator,
} from '../../simulators/index.ts';
import { createBflLane } from '../../src/engine/vendors/bfl.ts';
import { createKlingLane } from '../../src/engine/vendors/kling.ts';
import { createOpenaiLane } from '../../src/engine/vendors/openai.ts';
import { describeVendorLane } from './vendor-lane.contract.ts';

describeVendorLane('OpenAI', {
  createLane: createOpenaiLane,
  createSimulator: createOpenaiSimulator,
  basePath: '/v1',
  model: 'gpt-image-2',
  imagesPerRequest: 10,
  pushback: 'rate-limited',
  // The vendor's code is the same before and after painting.
  refusals: {
    input: { kind: 'refused', stage: 'input' },
    output: { kind: 'refused', stage: 'input' },
  },
});

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
