/**
 * How a server ends: it is not ready any more and takes nothing new; what is at vendors ends, and can be
 * watched meanwhile; then the streams end, and the port is given up.
 */
import type { Server } from 'node:http';
import type { Logger } from 'pino';
import type { BackgroundWork } from './background-work.ts';
import type { MetricsPort } from './metrics-port.ts';
import type { Operations } from './operations.ts';

/** Slow clients are cut when everything else has ended and this has passed. */
const CLOSE_MS = 5_000;

export interface EndingServer {
  readonly work: BackgroundWork;
  readonly server: Server;
  readonly stopping: AbortController;
  readonly operations: Operations;
  readonly metricsPort: MetricsPort | undefined;
  readonly log: Logger;
  readonly graceMs: number;
}

export async function endInOrder(parts: EndingServer): Promise<void> {
  const { work, stopping, operations, metricsPort, server, log, graceMs } = parts;
  stopping.abort();
  log.info('stopping: what is in flight ends first');
  const isDrained = await within(graceMs, work.drain());
  if (!isDrained) {
    log.warn({ grace_ms: graceMs }, 'stopping: what is still in flight is left for the next start');
  }
  await work.end();
  await close(server);
  await metricsPort?.[Symbol.asyncDispose]();
  await operations.tracer?.[Symbol.asyncDispose]();
  log.info('stopped');
}

/** False: it has not ended in time, and goes on by itself. */
export async function within(waitMs: number, work: Promise<void>): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => late.resolve(false), waitMs);
  try {
    return await Promise.race([work.then(() => true), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

async function close(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const cut = setTimeout(() => server.closeAllConnections(), CLOSE_MS);
  await closed;
  clearTimeout(cut);
}
