/**
 * A simulated OpenAI in a process of its own: `simulator-process.ts BEHAVIOUR [LATENCY]`. Says its
 * address. With LATENCY each prompt has a time of its own.
 */
import { once } from 'node:events';
import { createOpenaiSimulator, serveSimulators } from '../simulators/index.ts';
import { systemClock } from '../simulators/system-clock.ts';
import { type LatencyOptions, withPromptLatency } from './yardstick/prompt-latency.ts';

const [, , behaviour = '{}', latency] = process.argv;
const plain = createOpenaiSimulator({ clock: systemClock, ...(JSON.parse(behaviour) as object) });
const openai =
  latency === undefined ? plain : withPromptLatency(plain, JSON.parse(latency) as LatencyOptions);
await using served = await serveSimulators({ openai });
process.send?.(served.urls.openai);
await once(process, 'disconnect');
