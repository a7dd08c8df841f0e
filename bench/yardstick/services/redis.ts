import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.ts';
import { processCpuSeconds } from './process-cpu.ts';
import type { Service } from './service.ts';

const LONGEST_START_MS = 10_000;

export function hasRedis(): boolean {
  return spawnSync('redis-server', ['--version']).status === 0;
}

/** A Redis that keeps an append-only file, as BullMQ's "Going to production" asks for. */
export async function startRedis(folder: string): Promise<Service> {
  const port = await freePort();
  const settings = { port, bind: '127.0.0.1', dir: folder, appendonly: 'yes', save: '' };
  const words = Object.entries({ ...settings, 'maxmemory-policy': 'noeviction' }).flatMap(
    ([name, value]) => [`--${name}`, String(value)],
  );
  const child = spawn('redis-server', words, { stdio: 'ignore' });
  await untilListening(port);
  return {
    url: `redis://127.0.0.1:${port}`,
    cpuSeconds: () => processCpuSeconds(child.pid!),
    [Symbol.asyncDispose]: async () => {
      const gone = once(child, 'exit');
      child.kill();
      await gone;
    },
  };
}

async function untilListening(port: number): Promise<void> {
  for (let waitedMs = 0; waitedMs < LONGEST_START_MS; waitedMs += 50) {
    const socket = connect(port, '127.0.0.1');
    const isOpen = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isOpen) return;
    await sleep(50);
  }
  throw new Error(`redis-server did not start within ${LONGEST_START_MS} ms.`);
}
