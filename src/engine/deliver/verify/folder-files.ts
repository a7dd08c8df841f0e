/** A folder that nobody vouches for: nothing outside of it is ever read. */
import { constants } from 'node:fs';
import { type FileHandle, open, opendir, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { codeOf } from '../../ports/whole-file.ts';
import {
  compareHash,
  compareLength,
  type ExpectedFile,
  hashOf,
  isSafeName,
} from './expected-file.ts';
import type { Finding } from './findings.ts';

/** A pipe does not keep us waiting, and a link that was put there meanwhile is not followed. */
const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
const CHUNK_BYTES = 256 * 1024;

export type CheckedFile =
  | { readonly kind: 'sound'; readonly bytes: number }
  | { readonly kind: 'found'; readonly finding: Finding };

/** `root`: a real path. Reads the file as a stream. */
export async function checkFile(root: string, expected: ExpectedFile): Promise<CheckedFile> {
  const { file } = expected;
  const opened = await openInside(root, file);
  if ('finding' in opened) {
    const { finding } = opened;
    const before = finding.kind === 'missing' && expected.missing === true;
    const reason = 'it was gone already when the manifest was written';
    return { kind: 'found', finding: before ? { ...finding, reason } : finding };
  }
  await using handle = opened.handle;
  try {
    const { size } = await handle.stat();
    const finding = compareLength(expected, size);
    if (finding !== undefined) return { kind: 'found', finding };
    const { sha256, bytes } = await hashOf(
      handle.createReadStream({ highWaterMark: CHUNK_BYTES, autoClose: false }),
    );
    const changed = compareHash(expected, sha256);
    return changed === undefined ? { kind: 'sound', bytes } : { kind: 'found', finding: changed };
  } catch (error) {
    return { kind: 'found', finding: unreadable(file, error) };
  }
}

/** The file, if its name and every link on the way stay inside of the folder. */
export async function openInside(
  root: string,
  file: string,
): Promise<{ readonly handle: FileHandle } | { readonly finding: Finding }> {
  if (!isSafeName(file)) return { finding: outside(file) };
  try {
    const path = await realpath(join(root, file));
    if (!path.startsWith(root.endsWith(sep) ? root : root + sep)) return { finding: outside(file) };
    const handle = await open(path, OPEN_FLAGS);
    if ((await handle.stat()).isFile()) return { handle };
    await handle.close();
    return { finding: { file, kind: 'unreadable', reason: 'it is no file' } };
  } catch (error) {
    const code = codeOf(error);
    if (code !== 'ENOENT' && code !== 'ENOTDIR') return { finding: unreadable(file, error) };
    return { finding: { file, kind: 'missing', reason: 'it is not there' } };
  }
}

/** Files below a folder, with `/` between folders; links are told and not followed. */
export async function* filesBelow(root: string, folder = ''): AsyncGenerator<string> {
  for await (const entry of await opendir(join(root, folder))) {
    const name = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) yield* filesBelow(root, name);
    else yield name;
  }
}

function outside(file: string): Finding {
  return { file, kind: 'unsafe', reason: 'its name leads out of the folder; it was not looked at' };
}

function unreadable(file: string, error: unknown): Finding {
  const reason = error instanceof Error ? error.message : String(error);
  return { file, kind: 'unreadable', reason: `it cannot be read: ${reason}` };
}
