import { existsSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { writeNew } from './whole-file.ts';

test('files of one folder share flushes, each one that began after the file had its name', async () => {
  const folder = await temporaryFolder();
  const paths = Array.from({ length: 12 }, (_, at) => join(folder, `file-${at}`));
  // Which names were there when each flush of the folder began, once it has ended.
  const covered: (readonly string[])[] = [];
  const handle = await open(folder, 'r');
  const prototype = Object.getPrototypeOf(handle) as FileHandle;
  await handle.close();
  const sync = vi.spyOn(prototype, 'sync').mockImplementation(async function (this: FileHandle) {
    const isFolder = (await this.stat()).isDirectory();
    const there = paths.filter((path) => existsSync(path));
    await this.datasync();
    if (isFolder) covered.push(there);
  });
  onTestFinished(() => sync.mockRestore());
  await Promise.all(
    paths.map(async (path) => {
      await writeNew(path, Buffer.from('bytes'));
      expect(
        covered.some((there) => there.includes(path)),
        path,
      ).toBe(true);
    }),
  );
  expect(covered.length).toBeLessThan(paths.length);
});
