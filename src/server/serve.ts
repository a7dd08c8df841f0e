/** Listens, keeps runs going, and ends both in order. */
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { UsageError } from '../engine/core/errors.ts';
import { createApp } from './app.ts';
import type { ServerDeps } from './app-env.ts';
import { BackgroundWork } from './operations/background-work.ts';
import { type MetricsPort, openMetricsPort } from './operations/metrics-port.ts';
import { openOperations } from './operations/operations.ts';
import { endInOrder } from './operations/shutdown.ts';

/** Connections that wait to be taken: a thousand clients may come in one moment. */
const BACKLOG = 4_096;

/** A body over a slow line; what is silent meanwhile is cut off by who reads it. */
const LONGEST_REQUEST_MS = 3_600_000;

export interface ListenOptions {
  /** Default: 127.0.0.1. */
  readonly host?: string;
  /** Default: 8787; 0 takes a free one. */
  readonly port?: number;
  /** A second port for Prometheus, on this machine only; 0 takes a free one. Default: none. */
  readonly metricsPort?: number;
  /** How long what is at vendors is waited for when the server stops. Default: 2 minutes. */
  readonly graceMs?: number;
  /** Where traces are sent to is read from it. Default: nothing is. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

export interface RunningServer extends AsyncDisposable {
  readonly url: string;
  readonly metricsUrl?: string;
  /** Takes no new work, lets what is in flight end, and stops listening. */
  stop(): Promise<void>;
}

/** Images of high quality take two minutes. */
const GRACE_MS = 120_000;

/** Throws `UsageError` when a port is taken, or may not be listened on. */
export async function serve(
  given: ServerDeps,
  options: ListenOptions = {},
): Promise<RunningServer> {
  const { engine, log } = given;
  const { graceMs = GRACE_MS, environment = {} } = options;
  const stopping = new AbortController();
  const operations = await openOperations(engine, stopping.signal, environment);
  // Also one that takes nothing is seen by the others.
  await engine.service.operations.register();
  const deps = { ...given, operations };
  const work = new BackgroundWork(deps);
  const app = createApp({ ...deps, streams: work.streams, batches: work.batches });
  const server = createAdaptorServer({ fetch: app.fetch }) as Server;
  server.requestTimeout = LONGEST_REQUEST_MS;
  await listen(server, options.host ?? '127.0.0.1', options.port ?? 8787);
  let metricsPort: MetricsPort | undefined;
  try {
    metricsPort = await secondPort(deps, options.metricsPort);
  } catch (error) {
    server.close();
    throw error;
  }
  work.start();
  log.info({ url: urlOf(server) }, 'listening');
  let stopped: Promise<void> | undefined;
  const stop = () =>
    (stopped ??= endInOrder({ work, server, stopping, log, graceMs, operations, metricsPort }));
  return {
    url: urlOf(server),
    ...(metricsPort && { metricsUrl: metricsPort.url }),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

async function secondPort(
  { operations, log }: ServerDeps,
  port: number | undefined,
): Promise<MetricsPort | undefined> {
  if (port === undefined || operations === undefined) return undefined;
  try {
    return await openMetricsPort(operations.metrics, port, log);
  } catch (error) {
    throw inWords(error, '127.0.0.1', port, '--metrics-port');
  }
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  try {
    server.listen({ port, host, backlog: BACKLOG });
    await once(server, 'listening');
  } catch (error) {
    throw inWords(error, host, port, '--port');
  }
}

function inWords(error: unknown, host: string, port: number, option: string): unknown {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'EADDRINUSE':
      return new UsageError(
        `Port ${port} of ${host} is in use: another program, or another \`imagemill serve\`, listens there. End it, or name another port with ${option}.`,
      );
    case 'EACCES':
      return new UsageError(
        `This user may not listen on port ${port}. Name one above 1023 with ${option}.`,
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new UsageError(
        `"${host}" is no address of this machine. Use 127.0.0.1, 0.0.0.0 for all of them, or one of its own with --host.`,
      );
    default:
      return error;
  }
}

function urlOf(server: Server): string {
  const { address, port, family } = server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
