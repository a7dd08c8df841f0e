/** The order of flushes: what a power cut would tell, told by watching the calls. */
import { existsSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { writeNew, writeWhole } from './whole-file.ts';

/** Notes at each flush of a file or folder whether `path` had its name by then. */
async function flushesOf(path: string, work: () => Promise<unknown>): Promise<string[]> {
  const handle = await open(join(path, '..'), 'r');
  const prototype = Object.getPrototypeOf(handle) as FileHandle;
  await handle.close();
  const flushes: string[] = [];
  const sync = vi.spyOn(prototype, 'sync').mockImplementation(async function (this: FileHandle) {
    const what = (await this.stat()).isDirectory() ? 'folder' : 'file';
    flushes.push(`${what} ${existsSync(path) ? 'after' : 'before'} the name`);
    await this.datasync();
  });
  try {
    await work();
  } finally {
    sync.mockRestore();
  }
  return flushes;
}

const whole = ['file before the name', 'folder after the name'];

test('writeWhole() flushes the bytes before they have their name, and the name after it', async () => {
  const path = join(await temporaryFolder(), 'file');
  expect(await flushesOf(path, () => writeWhole(path, Buffer.from('bytes')))).toEqual(whole);
});

test('writeNew() flushes the bytes before they have their name, and the name after it', async () => {
  const path = join(await temporaryFolder(), 'file');
  expect(await flushesOf(path, () => writeNew(path, Buffer.from('bytes')))).toEqual(whole);
});
