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
  const begun = Promise.withResolvers<void>();
  const handle = await open(folder, 'r');
  const prototype = Object.getPrototypeOf(handle) as FileHandle;
  await handle.close();
  const sync = vi.spyOn(prototype, 'sync').mockImplementation(async function (this: FileHandle) {
    const there = paths.filter((path) => existsSync(path));
    const isFolder = (await this.stat()).isDirectory();
    // The first one takes so long that all the others are named meanwhile.
    if (isFolder) begun.resolve();
    if (isFolder) await expect.poll(() => paths.every((path) => existsSync(path))).toBe(true);
    await this.datasync();
    if (isFolder) covered.push(there);
  });
  onTestFinished(() => sync.mockRestore());
  const write = async (path: string) => {
    await writeNew(path, Buffer.from('bytes'));
    expect(
      covered.some((there) => there.includes(path)),
      path,
    ).toBe(true);
  };
  const first = write(paths[0]!);
  await begun.promise;
  await Promise.all([first, ...paths.slice(1).map(write)]);
  expect(covered.length).toBeLessThan(paths.length);
});
