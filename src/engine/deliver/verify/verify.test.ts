import {
  appendFile,
  chmod,
  cp,
  mkdir,
  mkdtemp,
  open,
  readFile,
  rename,
  rm,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import yauzl from 'yauzl';
import { exportedRun, runProgram } from '../../../../test/support/export-source.ts';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { UsageError } from '../../core/errors.ts';
import { checksumLine } from '../export/checksums.ts';
import { exportDataset } from '../export/export-dataset.ts';
import { exportZip } from '../export/export-zip.ts';
import { isSound, type Verification } from './findings.ts';
import { verify } from './verify.ts';
import { verifyFolder } from './verify-folder.ts';

type Kind = 'folder' | 'archive' | 'dataset';

/** A run of four images, exported once; each test damages a copy of its own. */
let shared = '';

beforeAll(async () => {
  shared = await mkdtemp(join(tmpdir(), 'imagemill-test-'));
  const { source } = await exportedRun({ images: 4 });
  const { out } = await exportZip(source, { path: join(shared, 'archive') });
  const limits = { mostBytes: 1e9, mostSamples: 2 };
  await exportDataset(source, { path: join(shared, 'dataset'), name: 'set', limits });
  await unpack(out, join(shared, 'folder'));
});

afterAll(() => rm(shared, { recursive: true, force: true }));

async function unpack(archive: string, folder: string): Promise<void> {
  await mkdir(folder);
  const zip = await yauzl.openPromise(archive);
  for await (const entry of zip.eachEntry()) {
    const stream = await zip.openReadStreamPromise(entry);
    await writeFile(join(folder, entry.fileName), stream);
  }
}

async function exported(kind: Kind): Promise<string> {
  const copy = join(await temporaryFolder(), kind === 'archive' ? 'set.zip' : 'set');
  await cp(join(shared, kind), copy, { recursive: true });
  return copy;
}

/** `kind file`, one for each finding. */
function told({ findings }: Verification): string[] {
  return findings.map(({ kind, file }) => `${kind} ${file}`);
}

async function overwrite(path: string, position: number, text: string): Promise<void> {
  await using file = await open(path, 'r+');
  await file.write(text, position);
}

describe('verify() of a folder', () => {
  test('finds a whole delivery sound, and lists what nobody knows', async () => {
    const path = await exported('folder');
    await mkdir(join(path, 'sub'));
    await writeFile(join(path, 'sub', 'stranger.png'), 'x');
    const verification = await verify(path);
    expect(isSound(verification)).toBe(true);
    // Four images, results, manifest and contact sheet.
    expect(verification).toMatchObject({ kind: 'folder', files: 7, extra: 1 });
    expect(verification.extraFiles).toEqual(['sub/stranger.png']);
  });

  test.each<[string, (path: string) => Promise<unknown>, string[]]>([
    ['is gone', (path) => rm(join(path, '0002-name-2.png')), ['missing 0002-name-2.png']],
    ['is cut', (path) => truncate(join(path, '0002-name-2.png'), 20), ['cut 0002-name-2.png']],
    ['is empty', (path) => truncate(join(path, '0002-name-2.png')), ['cut 0002-name-2.png']],
    [
      'has grown',
      (path) => appendFile(join(path, '0002-name-2.png'), 'x'),
      ['changed 0002-name-2.png'],
    ],
    [
      'has one other byte',
      (path) => overwrite(join(path, '0002-name-2.png'), 50, '~'),
      ['changed 0002-name-2.png'],
    ],
    [
      'is another one of the same length',
      async (path) => {
        const { length } = await readFile(join(path, '0002-name-2.png'));
        await writeFile(join(path, '0002-name-2.png'), 'x'.repeat(length));
      },
      ['changed 0002-name-2.png'],
    ],
    [
      'is a folder now',
      async (path) => {
        await rm(join(path, '0002-name-2.png'));
        await mkdir(join(path, '0002-name-2.png'));
      },
      ['unreadable 0002-name-2.png'],
    ],
    [
      'was renamed',
      (path) => rename(join(path, '0002-name-2.png'), join(path, 'other.png')),
      ['missing 0002-name-2.png'],
    ],
    [
      'is the results sheet',
      (path) => appendFile(join(path, 'results.csv'), '\n'),
      ['changed results.csv'],
    ],
    [
      'is the manifest, cut in the middle',
      (path) => truncate(join(path, 'manifest.json'), 1_500),
      ['unreadable manifest.json', 'changed manifest.json'],
    ],
    [
      'is the list of checksums',
      (path) => writeFile(join(path, 'SHA256SUMS'), 'nonsense\n'),
      ['unreadable SHA256SUMS'],
    ],
  ])('finds a file that %s', async (_, damage, findings) => {
    const path = await exported('folder');
    await damage(path);
    const verification = await verify(path);
    expect(told(verification)).toEqual(findings);
    expect(isSound(verification)).toBe(false);
  });

  test('is content with one of the two lists', async () => {
    const path = await exported('folder');
    await rm(join(path, 'SHA256SUMS'));
    expect(await verify(path)).toMatchObject({ files: 4, extra: 0, findings: [] });
    const other = await exported('folder');
    await rm(join(other, 'manifest.json'));
    await writeFile(join(other, '0001-name-1.png'), 'x');
    expect(told(await verify(other))).toEqual(['changed 0001-name-1.png', 'missing manifest.json']);
    await rm(join(other, 'SHA256SUMS'));
    await expect(verify(other)).rejects.toThrow(UsageError);
  });

  test('believes each list by itself where they contradict each other', async () => {
    const path = await exported('folder');
    const manifest = join(path, 'manifest.json');
    const image = join(path, '0001-name-1.png');
    await writeFile(image, 'forged');
    const text = await readFile(manifest, 'utf8');
    const forged = text.replace(
      /"sha256":"[0-9a-f]{64}","bytes":\d+/,
      `"sha256":"${'a'.repeat(64)}"`,
    );
    await writeFile(manifest, forged);
    expect(told(await verify(path))).toEqual([
      'changed 0001-name-1.png',
      'changed 0001-name-1.png',
      'changed manifest.json',
    ]);
  });

  test('reads a manifest that was formatted anew', async () => {
    const path = await exported('folder');
    await rm(join(path, 'SHA256SUMS'));
    const manifest = join(path, 'manifest.json');
    const value: unknown = JSON.parse(await readFile(manifest, 'utf8'));
    for (const spaces of [0, 4]) {
      await writeFile(manifest, JSON.stringify(value, undefined, spaces));
      expect(await verify(path)).toMatchObject({ files: 4, findings: [] });
    }
  });

  test("takes a stranger's manifest for what it is where ours had to take another name", async () => {
    const path = await exported('folder');
    await rm(join(path, 'SHA256SUMS'));
    await rename(join(path, 'manifest.json'), join(path, 'manifest-r7k2.json'));
    await writeFile(join(path, 'manifest.json'), '{"name":"a web app"}');
    expect(await verify(path)).toMatchObject({ files: 4, extraFiles: ['manifest.json'] });
    await rm(join(path, 'manifest-r7k2.json'));
    expect(told(await verify(path))).toEqual(['unreadable manifest.json']);
  });
});

describe('verify() of a hostile folder', () => {
  const OUTSIDE = [
    '../secret',
    '/etc/passwd',
    'a/../../secret',
    'C:/secret',
    'a\\..\\b',
    './0001-name-1.png',
    'a//b',
    '',
  ];

  test.each(OUTSIDE)('does not look at %j', async (name) => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'secret'), 'secret');
    const path = join(folder, 'delivery');
    await mkdir(path);
    const files = [{ file: name, sha256: '0'.repeat(64), bytes: 6 }];
    await writeFile(
      join(path, 'manifest.json'),
      JSON.stringify({ format: 'imagemill-manifest-1', files }),
    );
    expect(told(await verify(path))).toEqual([`unsafe ${name}`]);
  });

  test('follows no link that leads out, of a file or of a folder', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'elsewhere'));
    await writeFile(join(folder, 'elsewhere', 'a.png'), 'secret');
    const path = join(folder, 'delivery');
    await mkdir(path);
    await symlink(join(folder, 'elsewhere', 'a.png'), join(path, 'link.png'));
    await symlink(join(folder, 'elsewhere'), join(path, 'sub'));
    await writeFile(join(path, 'inside.png'), 'inside');
    await symlink('inside.png', join(path, 'near.png'));
    const sha256 = '0'.repeat(64);
    const names = ['link.png', 'sub/a.png', 'near.png'];
    await writeFile(
      join(path, 'SHA256SUMS'),
      names.map((file) => checksumLine({ sha256, file })).join(''),
    );
    expect(told(await verify(path))).toEqual([
      'unsafe link.png',
      'unsafe sub/a.png',
      'changed near.png',
    ]);
    await rm(join(path, 'SHA256SUMS'));
    await symlink(join(folder, 'elsewhere', 'a.png'), join(path, 'SHA256SUMS'));
    expect(told(await verify(path))).toEqual(['unreadable SHA256SUMS']);
  });

  test('waits for no pipe', async () => {
    const path = await exported('folder');
    await rm(join(path, '0001-name-1.png'));
    if (runProgram('mkfifo', [join(path, '0001-name-1.png')])?.code !== 0) return;
    expect(told(await verify(path))).toEqual(['unreadable 0001-name-1.png']);
  });

  test('is not kept busy by lists without an end to a line', async () => {
    const path = await exported('folder');
    await writeFile(join(path, 'SHA256SUMS'), 'x'.repeat(3_000_000));
    const head = '{\n  "format": "imagemill-manifest-1",\n  "files": [\n';
    await writeFile(join(path, 'manifest.json'), `${head}    {"file": "${'y'.repeat(20_000_000)}`);
    const { findings } = await verify(path);
    expect(findings).toMatchObject([
      { file: 'manifest.json', kind: 'unreadable', reason: 'line 4 is longer than a megabyte' },
      { file: 'SHA256SUMS', kind: 'unreadable', reason: 'line 1 is longer than a megabyte' },
    ]);
  });

  test('tells of a file that may not be read', async () => {
    const path = await exported('folder');
    await chmod(join(path, '0001-name-1.png'), 0);
    const found = told(await verifyFolder(path));
    // Root may read everything.
    expect(found).toEqual(process.getuid?.() === 0 ? [] : ['unreadable 0001-name-1.png']);
  });
});

describe('verify() of an archive', () => {
  test('finds a whole one sound, also when it was packed anew in a folder and another order', async () => {
    const path = await exported('archive');
    expect(await verify(path)).toMatchObject({ kind: 'archive', files: 7, extra: 0, findings: [] });
    const again = join(await temporaryFolder(), 'again.zip');
    const python = `
import zipfile, sys
old, new = zipfile.ZipFile(sys.argv[1]), zipfile.ZipFile(sys.argv[2], 'w', zipfile.ZIP_DEFLATED)
for name in sorted(old.namelist(), reverse=True): new.writestr('spring/' + name, old.read(name))
new.writestr('note.txt', 'hello'); new.writestr('spring/note.txt', 'hello'); new.close()`;
    if (runProgram('python3', ['-c', python, path, again])?.code !== 0) return;
    const { files, extraFiles, findings } = await verify(again);
    expect({ files, findings }).toEqual({ files: 7, findings: [] });
    expect(extraFiles.toSorted()).toEqual(['note.txt', 'note.txt'].toSorted());
  });

  test('finds what is missing and changed in one that was packed anew', async () => {
    const path = await exported('archive');
    const again = join(await temporaryFolder(), 'again.zip');
    const python = `
import zipfile, sys
old, new = zipfile.ZipFile(sys.argv[1]), zipfile.ZipFile(sys.argv[2], 'w')
for name in old.namelist():
  if name == '0001-name-1.png': continue
  new.writestr(name, b'other' if name == '0002-name-2.png' else old.read(name))
new.close()`;
    if (runProgram('python3', ['-c', python, path, again])?.code !== 0) return;
    const found = told(await verify(again)).toSorted();
    expect(found).toEqual(['changed 0002-name-2.png', 'missing 0001-name-1.png']);
  });

  test('finds a byte that has changed, and an archive that is cut', async () => {
    const path = await exported('archive');
    await overwrite(path, 200, '~');
    expect(told(await verify(path))).toEqual(['changed 0001-name-1.png']);
    await truncate(path, 3_000);
    const { findings } = await verify(path);
    expect(findings).toMatchObject([{ kind: 'unreadable', file: path }]);
    expect(findings[0]?.reason).toContain('no whole ZIP archive');
  });

  test('reads no more of a bomb than the archive has bytes', async () => {
    const path = await exported('archive');
    const bomb = join(await temporaryFolder(), 'bomb.zip');
    // Every entry of the directory points at the bytes of the first one.
    const python = `
import zipfile, sys, struct
data = bytearray(open(sys.argv[1], 'rb').read())
end = data.rindex(b'PK\\x05\\x06'); start, = struct.unpack_from('<I', data, end + 16)
length = struct.unpack_from('<I', data, start + 20)[0]; crc = data[start+16:start+20]
image = bytes(data[:start]); central = b''; count = 0
import hashlib
sums = b''
name_length, extra_length = struct.unpack_from('<HH', data, start + 28)
record = bytearray(data[start:start + 46]); struct.pack_into('<HH', record, 28, 8, 0)
for number in range(2000):
  name = b'%08d' % number
  central += bytes(record) + name; sums += b'0' * 64 + b'  ' + name + b'\\n'; count += 1
sums_at = len(image)
import zlib
local = struct.pack('<IHHHHHIIIHH', 0x04034b50, 20, 0, 0, 0, 0, zlib.crc32(sums), len(sums), len(sums), 10, 0) + b'SHA256SUMS' + sums
central += struct.pack('<IHHHHHHIIIHHHHHII', 0x02014b50, 20, 20, 0, 0, 0, 0, zlib.crc32(sums), len(sums), len(sums), 10, 0, 0, 0, 0, 0, sums_at) + b'SHA256SUMS'
body = image + local
tail = struct.pack('<IHHHHIIH', 0x06054b50, 0, 0, count + 1, count + 1, len(central), len(body), 0)
open(sys.argv[2], 'wb').write(body + central + tail)`;
    const made = runProgram('python3', ['-c', python, path, bomb]);
    if (made === undefined) return;
    expect(made).toMatchObject({ code: 0 });
    const { found } = await verify(bomb);
    expect(found.unsafe).toBeGreaterThan(1_000);
    expect(found.changed + found.unsafe).toBe(2_000);
  });

  test('of something else is a mistake of use, which is told', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'a.txt'), 'hello');
    await expect(verify(join(folder, 'a.txt'))).rejects.toThrow('is no delivery');
    await expect(verify(join(folder, 'nowhere'))).rejects.toThrow('There is nothing at');
    await expect(verify(folder)).rejects.toThrow('nothing to check it by');
  });
});

describe('verify() of a data set', () => {
  test('names the samples of a shard that are damaged', async () => {
    const path = await exported('dataset');
    expect(await verify(path)).toMatchObject({ findings: [], extra: 0 });
    await overwrite(join(path, 'set-000001.tar'), 600, '~');
    expect(told(await verify(path))).toEqual([
      'changed set-000001.tar',
      'changed set-000001.tar/000003-0001.png',
    ]);
    await truncate(join(path, 'set-000001.tar'), 3_000);
    expect(told(await verify(path))).toEqual([
      'cut set-000001.tar',
      expect.stringMatching(/^cut set-000001\.tar\/after 00000\d-0001$/),
    ]);
  });

  test('needs a shard only, by what its samples say of themselves', async () => {
    const path = await exported('dataset');
    const shard = join(await temporaryFolder(), 'alone.tar');
    await cp(join(path, 'set-000000.tar'), shard);
    expect(await verify(shard)).toMatchObject({ kind: 'shard', files: 2, findings: [] });
    await overwrite(shard, 600, '~');
    expect(told(await verify(shard))).toEqual(['changed 000001-0001.png']);
    await writeFile(shard, 'no archive at all'.repeat(100));
    const { findings } = await verify(shard);
    expect(findings).toMatchObject([{ kind: 'cut' }]);
  });
});
