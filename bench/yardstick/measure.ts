/**
 * Loaded before a contender's own code (`node --import`): notes what its process used when it ends.
 * A process that is killed notes nothing.
 */
import { appendFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
import { peakMegabytes } from '../peak-memory.ts';

/** A line of the file that `USAGE_FILE` names. */
export interface Usage {
  readonly pid: number;
  /** User and system time of all threads, from the start of the process on. */
  readonly cpuSeconds: number;
  readonly peakMegabytes: number;
}

const file = process.env['USAGE_FILE'];
if (isMainThread && file !== undefined) {
  process.on('exit', () => {
    const { user, system } = process.cpuUsage();
    const usage: Usage = {
      pid: process.pid,
      cpuSeconds: (user + system) / 1e6,
      peakMegabytes: peakMegabytes(),
    };
    appendFileSync(file, `${JSON.stringify(usage)}\n`);
  });
}
