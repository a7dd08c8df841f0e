import { mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { makeFolder, removeLeftovers, temporaryPath, writeNew, writeWhole } from './whole-file.ts';

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

describe('temporaryPath()', () => {
  test('gives a folder its name with all that is in it', async () => {
    const folder = await temporaryFolder();
    {
      await using temporary = temporaryPath(folder);
      await mkdir(temporary.path);
      await writeFile(join(temporary.path, 'a'), 'A');
      expect(await temporary.name(join(folder, 'named'))).toBe(true);
    }
    expect(await readdir(folder)).toEqual(['named']);
    expect(await readFile(join(folder, 'named', 'a'), 'utf8')).toBe('A');
  });

  test.each(['file', 'folder'])('takes no name that a %s has, and leaves nothing', async (kind) => {
    const folder = await temporaryFolder();
    const taken = join(folder, 'taken');
    const stranger = kind === 'file' ? taken : join(taken, 'stranger');
    if (kind === 'folder') await mkdir(taken);
    await writeFile(stranger, 'older');
    for (const isFolder of [true, false]) {
      await using temporary = temporaryPath(folder);
      await (isFolder ? mkdir(temporary.path) : writeFile(temporary.path, 'newer'));
      expect(await temporary.name(taken)).toBe(false);
    }
    expect(await readFile(stranger, 'utf8')).toBe('older');
    expect(await readdir(folder)).toEqual(['taken']);
  });

  test('is left over once nobody makes it any more, and only then', async () => {
    const folder = await temporaryFolder();
    await using temporary = temporaryPath(folder);
    await mkdir(join(temporary.path, 'deep'), { recursive: true });
    const dead = temporary.path.replace(`-${process.pid}-`, '-4194305-');
    await mkdir(join(dead, 'deep'), { recursive: true });
    expect(await removeLeftovers(folder)).toBe(1);
    expect(await readdir(folder)).toHaveLength(1);
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

describe('makeFolder()', () => {
  const modeOf = async (path: string) => (await stat(path)).mode & 0o777;

  test('closes to others what it makes, and leaves what is there as it is', async () => {
    const folder = await temporaryFolder();
    const closed = join(folder, 'parent', 'closed');
    await makeFolder(closed, 0o700);
    expect(await modeOf(closed)).toBe(0o700);
    expect(await modeOf(join(folder, 'parent'))).toBe(0o777 & ~process.umask());
    const open = join(folder, 'open');
    await mkdir(open, { mode: 0o755 });
    await makeFolder(open, 0o700);
    expect(await modeOf(open)).toBe(0o755 & ~process.umask());
  });
});
