import { randomUUID } from 'node:crypto';
import { readFileSync, watch, writeFileSync, type FSWatcher } from 'node:fs';
import { join } from 'node:path';
import type { Signals } from './signals.ts';

/**
 * Signals between the processes of one machine: they watch a small file that each of them rewrites. Two signals
 * may be seen as one, so they tell no topics.
 */
export function createFileSignals(folder: string): Signals {
  const file = join(folder, 'signal');
  writeFileSync(file, '', { flag: 'a' });
  const self = randomUUID();
  const listeners = new Set<Parameters<Signals['subscribe']>[0]>();
  let watcher: FSWatcher | undefined;
  const start = () => {
    watcher ??= watch(file, () => {
      if (isOwn()) return;
      for (const listener of listeners) listener();
    });
    // A watcher is no reason to stay alive.
    watcher.unref();
  };
  const isOwn = () => {
    try {
      return readFileSync(file, 'utf8') === self;
    } catch {
      return false;
    }
  };
  return {
    notify: () => {
      try {
        writeFileSync(file, self);
      } catch {
        // Without a signal the others find out at their next wake-up.
      }
    },
    subscribe: (listener) => {
      listeners.add(listener);
      start();
      return () => listeners.delete(listener);
    },
    [Symbol.asyncDispose]: async () => watcher?.close(),
  };
}
