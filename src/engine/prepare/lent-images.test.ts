import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { paintPicture } from '../../../test/support/pictures.ts';
import { InputError } from '../core/errors.ts';
import { openSheet } from '../input/open-sheet.ts';
import { lendImages, readLentImages } from './lent-images.ts';

async function folderOf(...names: string[]): Promise<string> {
  const folder = await temporaryFolder();
  for (const name of names) await writeFile(join(folder, name), await paintPicture(8, 8));
  return folder;
}

async function lent(csv: string, images: readonly string[]) {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'own.png'), await paintPicture(8, 8));
  const file = join(folder, 'sheet.csv');
  await writeFile(file, csv);
  const sheet = lendImages(await openSheet(file), await readLentImages(images));
  const rows = [];
  for await (const line of sheet.rows()) rows.push(line);
  return { sheet, rows, own: join(folder, 'own.png') };
}

describe('readLentImages()', () => {
  test('finds the pictures of a folder in natural order, by their first bytes', async () => {
    const folder = await folderOf('photo10.png', 'Photo2.png', 'photo1', '.hidden.png');
    await writeFile(join(folder, 'notes.png'), 'only words');
    await mkdir(join(folder, 'more.png'));
    expect(await readLentImages([folder])).toEqual({
      each: [],
      pictures: ['notes.png', 'photo1', 'Photo2.png', 'photo10.png'].map((name) =>
        join(folder, name),
      ),
    });
  });

  test('leaves the contact sheet of an out folder out', async () => {
    const folder = await folderOf('0001-a.png', 'contact-sheet.webp', 'contact-sheet-r1.webp');
    expect((await readLentImages([folder])).pictures).toHaveLength(3);
    await writeFile(join(folder, 'manifest.json'), '{}');
    expect((await readLentImages([folder])).pictures).toEqual([join(folder, '0001-a.png')]);
  });

  test('keeps files, addresses and names as they are, and names all that is not there', async () => {
    const folder = await folderOf('a.png');
    const each = [join(folder, 'a.png'), 'https://example.org/a.png', '@hero'];
    expect(await readLentImages(each)).toEqual({ each, pictures: [] });
    const empty = await temporaryFolder();
    const error = await readLentImages(['/none.png', empty, '/nothing']).catch(
      (all: unknown) => all,
    );
    expect((error as InputError).problems.map(({ value }) => value)).toEqual([
      '/none.png',
      empty,
      '/nothing',
    ]);
  });
});

describe('lendImages()', () => {
  test('gives files to rows without references, and leaves the others alone', async () => {
    const { sheet, rows, own } = await lent('prompt,image\na fox,own.png\nan owl,\n', ['@hero']);
    expect(sheet.columns).toEqual(['prompt', 'image']);
    expect(rows).toMatchObject([
      { row: { number: 1, references: [own] } },
      { row: { number: 2, references: ['@hero'], lentReferences: true, cells: { image: '' } } },
    ]);
    expect(rows[0]).not.toHaveProperty('row.lentReferences');
  });

  test('makes a row for each picture of a folder, and numbers all rows anew', async () => {
    const folder = await folderOf('1.png', '2.png');
    const csv = 'prompt,image\na fox,\nan owl,own.png\nbad,none.png\na hare,\n';
    const { rows, own } = await lent(csv, [folder, '@style']);
    const shown = rows.map((line) =>
      line.kind === 'bad'
        ? [line.number, line.line, 'bad']
        : [line.row.number, line.row.line, line.row.prompt, line.row.references.at(-1)],
    );
    expect(shown).toEqual([
      [1, 2, 'a fox', join(folder, '1.png')],
      [2, 2, 'a fox', join(folder, '2.png')],
      [3, 3, 'an owl', own],
      [4, 4, 'bad'],
      [5, 5, 'a hare', join(folder, '1.png')],
      [6, 5, 'a hare', join(folder, '2.png')],
    ]);
    expect(rows[0]).toMatchObject({
      row: { cells: { image: `@style | ${join(folder, '1.png')}` }, lentReferences: true },
    });
  });

  test('names the pictures in a column of their own where the sheet has none', async () => {
    const folder = await folderOf('1.png');
    const { sheet, rows } = await lent('prompt,mood\na fox,calm\n', [folder]);
    expect(sheet.columns).toEqual(['prompt', 'mood', 'image']);
    const cells = { prompt: 'a fox', mood: 'calm', image: join(folder, '1.png') };
    expect(rows).toMatchObject([{ row: { cells } }]);
  });

  test('changes nothing when nothing is lent', async () => {
    const { sheet, rows } = await lent('prompt\na fox\n', []);
    expect(sheet.columns).toEqual(['prompt']);
    expect(rows).toMatchObject([{ row: { number: 1, references: [] } }]);
  });
});
