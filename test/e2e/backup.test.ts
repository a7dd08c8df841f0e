/** Backups of a home that is being worked in, and what a restored one does with them. */
import { appendFile, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, onTestFinished, test } from 'vitest';
import { simulate } from '../../simulators/index.ts';
import { systemClock } from '../../src/engine/ports/system-clock.ts';
import { openSqlite } from '../../src/engine/store/sqlite.ts';
import { checkInvariants } from '../support/check-invariants.ts';
import { type Imagemill, imagemill, lastLine, type RunAnswer } from '../support/imagemill.ts';
import { untilBilled } from '../support/kill-run.ts';

interface BackupAnswer {
  readonly files: number;
  readonly images: number;
  readonly bytes: number;
  readonly new_bytes: number;
  readonly missing_images: readonly string[];
  readonly exit_code: number;
}

/** Four requests at a time, so that a run of 60 images lasts for some backups. */
async function working(images: number, latencyMs = 400) {
  const simulation = await simulate({ latencyMs });
  onTestFinished(() => simulation.close());
  const mill = await imagemill(simulation.environment);
  await mill.writeSheet('sheet.csv', images);
  await mill.write('imagemill.yaml', 'vendors:\n  openai:\n    concurrency: 4\n');
  return { mill, vendor: simulation.openai, folder: join(mill.folder, 'backup') };
}

const ORDER = ['run', 'sheet.csv', '--model', 'gpt-image-2', '--yes', '--json'];

async function backUp(mill: Imagemill, folder: string): Promise<BackupAnswer> {
  const { code, answer, ended } = await mill.json<BackupAnswer>('backup', folder);
  expect(code, ended.stderr).toBe(0);
  return answer;
}

async function restore(mill: Imagemill, folder: string, home: string): Promise<void> {
  const ended = await mill.run('restore', folder, '--home', home);
  expect(ended.code, ended.stderr).toBe(0);
}

async function checkHome(home: string): Promise<void> {
  const { database } = openSqlite(join(home, 'imagemill.db'), { clock: systemClock });
  try {
    const runs = await database.selectFrom('runs').select('id').execute();
    expect(runs.length).toBeGreaterThan(0);
    for (const { id } of runs) await checkInvariants(database, id);
    const made = await database
      .selectFrom('items')
      .select('hash')
      .where('hash', 'is not', null)
      .execute();
    for (const { hash } of made) {
      expect(
        (await stat(join(home, 'images', hash!.slice(0, 2), hash!.slice(2)))).size,
      ).toBeGreaterThan(0);
    }
  } finally {
    await database.destroy();
  }
}

function countItems(home: string): Readonly<Record<string, number>> {
  using database = new DatabaseSync(join(home, 'imagemill.db'), { readOnly: true });
  const rows = database.prepare('select state, count(*) as items from items group by state').all();
  return Object.fromEntries(rows.map(({ state, items }) => [state as string, items as number]));
}

describe('a backup of a home that is being worked in', () => {
  test('restores with every promise kept, at whatever moment it was made', async () => {
    const { mill, vendor, folder } = await working(60);
    const running = mill.start(...ORDER);
    for (const images of [5, 25, 45]) {
      await untilBilled(vendor, images, running);
      await backUp(mill, folder);
      expect((await mill.run('backup', folder, '--verify')).code).toBe(0);
      const home = join(mill.folder, `restored-${images}`);
      await restore(mill, folder, home);
      await checkHome(home);
    }
    expect((await running.ended).code).toBe(0);
  });

  test('goes on without paying twice for what the backup knows of', async () => {
    const { mill, vendor, folder } = await working(60);
    const running = mill.start(...ORDER);
    await untilBilled(vendor, 20, running);
    await backUp(mill, folder);
    running.child.kill('SIGKILL');
    await running.ended;

    const home = join(mill.folder, 'restored');
    await restore(mill, folder, home);
    const known = countItems(home);
    expect(known['delivered'] ?? 0).toBeGreaterThan(0);
    expect(known['waiting'] ?? 0).toBeGreaterThan(0);
    const billedBefore = vendor.bill.images;
    const ended = await mill.run('resume', '--home', home, '--json');
    const { items } = lastLine<RunAnswer>(ended);
    expect(vendor.bill.images - billedBefore).toBe(known['waiting']);
    expect(items['delivered']).toBe((known['delivered'] ?? 0) + (known['waiting'] ?? 0));
    expect(items['unknown']).toBe(known['sent'] ?? 0);
    await checkHome(home);
  });

  test('takes only what is new the next time, and shares the bytes of images on one disk', async () => {
    const { mill, folder } = await working(6, 1);
    await mill.run(...ORDER);
    const first = await backUp(mill, folder);
    expect(first.images).toBe(6);
    const images = await imagesOf(join(mill.folder, 'home'));
    const sizes = await Promise.all(images.map((image) => stat(image)));
    expect(sizes.map(({ nlink }) => nlink)).toEqual(images.map(() => 2));
    const imageBytes = sizes.reduce((sum, { size }) => sum + size, 0);
    await mill.writeSheet('sheet.csv', 8);
    await mill.run(...ORDER);
    const second = await backUp(mill, folder);
    expect(second.images).toBe(8);
    expect(second.bytes - second.new_bytes).toBeGreaterThan(imageBytes);
  });

  test('keeps an image that the home has lost, and tells of one that nobody has', async () => {
    const { mill, folder } = await working(3, 1);
    await mill.run(...ORDER);
    await backUp(mill, folder);
    const [first, second] = await imagesOf(join(mill.folder, 'home'));
    await rm(first!);
    expect(await backUp(mill, folder)).toMatchObject({ images: 3, missing_images: [] });
    const other = join(mill.folder, 'other');
    await rm(second!);
    const { code, answer } = await mill.json<BackupAnswer>('backup', other);
    expect(code).toBe(9);
    expect(answer.missing_images).toHaveLength(2);
  });
});

describe('a restore', () => {
  test('makes nothing of a backup with a damaged byte', async () => {
    const { mill, folder } = await working(3, 1);
    await mill.run(...ORDER);
    await backUp(mill, folder);
    const [blob] = await filesBelow(join(folder, 'blobs'));
    const bytes = await readFile(blob!);
    await rm(blob!);
    bytes[bytes.length - 1]! ^= 1;
    await writeFile(blob!, bytes);
    expect((await mill.run('backup', folder, '--verify')).code).toBe(9);
    const home = join(mill.folder, 'restored');
    const ended = await mill.run('restore', folder, '--home', home);
    expect(ended.code).toBe(8);
    expect(ended.stderr).toContain(blob);
    expect(await readdir(mill.folder)).not.toContain('restored');
    expect((await readdir(mill.folder)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  test('refuses a cut list, a home that is not empty, and a folder without a backup', async () => {
    const { mill, folder } = await working(2, 1);
    await mill.run(...ORDER);
    await backUp(mill, folder);
    const taken = join(mill.folder, 'taken');
    await mkdir(taken);
    await writeFile(join(taken, 'mine.txt'), 'mine');
    const over = await mill.run('restore', folder, '--home', taken);
    expect([over.code, over.stderr]).toEqual([2, expect.stringContaining('not empty')]);
    expect(await readdir(taken)).toEqual(['mine.txt']);
    const none = await mill.run('restore', taken, '--home', join(mill.folder, 'new'));
    expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('no backup')]);
    await appendFile(join(folder, 'manifest.jsonl'), '{}\n');
    const cut = await mill.run('restore', folder, '--home', join(mill.folder, 'new'));
    expect([cut.code, cut.stderr]).toEqual([2, expect.stringContaining('damaged')]);
  });

  test('may go into an empty folder, and holds runs where it is asked to', async () => {
    const { mill, vendor, folder } = await working(40);
    const running = mill.start(...ORDER);
    await untilBilled(vendor, 5, running);
    await backUp(mill, folder);
    running.child.kill('SIGKILL');
    await running.ended;
    const home = join(mill.folder, 'restored');
    await mkdir(home);
    const { answer } = await mill.json<{ open_runs: number; paused_runs: number }>(
      'restore',
      folder,
      '--home',
      home,
      '--hold',
    );
    expect(answer).toMatchObject({ open_runs: 1, paused_runs: 1 });
    const { answer: runs } = await mill.json<{ runs: { state: string }[] }>('list', '--home', home);
    expect(runs.runs.map(({ state }) => state)).toEqual(['paused']);
  });
});

test('a backup goes into no folder of somebody else, and not into the home itself', async () => {
  const { mill } = await working(1, 1);
  await mill.run(...ORDER);
  const foreign = await mill.run('backup', mill.folder);
  expect([foreign.code, foreign.stderr]).toEqual([2, expect.stringContaining('home')]);
  await mkdir(join(mill.folder, 'photos'));
  await writeFile(join(mill.folder, 'photos', 'boat.jpg'), 'a boat');
  const photos = await mill.run('backup', join(mill.folder, 'photos'));
  expect([photos.code, photos.stderr]).toEqual([2, expect.stringContaining('boat.jpg')]);
  const inside = await mill.run('backup', join(mill.folder, 'home', 'backup'));
  expect(inside.code).toBe(2);
});

test('with PostgreSQL it names the tools that do it', async () => {
  const mill = await imagemill({ DATABASE_URL: 'postgres://nobody:secret@127.0.0.1:1/none' });
  const ended = await mill.run('backup', join(mill.folder, 'backup'));
  expect([ended.code, ended.stderr]).toEqual([2, expect.stringContaining('pg_dump')]);
  expect(ended.stderr).not.toContain('secret');
});

async function imagesOf(home: string): Promise<string[]> {
  const all = await filesBelow(join(home, 'images'));
  return all.filter((path) => !path.includes('incoming'));
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}
