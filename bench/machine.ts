import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { VERSION } from '../src/engine/index.ts';

/** What the figures were measured on. */
export function machineFacts(): Readonly<Record<string, string | number>> {
  return {
    imagemill: VERSION,
    node: process.version,
    system: `${process.platform} ${process.arch}`,
    processor: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    'memory GB': Math.round(totalmem() / 1024 ** 3),
    // Above 0 something else was at work, and the figures are lower than they could be.
    'load before': Number(loadavg()[0]?.toFixed(1)),
  };
}
