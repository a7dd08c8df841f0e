/** A name for where a process keeps images: the same for all that can read what the others store. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Random } from '../core/random.ts';
import type { S3Settings } from './s3-blobs.ts';

/** A home has a name of its own in it, so that one that several machines share is known for the same. */
export async function imagesPlace(
  home: string,
  s3: S3Settings | undefined,
  random: Random,
): Promise<string> {
  if (s3 !== undefined) return `s3 ${s3.endpoint ?? 'amazon'} ${s3.bucket}/${s3.prefix ?? ''}`;
  const file = join(home, 'images-place');
  // Whoever comes first names it.
  const name = random.id(20);
  await writeFile(file, name, { flag: 'wx' }).catch(() => undefined);
  return `folder ${await readFile(file, 'utf8').catch(() => name)}`;
}
