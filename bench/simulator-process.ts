/**
 * A simulated OpenAI in a process of its own: `simulator-process.ts BEHAVIOUR [LOOKS]`. Says its address.
 * With `latency` each prompt has a time of its own; with `photographs`, a seed, pictures are as heavy as those.
 */
import { once } from 'node:events';
import { createOpenaiSimulator, serveSimulators } from '../simulators/index.ts';
import { systemClock } from '../simulators/system-clock.ts';
import type { SimulatedLooks } from './simulated-openai.ts';
import { withPhotographs } from './yardstick/photographs.ts';
import { withPromptLatency } from './yardstick/prompt-latency.ts';

const [, , behaviour = '{}', looks = '{}'] = process.argv;
const { latency, photographs } = JSON.parse(looks) as SimulatedLooks;
const plain = createOpenaiSimulator({ clock: systemClock, ...(JSON.parse(behaviour) as object) });
const painted = photographs === undefined ? plain : await withPhotographs(plain, photographs);
const openai = latency === undefined ? painted : withPromptLatency(painted, latency);
await using served = await serveSimulators({ openai });
process.send?.(served.urls.openai);
await once(process, 'disconnect');
