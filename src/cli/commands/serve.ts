/** `imagemill serve`: the product as a service, on this machine. */
import { once } from 'node:events';
import { pino } from 'pino';
import { UsageError } from '../../engine/core/errors.ts';
import { EXIT_CODES } from '../../engine/exit-code.ts';
import { type CommonOptions, openSession } from '../session.ts';

export interface ServeOptions extends CommonOptions {
  readonly host?: string;
  readonly port?: string;
}

export async function serveCommand(options: ServeOptions): Promise<number> {
  const port = portOf(options.port);
  const { DEFAULT_SERVE_SETTINGS, serve } = await import('../../server/index.ts');
  await using session = await openSession(options);
  const { engine, screen } = session;
  const issued = await engine.service.workspaces.ensureLocal();
  const host = options.host ?? '127.0.0.1';
  await using server = await serve(
    {
      engine,
      settings: { ...DEFAULT_SERVE_SETTINGS, publicUrl: `http://${host}:${port}` },
      log: pino(pino.destination(2)),
      now: Date.now,
    },
    { host, port },
  );
  screen.say(`Imagemill serves at ${server.url}`);
  if (issued !== undefined) {
    screen.say(`The first key, told this one time: ${issued.secret}`);
  }
  screen.say('Ctrl-C stops it: what is in flight ends first.');
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  screen.say('Stopping …');
  await server.stop();
  return EXIT_CODES.delivered;
}

function portOf(text: string | undefined): number {
  if (text === undefined) return 8787;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new UsageError(`--port must be a number from 0 to 65535: it is "${text}".`);
}
