/** Images whose rows are called like the sheets and folders that lie beside them. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { imagemill } from '../support/imagemill.ts';

async function filesOfRows(out: string): Promise<string[]> {
  const rows = parse(await readFile(join(out, 'results.csv')), { bom: true, columns: true });
  return (rows as Record<string, string>[]).map(({ file = '' }) => file);
}

test('no image takes the place of a sheet, and tools work on the images alone', async () => {
  const mill = await imagemill();
  const names = ['contact-sheet', 'originals', 'a boat'];
  await mill.write(
    'boats.csv',
    ['name,prompt', ...names.map((name) => `${name},boat ${name}`)].join('\n'),
  );
  const words = ['run', 'boats.csv', '--size', '256x256', '--out', 'out'];
  const first = ['--name', '{name}', '--finish', 'webp 82'];
  const { code, answer } = await mill.json(...words, ...first);
  expect(code).toBe(0);
  const out = join(mill.folder, 'out');
  await mill.json('export', answer.run, '--out', 'copy', '--name', '{name}');
  for (const folder of [out, join(mill.folder, 'copy')]) {
    expect(await filesOfRows(folder)).toEqual([
      expect.stringMatching(/^contact-sheet-[0-9a-f]{6}\.webp$/),
      'originals.webp',
      'a-boat.webp',
    ]);
    const sheet = await sharp(join(folder, 'contact-sheet.webp')).metadata();
    expect(sheet.width).toBeGreaterThan(256);
  }
  expect((await mill.run('verify', 'out', 'copy')).code).toBe(0);

  // The older files are kept aside, and no tool takes them for images of the run.
  const second = ['--name', '{name}/{row}', '--finish', 'webp 70'];
  expect(await mill.json(...words, ...second)).toMatchObject({ code: 0 });
  expect(await readdir(join(out, 'replaced'))).toHaveLength(3);
  const files = await filesOfRows(out);
  expect(files).toEqual(['_contact-sheet/0001.webp', '_originals/0002.webp', 'a-boat/0003.webp']);
  const planned = await mill.json<{ pictures: number; left_out: { own: number } }>(
    'tools',
    'convert',
    'out',
    '--format',
    'png',
    '--dry-run',
  );
  // The contact sheet, three thumbnails of its page, and the folder of what was replaced.
  expect(planned.answer).toMatchObject({ pictures: 3, left_out: { own: 5 } });
});
