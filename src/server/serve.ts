/** Listens, keeps runs going, and ends both in order. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { createApp } from './app.ts';
import type { ServerDeps } from './app-env.ts';
import { BatchKeeper } from './openai/batch-keeper.ts';
import { EventStreams } from './events/event-streams.ts';
import { tendCredits } from './tend-credits.ts';
import { WebhookSender } from './webhooks/webhook-sender.ts';

/** Open streams and slow clients are cut when the work has ended and this has passed. */
const CLOSE_MS = 5_000;

export interface ListenOptions {
  /** Default: 127.0.0.1. */
  readonly host?: string;
  /** Default: 8787; 0 takes a free one. */
  readonly port?: number;
}

export interface RunningServer extends AsyncDisposable {
  readonly url: string;
  /** Takes no new work, lets what is in flight end, and stops listening. */
  stop(): Promise<void>;
}

export async function serve(deps: ServerDeps, options: ListenOptions = {}): Promise<RunningServer> {
  const streams = new EventStreams(deps);
  const sender = webhookSender(deps);
  const batches = new BatchKeeper(deps);
  const app = createApp({ ...deps, streams, batches });
  const server = createAdaptorServer({ fetch: app.fetch });
  server.listen(options.port ?? 8787, options.host ?? '127.0.0.1');
  await once(server, 'listening');
  const { address, port, family } = server.address() as AddressInfo;
  deps.engine.keeper.start({
    onDefect: (run, err) => deps.log.error({ run, err }, 'a run broke'),
    onNotice: (run, text) => deps.log.info({ run }, text),
  });
  sender.start();
  const tending = tendCredits(deps);
  deps.engine.service.jobs.keeper.start({
    onDefect: (job, err) => deps.log.error({ job, err }, 'a job broke'),
  });
  batches.start();
  let stopping: Promise<void> | undefined;
  const stop = async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    // A batch must not take runs that are being stopped for ended ones.
    const batchesStopped = batches.stop();
    await deps.engine.keeper.drain();
    await deps.engine.service.jobs.keeper.drain();
    await batchesStopped;
    await tending.stop();
    await streams.close();
    await sender.stop();
    if ('closeIdleConnections' in server) server.closeIdleConnections();
    const cut = setTimeout(() => {
      if ('closeAllConnections' in server) server.closeAllConnections();
    }, CLOSE_MS);
    await closed;
    clearTimeout(cut);
  };
  const stopOnce = () => (stopping ??= stop());
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`,
    stop: stopOnce,
    [Symbol.asyncDispose]: stopOnce,
  };
}

function webhookSender({ engine, settings, log }: ServerDeps): WebhookSender {
  const { outbox } = engine.service;
  return new WebhookSender({ outbox, log, allowPrivate: settings.allowPrivateWebhooks });
}
