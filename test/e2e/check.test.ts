/** `tools check` of a run and of a folder, by the real command line. */
import { copyFile, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { flaggedPicture } from '../support/flagged-picture.ts';
import { imagemill } from '../support/imagemill.ts';
import { paintPicture } from '../support/pictures.ts';

interface CheckAnswer {
  readonly run: string | null;
  readonly pictures: number;
  readonly failed: number;
  readonly flagged: number;
  readonly screened: boolean;
  readonly counts: Readonly<Record<string, number>>;
  readonly found: readonly {
    readonly file: string;
    readonly row: number | null;
    readonly findings: readonly { readonly kind: string; readonly text: string }[];
  }[];
  readonly flags_changed: number | null;
  readonly exit_code: number;
}

const SHEET = `prompt,name
a red fox in the snow,fox
a lighthouse at night,light
a city at dusk,city
deep forest with deer,forest
a portrait of an astronaut,astronaut
`;

describe('the check of a run', () => {
  test('finds what happened to its files, and writes it into its results', async () => {
    const mill = await imagemill();
    await mill.write('prompts.csv', SHEET);
    const words = ['--size', '256x256', '--finish', 'webp 90 | thumb: resize 64x64; jpeg 80'];
    const { answer: run } = await mill.json('run', 'prompts.csv', ...words);
    const clean = await mill.json<CheckAnswer>('tools', 'check', run.run);
    expect(clean.answer).toMatchObject({
      run: run.run,
      pictures: 10,
      counts: {},
      flags_changed: 0,
    });
    expect(clean.code).toBe(0);

    const own = (name: string) => join(run.out, name);
    const files = await readdir(run.out);
    const named = (name: string, ending: string) =>
      files.find((file) => file.includes(name) && file.endsWith(ending))!;
    const fox = named('fox', '.webp');
    const light = named('light', '.webp');
    const forest = named('forest', '.webp');
    const thumb = named('astronaut', '.jpg');
    await rm(own(fox));
    await writeFile(
      own(light),
      await sharp(await readFile(own(light)))
        .resize(128)
        .toBuffer(),
    );
    await copyFile(own(named('city', '.webp')), own('mine.webp'));
    const whole = await readFile(own(forest));
    await writeFile(own(forest), whole.subarray(0, whole.length / 2));
    await writeFile(own(thumb), await paintPicture(64, 64, 'jpeg'));

    const { code, answer } = await mill.json<CheckAnswer>('tools', 'check', run.run);
    const kinds = Object.fromEntries(
      answer.found.map(({ file, findings }) => [file, findings.map(({ kind }) => kind).toSorted()]),
    );
    expect(kinds).toEqual({
      [fox]: ['missing-file'],
      [light]: ['changed-file', 'unmarked', 'wrong-size'],
      [forest]: ['broken', 'changed-file'],
      [thumb]: ['changed-file', 'unmarked'],
      'mine.webp': ['exact-duplicate', 'stray'],
    });
    expect({ code, ...answer }).toMatchObject({ code: 5, failed: 4, flagged: 1, flags_changed: 4 });

    const flags = async () => {
      const text = await readFile(own('results.csv'));
      const rows = parse(text, { columns: true, bom: true }) as { name: string; flags: string }[];
      return Object.fromEntries(rows.map((row) => [row.name, row.flags]));
    };
    expect(await flags()).toEqual({
      fox: 'file is missing',
      light: 'file was changed | wrong-size | marks are gone',
      city: '',
      forest: 'file was changed | broken',
      astronaut: 'thumb: file was changed | thumb: marks are gone',
    });
    const status = await mill.run('status', run.run);
    expect(status.stdout).toContain('1 missing file');

    // What was put right is no longer said.
    await writeFile(own(forest), whole);
    const again = await mill.json<CheckAnswer>('tools', 'check', run.run);
    expect(again.answer).toMatchObject({ failed: 3, flags_changed: 1 });
    expect(await flags()).toMatchObject({ forest: '', fox: 'file is missing' });

    await writeFile(
      own(forest),
      await sharp(await flaggedPicture(256))
        .webp()
        .toBuffer(),
    );
    const screened = await mill.json<CheckAnswer>('tools', 'check', run.run, '--screen');
    expect(screened.answer).toMatchObject({ screened: true, counts: { screened: 1 } });
    expect((await flags())['forest']).toMatch(/ \| flagged for review: porn \d\d %$/);
    await mill.json('tools', 'check', run.run);
    expect((await flags())['forest']).toMatch(/flagged for review/);
  }, 60_000);
});

describe('the check of a folder', () => {
  test('shows what was found by kinds, and says where all of it is', async () => {
    const mill = await imagemill();
    const picture = await paintPicture(64, 64);
    for (let at = 0; at < 12; at += 1) await writeFile(join(mill.folder, `${at}.png`), picture);
    await writeFile(join(mill.folder, 'text\u001b[31m.jpg'), 'no picture');
    const shown = await mill.run('tools', 'check', '.', '--report', 'check.csv');
    expect(shown.code).toBe(5);
    expect(shown.stdout).toContain('13 pictures looked at: 1 failed, 11 flagged');
    expect(shown.stdout).toMatch(/Broken \(1\)\n +text\\u001b\[31m\.jpg +broken: its first bytes/);
    expect(shown.stdout).toMatch(/Exact duplicates \(11\)\n(.*\n){8} +and 3 more/);
    expect(shown.stdout).toContain('check.csv');
    const rows = parse(await readFile(join(mill.folder, 'check.csv')), {
      columns: true,
      bom: true,
    });
    expect(rows).toHaveLength(13);
    const all = await mill.run('tools', 'check', '.', '--all');
    expect(all.stdout).toMatch(/Exact duplicates \(11\)\n( +\d+\.png .*\n){11}\n/);
  }, 30_000);

  test('ends with 0 for flags, and with 5 where that is asked for', async () => {
    const mill = await imagemill();
    const picture = await paintPicture(64, 64);
    for (const name of ['a.png', 'b.png']) await writeFile(join(mill.folder, name), picture);
    expect(await mill.run('tools', 'check', '.')).toMatchObject({ code: 0 });
    expect(await mill.run('tools', 'check', '.', '--strict')).toMatchObject({ code: 5 });
    await rename(join(mill.folder, 'b.png'), join(mill.folder, 'b.txt'));
    expect(await mill.run('tools', 'check', '.', '--strict')).toMatchObject({ code: 0 });
    expect(await mill.run('tools', 'check', '.', '--size', 'large')).toMatchObject({ code: 2 });
    expect(await mill.run('tools', 'check', 'nowhere')).toMatchObject({ code: 2 });
  }, 30_000);

  test('never says of a picture that is not flagged what was not found out', async () => {
    const mill = await imagemill();
    await writeFile(join(mill.folder, 'a.png'), await paintPicture(64, 64));
    await writeFile(join(mill.folder, 'b.png'), await flaggedPicture());
    const { stdout, code } = await mill.run('tools', 'check', '.', '--screen');
    expect(code).toBe(0);
    expect(stdout).toMatch(/Flagged for review \(1\)\n +b\.png .*flagged for review: porn \d\d %/);
    expect(stdout).toContain('That a picture is not flagged says nothing about it.');
    const help = await mill.run('tools', 'check', '--help');
    for (const text of [stdout, help.stdout]) expect(text).not.toMatch(/\bsafe\b/i);
  }, 30_000);
});
