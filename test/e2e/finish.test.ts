/** Finishing as a part of a run, as a user meets it: recipes, several files an image, kills, failures. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parse } from 'csv-parse/sync';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { imagemill, type RunAnswer } from '../support/imagemill.ts';

interface FinishAnswer extends RunAnswer {
  readonly finish_failures: number;
}

const RECIPE = 'upscale 2x lanczos; webp 82 | thumb: resize 64x64; avif 50';

async function results(out: string): Promise<Record<string, string>[]> {
  return parse(await readFile(join(out, 'results.csv'), 'utf8'), {
    bom: true,
    columns: true,
  }) as Record<string, string>[];
}

async function sizeOf(path: string): Promise<string> {
  const { width, height } = await sharp(path).metadata();
  return `${width}x${height}`;
}

/** Delivered pictures, by names that begin with the row. */
async function picturesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => /^\d{4}.*\.(?:png|webp|avif|jpg)$/.test(name)).toSorted();
}

/** Waits for the program, not for a time: until it has put so many pictures into the folder. */
async function untilPictures(folder: string, count: number): Promise<void> {
  while ((await picturesIn(folder)).length < count) await pause(20);
}

describe('finishing in a run', () => {
  test('makes every file of the recipe, and another recipe keeps the old ones aside', async () => {
    const mill = await imagemill();
    await mill.writeSheet('boats.csv', 3);
    const words = ['run', 'boats.csv', '--size', '256x256', '--name', '{row}'];
    const { code, answer } = await mill.json<FinishAnswer>(...words, '--finish', RECIPE);
    expect({ code, ...answer }).toMatchObject({ code: 0, finish_failures: 0 });
    const files = await picturesIn(answer.out);
    expect(files).toEqual([
      '0001-thumb.avif',
      '0001.webp',
      '0002-thumb.avif',
      '0002.webp',
      '0003-thumb.avif',
      '0003.webp',
    ]);
    expect(await sizeOf(join(answer.out, '0002.webp'))).toBe('512x512');
    expect(await sizeOf(join(answer.out, '0002-thumb.avif'))).toBe('64x64');
    expect(await results(answer.out)).toMatchObject([
      { file: '0001.webp', more_files: '0001-thumb.avif', finish_failure: '' },
      { file: '0002.webp', more_files: '0002-thumb.avif' },
      { file: '0003.webp', more_files: '0003-thumb.avif' },
    ]);
    const manifest = JSON.parse(await readFile(join(answer.out, 'manifest.json'), 'utf8')) as {
      files: { file: string; output?: string; marked: boolean }[];
    };
    expect(manifest.files.map(({ file, output }) => output ?? file)).toEqual([
      '0001.webp',
      'thumb',
      '0002.webp',
      'thumb',
      '0003.webp',
      'thumb',
    ]);
    expect(manifest.files.every(({ marked }) => marked)).toBe(true);

    const again = await mill.json<FinishAnswer>(...words, '--finish', 'jpeg 90');
    expect(again).toMatchObject({ code: 0, answer: { credits: { posted: 0 } } });
    expect(await picturesIn(answer.out)).toEqual(['0001.jpg', '0002.jpg', '0003.jpg']);
    expect((await readdir(join(answer.out, 'replaced'))).toSorted()).toEqual(files);
  });

  test('delivers as made what cannot be finished, says why, and ends with 5', async () => {
    const mill = await imagemill();
    await mill.writeSheet('boats.csv', 2);
    const { code, answer } = await mill.json<FinishAnswer>(
      'run',
      'boats.csv',
      '--size',
      '1024x1024',
      '--finish',
      'webp 4KB',
    );
    expect({ code, ...answer }).toMatchObject({
      code: 5,
      items: { delivered: 2 },
      finish_failures: 2,
    });
    for (const { file, finish_failure: reason } of await results(answer.out)) {
      expect(file).toMatch(/\.png$/);
      expect(reason).toMatch(/4.?(?:KB|kB|000)/);
      expect(await sizeOf(join(answer.out, file!))).toBe('1024x1024');
    }
    const status = await mill.run('status');
    expect(status.stdout).toContain('Not finished: 2 images');
  });

  test('a bad recipe is refused before anything is made', async () => {
    const mill = await imagemill();
    await mill.writeSheet('boats.csv', 2);
    const ended = await mill.run('run', 'boats.csv', '--finish', 'upscale 9x; sharpen');
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain('--finish is not a recipe');
    expect(ended.stderr).toContain('there is no such step (found "sharpen")');
    expect(await readdir(mill.folder)).not.toContain('boats-images');
  });

  test('Ctrl-C leaves what waits to be finished to resume, a kill as well', async () => {
    const mill = await imagemill();
    await mill.writeSheet('boats.csv', 10);
    const words = ['--size', '256x256', '--name', '{row}', '--finish', 'upscale 4x; webp 80'];
    const first = mill.start('run', 'boats.csv', '--out', 'out', ...words);
    const out = join(mill.folder, 'out');
    await untilPictures(out, 1);
    first.child.kill('SIGINT');
    expect((await first.ended).code).toBe(130);
    const early = await picturesIn(out);
    expect(early.length).toBeLessThan(10);

    const second = mill.start('resume');
    await untilPictures(out, early.length + 1);
    second.child.kill('SIGKILL');
    await second.ended;

    const { code, answer } = await mill.json<FinishAnswer>('resume');
    expect({ code, ...answer }).toMatchObject({ code: 0, items: { delivered: 10 } });
    const rows = await results(out);
    expect(rows.map(({ file }) => file)).toEqual(
      rows.map((_, place) => `${String(place + 1).padStart(4, '0')}.webp`),
    );
    for (const { file } of rows) {
      expect(await sizeOf(join(out, file!))).toBe('1024x1024');
    }
  }, 240_000);

  test('another recipe after a kill leaves none of the files that the first had begun', async () => {
    const mill = await imagemill();
    await mill.writeSheet('boats.csv', 4);
    const words = ['run', 'boats.csv', '--size', '256x256', '--name', '{row}', '--out', 'out'];
    const first = mill.start(...words, '--finish', 'big: upscale 4x; webp 80');
    const out = join(mill.folder, 'out');
    await untilPictures(out, 1);
    first.child.kill('SIGKILL');
    await first.ended;
    const begun = await picturesIn(out);

    const { code } = await mill.json<FinishAnswer>(...words, '--finish', 'webp 70 | jpeg: jpeg 70');
    expect(code).toBe(0);
    expect(await picturesIn(out)).toEqual(
      [1, 2, 3, 4].flatMap((row) => [`000${row}-jpeg.jpg`, `000${row}.webp`]),
    );
    expect(await readdir(join(out, 'replaced'))).toEqual(expect.arrayContaining(begun));
  }, 120_000);

  test('without prompts in files, their words are in no byte and no name of them', async () => {
    const mill = await imagemill();
    await mill.write('secret.csv', 'prompt,negative_prompt\na velvet heron,rusted anchors\n');
    for (const option of ['--no-prompt-in-files', '--no-marks']) {
      const out = `out${option}`;
      const words = ['--size', '256x256', '--out', out, '--finish', 'webp 82 | two: png'];
      const { code } = await mill.json('run', 'secret.csv', option, ...words);
      expect(code).toBe(0);
      const names = await readdir(join(mill.folder, out));
      const pictures = names.filter(
        (name) => /\.(?:webp|png)$/.test(name) && !name.startsWith('contact'),
      );
      expect(pictures).toHaveLength(2);
      for (const name of pictures) {
        const text = (await readFile(join(mill.folder, out, name))).toString('latin1');
        expect(text).not.toMatch(/velvet|rusted/);
        expect(text.includes('digitalsourcetype/algorithmicMedia')).toBe(option !== '--no-marks');
        if (option === '--no-prompt-in-files') expect(name).not.toMatch(/velvet/);
      }
    }
  });
});
