/** Image to image from the command line: real pictures, real HTTP, simulated vendors that look at what comes. */
import { once } from 'node:events';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { LoggedRequest } from '../../simulators/index.ts';
import { simulate, type SimulateOptions, type Simulation } from '../../simulators/index.ts';
import { imagemill, type Imagemill } from '../support/imagemill.ts';
import { bitmap, grainy, turnedPhoto } from '../support/reference-pictures.ts';

const MEGABYTE = 1024 * 1024;

async function world(options: SimulateOptions = {}) {
  const simulation = await simulate(options);
  onTestFinished(() => simulation.close());
  return { simulation, mill: await imagemill(simulation.environment) };
}

function submits(simulation: Simulation, vendor: 'bfl' | 'kling' | 'openai'): LoggedRequest[] {
  return simulation[vendor].log.entries.filter(({ operation }) => operation === 'submit');
}

async function write(mill: Imagemill, name: string, picture: Promise<Buffer> | Buffer) {
  await writeFile(join(mill.folder, name), await picture);
}

async function results(out: string): Promise<Record<string, string>[]> {
  const text = await readFile(join(out, 'results.csv'), 'utf8');
  return parse(text, { bom: true, columns: true });
}

interface PlanAnswer {
  readonly rows: number;
  readonly plan_hash: string;
  readonly warnings: readonly string[];
}
interface Refusal {
  readonly problems: readonly { line?: number; column?: string; value?: string; message: string }[];
}

describe('a sheet that mixes rows with and without references over three vendors', () => {
  async function mixedSheet() {
    const made = await world();
    const { mill } = made;
    await write(mill, 'photo.jpg', turnedPhoto(5640, 3172));
    await write(mill, 'scan.tif', grainy(1200, 900).tiff().toBuffer());
    await write(mill, 'logo, final.png', grainy(400, 400, 4).png().toBuffer());
    await write(mill, 'old.bmp', bitmap(640, 480, 24));
    await mill.write(
      'mixed.csv',
      [
        'prompt,model,image',
        'a lighthouse,flux,',
        'a lighthouse at dusk,flux,"photo.jpg, logo, final.png"',
        'a boat,gpt-image-2,',
        'a boat in a bottle,gpt-image-2,photo.jpg; scan.tif',
        'a gull,kling,',
        'a gull in oil,kling,scan.tif',
        'a gull in chalk,kling,old.bmp',
        'a gull with our sign,kling,@sign',
      ].join('\n'),
    );
    await mill.run('reference', 'add', 'sign=logo, final.png');
    return made;
  }

  test('arrives at each vendor upright and within its limits, and every change is written down', async () => {
    const { simulation, mill } = await mixedSheet();
    const { code, answer } = await mill.json('run', 'mixed.csv', '--yes', '--size', '1024x1024');
    expect(code).toBe(0);
    expect(answer.items).toMatchObject({ delivered: 8, failed: 0 });

    const [, flux] = submits(simulation, 'bfl');
    expect(flux?.references).toMatchObject([
      { mediaType: 'image/jpeg' },
      { mediaType: 'image/png', width: 400, height: 400 },
    ]);
    for (const { bytes, width, height } of flux!.references!) {
      expect(bytes).toBeLessThanOrEqual(2 * MEGABYTE);
      expect(width * height).toBeLessThanOrEqual(2048 * 2048);
    }
    const [photo] = flux!.references!;
    expect(photo!.width / photo!.height).toBeCloseTo(3172 / 5640, 2);
    expect(submits(simulation, 'bfl')[0]).toMatchObject({ references: [] });

    const kling = submits(simulation, 'kling').map(({ references }) => references ?? []);
    expect(kling.map(([picture]) => picture?.mediaType)).toEqual(
      expect.arrayContaining([undefined, 'image/png', 'image/png', 'image/png']),
    );

    const openai = simulation.openai.log.entries;
    expect(submits(simulation, 'openai').map(({ status }) => status)).toEqual([200, 200]);
    // The photograph and the scan are large enough to be kept there, turned and converted.
    const uploads = openai.filter(({ operation }) => operation === 'upload');
    expect(uploads.flatMap(({ references }) => references ?? [])).toMatchObject([
      { mediaType: 'image/jpeg', width: 3172, height: 5640 },
      { mediaType: 'image/png', width: 1200, height: 900 },
    ]);

    const rows = await results(answer.out);
    const changes = rows.map((row) => row['reference_changes'] ?? '');
    expect(changes.filter((each) => each === '')).toHaveLength(4);
    expect(changes[1]).toMatch(/^photo\.jpg: turned upright, 3172x5640 → \d+x\d+, .* → .*$/);
    expect(changes[3]).toMatch(/^photo\.jpg: turned upright, .* \| scan\.tif: TIFF → PNG, /);
    expect(changes[6]).toMatch(/^old\.bmp: BMP → PNG, /);
    const manifest = JSON.parse(await readFile(join(answer.out, 'manifest.json'), 'utf8')) as {
      files: { row: number; references?: string[]; referenceChanges?: unknown[] }[];
    };
    const byRow = new Map(manifest.files.map((file) => [file.row, file]));
    expect(byRow.get(1)).not.toHaveProperty('references');
    expect(byRow.get(2)).toMatchObject({
      references: ['photo.jpg', 'logo, final.png'],
      referenceChanges: [{ reference: 'photo.jpg', from: { width: 3172, height: 5640 } }],
    });
  });

  test('is planned with what will be fitted, and stays the same plan', async () => {
    const { mill } = await mixedSheet();
    const plan = () => mill.json<PlanAnswer>('plan', 'mixed.csv');
    const [one, two] = [await plan(), await plan()];
    expect(one.answer.plan_hash).toBe(two.answer.plan_hash);
    expect(one.answer.warnings).toEqual(
      expect.arrayContaining([
        '4 reference images, 3 of them fitted to the model in a copy (the originals stay as they are)',
        '1 reference image turned upright',
        '2 reference images converted to a format that the model takes',
      ]),
    );
  });

  test('keeps at the vendor what another run refers to again', async () => {
    const { simulation, mill } = await mixedSheet();
    await mill.write('again.csv', 'prompt,model,image\na whale,gpt-image-2,photo.jpg\n');
    for (const out of ['one', 'two']) {
      const { code } = await mill.json('run', 'again.csv', '--yes', '--out', out);
      expect(code).toBe(0);
    }
    expect(submits(simulation, 'openai')).toHaveLength(2);
    const { entries } = simulation.openai.log;
    expect(entries.filter(({ operation }) => operation === 'upload')).toHaveLength(1);
  });
});

describe('the plan refuses', () => {
  test('what no vendor could take, row by row, before anything is spent', async () => {
    const { simulation, mill } = await world();
    await write(mill, 'small.png', grainy(120, 90).png().toBuffer());
    await write(mill, 'long.png', grainy(1600, 400).png().toBuffer());
    await write(mill, 'cut.jpg', (await turnedPhoto(900, 600)).subarray(0, 20_000));
    await mill.write(
      'bad.csv',
      [
        'prompt,model,image',
        'fine,flux,small.png',
        'too small,kling,small.png',
        'too long,kling,long.png',
        'broken,flux,cut.jpg',
        'missing,flux,none.png',
        'unknown,flux,@nobody',
        'private,flux,http://169.254.169.254/latest/meta-data',
      ].join('\n'),
    );
    const { code, answer } = await mill.json<Refusal>('run', 'bad.csv', '--yes');
    expect(code).toBe(2);
    const shown = answer.problems.map(({ line, column, message }) => [line, column, message]);
    expect(shown).toEqual([
      [3, 'image', expect.stringContaining('takes no side below 300')],
      [4, 'image', expect.stringContaining('sides differ more than Kling')],
      [5, 'image', expect.stringContaining('broken or cut off')],
      [6, 'image', expect.stringContaining('There is no file')],
      [7, 'image', 'There is no reference named @nobody'],
      [8, 'image', expect.stringContaining('inside a private network')],
    ]);
    expect(simulation.bfl.log.entries).toEqual([]);
    const rest = await mill.json('run', 'bad.csv', '--yes', '--skip-bad-rows');
    expect(rest).toMatchObject({ code: 0, answer: { items: { delivered: 1 } } });
  });
});

describe('a picture is what it is, wherever it lies', () => {
  test('a row is made again when the picture under its path is another one, and only then', async () => {
    const { simulation, mill } = await world();
    await write(mill, 'hero.png', grainy(320, 320).png().toBuffer());
    await mill.write('sheet.csv', 'prompt,image\na fox,hero.png\nan owl,\n');
    const run = () => mill.json('run', 'sheet.csv', '--yes', '--model', 'flux');
    await run();
    expect(submits(simulation, 'bfl')).toHaveLength(2);
    await run();
    expect(submits(simulation, 'bfl')).toHaveLength(2);
    await mkdir(join(mill.folder, 'moved'));
    await write(mill, 'moved/fox.png', grainy(320, 320).png().toBuffer());
    await mill.write('sheet.csv', 'prompt,image\na fox,moved/fox.png\nan owl,\n');
    await run();
    expect(submits(simulation, 'bfl')).toHaveLength(2);
    await write(mill, 'moved/fox.png', grainy(320, 321).png().toBuffer());
    const { ended } = await run();
    expect(submits(simulation, 'bfl')).toHaveLength(3);
    expect(ended.stderr).toContain('1 new image');
  });

  test('a run sends what it was planned with, even if the file is gone', async () => {
    const { simulation, mill } = await world();
    await write(mill, 'hero.png', grainy(320, 320).png().toBuffer());
    await mill.write('sheet.csv', 'prompt,image\na fox,hero.png\n');
    const planned = await mill.json('run', 'sheet.csv', '--model', 'flux');
    expect(planned.code).toBe(7);
    await rm(join(mill.folder, 'hero.png'));
    expect((await mill.json('approve', planned.answer.run)).code).toBe(0);
    expect(submits(simulation, 'bfl')[0]?.references).toMatchObject([{ width: 320, height: 320 }]);
  });
});

describe('--image', () => {
  test('gives a file, a name or an address to rows without a reference of their own', async () => {
    const { simulation, mill } = await world();
    await write(mill, 'own.png', grainy(330, 310).png().toBuffer());
    await write(mill, 'lent.png', grainy(320, 300).png().toBuffer());
    const served = await grainy(340, 300).jpeg().toBuffer();
    const server = createServer((_, response) => response.end(served)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/cat.jpg`;
    await mill.write('sheet.csv', 'prompt,image\na fox,own.png\nan owl,\n');
    const run = (...words: string[]) =>
      mill.json<Refusal>('run', 'sheet.csv', '--yes', '--model', 'flux', ...words);
    const refused = await run('--image', url);
    expect(refused.code).toBe(2);
    expect(refused.answer.problems).toMatchObject([
      { line: 3, message: expect.stringContaining('private network') as string },
    ]);
    expect(refused.answer.problems[0]).not.toHaveProperty('column');

    await mill.write('imagemill.yaml', 'references: { allow_private: true }\n');
    await mill.run('reference', 'add', 'mood=lent.png');
    expect((await run('--image', url, '--image', '@mood')).code).toBe(0);
    const sent = submits(simulation, 'bfl').map(({ references }) =>
      references?.map(({ width }) => width),
    );
    expect(sent).toEqual(expect.arrayContaining([[330], [340, 320]]));
  });

  test('makes a row of each picture of a folder, named after it, and its results are a sheet', async () => {
    const { simulation, mill } = await world();
    await mkdir(join(mill.folder, 'cats'));
    for (const [place, name] of ['cat10.png', 'cat2.png', 'cat1.png'].entries()) {
      await write(
        mill,
        `cats/${name}`,
        grainy(310 + place, 300)
          .png()
          .toBuffer(),
      );
    }
    await mill.write('looks.csv', 'prompt\nin oil\nin chalk\n');
    const words = ['--yes', '--model', 'flux', '--name', '{image}-{prompt}.{ext}'];
    const { answer } = await mill.json('run', 'looks.csv', ...words, '--image', 'cats');
    expect(answer.items).toMatchObject({ delivered: 6 });
    const rows = await results(answer.out);
    expect(rows.map(({ row, file }) => `${row} ${file}`)).toEqual([
      '1 cat1-in-oil.png',
      '2 cat2-in-oil.png',
      '3 cat10-in-oil.png',
      '4 cat1-in-chalk.png',
      '5 cat2-in-chalk.png',
      '6 cat10-in-chalk.png',
    ]);
    const sheet = join(answer.out, 'results.csv');
    const again = await mill.json('run', sheet, ...words, '--out', answer.out);
    expect(again.ended.stderr).toContain('nothing new to make, 6 images kept');
    expect(submits(simulation, 'bfl')).toHaveLength(6);
  });
});

test('imagemill reference adds, lists and removes names', async () => {
  const { mill } = await world();
  await write(mill, 'photo.jpg', turnedPhoto(400, 300));
  const added = await mill.json<{ references: object[] }>('reference', 'add', 'Hero=photo.jpg');
  const hero = { name: 'hero', media_type: 'image/jpeg', width: 300, height: 400 };
  expect(added).toMatchObject({ code: 0, answer: { references: [hero] } });
  expect((await mill.run('reference', 'list')).stdout).toContain('@hero');
  expect(await mill.json('reference', 'list')).toMatchObject({ answer: { references: [hero] } });
  const wrong = await mill.run('reference', 'remove', 'her');
  expect(wrong).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Did you mean hero?') as string,
  });
  for (const bad of ['hero', '=photo.jpg', 'a b=photo.jpg', 'x=none.png', 'x=@hero']) {
    expect((await mill.run('reference', 'add', bad)).code, bad).toBe(2);
  }
  expect((await mill.run('reference', 'remove', '@hero')).code).toBe(0);
  expect(await mill.json('reference', 'list')).toMatchObject({ answer: { references: [] } });
});
