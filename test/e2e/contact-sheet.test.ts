/** `imagemill tools contact-sheet`, as a person runs it. */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import type { PageItem } from '../../src/engine/deliver/contact-page/page-item.ts';
import { imagemill, type Imagemill } from '../support/imagemill.ts';
import { paintPicture } from '../support/pictures.ts';

interface Answer {
  readonly out: string;
  readonly page: string;
  readonly picture: string | null;
  readonly images: number;
  readonly pictures: number;
  readonly thumbnails: number;
}

/** The items on a page, as its browser gets them. */
async function itemsOf({ out, page }: Pick<Answer, 'out' | 'page'>): Promise<PageItem[]> {
  const html = await readFile(join(out, page), 'utf8');
  const items: PageItem[] = [];
  for (const [, piece] of html.matchAll(/<script src="([^"]+)" defer>/g)) {
    const script = await readFile(join(out, decodeURIComponent(piece!)), 'utf8');
    runInNewContext(script, { addItems: (more: PageItem[]) => items.push(...more) });
  }
  return items;
}

async function sheetOf(mill: Imagemill, ...words: string[]): Promise<Answer> {
  const { code, answer, ended } = await mill.json<Answer>('tools', 'contact-sheet', ...words);
  expect(code, ended.stderr).toBe(0);
  return answer;
}

async function folderOfPictures(mill: Imagemill, name: string): Promise<string> {
  const folder = join(mill.folder, name);
  await mkdir(join(folder, 'deep'), { recursive: true });
  await writeFile(join(folder, '10.png'), await paintPicture(64, 48, 'png', 1));
  await writeFile(join(folder, '9.jpg'), await paintPicture(64, 48, 'jpeg', 2));
  await writeFile(join(folder, 'deep', 'a #1.webp'), await paintPicture(64, 48, 'webp', 3));
  await writeFile(join(folder, 'notes.txt'), 'no picture');
  return folder;
}

describe('imagemill tools contact-sheet', () => {
  test('shows a folder by its names, in the order that people count', async () => {
    const mill = await imagemill();
    const folder = await folderOfPictures(mill, 'shots');
    await writeFile(join(folder, 'broken.png'), 'not a PNG');
    const answer = await sheetOf(mill, 'shots');
    expect(answer).toMatchObject({ out: folder, images: 4, pictures: 3, thumbnails: 3 });
    const items = await itemsOf(answer);
    expect(items.map(({ name, file }) => [name, file])).toEqual([
      ['9.jpg', '9.jpg'],
      ['10.png', '10.png'],
      ['broken.png', 'broken.png'],
      ['deep/a #1.webp', 'deep/a%20%231.webp'],
    ]);
    expect(items[2]).toMatchObject({
      state: 'failed',
      reason: expect.stringContaining('no picture'),
    });
    expect(await sharp(join(folder, answer.picture!)).metadata()).toMatchObject({ format: 'webp' });
    // Its own sheets are no pictures of the folder, and nothing is made twice.
    expect(await sheetOf(mill, 'shots')).toMatchObject({ images: 4, thumbnails: 0 });
  });

  test('knows from the marks in files how they were made, and compares runs by their prompts', async () => {
    const mill = await imagemill();
    await mill.write('sheet.csv', 'prompt,seed\na quiet lake,1\na red boat,2\n');
    const size = ['--size', '256x256', '--yes'];
    const { answer: one } = await mill.json('run', 'sheet.csv', '--out', 'one', ...size);
    const { answer: two } = await mill.json(
      'run',
      'sheet.csv',
      '--out',
      'two',
      '--count',
      '2',
      ...size,
    );
    const compared = await sheetOf(mill, one.run, two.run, '--out', 'compared');
    const items = await itemsOf(compared);
    expect(items.map(({ source, row, index }) => [source, row, index])).toEqual([
      [0, 1, undefined],
      [0, 2, undefined],
      [1, 1, 1],
      [1, 1, 2],
      [1, 2, 1],
      [1, 2, 2],
    ]);
    expect(items[0]?.file).toMatch(/^\.\.\/one\/.*\.png$/);
    expect(await readdir(join(mill.folder, 'compared'))).toContain('contact-sheet.webp');

    await rm(join(mill.folder, 'one', 'contact-sheet.webp'));
    const folder = await itemsOf(await sheetOf(mill, 'one', '--out', 'folder'));
    expect(folder).toMatchObject([
      { row: 1, prompt: 'a quiet lake', model: 'demo', seed: 1, width: 256 },
      { row: 2, prompt: 'a red boat', model: 'demo', seed: 2, width: 256 },
    ]);
  });

  test('shows a part of a large folder, with tiles as large as was asked', async () => {
    const mill = await imagemill();
    const folder = join(mill.folder, 'many');
    await mkdir(folder);
    for (let at = 10; at < 20; at += 1) {
      await writeFile(join(folder, `${at}.jpg`), await paintPicture(300, 300, 'jpeg', at));
    }
    const answer = await sheetOf(mill, 'many', '--max', '4', '--tile', '128');
    const items = await itemsOf(answer);
    expect(items.map(({ name }) => name)).toEqual(['10.jpg', '12.jpg', '15.jpg', '17.jpg']);
    const thumbnail = await sharp(join(folder, items[0]!.thumbnail!)).metadata();
    expect([thumbnail.width, thumbnail.height]).toEqual([128, 128]);
  });

  test('leaves sheets alone that it has not made', async () => {
    const mill = await imagemill();
    const folder = await folderOfPictures(mill, 'shots');
    await writeFile(join(folder, 'contact-sheet.html'), 'mine');
    await writeFile(join(folder, 'contact-sheet.webp'), 'mine');
    const answer = await sheetOf(mill, 'shots');
    expect(answer.page).toMatch(/^contact-sheet-\w+\.html$/);
    expect(answer.picture).toMatch(/^contact-sheet-\w+\.webp$/);
    for (const file of ['contact-sheet.html', 'contact-sheet.webp']) {
      expect(await readFile(join(folder, file), 'utf8')).toBe('mine');
    }
  });

  test('says what is wrong with what it was asked for', async () => {
    const mill = await imagemill();
    await folderOfPictures(mill, 'shots');
    await mkdir(join(mill.folder, 'empty'));
    const words = async (...asked: string[]) => {
      const { code, stderr } = await mill.run('tools', 'contact-sheet', ...asked);
      expect(code).toBe(2);
      return stderr;
    };
    expect(await words('nowhere')).toMatch(/no folder or file of this name.*found "nowhere"/);
    expect(await words('shots', 'empty')).toMatch(/Say where it goes: --out FOLDER/);
    expect(await words('empty')).toMatch(/no picture in it.*"empty"/);
    expect(await words('shots', '--tile', '5000')).toMatch(/from 96 to 640/);
    expect(await words('shots', '--max', 'all')).toMatch(/at least 1/);
    expect(await words('shots', '--out', 'shots/9.jpg')).toMatch(/A file is where the folder/);
    expect(await readdir(join(mill.folder, 'shots'))).toEqual([
      '10.png',
      '9.jpg',
      'deep',
      'notes.txt',
    ]);
  });
});
