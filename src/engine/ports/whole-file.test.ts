import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { makeFolder, writeNew, writeWhole } from './whole-file.ts';

async function* chunks(...parts: string[]) {
  yield* parts;
}

describe('writeWhole()', () => {
  test('replaces a file by bytes or by a stream of any length', async () => {
    const folder = await temporaryFolder();
    const path = join(folder, 'file');
    await writeWhole(path, Buffer.from('first'));
    await writeWhole(path, chunks('é'.repeat(400_000), 'end'));
    expect(await readFile(path, 'utf8')).toBe(`${'é'.repeat(400_000)}end`);
    expect(await readdir(folder)).toEqual(['file']);
  });

  test('leaves the old file and nothing else when its source fails, whose error passes unchanged', async () => {
    const folder = await temporaryFolder();
    const path = join(folder, 'file');
    await writeWhole(path, Buffer.from('old'));
    const lost = Object.assign(new Error('connection lost'), { code: 'ECONNRESET' });
    const failing = async function* () {
      yield 'new'.repeat(200_000);
      throw lost;
    };
    await expect(writeWhole(path, failing())).rejects.toBe(lost);
    expect(await readFile(path, 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['file']);
  });
});

describe('writeNew()', () => {
  test('lets exactly one of many writers have the name', async () => {
    const folder = await temporaryFolder();
    const path = join(folder, 'file');
    const wins = await Promise.all(
      Array.from({ length: 8 }, (_, writer) => writeNew(path, Buffer.from(String(writer)))),
    );
    expect(wins.filter(Boolean)).toHaveLength(1);
    expect(await readFile(path, 'utf8')).toBe(String(wins.indexOf(true)));
    expect(await readdir(folder)).toEqual(['file']);
  });
});

describe('makeFolder()', () => {
  test('makes all parents, and may be repeated', async () => {
    const folder = await temporaryFolder();
    await makeFolder(join(folder, 'a', 'b'));
    await makeFolder(join(folder, 'a', 'b'));
    expect(await readdir(join(folder, 'a'))).toEqual(['b']);
  });
});
