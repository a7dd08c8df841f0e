import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { WorkerOrder } from '../e2e/store-worker.ts';

const WORKER = join(import.meta.dirname, '../e2e/store-worker.ts');

export interface StoreProcess {
  readonly kill: () => void;
  /** Ends with the process: what it printed, and the signal that ended it. */
  readonly ended: Promise<{ readonly text: string; readonly signal: string | null }>;
}

/** Starts a process that works on a store, and is gone when the test is over. Rejects `ended` with its words when it fails. */
export function startStoreProcess(order: WorkerOrder): StoreProcess {
  const child = spawn(process.execPath, [WORKER, JSON.stringify(order)]);
  let text = '';
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const { promise, resolve, reject } = Promise.withResolvers<Awaited<StoreProcess['ended']>>();
  child.on('error', reject);
  child.on('close', (code, signal) => {
    if (code === 0 || signal === 'SIGKILL') resolve({ text, signal });
    else reject(new Error(`The process ended with ${code ?? signal}: ${errors}`));
  });
  const kill = () => child.kill('SIGKILL');
  onTestFinished(() => void kill());
  return { kill, ended: promise };
}
