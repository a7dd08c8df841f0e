import { open, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import yauzl from 'yauzl';
import { runProgram } from '../../../../test/support/export-source.ts';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { ZipFile } from './zip-file.ts';
import { centralHeader, endRecords, localHeader, type ZipEntry } from './zip-records.ts';

const AT = Date.UTC(2026, 10, 22, 22, 56, 39);

interface ReadEntry {
  readonly name: string;
  readonly bytes: Buffer;
  readonly method: number;
  readonly at: number;
}

async function readZip(path: string): Promise<ReadEntry[]> {
  const zip = await yauzl.openPromise(path, { strictFileNames: true });
  const entries: ReadEntry[] = [];
  for await (const entry of zip.eachEntry()) {
    const chunks: Buffer[] = [];
    for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(chunk as Buffer);
    const bytes = Buffer.concat(chunks);
    expect(crc32(bytes)).toBe(entry.crc32);
    const { fileName: name, compressionMethod: method } = entry;
    entries.push({ name, bytes, method, at: entry.getLastModDate().getTime() });
  }
  return entries;
}

async function createZip(): Promise<{ zip: ZipFile; path: string; folder: string }> {
  const folder = await temporaryFolder();
  const path = join(folder, 'a.zip');
  const zip = await ZipFile.create({ path, directoryPath: join(folder, 'directory'), at: AT });
  return { zip, path, folder };
}

/** What independent programs say, where they are there. */
function expectOthersToRead(path: string, entries: number): void {
  const python = `import zipfile,sys; z=zipfile.ZipFile(sys.argv[1]); print(z.testzip(), len(z.namelist()))`;
  const answers = [
    runProgram('unzip', ['-tqq', path])?.code ?? 0,
    runProgram('python3', ['-c', python, path])?.output.trim() ?? `None ${entries}`,
  ];
  expect(answers).toEqual([0, `None ${entries}`]);
}

describe('ZipFile', () => {
  test('keeps pictures as they are, deflates texts, and gives every entry the time of the run', async () => {
    const { zip, path, folder } = await createZip();
    const picture = Buffer.from('pixels '.repeat(1_000));
    const text = 'a line of text\n'.repeat(20_000);
    await writeFile(join(folder, 'text'), text);
    await zip.addStored('sub/画像-1.png', picture);
    await zip.addStored('empty.png', Buffer.alloc(0));
    await zip.addDeflated('results.csv', join(folder, 'text'));
    await zip.end();
    await zip[Symbol.asyncDispose]();
    const at = Math.floor(AT / 1000) * 1000;
    expect(await readZip(path)).toEqual([
      { name: 'sub/画像-1.png', bytes: picture, method: 0, at },
      { name: 'empty.png', bytes: Buffer.alloc(0), method: 0, at },
      { name: 'results.csv', bytes: Buffer.from(text), method: 8, at },
    ]);
    expectOthersToRead(path, 3);
    expect(await readdir(folder)).toEqual(['a.zip', 'text']);
  });

  test('gives the same bytes for the same entries', async () => {
    const make = async () => {
      const { zip, path, folder } = await createZip();
      await writeFile(join(folder, 'text'), 'text');
      await zip.addStored('a.png', Buffer.from('A'));
      await zip.addDeflated('b.txt', join(folder, 'text'));
      await zip.end();
      return await readFile(path);
    };
    expect(await make()).toEqual(await make());
  });

  test('holds more entries than the old format can count', async () => {
    const { zip, path } = await createZip();
    const entries = 65_600;
    for (let number = 0; number < entries; number += 1) {
      await zip.addStored(`${number}.png`, Buffer.from(String(number)));
    }
    await zip.end();
    const opened = await yauzl.openPromise(path);
    expect(opened.entryCount).toBe(entries);
    opened.close();
    expectOthersToRead(path, entries);
  });
});

describe('the records of an archive', () => {
  test('reach entries beyond four gigabytes', async () => {
    const folder = await temporaryFolder();
    const path = join(folder, 'long.zip');
    const bytes = Buffer.from('far away');
    const entry: ZipEntry = {
      name: 'far.png',
      method: 'stored',
      crc32: crc32(bytes),
      packedBytes: bytes.length,
      bytes: bytes.length,
      offset: 5 * 1024 ** 3,
      isLong: true,
    };
    const local = Buffer.concat([localHeader(entry, AT), bytes]);
    const directory = centralHeader(entry, AT);
    const offset = entry.offset + local.length;
    const end = endRecords({ entries: 1, bytes: directory.length, offset });
    const file = await open(path, 'w');
    // What is skipped takes no room on the disk.
    await file.write(Buffer.concat([local, directory, end]), 0, undefined, entry.offset);
    await file.close();
    expect(await readZip(path)).toMatchObject([{ name: 'far.png', bytes }]);
    const python = `import zipfile,sys; print(zipfile.ZipFile(sys.argv[1]).read('far.png'))`;
    const read = runProgram('python3', ['-c', python, path]);
    expect(read?.output.trim() ?? "b'far away'").toBe("b'far away'");
  });

  test('clamp times that the format cannot have', () => {
    const entry = { name: 'a', method: 'stored', crc32: 0, packedBytes: 0, bytes: 0, offset: 0 };
    const dateOf = (at: number) =>
      localHeader({ ...entry, isLong: false } as ZipEntry, at).readUInt16LE(12);
    expect(dateOf(0)).toBe((0 << 9) | (1 << 5) | 1);
    expect(dateOf(Date.UTC(2200, 0, 1))).toBe((127 << 9) | (12 << 5) | 31);
  });
});
