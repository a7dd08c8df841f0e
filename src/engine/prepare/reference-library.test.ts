import { createHash } from 'node:crypto';
import { rename, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { itemRecord, RUN_FACTS } from '../../../test/support/item-record.ts';
import { memoryBlobs } from '../../../test/support/memory-blobs.ts';
import { paintPicture } from '../../../test/support/pictures.ts';
import { sqliteHome } from '../../../test/support/stores.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { VirtualClock } from '../../../test/support/virtual-clock.ts';
import { UsageError } from '../core/errors.ts';
import type { ItemRecord } from '../core/item-record.ts';
import type { MasterFacts } from '../core/reference.ts';
import { deliverImage } from '../deliver/deliver-image.ts';
import { writeManifest } from '../deliver/manifest.ts';
import { NameRegistry } from '../deliver/unique-name.ts';
import { imageFinisher } from '../finish/finish-image.ts';
import { ReferenceLibrary } from './reference-library.ts';

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** A library over real files; `web` answers addresses. */
async function world(web: (url: string) => Promise<Response> = () => Promise.reject(new Error())) {
  const home = await sqliteHome();
  onTestFinished(() => home[Symbol.asyncDispose]());
  const { store } = await home.open();
  const blobs = memoryBlobs();
  const clock = new VirtualClock();
  const asked: string[] = [];
  const fetch: typeof globalThis.fetch = async (input) => {
    const { url } = new Request(input);
    asked.push(url);
    return web(url);
  };
  const open = () => new ReferenceLibrary({ store, blobs, clock, fetch, workspace: 'local' });
  const library = open();
  const facts = async (reference: string, keep = false): Promise<MasterFacts> => {
    const finding = await library.find(reference, keep);
    if (finding.kind === 'problem') throw new Error(finding.message);
    return finding.facts;
  };
  return { folder: await temporaryFolder(), store, blobs, clock, asked, library, facts, open };
}

describe('a file', () => {
  test('is known by its bytes, and kept only when that is asked for', async () => {
    const { folder, blobs, facts } = await world();
    const bytes = await paintPicture(30, 20);
    const path = join(folder, 'a.png');
    await writeFile(path, bytes);
    expect(await facts(path)).toEqual({
      hash: hashOf(bytes),
      bytes: bytes.length,
      mediaType: 'image/png',
      width: 30,
      height: 20,
    });
    expect(await blobs.has(hashOf(bytes))).toBe(false);
    await facts(path, true);
    expect(Buffer.from(await blobs.get(hashOf(bytes)))).toEqual(bytes);
  });

  test('that was changed is another picture, also when its size is the same', async () => {
    const { folder, facts } = await world();
    const path = join(folder, 'a.bin');
    const one = Buffer.concat([await paintPicture(30, 20), Buffer.from('one')]);
    const two = Buffer.concat([await paintPicture(30, 20), Buffer.from('two')]);
    await writeFile(path, one);
    expect((await facts(path)).hash).toBe(hashOf(one));
    await writeFile(path, two);
    await utimes(path, new Date(), new Date(1_900_000_000_000));
    expect((await facts(path)).hash).toBe(hashOf(two));
  });

  test('that is gone or no picture is told with what to do', async () => {
    const { folder, library } = await world();
    const path = join(folder, 'a.png');
    expect(await library.find(path, false)).toMatchObject({ message: `There is no file ${path}` });
    await writeFile(path, 'words');
    expect(await library.find(path, false)).toMatchObject({ message: 'This is not an image' });
    expect(await library.find(folder, false)).toMatchObject({ message: 'This is a folder' });
  });
});

describe('an address', () => {
  test('is read once for a plan and its run, and kept at once', async () => {
    const pictures = await Promise.all([1, 2].map((seed) => paintPicture(30, 20, 'png', seed)));
    const { asked, blobs, clock, facts } = await world(
      async () => new Response(pictures[asked.length - 1]),
    );
    const url = 'https://example.org/random.png?token=x';
    const first = await facts(url);
    expect(first.hash).toBe(hashOf(pictures[0]!));
    expect(await blobs.has(first.hash)).toBe(true);
    await clock.advance(9 * 60_000);
    expect(await facts(url, true)).toEqual(first);
    expect(asked).toHaveLength(1);
    await clock.advance(2 * 60_000);
    expect((await facts(url)).hash).toBe(hashOf(pictures[1]!));
  });

  test('that brings no picture is a problem', async () => {
    const { library } = await world(async () => new Response('<html>'));
    const finding = await library.find('https://example.org/page', false);
    expect(finding).toMatchObject({ kind: 'problem', message: 'This is not an image' });
  });
});

describe('a name', () => {
  test('stands for the picture that it was given, whatever becomes of the file', async () => {
    const { folder, library, facts, open } = await world();
    const path = join(folder, 'hero.jpg');
    const bytes = await paintPicture(40, 30, 'jpeg');
    await writeFile(path, bytes);
    expect(await library.add('Hero', path)).toMatchObject({
      replaced: false,
      reference: { name: 'hero', hash: hashOf(bytes), source: path, width: 40, height: 30 },
    });
    expect(await library.add('hero', path)).toMatchObject({ replaced: false });
    await rename(path, join(folder, 'elsewhere.jpg'));
    expect((await facts('@hero')).hash).toBe(hashOf(bytes));
    expect(await open().find('@Hero', false)).toMatchObject({ kind: 'picture' });
    await writeFile(path, await paintPicture(50, 30, 'jpeg'));
    expect(await library.add('hero', path)).toMatchObject({ replaced: true });
    expect((await facts('@hero')).width).toBe(50);
  });

  test('that is not there is told with those that are spelled like it', async () => {
    const { folder, library } = await world();
    const path = join(folder, 'a.png');
    await writeFile(path, await paintPicture(8, 8));
    for (const name of ['hero', 'castle']) await library.add(name, path);
    expect(await library.find('@heroo', false)).toMatchObject({
      message: 'There is no reference named @heroo',
      remedy: expect.stringContaining('Did you mean @hero?') as string,
    });
    await expect(library.remove('castel')).rejects.toThrow('Did you mean castle?');
    await library.remove('@castle');
    expect((await library.list()).map(({ name }) => name)).toEqual(['hero']);
    expect(await library.find('@castle', false)).toMatchObject({ kind: 'problem' });
  });

  test('is refused when it is none, or when its picture cannot be used', async () => {
    const { folder, library } = await world();
    await expect(library.add('my hero', folder)).rejects.toThrow(UsageError);
    await expect(library.add('hero', join(folder, 'none.png'))).rejects.toThrow('There is no file');
  });

  test('does not keep the query of the address that it is from', async () => {
    const { library } = await world(async () => new Response(await paintPicture(8, 8)));
    const { reference } = await library.add('hero', 'https://example.org/hero.png?token=secret');
    expect(reference.source).toBe('https://example.org/hero.png');
  });
});

describe('a delivered file of our own', () => {
  /** An out folder with one image, delivered smaller than its master. */
  async function delivered() {
    const base = await world();
    const master = await paintPicture(128, 128);
    const { hash } = await base.blobs.put(master);
    const image = { hash, width: 128, height: 128, bytes: master.length, format: 'png' as const };
    const record: ItemRecord = itemRecord({ image });
    const outFolder = base.folder;
    const { file } = await deliverImage({
      outFolder,
      record,
      run: RUN_FACTS,
      masters: base.blobs,
      finisher: imageFinisher,
      nameTemplate: '{model}/{row}.{ext}',
      recipe: { outputs: [{ steps: [{ kind: 'encode', format: 'webp' }] }] },
      names: new NameRegistry(),
      rows: 1,
    });
    const writeDown = () =>
      writeManifest({
        outFolder,
        run: RUN_FACTS,
        finisher: imageFinisher,
        entries: (async function* () {
          yield { ...record, file };
        })(),
      });
    return { ...base, hash, path: join(outFolder, file), writeDown };
  }

  test('stands for its stored master, by the manifest of the folder', async () => {
    const { facts, hash, path, writeDown, open } = await delivered();
    expect(await facts(path)).toMatchObject({ mediaType: 'image/webp', width: 64 });
    await writeDown();
    const finding = await open().find(path, false);
    expect(finding).toMatchObject({ facts: { hash, width: 128, ownMaster: true } });
  });

  test('stands for itself once somebody has changed it', async () => {
    const { facts, path, writeDown } = await delivered();
    await writeDown();
    const retouched = await paintPicture(64, 64, 'webp', 7);
    await writeFile(path, retouched);
    const found = await facts(path);
    expect(found.hash).toBe(hashOf(retouched));
    expect(found).not.toHaveProperty('ownMaster');
  });

  test('stands for itself when its master is not in this store', async () => {
    const { path, writeDown } = await delivered();
    await writeDown();
    const elsewhere = await world();
    expect(await elsewhere.facts(path)).not.toHaveProperty('ownMaster');
  });
});
