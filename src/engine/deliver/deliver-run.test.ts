import { createHash } from 'node:crypto';
import { readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { itemRecord, RUN_FACTS } from '../../../test/support/item-record.ts';
import { memoryBlobs } from '../../../test/support/memory-blobs.ts';
import { paintPicture } from '../../../test/support/pictures.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { imageFinisher } from '../finish/finish-image.ts';
import { deliverImage } from './deliver-image.ts';
import { deliverRun } from './deliver-run.ts';
import type { ItemRecord } from '../core/item-record.ts';
import { NameRegistry } from './unique-name.ts';

/** A run of six rows: four delivered, one refused, one still waiting. */
async function deliveredRun() {
  const outFolder = await temporaryFolder();
  const masters = memoryBlobs();
  const names = new NameRegistry();
  const delivered = async (number: number): Promise<ItemRecord> => {
    const stored = await masters.put(await paintPicture(64, 64, 'png', number));
    const image = { ...stored, width: 64, height: 64, format: 'png' as const };
    const record = itemRecord({ image, row: { number } });
    const { file } = await deliverImage({
      outFolder,
      record,
      run: RUN_FACTS,
      masters,
      finisher: imageFinisher,
      nameTemplate: '{row}',
      names,
    });
    return { ...record, file };
  };
  const items: ItemRecord[] = [
    await delivered(1),
    await delivered(2),
    itemRecord({ state: 'refused', reason: 'policy', row: { number: 3 } }),
    await delivered(4),
    itemRecord({ state: 'waiting', row: { number: 5 } }),
    await delivered(6),
  ];
  return {
    outFolder,
    items,
    deliver: (isSealed = false) =>
      deliverRun({
        isSealed,
        outFolder,
        run: RUN_FACTS,
        title: 'shop.csv',
        columns: ['prompt'],
        entries: async function* () {
          yield* items;
        },
        masters,
        finisher: imageFinisher,
      }),
  };
}

interface Manifest {
  readonly run: string;
  readonly files: readonly Readonly<Record<string, unknown>>[];
}

async function readManifest(outFolder: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(outFolder, 'manifest.json'), 'utf8')) as Manifest;
}

describe('deliverRun()', () => {
  test('writes manifest, results and contact sheet beside the images', async () => {
    const { outFolder, deliver } = await deliveredRun();
    expect(await deliver()).toEqual({
      manifest: 'manifest.json',
      results: 'results.csv',
      contactSheet: 'contact-sheet.webp',
      contactPage: 'contact-sheet.html',
      checksums: 'SHA256SUMS',
      missing: [],
    });
    expect((await readdir(outFolder)).sort()).toEqual([
      '0001.png',
      '0002.png',
      '0004.png',
      '0006.png',
      'SHA256SUMS',
      'contact-sheet',
      'contact-sheet.html',
      'contact-sheet.webp',
      'manifest.json',
      'results.csv',
    ]);
    expect(await sharp(join(outFolder, 'contact-sheet.webp')).metadata()).toMatchObject({
      format: 'webp',
    });
  });

  test('the page has the title that people know the run by', async () => {
    const { outFolder, deliver } = await deliveredRun();
    await deliver();
    const page = await readFile(join(outFolder, 'contact-sheet.html'), 'utf8');
    expect(page).toContain('<title>shop.csv</title>');
  });

  test('the manifest vouches for each file with its hash, size and origin', async () => {
    const { outFolder, items, deliver } = await deliveredRun();
    await deliver();
    const { run, files } = await readManifest(outFolder);
    expect(run).toBe(RUN_FACTS.runId);
    expect(files).toHaveLength(4);
    for (const entry of files) {
      const bytes = await readFile(join(outFolder, String(entry['file'])));
      expect(entry).toMatchObject({
        sha256: createHash('sha256').update(bytes).digest('hex'),
        bytes: bytes.length,
        width: 64,
        height: 64,
        format: 'png',
        marked: true,
      });
    }
    expect(files[0]).toMatchObject({
      master: items[0]?.image?.hash,
      row: 1,
      line: 2,
      index: 1,
      prompt: 'A mountain lake at dawn',
      model: 'demo',
      vendor: 'demo',
      credits: 2.4,
      usd: 0.053,
      attempt: 1,
    });
  });

  test('the checksums are of images and manifest, and of all once nothing is written there again', async () => {
    const { outFolder, deliver } = await deliveredRun();
    const lines = async () =>
      (await readFile(join(outFolder, 'SHA256SUMS'), 'utf8')).trimEnd().split('\n');
    const images = ['0001.png', '0002.png', '0004.png', '0006.png'];
    await deliver();
    expect((await lines()).map((line) => line.slice(66))).toEqual([...images, 'manifest.json']);
    await deliver(true);
    expect((await lines()).map((line) => line.slice(66))).toEqual([
      ...images,
      'results.csv',
      'contact-sheet.webp',
      'contact-sheet.html',
      'manifest.json',
    ]);
    for (const line of await lines()) {
      const bytes = await readFile(join(outFolder, line.slice(66)));
      expect(line.slice(0, 64)).toBe(createHash('sha256').update(bytes).digest('hex'));
    }
  });

  test('gives the same manifest and results when it is repeated', async () => {
    const { outFolder, deliver } = await deliveredRun();
    await deliver();
    const read = () =>
      Promise.all(['manifest.json', 'results.csv'].map((file) => readFile(join(outFolder, file))));
    const before = await read();
    await deliver();
    expect(await read()).toEqual(before);
  });

  test('names delivered files that are gone', async () => {
    const { outFolder, deliver } = await deliveredRun();
    await rm(join(outFolder, '0002.png'));
    expect((await deliver()).missing).toEqual(['0002.png']);
    const { files } = await readManifest(outFolder);
    expect(files[1]).toMatchObject({ file: '0002.png', missing: true });
  });

  test("leaves a stranger's results.csv alone", async () => {
    const { outFolder, deliver } = await deliveredRun();
    await writeFile(join(outFolder, 'results.csv'), 'name,points\nAnn,3\n');
    const { results, checksums } = await deliver();
    expect(results).toBe('results-run-abc.csv');
    expect(checksums).toBe('SHA256SUMS-run-abc');
    expect(await readFile(join(outFolder, 'results.csv'), 'utf8')).toBe('name,points\nAnn,3\n');
  });
});
