/** `node vendors-process.ts OPTIONS`: the simulated vendors, with their bills and logs, apart from all that is killed. */
import { simulate, type SimulateOptions } from '../../simulators/simulate.ts';

const simulation = await simulate(JSON.parse(process.argv[2]!) as SimulateOptions);
process.stdout.write(
  `${JSON.stringify({ urls: simulation.urls, environment: simulation.environment })}\n`,
);
// Whoever started it is gone.
process.stdin.on('end', () => process.exit(0));
process.stdin.resume();
