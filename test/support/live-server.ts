/** A real server in this process, on a free port of this machine, with simulated vendors. */
import { join } from 'node:path';
import { type Logger, pino } from 'pino';
import { onTestFinished } from 'vitest';
import { simulate } from '../../simulators/simulate.ts';
import type { ApiKeyOrder } from '../../src/engine/service/api-keys.ts';
import { createEngine } from '../../src/engine/engine.ts';
import type { S3Settings } from '../../src/engine/store/s3-bucket.ts';
import type { EngineConfig } from '../../src/engine/engine-types.ts';
import {
  DEFAULT_SERVE_SETTINGS,
  type ListenOptions,
  serve,
  type ServeSettings,
} from '../../src/server/index.ts';
import { StudioFiles } from '../../src/server/studio/studio-files.ts';
import { temporaryFolder } from './temporary-folder.ts';

export interface LiveServerOptions {
  /** How the vendors behave; see `simulators/simulate.ts`. */
  readonly vendors?: Parameters<typeof simulate>[0];
  readonly settings?: Partial<ServeSettings>;
  readonly listen?: ListenOptions;
  /** Default: nothing is logged. */
  readonly log?: Logger;
  readonly config?: Partial<EngineConfig>;
  /** A home that another server of the test had before. */
  readonly home?: string;
  readonly databaseUrl?: string;
  readonly s3?: S3Settings;
}

export type LiveServer = Awaited<ReturnType<typeof liveServer>>;

/** Everything is ended when the test has finished. `stop()` ends the server before, as SIGTERM does. */
export async function liveServer(options: LiveServerOptions = {}) {
  const home = options.home ?? join(await temporaryFolder(), 'home');
  const simulation = await simulate({ latencyMs: 1, ...options.vendors });
  const { environment } = simulation;
  const account = (name: string) => ({
    apiKey: environment[`${name}_API_KEY`] ?? 'key',
    ...(environment[`${name}_BASE_URL`] && { baseUrl: environment[`${name}_BASE_URL`] }),
  });
  const engine = await createEngine({
    home,
    ...(options.databaseUrl && { databaseUrl: options.databaseUrl }),
    ...(options.s3 && { s3: options.s3 }),
    config: {
      vendors: {
        openai: account('OPENAI'),
        bfl: account('BFL'),
        gemini: account('GEMINI'),
        kling: account('KLING'),
        dashscope: account('DASHSCOPE'),
      },
      ...options.config,
    },
  });
  const issued = await engine.service.workspaces.ensureLocal();
  const server = await serve(
    {
      engine,
      settings: { ...DEFAULT_SERVE_SETTINGS, ...options.settings },
      log: options.log ?? pino({ level: 'silent' }),
      now: Date.now,
      // Another build of the studio than the one beside the program.
      ...(process.env['IMAGEMILL_STUDIO'] && {
        studio: new StudioFiles(process.env['IMAGEMILL_STUDIO']),
      }),
    },
    { port: 0, ...options.listen },
  );
  let ended: Promise<void> | undefined;
  const end = async () => {
    await server.stop();
    await engine[Symbol.asyncDispose]();
    await simulation[Symbol.asyncDispose]();
  };
  const stop = () => (ended ??= end());
  onTestFinished(stop);
  const secret = issued?.secret ?? '';
  return {
    home,
    engine,
    simulation,
    url: server.url,
    /** The first key: it may do everything. Empty on a home that had one before. */
    secret,
    stop,
    /** Another key, for another workspace or with fewer rights; answers its secret. */
    issueKey: async ({ workspace = 'local', ...order }: Partial<ApiKeyOrder> = {}) => {
      const { keys, workspaces } = engine.service;
      if ((await workspaces.find(workspace)) === undefined) {
        await workspaces.create({ id: workspace, balance: 'none', imagesPerHour: 'none' });
      }
      return (await keys.issue({ workspace, name: 'test', role: 'member', ...order })).secret;
    },
    /** A call with a key: `call('POST', '/v1/runs', { body })`. */
    call: (method: string, path: string, init: CallOptions = {}) =>
      callServer(server.url, init.key ?? secret, method, path, init),
  };
}

export interface CallOptions {
  /** Sent as JSON, or as it is if it is a form. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Another key; empty: none. */
  readonly key?: string;
  /** `manual`: an answer that sends elsewhere is given as it is. */
  readonly redirect?: 'manual';
}

export async function callServer(
  url: string,
  key: string,
  method: string,
  path: string,
  { body, headers = {}, redirect }: CallOptions = {},
): Promise<Response> {
  const isForm = body instanceof FormData;
  return fetch(new URL(path, url), {
    method,
    headers: {
      ...(key !== '' && { authorization: `Bearer ${key}` }),
      ...(body !== undefined && !isForm && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(redirect && { redirect }),
    ...(body !== undefined && { body: isForm ? body : JSON.stringify(body) }),
  });
}
