import { cp, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runProgram } from '../../../../test/support/export-source.ts';
import { exportedCopies, overwrite, told } from '../../../../test/support/exported-copies.ts';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { verify } from './verify.ts';

const exported = exportedCopies();

describe('verify() of an archive', () => {
  test('finds a whole one sound, also when it was packed anew in a folder and another order', async () => {
    const path = await exported('archive');
    expect(await verify(path)).toMatchObject({ kind: 'archive', extra: 0, findings: [] });
    const again = join(await temporaryFolder(), 'again.zip');
    const python = `
import zipfile, sys
old, new = zipfile.ZipFile(sys.argv[1]), zipfile.ZipFile(sys.argv[2], 'w', zipfile.ZIP_DEFLATED)
for name in sorted(old.namelist(), reverse=True): new.writestr('spring/' + name, old.read(name))
new.writestr('note.txt', 'hello'); new.writestr('spring/note.txt', 'hello'); new.close()`;
    if (runProgram('python3', ['-c', python, path, again])?.code !== 0) return;
    const { files, extraFiles, findings } = await verify(again);
    expect(findings).toEqual([]);
    expect(files).toBeGreaterThan(7);
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

  test.each(['last', 'first'])('finds two files of one name, the right one %s', async (place) => {
    const path = await exported('archive');
    const doubled = join(await temporaryFolder(), 'doubled.zip');
    const python = `
import zipfile, sys, warnings
warnings.simplefilter('ignore')
old, new = zipfile.ZipFile(sys.argv[1]), zipfile.ZipFile(sys.argv[2], 'w')
for name in sorted(old.namelist(), reverse=True):
  twice = name == '0001-name-1.png'
  if twice and sys.argv[3] == 'last': new.writestr(name, b'other')
  new.writestr(name, old.read(name))
  if twice and sys.argv[3] == 'first': new.writestr(name, b'other')
  if name == 'SHA256SUMS': new.writestr(name, b'')
new.close()`;
    if (runProgram('python3', ['-c', python, path, doubled, place])?.code !== 0) return;
    const found = told(await verify(doubled));
    expect(found).toEqual(
      expect.arrayContaining(['changed 0001-name-1.png', 'changed SHA256SUMS']),
    );
  });

  test('finds two files of one name where the list stands before them', async () => {
    const path = await exported('archive');
    const doubled = join(await temporaryFolder(), 'doubled.zip');
    const python = `
import zipfile, sys, warnings
warnings.simplefilter('ignore')
old, new = zipfile.ZipFile(sys.argv[1]), zipfile.ZipFile(sys.argv[2], 'w')
for name in old.namelist(): new.writestr(name, old.read(name))
new.writestr('0001-name-1.png', b'other'); new.close()`;
    if (runProgram('python3', ['-c', python, path, doubled])?.code !== 0) return;
    expect(told(await verify(doubled))).toEqual(['changed 0001-name-1.png']);
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
