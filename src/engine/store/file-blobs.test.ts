import { mkdtemp, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { blobStoreContract } from '../../../test/contracts/blob-store.contract.ts';
import { memoryBlobs } from '../../../test/support/memory-blobs.ts';
import { StorageError } from '../core/errors.ts';
import { openFileBlobs } from './file-blobs.ts';

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'imagemill-blobs-'));
  folders.push(folder);
  return folder;
}

blobStoreContract('openFileBlobs()', async () => openFileBlobs(await newFolder()));
blobStoreContract('memoryBlobs()', async () => memoryBlobs());

describe('openFileBlobs()', () => {
  test('puts a file under two digits of its hash and leaves no temporary file', async () => {
    const folder = await newFolder();
    const blobs = await openFileBlobs(folder);
    const { hash } = await blobs.put(Buffer.from('picture'));
    expect(blobs.path?.(hash)).toBe(join(folder, hash.slice(0, 2), hash.slice(2)));
    expect(await readdir(join(folder, hash.slice(0, 2)))).toEqual([hash.slice(2)]);
    expect(await readdir(join(folder, 'incoming'))).toEqual([]);
  });

  test('does not rewrite a file that is whole', async () => {
    const blobs = await openFileBlobs(await newFolder());
    const { hash } = await blobs.put(Buffer.from('picture'));
    const before = await stat(blobs.path!(hash));
    await blobs.put(Buffer.from('picture'));
    expect((await stat(blobs.path!(hash))).ino).toBe(before.ino);
  });

  test('reports a damaged file, and heals it when the bytes are put again', async () => {
    const blobs = await openFileBlobs(await newFolder());
    const { hash } = await blobs.put(Buffer.from('picture'));
    for (const damage of ['', 'pictur', 'other bytes']) {
      await writeFile(blobs.path!(hash), damage);
      await expect(blobs.get(hash)).rejects.toMatchObject({ fault: 'damaged' });
      await blobs.put(Buffer.from('picture'));
      expect(Buffer.from(await blobs.get(hash)).toString()).toBe('picture');
    }
    await truncate(blobs.path!(hash), 0);
    expect(await blobs.has(hash)).toBe(false);
  });

  test('removes what a killed process left half-written, and nothing that is being written', async () => {
    const folder = await newFolder();
    const first = await openFileBlobs(folder);
    // A process that opens a temporary file of ours and dies before it is named.
    const script = `
      import { writeWhole } from ${JSON.stringify(join(import.meta.dirname, '../ports/whole-file.ts'))};
      async function* endless() { yield 'x'.repeat(300000); process.kill(process.pid, 'SIGKILL'); yield 'y'; }
      await writeWhole(${JSON.stringify(join(folder, 'ab'))}, endless(), ${JSON.stringify(join(folder, 'incoming'))});`;
    spawnSync(process.execPath, ['--input-type=module', '-e', script]);
    expect(await readdir(join(folder, 'incoming'))).toHaveLength(1);

    const putting = first.put(Buffer.alloc(20_000_000, 1));
    await openFileBlobs(folder);
    const { hash } = await putting;
    expect(await first.has(hash)).toBe(true);
    expect(await readdir(join(folder, 'incoming'))).toEqual([]);
  });

  test('says what to do when the folder cannot be used', async () => {
    const folder = await newFolder();
    await writeFile(join(folder, 'file'), 'not a folder');
    const error = await openFileBlobs(join(folder, 'file', 'blobs')).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(StorageError);
    expect((error as StorageError).fault).toBe('not-writable');
    expect((error as StorageError).message).toContain('choose another folder');
  });

  test.runIf(process.platform === 'linux')('calls a full disk by its name', async () => {
    // /dev/full answers every write with ENOSPC.
    const { storing } = await import('../ports/whole-file.ts');
    await expect(storing('/dev/full', () => writeFile('/dev/full', 'bytes'))).rejects.toMatchObject(
      { name: 'StorageError', fault: 'full' },
    );
  });
});
