import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { moveHome } from './move-home.ts';

test('moveHome() leads every path of the old home into the new one, and no other text', async () => {
  const file = join(await temporaryFolder(), 'store.db');
  using database = new DatabaseSync(file);
  database.exec(`
    create table workers (id text);
    create table runs (out text, settings text, state text, title text);
    insert into workers values ('w1');
    insert into runs values
      ('/old home/runs/r1/out', '{"references":["/old home/runs/r1/sheet/a.png","/old homes/b.png"]}', 'running', 'in /old home/'),
      ('/old homes/out', '{}', 'done', '/old home/');
  `);
  expect(moveHome(file, '/old home', '/new "home"')).toBe(1);
  expect(database.prepare('select count(*) as workers from workers').get()).toEqual({ workers: 0 });
  const rows = database.prepare('select * from runs').all();
  expect(rows.map((row) => ({ ...row }))).toEqual([
    {
      out: '/new "home"/runs/r1/out',
      settings: JSON.stringify({
        references: ['/new "home"/runs/r1/sheet/a.png', '/old homes/b.png'],
      }),
      state: 'running',
      title: 'in /old home/',
    },
    { out: '/old homes/out', settings: '{}', state: 'done', title: '/new "home"/' },
  ]);
});
