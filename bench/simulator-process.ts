/** A simulated OpenAI in a process of its own: `simulator-process.ts BEHAVIOUR`. Says its address. */
import { once } from 'node:events';
import { createOpenaiSimulator, serveSimulators } from '../simulators/index.ts';
import { systemClock } from '../simulators/system-clock.ts';

const behaviour = JSON.parse(process.argv[2] ?? '{}') as object;
const openai = createOpenaiSimulator({ clock: systemClock, ...behaviour });
await using served = await serveSimulators({ openai });
process.send?.(served.urls.openai);
await once(process, 'disconnect');
