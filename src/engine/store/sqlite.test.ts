import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { sql } from 'kysely';
import { expect, onTestFinished, test } from 'vitest';
import { DECISIONS } from '../../../test/support/decisions.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { VirtualClock } from '../../../test/support/virtual-clock.ts';
import { openSqlite } from './sqlite.ts';
import { createSqlStore } from './sql-store.ts';

/** https://www.sqlite.org/pragma.html#pragma_synchronous */
const FULL = 2;

test('every commit is flushed before it counts, unless a test wants none of it', async () => {
  const file = join(await temporaryFolder(), 'imagemill.db');
  const { database } = openSqlite(file, { clock: new VirtualClock() });
  onTestFinished(() => database.destroy());
  const flush = await sql<{ synchronous: number }>`pragma synchronous`.execute(database);
  expect(flush.rows).toEqual([{ synchronous: FULL }]);
  const journal = await sql<{ journal_mode: string }>`pragma journal_mode`.execute(database);
  expect(journal.rows).toEqual([{ journal_mode: 'wal' }]);
});

test('a store that is up to date is opened and read while another process writes', async () => {
  const file = join(await temporaryFolder(), 'imagemill.db');
  const first = openSqlite(file, { clock: new VirtualClock() });
  onTestFinished(() => first.database.destroy());
  await createSqlStore(first, DECISIONS);
  const writing = new DatabaseSync(file);
  onTestFinished(() => writing.close());
  writing.exec('begin immediate');
  const second = openSqlite(file, { clock: new VirtualClock() });
  onTestFinished(() => second.database.destroy());
  const store = await createSqlStore(second, DECISIONS);
  expect(await store.listRuns()).toEqual([]);
});

test('a full disk is told as one, and what was being written is rolled back', async () => {
  const file = join(await temporaryFolder(), 'imagemill.db');
  const { database } = openSqlite(file, { clock: new VirtualClock() });
  onTestFinished(() => database.destroy());
  await sql`create table pages (bytes blob)`.execute(database);
  // SQLite answers the same for its own bound as for the disk's.
  await sql`pragma max_page_count = 10`.execute(database);
  const writing = database.transaction().execute(async (trx) => {
    await sql`insert into pages values (zeroblob(10))`.execute(trx);
    await sql`insert into pages values (zeroblob(1000000))`.execute(trx);
  });
  await expect(writing).rejects.toMatchObject({ name: 'StorageError', fault: 'full', path: file });
  const { rows } = await sql`select * from pages`.execute(database);
  expect(rows).toEqual([]);
});
