import { join } from 'node:path';
import { sql } from 'kysely';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { VirtualClock } from '../../../test/support/virtual-clock.ts';
import { openSqlite } from './sqlite.ts';

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
