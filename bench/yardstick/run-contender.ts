/** A contender's process: started, timed, killed if the scenario says so. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Contender } from './contenders.ts';
import type { Usage } from './measure.ts';

export interface Running {
  readonly ended: Promise<void>;
  /** Ends it and all that it has started, as a power cut would. */
  readonly kill: () => void;
}

const MEASURE = join(import.meta.dirname, 'measure.ts');
const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) killGroup(child);
});

/** Starts a contender in its folder; what it says goes to `log.txt` there. */
export function startContender(
  { file }: Contender,
  folder: string,
  environment: Readonly<Record<string, string>>,
): Running {
  const log = openSync(join(folder, 'log.txt'), 'a');
  const [command, words] = file.endsWith('.ts') ? [process.execPath, [file]] : [file, []];
  const child = spawn(command, words, {
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      HOME: folder,
      NODE_OPTIONS: `--import=${MEASURE} --disable-warning=ExperimentalWarning`,
      USAGE_FILE: join(folder, 'usage.jsonl'),
      ...environment,
    },
    stdio: ['ignore', log, log],
    // A group of its own, so that a kill reaches all of it and nothing else.
    detached: true,
  });
  running.add(child);
  const ended = once(child, 'exit').then(() => {
    running.delete(child);
  });
  return { ended, kill: () => killGroup(child) };
}

function killGroup(child: ChildProcess): void {
  try {
    process.kill(-child.pid!, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}

/** What its processes have noted that came to their end. */
export async function usageIn(folder: string): Promise<Omit<Usage, 'pid'>> {
  const file = join(folder, 'usage.jsonl');
  const text = existsSync(file) ? await readFile(file, 'utf8') : '';
  const lines = text.split('\n').filter((line) => line !== '');
  const all = lines.map((line) => JSON.parse(line) as Usage);
  return {
    cpuSeconds: all.reduce((whole, { cpuSeconds }) => whole + cpuSeconds, 0),
    peakMegabytes: Math.max(0, ...all.map((usage) => usage.peakMegabytes)),
  };
}
