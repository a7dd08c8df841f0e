import { readdir, readFile, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import yauzl from 'yauzl';
import { runProgram } from '../support/export-source.ts';
import { type Ended, type Imagemill, imagemill } from '../support/imagemill.ts';

interface ExportAnswer {
  readonly out: string;
  readonly images: number;
  readonly files: number;
  readonly shards: number | null;
  readonly exit_code: number;
}

interface VerifyAnswer {
  readonly sound: boolean;
  readonly problems: readonly { readonly file: string; readonly kind: string }[];
}

/** A finished run of the demo model. */
async function madeRun(images: number): Promise<{ mill: Imagemill; run: string }> {
  const mill = await imagemill();
  await mill.writeSheet('sheet.csv', images);
  const { answer } = await mill.json('run', 'sheet.csv', '--out', 'shots', '--size', '256x256');
  return { mill, run: answer.run };
}

async function names(folder: string): Promise<string[]> {
  return (await readdir(folder)).toSorted();
}

describe('imagemill export and verify', () => {
  test('make an archive, a data set and a folder of a run, each of which verify finds sound', async () => {
    const { mill, run } = await madeRun(3);
    const archive = await mill.json<ExportAnswer>('export', run, '--as', 'zip');
    expect(archive).toMatchObject({
      code: 0,
      answer: { out: join(mill.folder, 'shots.zip'), images: 3, files: 3, shards: null },
    });
    const dataset = await mill.json<ExportAnswer>(
      'export',
      run,
      '--as=webdataset',
      '--out=set',
      '--shard-samples=2',
    );
    expect(dataset).toMatchObject({
      code: 0,
      answer: { out: join(mill.folder, 'set'), shards: 2 },
    });
    expect(await names(join(mill.folder, 'set'))).toContain('set-000001.tar');
    const folder = await mill.json<ExportAnswer>('export', run, '--out', 'again');
    expect(folder).toMatchObject({ code: 0, answer: { images: 3 } });
    expect(await names(join(mill.folder, 'again'))).toEqual(
      await names(join(mill.folder, 'shots')),
    );

    const paths = ['shots', 'shots.zip', 'set', 'again', 'set/set-000000.tar'];
    const verified = await mill.json<VerifyAnswer>('verify', ...paths);
    expect(verified).toMatchObject({ code: 0, answer: { sound: true, problems: [] } });
    for (const place of ['shots', 'set', 'again']) {
      const path = join(mill.folder, place);
      expect(runProgram('sha256sum', ['--strict', '-c', 'SHA256SUMS'], path)?.code ?? 0).toBe(0);
    }

    await truncate(join(mill.folder, 'again', '0002-a-red-boat-number-2-1.png'), 99);
    const damaged = await mill.json<VerifyAnswer>('verify', 'again', 'shots');
    expect(damaged).toMatchObject({
      code: 9,
      answer: {
        sound: false,
        problems: [{ file: '0002-a-red-boat-number-2-1.png', kind: 'cut' }],
      },
    });
    const said = await mill.run('verify', 'again');
    expect(said.stdout).toContain('cut short  0002-a-red-boat-number-2-1.png');
    expect((await mill.run('verify', 'home')).code).toBe(2);
  });

  test('takes another recipe, refuses what it cannot do, and leaves out what the store has lost', async () => {
    const { mill, run } = await madeRun(2);
    const shots = join(mill.folder, 'shots');
    const recipe = 'webp 82 | thumb: resize 16x16; jpeg 70';
    const out = join(mill.folder, 'other');
    const words = ['export', run, '--finish', recipe, '--no-prompt-in-files', '--out', 'other'];
    expect(await mill.json<ExportAnswer>(...words)).toMatchObject({
      code: 0,
      answer: { images: 2, files: 4 },
    });
    const images = (await names(out)).filter((name) => name.startsWith('0001'));
    expect(images).toEqual(['0001-1-thumb.jpg', '0001-1.webp']);
    for (const image of images) {
      expect((await readFile(join(out, image))).includes('red boat')).toBe(false);
    }
    expect(await sharp(join(out, '0001-1-thumb.jpg')).metadata()).toMatchObject({ width: 16 });
    const [first = ''] = await names(shots);
    expect((await readFile(join(shots, first))).includes('red boat')).toBe(true);

    // Its own folder has files of the run's own recipe.
    const own = await mill.run('export', run, '--finish', 'webp 82');
    expect(own).toMatchObject({ code: 2 });
    expect(own.stderr).toContain('Name another one with --out');
    const taken = await mill.run('export', run, '--as', 'zip', '--out', 'sheet.csv');
    expect(taken).toMatchObject({ code: 2 });
    expect(taken.stderr).toContain('is there already, and nothing is overwritten');
    const wrong = await mill.run(
      'export',
      run,
      '--as=tarball',
      '--shard-size=big',
      '--finish=enlarge 9x',
    );
    expect(wrong).toMatchObject({ code: 2 });
    for (const word of ['folder, zip or webdataset', '1GB', 'enlarge 9x']) {
      expect(wrong.stderr).toContain(word);
    }

    const stored = join(mill.folder, 'home', 'images');
    const [blobs = ''] = (await names(stored)).filter((name) => name.length === 2);
    const [blob = ''] = await names(join(stored, blobs));
    await rm(join(stored, blobs, blob));
    const lost = await mill.json<ExportAnswer>('export', run, '--as', 'zip');
    expect(lost).toMatchObject({ code: 5, answer: { images: 1, lost: 1 } });
    const zip = await yauzl.openPromise(lost.answer.out);
    // One image, results, manifest, contact sheet, its page with a thumbnail and a script, checksums.
    expect(zip.entryCount).toBe(8);
    zip.close();
  });

  test('killed or stopped at any moment leave nothing half under a name, and the next one cleans up', async () => {
    const { mill, run } = await madeRun(12);
    const before = await names(mill.folder);
    const slow = ['export', run, '--finish', 'upscale 2x lanczos; png'];
    for (const as of ['zip', 'webdataset', 'folder']) {
      const words = [...slow, '--as', as, '--out', 'made'];
      for (const depth of [1, 2]) {
        const { signal } = await endWhileMaking(mill, words, depth, 'SIGKILL');
        expect(signal).toBe('SIGKILL');
        const visible = (await names(mill.folder)).filter((name) => !isTemporary(name));
        expect(visible).toEqual(before);
      }
      expect((await names(mill.folder)).filter(isTemporary)).not.toEqual([]);
      expect((await mill.json<ExportAnswer>(...words)).code).toBe(0);
      expect(await names(mill.folder)).toEqual([...before, 'made'].toSorted());
      expect((await mill.run('verify', 'made')).code).toBe(0);
      await rm(join(mill.folder, 'made'), { recursive: true });
    }
    const words = [...slow, '--as', 'zip', '--out', 'made', '--json'];
    const { code, stderr } = await endWhileMaking(mill, words, 1, 'SIGINT');
    expect(code).toBe(130);
    expect(stderr).toContain('nothing was exported');
    expect(await names(mill.folder)).toEqual(before);
  }, 120_000);
});

async function endWhileMaking(
  mill: Imagemill,
  words: readonly string[],
  depth: number,
  signal: NodeJS.Signals,
): Promise<Ended> {
  const running = mill.start(...words);
  while (!(await isMaking(mill.folder, depth)) && running.child.exitCode === null) await sleep(2);
  running.child.kill(signal);
  return await running.ended;
}

/** Something is being made: a first place, or also what is in it. */
async function isMaking(folder: string, depth: number): Promise<boolean> {
  const made = await readdir(folder, { recursive: depth > 1 }).catch(() => []);
  return made.filter(isTemporary).length >= depth;
}

function isTemporary(name: string): boolean {
  return name.startsWith('.imagemill-');
}
