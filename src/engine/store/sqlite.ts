import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { Kysely, SqliteAdapter, type SqliteDatabase, SqliteDialect } from 'kysely';
import type { Clock } from '../core/clock.ts';
import { StorageError, type StorageFault } from '../core/errors.ts';
import type { Database, StoreDialect } from './dialect.ts';
import type { Tables } from './tables.ts';

/** How long a process waits for another one's transaction before it gives up. */
const BUSY_MS = 15_000;
const WAL_PAUSE_MS = 20;
/**
 * A commit holds the thread while it is flushed. The next one of a group waits for as long as the last one took, within
 * these: what comes meanwhile goes along, and most of the thread's time is left for everything else.
 */
const COMMIT_PAUSE_MS = { least: 8, most: 40 } as const;
/** Prepared statements kept; the store has about a hundred. */
const CACHED_STATEMENTS = 300;

export interface OpenDatabase {
  readonly database: Database;
  readonly dialect: StoreDialect;
}

/**
 * Opens the embedded store. WAL with `synchronous=FULL`: every commit is flushed before it counts
 * (with NORMAL a power cut loses acknowledged commits).
 *
 * `flush: false` is for tests that never cut the power.
 */
export function openSqlite(
  file: string,
  options: {
    readonly clock: Clock;
    readonly flush?: boolean;
    readonly onBegin?: () => void;
    /** Lets the thread do what is ready before a commit. Default: it goes on at once. */
    readonly nextTurn?: () => Promise<void>;
  },
): OpenDatabase {
  const connection = new DatabaseSync(file);
  connection.exec(`PRAGMA busy_timeout = ${BUSY_MS}`);
  enterWal(connection);
  connection.exec(`PRAGMA synchronous = ${options.flush === false ? 'OFF' : 'FULL'}`);
  const database = new Kysely<Tables>({
    dialect: new EmbeddedDialect({ database: adapt(connection, file, options.onBegin) }),
  });
  return {
    database,
    dialect: {
      name: 'sqlite',
      now: async () => options.clock.now(),
      lockLimits: async () => {},
      lockRun: async () => {},
      lockPayers: async () => {},
      lockRunOfAttempt: async () => {},
      commitGroup: () => 'all',
      beginCommit: async () => {
        // What the last commit kept from coming comes now.
        await options.nextTurn?.();
        const begunAt = options.clock.now();
        return async () => {
          const tookMs = options.clock.now() - begunAt;
          if (tookMs > 0) await options.clock.sleep(pauseAfter(tookMs));
        };
      },
      alone: (alone, work) => work(alone),
      boundLockWait: async () => {},
      wait: (_, waitMs) => options.clock.sleep(waitMs),
    },
  };
}

function pauseAfter(tookMs: number): number {
  return Math.min(Math.max(tookMs, COMMIT_PAUSE_MS.least), COMMIT_PAUSE_MS.most);
}

/**
 * Several processes that open a new file at once all turn it to WAL, and SQLite answers "locked" to
 * some of them without waiting, whatever its busy timeout says.
 */
function enterWal(connection: DatabaseSync): void {
  for (let waitedMs = 0; ; waitedMs += WAL_PAUSE_MS) {
    try {
      connection.exec('PRAGMA journal_mode = WAL');
      return;
    } catch (error) {
      if (!isBusy(error) || waitedMs >= BUSY_MS) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, WAL_PAUSE_MS);
    }
  }
}

/** SQLITE_BUSY in any of its kinds (https://sqlite.org/rescode.html#busy). */
function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === 5;
}

/**
 * Kysely runs migrations outside a transaction where it does not trust the engine with it. SQLite can:
 * so a kill leaves no half-made tables, and of several processes that open a new file one makes them.
 */
class EmbeddedDialect extends SqliteDialect {
  override createAdapter(): SqliteAdapter {
    return new EmbeddedAdapter();
  }
}

class EmbeddedAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

const NOTHING_CHANGED = { changes: 0, lastInsertRowid: 0 };

interface Prepared {
  readonly statement: StatementSync;
  /** It answers rows. */
  readonly reader: boolean;
}

/** node:sqlite in the shape that Kysely's dialect expects. */
function adapt(connection: DatabaseSync, file: string, onBegin?: () => void): SqliteDatabase {
  const cache = new Map<string, Prepared>();
  const prepare = (text: string): Prepared => {
    const known = cache.get(text);
    if (known !== undefined) return known;
    if (cache.size >= CACHED_STATEMENTS) cache.clear();
    const statement = connection.prepare(text);
    const prepared = { statement, reader: statement.columns().length > 0 };
    cache.set(text, prepared);
    return prepared;
  };
  return {
    close: () => connection.close(),
    prepare: (text) => {
      const begins = text === 'begin';
      if (begins) onBegin?.();
      // A deferred transaction that upgrades to writing fails at once when another writer is active.
      const { statement, reader } = prepare(begins ? 'begin immediate' : text);
      return {
        reader,
        all: (parameters) => onDisk(file, () => statement.all(...(parameters as SQLInputValue[]))),
        run: (parameters) => {
          // SQLite has rolled back already when its disk was full; a second time would hide that.
          if (text === 'rollback' && !connection.isTransaction) return NOTHING_CHANGED;
          return onDisk(file, () => statement.run(...(parameters as SQLInputValue[])));
        },
        iterate: (parameters) => statement.iterate(...(parameters as SQLInputValue[])),
      };
    },
  };
}

/** https://www.sqlite.org/rescode.html */
const DISK_FAULTS = new Map<unknown, StorageFault>([
  [8, 'not-writable'],
  [13, 'full'],
]);

/** What the disk says against a statement, in the words for it. */
function onDisk<Result>(file: string, statement: () => Result): Result {
  try {
    return statement();
  } catch (error) {
    const fault = DISK_FAULTS.get((error as { errcode?: unknown }).errcode);
    throw fault === undefined ? error : new StorageError(fault, file, error);
  }
}
