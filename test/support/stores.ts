/** Stores for tests, on both engines, with the engine's own decisions. */
import { mkdtemp, rm } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { Clock } from '../../src/engine/core/clock.ts';
import type { Database } from '../../src/engine/store/dialect.ts';
import { openPostgres } from '../../src/engine/store/postgres.ts';
import { createSqlStore } from '../../src/engine/store/sql-store.ts';
import { type OpenDatabase, openSqlite } from '../../src/engine/store/sqlite.ts';
import type { Store } from '../../src/engine/store/store.ts';
import { DECISIONS } from './decisions.ts';
import { postgresServer } from './postgres-server.ts';
import { VirtualClock } from './virtual-clock.ts';

/** A store with the handle of its database, for questions that its interface does not answer. */
export interface TestStore {
  readonly store: Store;
  readonly database: Database;
}

/** A database of its own, gone with everything in it when it is disposed of. */
export interface StoreHome extends AsyncDisposable {
  readonly engine: 'sqlite' | 'postgres';
  /** The file, or the URL. */
  readonly address: string;
  /**
   * Opens a connection of its own. Open SQLite only once in a process: a second connection waits for
   * the first one's transaction by blocking the thread that would end it.
   */
  open(): Promise<TestStore>;
}

/** A store in a file of a temporary folder; nothing is flushed unless `flush` is set. */
export async function sqliteHome(
  options: { readonly clock?: Clock; readonly flush?: boolean } = {},
): Promise<StoreHome> {
  const folder = await mkdtemp(join(tmpdir(), 'imagemill-store-'));
  const file = join(folder, 'imagemill.db');
  const clock = options.clock ?? new VirtualClock();
  return home({
    engine: 'sqlite',
    address: file,
    openDatabase: () => openSqlite(file, { clock, flush: options.flush ?? false }),
    remove: () => rm(folder, { recursive: true, force: true }),
  });
}

/** A fresh database on a real PostgreSQL. */
export async function postgresHome(): Promise<StoreHome> {
  const server = await postgresServer();
  const name = `imagemill_${randomUUID().replaceAll('-', '')}`;
  await administrate(server, `create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return home({
    engine: 'postgres',
    address: url.href,
    openDatabase: () => openPostgres(url.href),
    remove: () => administrate(server, `drop database ${name} with (force)`),
  });
}

function home(parts: {
  readonly engine: 'sqlite' | 'postgres';
  readonly address: string;
  readonly openDatabase: () => OpenDatabase;
  readonly remove: () => Promise<void>;
}): StoreHome {
  const opened: Store[] = [];
  return {
    engine: parts.engine,
    address: parts.address,
    open: async () => {
      const database = parts.openDatabase();
      const store = await createSqlStore(database, DECISIONS);
      opened.push(store);
      return { store, database: database.database };
    },
    [Symbol.asyncDispose]: async () => {
      for (const store of opened.splice(0)) await store[Symbol.asyncDispose]();
      await parts.remove();
    },
  };
}

async function administrate(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
