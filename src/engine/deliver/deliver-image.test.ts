import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { itemRecord, RUN_FACTS } from '../../../test/support/item-record.ts';
import { memoryBlobs } from '../../../test/support/memory-blobs.ts';
import { paintPicture } from '../../../test/support/pictures.ts';
import { makeIdentity } from '../../../test/support/signing.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import type { ImageFormat } from '../core/quality.ts';
import { parseRecipe, type Recipe } from '../core/recipe.ts';
import { DEFAULT_SETTINGS } from '../core/settings.ts';
import type { Finisher } from '../core/finisher.ts';
import { isSameSigned } from '../finish/credentials/same-signed.ts';
import { inspectImage } from '../finish/check/check-image.ts';
import { describeFile, finishPicture, imageFinisher } from '../finish/finish-image.ts';
import { readMarks } from '../finish/mark/mark-image.ts';
import { deliverImage } from './deliver-image.ts';
import type { ImageDelivery } from './deliver-image.ts';
import type { ItemRecord } from '../core/item-record.ts';
import { shortId } from './file-name.ts';
import { NameRegistry } from './unique-name.ts';

async function studio() {
  const outFolder = await temporaryFolder();
  const masters = memoryBlobs();
  const names = new NameRegistry();
  return {
    outFolder,
    masters,
    /** An item whose picture is in the store. */
    make: async (
      changes: Parameters<typeof itemRecord>[0] = {},
      width = 64,
      format: ImageFormat = 'png',
    ): Promise<ItemRecord> => {
      const seed = (changes.row?.number ?? 1) * 10 + (changes.index ?? 1);
      const stored = await masters.put(await paintPicture(width, width, format, seed));
      return itemRecord({ image: { ...stored, width, height: width, format }, ...changes });
    },
    deliver: (record: ItemRecord, changes: Partial<ImageDelivery> = {}) =>
      deliverImage({
        outFolder,
        record,
        run: RUN_FACTS,
        masters,
        finisher: imageFinisher,
        nameTemplate: DEFAULT_SETTINGS.nameTemplate,
        names,
        ...changes,
      }),
    read: (file: string) => readFile(join(outFolder, file)),
  };
}

function parsed(text: string): Recipe {
  const read = parseRecipe(text);
  return 'recipe' in read ? read.recipe : expect.unreachable();
}

describe('deliverImage()', () => {
  test('tells the names of its files before there is any of them', async () => {
    const { make, deliver, outFolder } = await studio();
    const told: unknown[] = [];
    const recipe = parsed('webp 70 | thumb: jpeg 70');
    const { file, moreFiles } = await deliver(await make(), {
      recipe,
      onNamed: async (named) => {
        told.push(named, await readdir(outFolder));
      },
    });
    expect(told).toEqual([{ file, moreFiles }, []]);
  });

  test('takes the name again that was begun for it', async () => {
    const { make, deliver } = await studio();
    const begun = { file: 'lake-2.webp', moreFiles: [], finishedBy: 'webp 70, marks: all' };
    const { file } = await deliver(await make({ begun }), { recipe: parsed('webp 70') });
    expect(file).toBe('lake-2.webp');
  });

  test('puts a marked file into the out folder and tells its facts', async () => {
    const { make, deliver, read, outFolder } = await studio();
    const delivered = await deliver(await make({ seed: 7 }));
    const bytes = await read(delivered.file);
    expect(delivered).toEqual({
      file: '0001-A-mountain-lake-at-dawn-1.png',
      sha256: createHash('sha256').update(bytes).digest('hex'),
      bytes: bytes.length,
      width: 64,
      height: 64,
      format: 'png',
      moreFiles: [],
      marked: true,
    });
    expect(readMarks(bytes)).toMatchObject({
      source: 'algorithmicMedia',
      prompt: 'A mountain lake at dawn',
      seed: 7,
      row: 1,
      index: 1,
      runId: RUN_FACTS.runId,
      createdAt: '2026-11-22T22:56:39.000Z',
    });
    expect(await readdir(outFolder)).toEqual([delivered.file]);
  });

  test('takes a file that was signed before it was written down for delivered', async () => {
    const { make, deliver, read, outFolder } = await studio();
    const { signing } = await makeIdentity();
    const finisher: Finisher = {
      finish: (master, order) => finishPicture(master, order, signing),
      describe: describeFile,
      isSameSigned: (existing, fresh) => isSameSigned(existing, fresh, signing),
    };
    const record = await make();
    const recipe = parsed('webp 82 | thumb: resize 32x');
    const before = await deliver(record, { finisher, recipe });
    const again = await deliver(record, { finisher, recipe });
    expect(again).toEqual(before);
    expect(await readdir(outFolder)).toHaveLength(2);
    const bytes = await read(again.file);
    expect(again.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
  });

  test('scales and converts as ordered, with the extension of the format', async () => {
    const { make, deliver } = await studio();
    const delivered = await deliver(await make({}, 128), {
      recipe: { outputs: [{ steps: [{ kind: 'encode', format: 'jpeg' }] }] },
    });
    expect(delivered).toMatchObject({ width: 64, height: 64, format: 'jpeg' });
    expect(delivered.file).toMatch(/\.jpg$/);
  });

  test('gives every file of a recipe one stem, and takes another when one of them is taken', async () => {
    const { make, deliver, outFolder } = await studio();
    const recipe = parsed('webp 80 | thumb: resize 32x32; png');
    await mkdir(join(outFolder, 'a'));
    await writeFile(join(outFolder, 'a/1-thumb.png'), 'not ours');
    const record = await make();
    const delivered = await deliver(record, { recipe, nameTemplate: 'a/{index}' });
    const stem = `a/1-${shortId(record.itemId)}`;
    expect(delivered).toMatchObject({
      file: `${stem}.webp`,
      moreFiles: [{ output: 'thumb', file: `${stem}-thumb.png` }],
    });
    expect((await readdir(join(outFolder, 'a'))).toSorted()).toEqual(
      [`1-thumb.png`, `${stem.slice(2)}.webp`, `${stem.slice(2)}-thumb.png`].toSorted(),
    );
    const kept = { ...record, file: delivered.file, moreFiles: delivered.moreFiles };
    expect(await deliver(kept, { recipe, names: new NameRegistry() })).toEqual(delivered);
  });

  test('delivers as made what the recipe cannot be worked on, with the reason', async () => {
    const { make, deliver } = await studio();
    const record = await make();
    const delivered = await deliver(record, { recipe: parsed('jpeg 100B') });
    expect(delivered).toMatchObject({ format: 'png', width: 64, moreFiles: [] });
    expect(delivered.finishFailure).toContain('100');
  });

  test('delivers byte for byte what nothing can be done to', async () => {
    const { deliver, read, masters } = await studio();
    // A decoder warns of bytes that belong to no segment, and shows the picture all the same.
    const picture = await paintPicture(128, 128, 'jpeg');
    const segment = 4 + picture.readUInt16BE(4);
    const [head, rest] = [picture.subarray(0, segment), picture.subarray(segment)];
    const odd = Buffer.concat([head, Buffer.alloc(16, 7), rest]);
    expect(await inspectImage(odd)).toMatchObject({ kind: 'image', width: 128 });
    const stored = await masters.put(odd);
    const image = { ...stored, width: 128, height: 128, format: 'jpeg' as const };
    const delivered = await deliver(itemRecord({ image }));
    expect(delivered).toMatchObject({ width: 128, format: 'jpeg', marked: false });
    expect(delivered.finishFailure).toBeTruthy();
    expect((await read(delivered.file)).equals(odd)).toBe(true);
  });

  test('changes nothing when it is repeated, also by a process that knows no names yet', async () => {
    const { make, deliver, outFolder } = await studio();
    const record = await make();
    const once = await deliver(record);
    expect(await deliver(record)).toEqual(once);
    expect(await deliver(record, { names: new NameRegistry() })).toEqual(once);
    expect(await deliver({ ...record, file: once.file })).toEqual(once);
    expect(await readdir(outFolder)).toHaveLength(1);
  });

  test('puts a file that was removed back under its name, whatever the template is now', async () => {
    const { make, deliver, read, outFolder } = await studio();
    const record = await make();
    const once = await deliver(record);
    const bytes = await read(once.file);
    await rm(join(outFolder, once.file));
    const again = await deliver({ ...record, file: once.file }, { nameTemplate: 'new/{id}' });
    expect(again).toEqual(once);
    expect(await read(once.file)).toEqual(bytes);
  });

  test('never overwrites a file that is not its own', async () => {
    const { make, deliver, read, outFolder } = await studio();
    const record = await make();
    const name = '0001-A-mountain-lake-at-dawn-1.png';
    await writeFile(join(outFolder, name), 'a holiday picture');
    const { file } = await deliver(record);
    expect(file).toBe(`0001-A-mountain-lake-at-dawn-1-${shortId(record.itemId)}.png`);
    expect((await read(name)).toString()).toBe('a holiday picture');
    await writeFile(join(outFolder, file), 'edited by hand');
    const again = await deliver({ ...record, file });
    expect(again.file).toMatch(/-2\.png$/);
    expect((await read(file)).toString()).toBe('edited by hand');
  });

  test('does not take a folder for its file', async () => {
    const { make, deliver, outFolder } = await studio();
    await mkdir(join(outFolder, '0001-A-mountain-lake-at-dawn-1.png'));
    expect((await deliver(await make())).file).toMatch(/-[0-9a-f]{6}\.png$/);
  });

  test('gives items whose names collide, also in case only, files of their own', async () => {
    const { make, deliver, outFolder } = await studio();
    const records = await Promise.all(
      ['Cat', 'cat', 'CAT'].map((name, at) => make({ row: { number: at + 1, name } })),
    );
    const files = await Promise.all(
      records.map((record) => deliver(record, { nameTemplate: '{name}' })),
    );
    expect(new Set(files.map(({ file }) => file.toLowerCase())).size).toBe(3);
    expect(await readdir(outFolder)).toHaveLength(3);
    for (const [at, { file }] of files.entries()) {
      expect(readMarks(await readFile(join(outFolder, file)))?.row).toBe(at + 1);
    }
  });
});
