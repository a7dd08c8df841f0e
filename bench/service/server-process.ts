/** The service in a process of its own: `server-process.ts OPTIONS`. Says its address and its first key. */
import { once } from 'node:events';
import { pino } from 'pino';
import { createEngine } from '../../src/engine/index.ts';
import { DEFAULT_SERVE_SETTINGS, serve } from '../../src/server/index.ts';

export interface ServerOptions {
  readonly home: string;
  /** Of the simulated OpenAI. */
  readonly baseUrl: string;
  readonly concurrency: number;
  /** PostgreSQL; absent: the embedded store. */
  readonly databaseUrl?: string;
  /** It answers only, and leaves the work to others. */
  readonly takesNothing?: boolean;
}

const options = JSON.parse(process.argv[2] ?? '{}') as ServerOptions;
const { home, baseUrl, concurrency, databaseUrl, takesNothing } = options;
const account = { apiKey: 'simulated-key', baseUrl, concurrency };
await using engine = await createEngine({
  home,
  ...(databaseUrl !== undefined && { databaseUrl }),
  config: {
    vendors: { openai: account },
    ...(takesNothing && { worker: { kinds: [] } }),
  },
});
const issued = await engine.service.workspaces.ensureLocal();
const settings = { ...DEFAULT_SERVE_SETTINGS, requestsPerMinute: 1_000_000, streamsPerKey: 2_000 };
const log = pino({ level: 'silent' });
await using server = await serve({ engine, settings, log, now: Date.now }, { port: 0 });
process.send?.({ url: server.url, secret: issued?.secret });
// Any question is the one for its memory.
process.on('message', () => process.send?.(process.memoryUsage.rss()));
await once(process, 'disconnect');
