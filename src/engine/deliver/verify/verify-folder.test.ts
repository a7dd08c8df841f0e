import {
  appendFile,
  chmod,
  mkdir,
  readFile,
  rename,
  rm,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runProgram } from '../../../../test/support/export-source.ts';
import { exportedCopies, overwrite, told } from '../../../../test/support/exported-copies.ts';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { UsageError } from '../../core/errors.ts';
import { checksumLine } from '../export/checksums.ts';
import { isSound } from './findings.ts';
import { verify } from './verify.ts';
import { verifyFolder } from './verify-folder.ts';

const exported = exportedCopies();

describe('verify() of a folder', () => {
  test('finds a whole delivery sound, and lists what nobody knows', async () => {
    const path = await exported('folder');
    await mkdir(join(path, 'sub'));
    await writeFile(join(path, 'sub', 'stranger.png'), 'x');
    const verification = await verify(path);
    expect(isSound(verification)).toBe(true);
    // Images, results, manifest, contact sheet; its page with a thumbnail of each image and a script.
    expect(verification).toMatchObject({ kind: 'folder', files: 4 + 3 + 1 + 4 + 1, extra: 1 });
    expect(verification.extraFiles).toEqual(['sub/stranger.png']);
    // Of another page that was made of it later.
    await writeFile(join(path, 'contact-sheet', 'thumbnail.webp'), 'x');
    expect((await verify(path)).extraFiles).toEqual(['sub/stranger.png']);
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
