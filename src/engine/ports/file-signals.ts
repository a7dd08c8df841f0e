import { randomUUID } from 'node:crypto';
import { readFileSync, watch, writeFileSync, type FSWatcher } from 'node:fs';
import { join } from 'node:path';
import type { Signals } from './signals.ts';

/** Signals within this time are told as one more: a thousand ends a second are not a thousand writes. */
const TOGETHER_MS = 20;

/**
 * Signals between the processes of one machine: they watch a small file that each of them rewrites. Two signals
 * may be seen as one, so they tell no topics.
 */
export function createFileSignals(
  folder: string,
  sleep: (waitMs: number, signal: AbortSignal) => Promise<void>,
): Signals {
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
  const write = () => {
    try {
      writeFileSync(file, self);
    } catch {
      // Without a signal the others find out at their next wake-up.
    }
  };
  const closed = new AbortController();
  let isTelling = false;
  let isUntold = false;
  const tellAll = async () => {
    while (isUntold) {
      isUntold = false;
      write();
      await sleep(TOGETHER_MS, closed.signal);
    }
    isTelling = false;
  };
  return {
    notify: () => {
      isUntold = true;
      if (isTelling) return;
      isTelling = true;
      void tellAll();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      start();
      return () => listeners.delete(listener);
    },
    [Symbol.asyncDispose]: async () => {
      watcher?.close();
      closed.abort();
      // What came last is told in any case.
      if (isUntold) write();
      isUntold = false;
    },
  };
}
