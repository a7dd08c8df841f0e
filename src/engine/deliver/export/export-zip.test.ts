import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import yauzl from 'yauzl';
import { exportedRun, runProgram, type RunWords } from '../../../../test/support/export-source.ts';
import { itemRecord } from '../../../../test/support/item-record.ts';
import { smallDisk } from '../../../../test/support/small-disk.ts';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { parseRecipe } from '../../core/recipe.ts';
import { exportZip } from './export-zip.ts';

async function exportSome(words: RunWords) {
  const folder = await temporaryFolder();
  const path = join(folder, 'set.zip');
  const run = await exportedRun(words);
  const exported = await exportZip(run.source, { path });
  return { ...run, folder, path, exported };
}

/** Without the page's thumbnails and scripts. */
function withoutPage(files: Iterable<string>): string[] {
  return [...files].filter((file) => !file.startsWith('contact-sheet/'));
}

async function readZip(path: string): Promise<Map<string, Buffer>> {
  const zip = await yauzl.openPromise(path, { strictFileNames: true });
  const files = new Map<string, Buffer>();
  for await (const entry of zip.eachEntry()) {
    const chunks: Buffer[] = [];
    for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(chunk as Buffer);
    expect(files.has(entry.fileName)).toBe(false);
    files.set(entry.fileName, Buffer.concat(chunks));
  }
  return files;
}

interface Manifest {
  readonly run: string;
  readonly files: readonly Readonly<Record<string, unknown>>[];
}

describe('exportZip()', () => {
  test('packs images, results, manifest, contact sheet and checksums', async () => {
    const { path, exported } = await exportSome({
      images: 3,
      others: [itemRecord({ state: 'refused', reason: 'policy', row: { number: 4 } })],
    });
    expect(exported).toEqual({
      out: path,
      images: 3,
      files: 3,
      unfinished: 0,
      lost: 0,
      lostImages: [],
    });
    const files = await readZip(path);
    expect(withoutPage(files.keys())).toEqual([
      '0001-name-1.png',
      '0002-name-2.png',
      '0003-name-3.png',
      'results.csv',
      'manifest.json',
      'contact-sheet.webp',
      'contact-sheet.html',
      'SHA256SUMS',
    ]);
    // Thumbnails of three images, and a script that names the images.
    expect(files.size).toBe(8 + 3 + 1);
    const [script] = [...files].find(([file]) => file.endsWith('.js')) ?? [];
    expect(files.get(script ?? '')?.toString()).toContain('0003-name-3.png');
    const manifest = JSON.parse(files.get('manifest.json')!.toString()) as Manifest;
    expect(manifest.files.map(({ file, row }) => [file, row])).toEqual([
      ['0001-name-1.png', 1],
      ['0002-name-2.png', 2],
      ['0003-name-3.png', 3],
    ]);
    for (const { file, sha256, bytes } of manifest.files) {
      const found = files.get(String(file))!;
      expect(found.length).toBe(bytes);
      expect(createHash('sha256').update(found).digest('hex')).toBe(sha256);
    }
    const results = parse<Record<string, string>>(files.get('results.csv')!, {
      columns: true,
      bom: true,
    });
    expect(results.map(({ state, file }) => `${state} ${file}`)).toEqual([
      'delivered 0001-name-1.png',
      'delivered 0002-name-2.png',
      'delivered 0003-name-3.png',
      'refused ',
    ]);
    expect((await sharp(files.get('contact-sheet.webp')).metadata()).format).toBe('webp');
  });

  test('can be unpacked and checked by the programs of a machine', async () => {
    const { path, folder } = await exportSome({
      images: 2,
      change: (record) => ({ ...record, row: { ...record.row, name: 'Grüße 画像' } }),
    });
    const unpacked = join(folder, 'unpacked');
    await mkdir(unpacked);
    if (runProgram('unzip', ['-v']) === undefined) return;
    // Old versions of unzip take names by the locale.
    const env = { ...process.env, LC_ALL: 'C.UTF-8' };
    execFileSync('unzip', ['-q', path], { cwd: unpacked, env });
    expect(await readdir(unpacked)).toContain('0001-Grüße-画像.png');
    expect(runProgram('sha256sum', ['--strict', '-c', 'SHA256SUMS'], unpacked)?.code).toBe(0);
  });

  test('keeps names apart, also from its own sheets', async () => {
    const { path } = await exportSome({
      images: 3,
      settings: { nameTemplate: '{name}', format: 'webp' },
      change: (record) => ({
        ...record,
        row: { ...record.row, name: ['Same', 'same', 'contact-sheet'][record.row.number - 1]! },
      }),
    });
    const names = withoutPage((await readZip(path)).keys());
    expect(names).toEqual([
      'Same.webp',
      expect.stringMatching(/^same-[0-9a-f]{6}\.webp$/),
      expect.stringMatching(/^contact-sheet-[0-9a-f]{6}\.webp$/),
      'results.csv',
      'manifest.json',
      'contact-sheet.webp',
      'contact-sheet.html',
      'SHA256SUMS',
    ]);
  });

  test('has every file that a recipe makes, and says so in the manifest and the results', async () => {
    const read = parseRecipe('webp 82 | thumb: resize 8x8; jpeg 70');
    if ('problems' in read) throw new Error('the recipe is fine');
    const { path, exported } = await exportSome({
      images: 1,
      settings: { finish: read.recipe },
      // The names that the files have in the run's own folder.
      change: (record) => ({
        ...record,
        file: 'kept/1.png',
        moreFiles: [{ output: 'large', file: 'kept/1-large.png' }],
      }),
    });
    expect(exported).toMatchObject({ images: 1, files: 2 });
    const files = await readZip(path);
    const manifest = JSON.parse(files.get('manifest.json')!.toString()) as Manifest;
    expect(manifest.files).toMatchObject([
      { file: 'kept/1.webp', format: 'webp', width: 32 },
      { file: 'kept/1-thumb.jpg', output: 'thumb', format: 'jpeg', width: 8 },
    ]);
    expect((await sharp(files.get('kept/1-thumb.jpg')).metadata()).width).toBe(8);
    expect(parse(files.get('results.csv')!, { columns: true, bom: true })).toMatchObject([
      { file: 'kept/1.webp', more_files: 'kept/1-thumb.jpg' },
    ]);
  });

  test('gives the same bytes when it is repeated, in every time zone', async () => {
    const first = await exportSome({ images: 3 });
    const zone = process.env['TZ'];
    process.env['TZ'] = 'Asia/Kolkata';
    try {
      const second = await exportSome({ images: 3 });
      expect((await readFile(first.path)).equals(await readFile(second.path))).toBe(true);
    } finally {
      if (zone === undefined) delete process.env['TZ'];
      else process.env['TZ'] = zone;
    }
  });

  test('leaves what is there alone, and takes another name if it may', async () => {
    const folder = await temporaryFolder();
    const path = join(folder, 'set.zip');
    await writeFile(path, 'older');
    const { source } = await exportedRun({ images: 1 });
    await expect(exportZip(source, { path })).rejects.toThrow('is there already');
    const { out } = await exportZip(source, { path, otherNames: true });
    expect(out).toBe(join(folder, 'set-2.zip'));
    expect(await readFile(path, 'utf8')).toBe('older');
    expect((await readdir(folder)).toSorted()).toEqual(['set-2.zip', 'set.zip']);
    // An empty folder is none for a file.
    await expect(exportZip(source, { path: await temporaryFolder() })).rejects.toThrow(
      'is there already',
    );
  });

  test('refuses a name that somebody took meanwhile, and leaves nothing half', async () => {
    const folder = await temporaryFolder();
    const path = join(folder, 'set.zip');
    const { source } = await exportedRun({ images: 2 });
    const onItem = () => void execFileSync('touch', [path]);
    await expect(exportZip(source, { path }, { onItem })).rejects.toThrow('is there already');
    expect(await readdir(folder)).toEqual(['set.zip']);
    expect(await readFile(path, 'utf8')).toBe('');
  });

  test('leaves nothing when it is stopped, or when the disk is full', async () => {
    const folder = await temporaryFolder();
    const { source } = await exportedRun({ images: 8 });
    const stop = new AbortController();
    const onItem = () => stop.abort();
    const stopped = exportZip(
      source,
      { path: join(folder, 'a.zip') },
      { signal: stop.signal, onItem },
    );
    await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
    expect(await readdir(folder)).toEqual([]);
    const disk = await smallDisk();
    if (disk === undefined) return;
    disk.fill();
    const path = join(disk.folder, 'a.zip');
    await expect(exportZip(source, { path })).rejects.toMatchObject({ fault: 'full' });
    expect(await readdir(disk.folder)).toEqual([]);
  });
});
