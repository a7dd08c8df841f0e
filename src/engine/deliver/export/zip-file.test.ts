import { randomBytes } from 'node:crypto';
import { open, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { crc32 } from 'node:zlib';
import { describe, expect, test, vi } from 'vitest';
import yauzl from 'yauzl';
import { runProgram } from '../../../../test/support/export-source.ts';
import { smallDisk } from '../../../../test/support/small-disk.ts';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { GrowingFile } from './growing-file.ts';
import { ZipFile } from './zip-file.ts';
import { ZipIntoFile } from './zip-into-file.ts';

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
    entries.push({ name, bytes, method, at: entry.getLastModDate({ timezone: 'UTC' }).getTime() });
  }
  return entries;
}

async function createZip(at: number = AT): Promise<{ zip: ZipFile; path: string; folder: string }> {
  const folder = await temporaryFolder();
  const path = join(folder, 'a.zip');
  return { zip: await ZipFile.create({ path, at }), path, folder };
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
    // The format's steps are two seconds.
    const at = AT - 1_000;
    expect(await readZip(path)).toEqual([
      { name: 'sub/画像-1.png', bytes: picture, method: 0, at },
      { name: 'empty.png', bytes: Buffer.alloc(0), method: 0, at },
      { name: 'results.csv', bytes: Buffer.from(text), method: 8, at },
    ]);
    expectOthersToRead(path, 3);
    expect(await readdir(folder)).toEqual(['a.zip', 'text']);
  });

  test('keeps names of every script, and says that they are UTF-8', async () => {
    const { zip, path } = await createZip();
    const names = [
      'plain.png',
      'Grüße/画像.png',
      '🎨👩‍🚀.png',
      // An e with its accent as a letter of its own, and as a mark after it.
      'caf\u00e9.png',
      'cafe\u0301.png',
      'x'.repeat(5_000),
    ];
    for (const name of names) await zip.addStored(name, Buffer.from(name));
    await zip.end();
    expect((await readZip(path)).map(({ name }) => name)).toEqual(names);
    const python = `import zipfile,sys,json; print(json.dumps([(i.filename, bool(i.flag_bits & 2048), oct(i.external_attr >> 16)) for i in zipfile.ZipFile(sys.argv[1]).infolist()]))`;
    const read = runProgram('python3', ['-c', python, path]);
    const told = names.map((name) => [name, /[^ -~]/.test(name), '0o100644']);
    if (read !== undefined) expect(JSON.parse(read.output)).toEqual(told);
  });

  test('takes no name that leads elsewhere or that would be mended', async () => {
    for (const name of ['../a.png', '/a.png', 'C:a.png', 'a\\b.png', 'a//b.png']) {
      const { zip } = await createZip();
      await expect(zip.addStored(name, Buffer.from('A')), name).rejects.toThrow('own name');
      await zip[Symbol.asyncDispose]();
    }
  });

  test('gives the same bytes for the same entries, in every time zone', async () => {
    const make = async (zone: string) => {
      vi.stubEnv('TZ', zone);
      const { zip, path, folder } = await createZip();
      await writeFile(join(folder, 'text'), 'text');
      await zip.addStored('a.png', Buffer.from('A'));
      await zip.addDeflated('b.txt', join(folder, 'text'));
      await zip.end();
      vi.unstubAllEnvs();
      return await readFile(path);
    };
    expect(await make('Asia/Kolkata')).toEqual(await make('America/New_York'));
  });

  test('clamps times that the format cannot have', async () => {
    const timeOf = async (at: number) => {
      const { zip, path } = await createZip(at);
      await zip.addStored('a.png', Buffer.from('A'));
      await zip.end();
      return (await readZip(path))[0]!.at;
    };
    expect(await timeOf(0)).toBe(Date.UTC(1980, 0, 1));
    expect(await timeOf(Date.UTC(2200, 0, 1))).toBe(Date.UTC(2043, 11, 31, 23, 59, 58));
  });

  test.each([65_535, 65_600])(
    'holds %d entries, where the old format ends to count',
    async (entries) => {
      const { zip, path } = await createZip();
      for (let number = 0; number < entries; number += 1) {
        await zip.addStored(`${number}.png`, Buffer.from(String(number)));
      }
      await zip.end();
      const opened = await yauzl.openPromise(path);
      expect(opened.entryCount).toBe(entries);
      opened.close();
      const python = `import zipfile,sys; print(len(zipfile.ZipFile(sys.argv[1]).namelist()))`;
      const counted = runProgram('python3', ['-c', python, path])?.output.trim();
      expect(counted ?? `${entries}`).toBe(`${entries}`);
      const told = runProgram('unzip', ['-Zh', path])?.output;
      expect(told ?? `entries: ${entries}`).toContain(`entries: ${entries}`);
    },
  );

  test('waits for the disk with what is large, and keeps what was added apart', async () => {
    const { zip, path } = await createZip();
    const sizes = [0, 1, 65_535, 65_536, 3_000_000, 7, 1_100_000];
    const pictures = sizes.map((size, place) => Buffer.alloc(size, place));
    for (const [place, bytes] of pictures.entries()) await zip.addStored(`${place}.png`, bytes);
    await zip.end();
    const read = await readZip(path);
    expect(read.map(({ bytes }) => bytes.length)).toEqual(sizes);
    expect(read.every(({ bytes }, place) => bytes.equals(pictures[place]!))).toBe(true);
    expectOthersToRead(path, sizes.length);
  });

  test('tells whoever adds or ends that the disk is full, or that a text is not there', async () => {
    const { zip, folder } = await createZip();
    const text = join(folder, 'text');
    await expect(zip.addDeflated('a.txt', text)).rejects.toMatchObject({ fault: 'missing' });
    await zip[Symbol.asyncDispose]();

    const disk = await smallDisk();
    if (disk === undefined) return;
    await writeFile(text, randomBytes(5_000_000));
    const ways = {
      stored: (full: ZipFile) => full.addStored('a.png', Buffer.alloc(3_000_000)),
      deflated: (full: ZipFile) => full.addDeflated('a.txt', text),
      ended: (full: ZipFile) => full.end(),
    };
    for (const [way, add] of Object.entries(ways)) {
      const path = join(disk.folder, way);
      const full = await ZipFile.create({ path, at: AT, about: 'the archive' });
      await full.addStored('small.png', Buffer.alloc(50_000));
      disk.fill();
      const fault = { fault: 'full', path: 'the archive' };
      await expect(add(full), way).rejects.toMatchObject(fault);
      if (way !== 'ended') {
        // What is broken takes nothing more.
        await expect(full.addStored('b.png', Buffer.from('B'))).rejects.toMatchObject(fault);
        await expect(full.addDeflated('b.txt', text)).rejects.toMatchObject(fault);
        await expect(full.end()).rejects.toMatchObject(fault);
      }
      await full[Symbol.asyncDispose]();
      disk.clear();
    }
  });
});

describe('ZipIntoFile', () => {
  test('reaches entries beyond four gigabytes', async () => {
    const folder = await temporaryFolder();
    const file = await GrowingFile.create(join(folder, 'end'));
    const zip = new ZipIntoFile(file);
    const before = 5 * 1024 ** 3;
    // As if so many bytes of other entries had been written.
    Object.assign(zip, { offset: before });
    const bytes = Buffer.from('far away');
    zip.entry(bytes, { name: 'far.png', store: true });
    zip.finalize();
    await finished(zip);
    await file.end();
    const path = join(folder, 'long.zip');
    const long = await open(path, 'w');
    // What is skipped takes no room on the disk.
    await long.write(await readFile(join(folder, 'end')), 0, undefined, before);
    await long.close();
    expect(await readZip(path)).toMatchObject([{ name: 'far.png', bytes }]);
    const python = `import zipfile,sys; print(zipfile.ZipFile(sys.argv[1]).read('far.png'))`;
    const read = runProgram('python3', ['-c', python, path]);
    expect(read?.output.trim() ?? "b'far away'").toBe("b'far away'");
  });
});
