/** A worker as `imagemill worker` is one: `worker-process.ts OPTIONS`. Says its id; asked anything, what it has used. */
import { once } from 'node:events';
import { pino } from 'pino';
import { createEngine } from '../../src/engine/index.ts';
import { runWorker } from '../../src/server/index.ts';
import { type MillOptions, millConfig } from './mill-config.ts';
import { peakMegabytes } from '../peak-memory.ts';

/** What a worker has used since it began. */
export interface WorkerUse {
  /** User and system time of all its threads. */
  readonly cpuSeconds: number;
  readonly peakMegabytes: number;
}

const options = JSON.parse(process.argv[2] ?? '{}') as MillOptions;
const { home, databaseUrl, s3 } = options;
await using engine = await createEngine({
  home,
  databaseUrl,
  ...(s3 && { s3 }),
  config: millConfig(options),
});
const log = pino({ level: 'error' }, pino.destination(2));
await using working = await runWorker(engine, log, { graceMs: 10_000, environment: {} });
process.send?.(working.id);
process.on('message', () => process.send?.(use()));
await once(process, 'disconnect');

function use(): WorkerUse {
  const { user, system } = process.cpuUsage();
  return { cpuSeconds: (user + system) / 1e6, peakMegabytes: peakMegabytes() };
}
