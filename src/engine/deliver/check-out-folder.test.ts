import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { checkOutFolder } from './check-out-folder.ts';

describe('checkOutFolder()', () => {
  test('finds nothing wrong with a folder that is there or can be made, and leaves no trace', async () => {
    const folder = await temporaryFolder();
    expect(await checkOutFolder(folder)).toEqual([]);
    expect(await checkOutFolder(join(folder, 'new', 'deep'))).toEqual([]);
    expect(await readdir(folder)).toEqual([]);
  });

  test('does not remove a folder of the user, empty or not', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'mine'));
    await checkOutFolder(join(folder, 'mine'));
    await checkOutFolder(join(folder, 'mine', 'out'));
    expect(await readdir(folder)).toEqual(['mine']);
  });

  test('names a file that stands where the folder should be', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'file'), '');
    for (const path of [join(folder, 'file'), join(folder, 'file', 'out')]) {
      const [problem] = await checkOutFolder(path);
      expect(problem?.value).toBe(path);
      expect(problem?.remedy).toContain('--out');
    }
  });

  test('tells when the disk is too small for what is coming', async () => {
    const folder = await temporaryFolder();
    const [problem] = await checkOutFolder(folder, { neededBytes: Number.MAX_SAFE_INTEGER });
    expect(problem?.message).toContain('are free');
  });
});
