/** The whole service inside of a program, without a port: for whoever calls the API in its own process. */
import { createApp } from './app.ts';
import type { ServerDeps } from './app-env.ts';
import { BackgroundWork } from './operations/background-work.ts';

export interface EmbeddedServer extends AsyncDisposable {
  /** Answers requests to any host. */
  readonly fetch: typeof globalThis.fetch;
  /** Takes up nothing more; what is at vendors ends, at most for so long. Default: 2 minutes. */
  stop(graceMs?: number): Promise<void>;
}

const GRACE_MS = 120_000;

export function embed(deps: ServerDeps): EmbeddedServer {
  const work = new BackgroundWork(deps);
  const app = createApp({ ...deps, streams: work.streams, batches: work.batches });
  work.start();
  let stopped: Promise<void> | undefined;
  const end = async (graceMs: number) => {
    const late = Promise.withResolvers<void>();
    const timer = setTimeout(late.resolve, graceMs);
    await Promise.race([work.drain(), late.promise]);
    clearTimeout(timer);
    await work.end();
  };
  const stop = (graceMs = GRACE_MS) => (stopped ??= end(graceMs));
  return {
    fetch: async (input, init) => app.fetch(new Request(input, init)),
    stop,
    [Symbol.asyncDispose]: () => stop(),
  };
}
