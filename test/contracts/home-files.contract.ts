import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bringAll, type HomeFiles, keepAll } from '../../src/engine/store/home-files.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

export interface OpenHomeFiles {
  readonly home: string;
  readonly files: HomeFiles;
}

/** What files of a home promise, whoever keeps them. `open` gives those of an empty home. */
export function homeFilesContract(name: string, open: () => Promise<OpenHomeFiles>): void {
  describe(`${name} keeps the contract of files of the home`, () => {
    test('has what was kept, and brings it as it is', async () => {
      const { home, files } = await open();
      const path = await write(join(home, 'runs', 'r1', 'out', 'Büro 1 + 2.png'), 'a picture');
      await files.keep(path);
      expect(await files.find(path)).toMatchObject({ path, bytes: 9 });
      expect(await files.bring(path)).toBe(true);
      expect(await readFile(path, 'utf8')).toBe('a picture');
    });

    test('keeps what takes the place of a kept file', async () => {
      const { home, files } = await open();
      const path = await write(join(home, 'jobs', 'j1', 'note.json'), 'one');
      await files.keep(path);
      await write(path, 'another', { over: files });
      await files.keep(path);
      expect(await files.bring(path)).toBe(true);
      expect(await readFile(path, 'utf8')).toBe('another');
    });

    test('has nothing under other names', async () => {
      const { home, files } = await open();
      const path = join(home, 'files', 'file-absent');
      expect(await files.bring(path)).toBe(false);
      expect(await files.find(path)).toBeUndefined();
      expect(await Array.fromAsync(files.list(join(home, 'runs', 'r9')))).toEqual([]);
    });

    test('lists what is below a folder, and no folder that begins like it', async () => {
      const { home, files } = await open();
      const paths = ['r1/out/a.png', 'r1/out/b/c.png', 'r10/out/d.png'].map((each) =>
        join(home, 'runs', ...each.split('/')),
      );
      for (const path of paths) await files.keep(await write(path, 'x'));
      const found = await Array.fromAsync(files.list(join(home, 'runs', 'r1')));
      expect(found.map(({ path }) => path).sort()).toEqual(paths.slice(0, 2));
      expect(found.map(({ bytes }) => bytes)).toEqual([1, 1]);
    });

    test('removes a folder with all that is below it, and nothing beside it', async () => {
      const { home, files } = await open();
      const gone = await write(join(home, 'runs', 'r1', 'out', 'a.png'), 'x');
      const stays = await write(join(home, 'runs', 'r10', 'out', 'a.png'), 'x');
      for (const path of [gone, stays]) await files.keep(path);
      await files.remove(join(home, 'runs', 'r1'));
      await files.remove(join(home, 'runs', 'r1'));
      expect(await files.bring(gone)).toBe(false);
      expect(await files.bring(stays)).toBe(true);
    });

    test('keeps and brings whole folders', async () => {
      const { home, files } = await open();
      const folder = join(home, 'jobs', 'j1');
      const paths = Array.from({ length: 30 }, (_, at) => join(folder, 'in', `${at}.png`));
      for (const path of paths) await write(path, path);
      await keepAll(files, folder);
      await bringAll(files, folder);
      for (const path of paths) expect(await readFile(path, 'utf8')).toBe(path);
    });

    test('leaves alone what lies elsewhere', async () => {
      const { files } = await open();
      const path = await write(join(await temporaryFolder(), 'own.png'), 'x');
      await files.keep(path);
      expect(await files.bring(path)).toBe(true);
      expect(await files.find(path)).toMatchObject({ bytes: 1 });
      expect(await readFile(path, 'utf8')).toBe('x');
    });

    test('says which file is missing that was to be kept', async () => {
      const { home, files } = await open();
      if (!files.isShared) return;
      await expect(files.keep(join(home, 'runs', 'r1', 'x'))).rejects.toMatchObject({
        fault: 'missing',
      });
    });
  });
}

/** As the engine writes files: a new one takes the name of an older one. */
async function write(
  path: string,
  text: string,
  { over }: { readonly over?: HomeFiles } = {},
): Promise<string> {
  const { writeWhole } = await import('../../src/engine/ports/whole-file.ts');
  await mkdir(dirname(path), { recursive: true });
  if (over === undefined) await writeFile(path, text);
  else await writeWhole(path, Buffer.from(text));
  return path;
}
