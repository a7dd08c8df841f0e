import { describe, expect, onTestFinished, test } from 'vitest';
import { FencedError, type StoreContext } from '../../src/engine/store/context.ts';
import type { Trx } from '../../src/engine/store/dialect.ts';
import { GroupCommits, type Piece } from '../../src/engine/store/group-commits.ts';
import { openPostgres } from '../../src/engine/store/postgres.ts';
import { openSqlite } from '../../src/engine/store/sqlite.ts';
import { postgresHome, sqliteHome } from '../support/stores.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

describe.each([
  ['SQLite', sqliteHome],
  ['PostgreSQL', postgresHome],
] as const)('group commits on %s', (_name, createHome) => {
  async function open() {
    const home = await createHome();
    onTestFinished(() => home[Symbol.asyncDispose]());
    // Makes the tables.
    await home.open();
    const opened =
      home.engine === 'sqlite'
        ? openSqlite(home.address, { clock: new VirtualClock(), flush: false })
        : openPostgres(home.address);
    onTestFinished(() => opened.database.destroy());
    const transactions = new Set<Trx>();
    const commits = new GroupCommits();
    const context = { ...opened, commits } as unknown as StoreContext;
    const write = (key: string, after = async () => {}) => {
      const piece: Piece = {
        lessons: [],
        lock: async () => {},
        work: async (trx) => {
          transactions.add(trx);
          await trx.insertInto('limits').values({ key, learned: null }).execute();
          await after();
        },
      };
      return commits.write(context, 'group', piece);
    };
    const keys = async () => {
      const rows = await opened.database
        .selectFrom('limits')
        .select('key')
        .orderBy('key')
        .execute();
      return rows.map(({ key }) => key);
    };
    return { write, keys, transactions };
  }

  test('what comes at once is one transaction', async () => {
    const { write, keys, transactions } = await open();
    expect(await Promise.all(['a', 'b', 'c'].map((key) => write(key)))).toEqual([
      'done',
      'done',
      'done',
    ]);
    expect(transactions.size).toBe(1);
    expect(await keys()).toEqual(['a', 'b', 'c']);
  });

  test('what is fenced leaves nothing behind, alone or among others', async () => {
    const { write, keys } = await open();
    const fence = async () => {
      throw new FencedError('b');
    };
    expect(await Promise.all([write('a'), write('b', fence), write('c')])).toEqual([
      'done',
      'fenced',
      'done',
    ]);
    expect(await write('d', fence)).toBe('fenced');
    expect(await keys()).toEqual(['a', 'c']);
  });

  test('what breaks is told to whoever wrote it, and the others are written', async () => {
    const { write, keys } = await open();
    const fail = async () => {
      throw new Error('a defect');
    };
    const ends = await Promise.allSettled([write('a'), write('b', fail), write('c')]);
    expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await keys()).toEqual(['a', 'c']);
  });

  test('what comes while others are written goes with the next', async () => {
    const { write, keys, transactions } = await open();
    const later: Promise<unknown>[] = [];
    await write('a', async () => {
      later.push(write('b'), write('c'));
    });
    await Promise.all(later);
    expect(transactions.size).toBe(2);
    expect(await keys()).toEqual(['a', 'b', 'c']);
  });
});
