import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Processes } from './processes.ts';

/** The processes of this machine. */
export const systemProcesses: Processes = {
  self: { host: hostOf(), pid: process.pid, incarnation: incarnationOf(process.pid) ?? '' },
  look: (other) => {
    if (other.host !== hostOf()) return 'elsewhere';
    if (!exists(other.pid)) return 'dead';
    const incarnation = incarnationOf(other.pid);
    // Where the start time cannot be read, a living pid must count as the same process.
    return incarnation === undefined || incarnation === other.incarnation ? 'alive' : 'dead';
  },
};

/** The machine and its boot: after a restart every process of before is dead. */
function hostOf(): string {
  return `${hostname()}/${readText('/proc/sys/kernel/random/boot_id')?.trim() ?? ''}`;
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It is there, and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * When the process was started, in clock ticks since boot (field 22 of /proc/PID/stat, counted after
 * the name, which may hold spaces). A zombie has ended. `undefined` where there is no /proc.
 */
function incarnationOf(pid: number): string | undefined {
  const stat = readText(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' ? 'ended' : fields[19];
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
