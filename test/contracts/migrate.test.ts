/** Programs of several levels at one store, on both engines. */
import { sql } from 'kysely';
import { describe, expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../src/engine/ports/system-clock.ts';
import { migrate } from '../../src/engine/store/migrate.ts';
import type { Migration } from '../../src/engine/store/migration.ts';
import { MIGRATIONS, OWN_LEVEL } from '../../src/engine/store/migrations/index.ts';
import { openPostgres } from '../../src/engine/store/postgres.ts';
import { type OpenDatabase, openSqlite } from '../../src/engine/store/sqlite.ts';
import { levelOfStore, migrationsOf, refusal } from '../../src/engine/store/store-level.ts';
import { postgresHome, sqliteHome } from '../support/stores.ts';

const EXPANDING: Migration = {
  name: '0901-notes',
  up: async (database) => {
    await database.schema.alterTable('items').addColumn('note', 'text').execute();
  },
  indexes: [{ name: 'items_by_note', table: 'items', columns: ['run_id', 'note'] }],
};
const CONTRACTING: Migration = {
  name: '0902-no-notes',
  up: async (database) => {
    await database.schema.dropIndex('items_by_note').execute();
    await database.schema.alterTable('items').dropColumn('note').execute();
  },
  oldestLevel: 901,
};
const EXPANDED = [...MIGRATIONS, EXPANDING];
const CONTRACTED = [...EXPANDED, CONTRACTING];

describe.each([
  [
    'SQLite',
    sqliteHome,
    (address: string) => openSqlite(address, { clock: systemClock, flush: false }),
  ],
  ['PostgreSQL', postgresHome, openPostgres],
] as const)('a store on %s', (_, createHome, openDatabase) => {
  async function opened(): Promise<OpenDatabase> {
    const home = await createHome();
    const open = openDatabase(home.address);
    onTestFinished(async () => {
      await open.database.destroy();
      await home[Symbol.asyncDispose]();
    });
    return open;
  }

  const levelNow = async ({ database }: OpenDatabase) =>
    levelOfStore(database, await migrationsOf(database));

  test('is brought to the level of whoever is newest, with its indexes', async () => {
    const open = await opened();
    await migrate(open);
    expect(await levelNow(open)).toEqual({ level: OWN_LEVEL, oldestLevel: 0 });
    await migrate(open, EXPANDED);
    expect(await levelNow(open)).toEqual({ level: 901, oldestLevel: 0 });
    const names = [...(await migrationsOf(open.database))];
    expect(names).toEqual(expect.arrayContaining(['0901-notes', '0901-notes indexes']));
    const twice = sql`create index items_by_note on items (note)`.execute(open.database);
    await expect(twice).rejects.toThrow(/already exists/);
  });

  test('lets an older program go on that a newer one works beside', async () => {
    const open = await opened();
    await migrate(open, EXPANDED);
    await migrate(open);
    expect(await refusal(open.database)).toBeUndefined();
    expect((await levelNow(open)).level).toBe(901);
  });

  test('is left alone by a program that misses something which its newer maker has left out', async () => {
    const open = await opened();
    await migrate(open, [...MIGRATIONS.slice(0, -1), EXPANDING]);
    await expect(migrate(open)).rejects.toThrow(
      `has left out what Imagemill 0.1.0 needs of it (${MIGRATIONS.at(-1)!.name}). Install the version that has made it.`,
    );
  });

  test('refuses programs that cannot write it any more', async () => {
    const open = await opened();
    await migrate(open, CONTRACTED);
    const words = 'programs below level 901 cannot write. This is Imagemill 0.1.0, of level';
    await expect(migrate(open)).rejects.toThrow(words);
    await migrate(open, EXPANDED);
    expect((await levelNow(open)).oldestLevel).toBe(901);
  });

  test('is not taken apart under an older process: it is refused at once, and waited for', async () => {
    const open = await opened();
    await migrate(open, EXPANDED);
    const now = await open.dialect.now(open.database);
    const worker = { id: 'old', host: 'far', pid: 7, incarnation: '', lease_until: now + 600_000 };
    await open.database
      .insertInto('workers')
      .values({ ...worker, level: OWN_LEVEL, version: '0.1.0' } as never)
      .execute();
    // Whatever is waited with, the older process ends meanwhile.
    const seen: unknown[] = [];
    const wait: OpenDatabase['dialect']['wait'] = async (database) => {
      seen.push(
        (await refusal(database))?.message,
        (await migrationsOf(database)).has(CONTRACTING.name),
      );
      await database.deleteFrom('workers').where('id', '=', 'old').execute();
    };
    await migrate({ ...open, dialect: { ...open.dialect, wait } }, CONTRACTED);
    expect(seen).toEqual([expect.stringContaining('below level 901'), false]);
    expect((await migrationsOf(open.database)).has(CONTRACTING.name)).toBe(true);
  });

  test('names the older processes that do not end', async () => {
    const open = await opened();
    await migrate(open, EXPANDED);
    const now = await open.dialect.now(open.database);
    await open.database
      .insertInto('workers')
      .values({
        id: 'old',
        host: 'far/1',
        pid: 7,
        incarnation: '',
        lease_until: now + 600_000,
      } as never)
      .execute();
    const hurried = { ...open, dialect: { ...open.dialect, wait: async () => {} } };
    await expect(migrate(hurried, CONTRACTED)).rejects.toThrow(
      'Older programs still work on this store: 7 on far (of an unknown version). They take up nothing more.',
    );
  });
});

test('a migration on PostgreSQL does not queue writers behind a long transaction', async () => {
  await using home = await postgresHome();
  const open = openPostgres(home.address);
  onTestFinished(() => open.database.destroy());
  await migrate(open);
  const release = Promise.withResolvers<void>();
  const reads = Promise.withResolvers<void>();
  const reader = open.database.transaction().execute(async (trx) => {
    await trx.selectFrom('items').select('id').execute();
    reads.resolve();
    await release.promise;
  });
  await reads.promise;
  const waits: number[] = [];
  const wait: OpenDatabase['dialect']['wait'] = async (_, waitMs) => {
    waits.push(waitMs);
    // Nobody waits in the queue for the table now: whoever writes gets it at once.
    await open.database.updateTable('items').set({ reason: null }).execute();
    release.resolve();
    await reader;
  };
  await migrate({ ...open, dialect: { ...open.dialect, wait } }, EXPANDED);
  expect(waits).toHaveLength(1);
});

test('an index that broke off is made anew', async () => {
  await using home = await postgresHome();
  const open = openPostgres(home.address);
  onTestFinished(() => open.database.destroy());
  await migrate(open);
  const { database } = open;
  for (const id of ['a', 'b']) {
    await database
      .insertInto('workspaces')
      .values({ id, name: 'same', state: 'active', created_at: 0 } as never)
      .execute();
  }
  const unique: Migration = {
    name: '0901-names',
    up: async () => {},
    indexes: [{ name: 'by_name', table: 'workspaces', columns: ['name'], isUnique: true }],
  };
  await expect(migrate(open, [...MIGRATIONS, unique])).rejects.toThrow(/could not create unique/);
  await database.deleteFrom('workspaces').where('id', '=', 'b').execute();
  await migrate(open, [...MIGRATIONS, unique]);
  const { rows } =
    await sql`select indisvalid from pg_index where indexrelid = to_regclass('by_name')`.execute(
      database,
    );
  expect(rows).toEqual([{ indisvalid: true }]);
});
