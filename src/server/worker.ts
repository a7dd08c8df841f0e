/** A process that works on what servers take in, and answers nobody: runs, pictures, jobs. */
import type { Logger } from 'pino';
import type { Engine } from '../engine/engine-types.ts';
import { type MetricsPort, openMetricsPort } from './operations/metrics-port.ts';
import { openOperations } from './operations/operations.ts';
import { within } from './operations/shutdown.ts';

export interface WorkerRunOptions {
  /** How long a stop waits for what is in flight. */
  readonly graceMs: number;
  /** A port for Prometheus, on this machine only; 0 takes a free one. Default: none. */
  readonly metricsPort?: number;
  /** Where traces are sent to is read from it. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export interface RunningWorker extends AsyncDisposable {
  /** As which it is registered. */
  readonly id: string;
  readonly metricsUrl?: string;
  /** Takes up nothing more, and resolves when what was in flight has ended, or the grace is over. */
  stop(): Promise<void>;
}

export async function runWorker(
  engine: Engine,
  log: Logger,
  { graceMs, metricsPort, environment }: WorkerRunOptions,
): Promise<RunningWorker> {
  const stopping = new AbortController();
  const operations = await openOperations(engine, stopping.signal, environment);
  const port: MetricsPort | undefined =
    metricsPort === undefined
      ? undefined
      : await openMetricsPort(operations.metrics, metricsPort, log);
  // Registered before there is work, so that others know who is there.
  const id = await engine.service.operations.register();
  engine.work.start({
    onDefect: (what, name, err) => log.error({ [what]: name, err }, `a ${what} broke`),
    onNotice: (run, text) => log.info({ run }, text),
  });
  log.info({ worker: id, kinds: engine.work.kinds }, 'working');
  let stopped: Promise<void> | undefined;
  const end = async () => {
    stopping.abort();
    log.info('stopping: what is in flight ends first');
    if (!(await within(graceMs, engine.work.drain()))) {
      log.warn({ grace_ms: graceMs }, 'stopping: what is still in flight is left to the others');
    }
    await port?.[Symbol.asyncDispose]();
    await operations.tracer?.[Symbol.asyncDispose]();
    log.info('stopped');
  };
  const stop = () => (stopped ??= end());
  return { id, ...(port && { metricsUrl: port.url }), stop, [Symbol.asyncDispose]: stop };
}
