import { open, stat } from 'node:fs/promises';
import { UsageError } from '../../core/errors.ts';
import { codeOf, storing } from '../../ports/whole-file.ts';
import type { Verification } from './findings.ts';
import { verifyFolder, type VerifyWatch } from './verify-folder.ts';
import { verifyShard } from './verify-shard.ts';
import { verifyZip } from './verify-zip.ts';

/**
 * Checks a delivery or an export without the store: a folder, a ZIP archive, or a shard of a data set.
 * What is wrong with it comes back as findings. Throws `UsageError` when it is none of these, or has
 * nothing in it to check it by.
 */
export async function verify(path: string, watch: VerifyWatch = {}): Promise<Verification> {
  switch (await kindOf(path)) {
    case 'folder':
      return await verifyFolder(path, watch);
    case 'archive':
      return await verifyZip(path, watch);
    case 'shard':
      return await verifyShard(path, watch);
    case 'nothing':
      throw new UsageError(`There is nothing at ${path}.`);
    case 'other':
      throw new UsageError(
        `${path} is no delivery: name a folder, a ZIP archive, or tar shards of a data set.`,
      );
  }
}

type Kind = Verification['kind'] | 'nothing' | 'other';

async function kindOf(path: string): Promise<Kind> {
  return await storing(path, async () => {
    try {
      const found = await stat(path);
      if (found.isDirectory()) return 'folder';
      if (!found.isFile()) return 'other';
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return 'nothing';
      throw error;
    }
    if (/\.tar$/i.test(path)) return 'shard';
    if (/\.zip$/i.test(path)) return 'archive';
    await using file = await open(path, 'r');
    const { buffer } = await file.read(Buffer.alloc(4), 0, 4, 0);
    return buffer.toString('latin1', 0, 2) === 'PK' ? 'archive' : 'other';
  });
}
