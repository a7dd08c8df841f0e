/** Copies of files that are flushed, and whose hash is taken from the very bytes that were written. */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { link, open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { codeOf, storing } from '../../ports/whole-file.ts';

/** SHA-256 in hex of what was written to `target`, which must not be there. */
export async function copyHashed(source: string, target: string): Promise<string> {
  const hash = createHash('sha256');
  await storing(target, () =>
    pipeline(
      createReadStream(source),
      async function* (chunks: AsyncIterable<Buffer>) {
        for await (const chunk of chunks) {
          hash.update(chunk);
          yield chunk;
        }
      },
      createWriteStream(target, { flags: 'wx', flush: true }),
    ),
  );
  return hash.digest('hex');
}

/** SHA-256 of a file in hex. */
export async function hashOfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await storing(path, () => pipeline(createReadStream(path), hash));
  return hash.digest('hex');
}

export async function flushFile(path: string): Promise<void> {
  await storing(path, async () => {
    await using file = await open(path, 'r+');
    await file.sync();
  });
}

/** Gives a file a second name; false where that cannot be done (another disk, no such feature). */
export async function linked(source: string, target: string): Promise<boolean> {
  try {
    await link(source, target);
    return true;
  } catch (error) {
    const code = codeOf(error);
    if (code === 'EEXIST') return true;
    if (code === 'ENOENT' || code === undefined) throw error;
    return false;
  }
}

/** Works on all values, at most `most` at a time; ends with the first that throws. */
export async function inParallel<Value>(
  values: Iterable<Value>,
  most: number,
  work: (value: Value) => Promise<void>,
): Promise<void> {
  const queue = values[Symbol.iterator]();
  const take = async () => {
    for (let next = queue.next(); next.done !== true; next = queue.next()) await work(next.value);
  };
  await Promise.all(Array.from({ length: most }, take));
}
