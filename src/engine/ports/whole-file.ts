/**
 * Files that are there whole or not at all. Bytes go to a temporary file on the same file system, are
 * flushed, and only then take their name; the folder is flushed after it, so that the name survives a
 * power cut as well.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { link, mkdir, open, readdir, rename, rm, stat, statfs, unlink } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { threadId } from 'node:worker_threads';
import { StorageError } from '../core/errors.ts';
import type { StorageFault } from '../core/errors.ts';
import { flushFolder } from './flush-folder.ts';

export type FileContent = Uint8Array | AsyncIterable<string>;

/** Chunks of a streamed file are gathered to about this many characters before they are written. */
const WRITE_CHARACTERS = 256 * 1024;
const PREFIX = '.imagemill-';
const SUFFIX = '.tmp';
/** A temporary file of another machine is taken for left over after this long. */
const FOREIGN_LEFTOVER_MS = 24 * 3600 * 1000;
const THIS_HOST = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);
const beingWritten = new Set<string>();
let written = 0;

/** Writes `path`, replacing what is there. `temporaryFolder` (default: its own) must share its disk. */
export async function writeWhole(
  path: string,
  content: FileContent,
  temporaryFolder: string = dirname(path),
): Promise<void> {
  const naming = async (temporary: string): Promise<void> => {
    await rename(temporary, path);
    await flushFolder(dirname(path));
  };
  await withTemporary(path, content, temporaryFolder, naming, { isMoved: true });
}

/**
 * Writes `path` whole for whoever reads it, and flushes nothing: after a power cut it may be there and
 * short, or empty. For what can be made again.
 */
export async function writeUnflushed(path: string, content: Uint8Array): Promise<void> {
  const naming = (temporary: string) => rename(temporary, path);
  await withTemporary(path, content, dirname(path), naming, { isFlushed: false, isMoved: true });
}

/** Writes `path` unless something has that name already; tells whether it was written. */
export async function writeNew(
  path: string,
  content: FileContent,
  temporaryFolder: string = dirname(path),
): Promise<boolean> {
  return await withTemporary(path, content, temporaryFolder, async (temporary) => {
    const isNew = await nameExclusively(temporary, path);
    if (isNew) await flushFolder(dirname(path));
    return isNew;
  });
}

/** A path for something that is made piece by piece; with its disposal it is gone, unless it was named. */
export interface TemporaryPath extends AsyncDisposable {
  readonly path: string;
  /** Gives the flushed file or folder its name, unless something has it already; tells whether. */
  name(path: string): Promise<boolean>;
}

/** Of a file or a folder that the caller makes there; the name it gets must be on the same disk. */
export function temporaryPath(folder: string): TemporaryPath {
  const path = join(folder, temporaryName());
  beingWritten.add(path);
  return {
    path,
    name: (named) =>
      storing(named, async () => {
        const isFolder = (await stat(path)).isDirectory();
        const isNew = await (isFolder ? nameNewFolder(path, named) : nameExclusively(path, named));
        if (isNew) await flushFolder(dirname(named));
        return isNew;
      }),
    [Symbol.asyncDispose]: async () => {
      await rm(path, { recursive: true, force: true }).catch(() => undefined);
      beingWritten.delete(path);
    },
  };
}

/** Makes the names in `folder` durable. */
export async function flushNames(folder: string): Promise<void> {
  await storing(folder, () => flushFolder(folder));
}

/** Removes temporary files and folders in `folder` that nobody is writing any more; tells how many. */
export async function removeLeftovers(folder: string): Promise<number> {
  return await storing(folder, async () => {
    const names = (await readdir(folder)).filter(isTemporary);
    let removed = 0;
    for (const name of names) {
      const path = join(folder, name);
      if (!(await isLeftover(name, path))) continue;
      await rm(path, { recursive: true, force: true });
      removed += 1;
    }
    return removed;
  });
}

/** Bytes that this user may still write on the disk of `path`, which must exist. */
export async function freeBytes(path: string): Promise<number> {
  const { bavail, bsize } = await storing(path, () => statfs(path));
  return bavail * bsize;
}

/**
 * Creates `folder` with its parents where they are not there yet, and makes their names durable. A folder
 * that is made has `mode`; parents, and one that is there, have what they have.
 */
export async function makeFolder(folder: string, mode?: number): Promise<void> {
  await storing(folder, async () => {
    const whole = resolve(folder);
    for (const path of await missingFolders(whole)) {
      await mkdir(path, path === whole ? mode : undefined).catch(explainRefusal);
      await flushFolder(dirname(path));
    }
  });
}

/**
 * The folder and those of its parents that are not there, outermost first. (`mkdir` with `recursive`
 * never ends where a parent exists and still answers ENOENT, as in /proc.) The folder itself is always
 * among them: whoever made it may have died before its name was flushed.
 */
async function missingFolders(folder: string): Promise<string[]> {
  const missing = [folder];
  for (let path = dirname(folder); path !== dirname(path); path = dirname(path)) {
    if (await isFolder(path)) break;
    missing.unshift(path);
  }
  return missing;
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

/** One that is there is fine; where a parent is there and still nothing can be made, nobody may write. */
async function explainRefusal(error: unknown): Promise<void> {
  const code = codeOf(error);
  if (code === 'EEXIST') return;
  if (code !== 'ENOENT') throw error;
  throw new StorageError('not-writable', (error as NodeJS.ErrnoException).path ?? '', error);
}

/** Whether anything has this name. Throws `StorageError`. */
export async function isThere(path: string): Promise<boolean> {
  return await storing(path, async () => {
    try {
      await stat(path);
      return true;
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return false;
      throw error;
    }
  });
}

/** Runs a file operation; what the disk says against it becomes a `StorageError` about `path`. */
export async function storing<Result>(
  path: string,
  operation: () => Promise<Result>,
): Promise<Result> {
  try {
    return await operation();
  } catch (error) {
    const code = codeOf(error);
    const fault = code === undefined ? undefined : FAULTS[code];
    // What is not the disk's word (a lost connection of a stream's source, a defect) stays as it is.
    if (fault === undefined) throw error;
    throw new StorageError(fault, path, error);
  }
}

/** `ENOENT` and the like; `undefined` for what did not come from the system. */
export function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  return typeof code === 'string' && /^E[A-Z0-9]+$/.test(code) ? code : undefined;
}

const FAULTS: Readonly<Record<string, StorageFault>> = {
  ENOSPC: 'full',
  EDQUOT: 'full',
  EFBIG: 'full',
  EACCES: 'not-writable',
  EPERM: 'not-writable',
  EROFS: 'not-writable',
  ENOTDIR: 'not-writable',
  // A file stands where a folder should be.
  EEXIST: 'not-writable',
  ENOENT: 'missing',
  EIO: 'failed',
  EISDIR: 'failed',
  EBUSY: 'failed',
  EMFILE: 'failed',
  ENFILE: 'failed',
  ENAMETOOLONG: 'failed',
};

async function withTemporary<Result>(
  path: string,
  content: FileContent,
  folder: string,
  name: (temporary: string) => Promise<Result>,
  /** `isMoved`: by naming it the temporary name goes away. */
  { isFlushed = true, isMoved = false } = {},
): Promise<Result> {
  const temporary = join(folder, temporaryName());
  beingWritten.add(temporary);
  let isGone = false;
  try {
    return await storing(path, async () => {
      await writeOut(temporary, content, isFlushed);
      const result = await name(temporary);
      isGone = isMoved;
      return result;
    });
  } finally {
    if (!isGone) await unlink(temporary).catch(() => undefined);
    beingWritten.delete(temporary);
  }
}

function temporaryName(): string {
  written += 1;
  return `${PREFIX}${THIS_HOST}-${process.pid}-${threadId}-${written}${SUFFIX}`;
}

async function writeOut(path: string, content: FileContent, isFlushed: boolean): Promise<void> {
  const file = await open(path, 'wx');
  try {
    if (content instanceof Uint8Array) await file.writeFile(content);
    else await writeChunks(file, content);
    if (isFlushed) {
      await file.sync();
    }
  } finally {
    await file.close();
  }
}

async function writeChunks(file: FileHandle, chunks: AsyncIterable<string>): Promise<void> {
  let gathered = '';
  for await (const chunk of chunks) {
    gathered += chunk;
    if (gathered.length < WRITE_CHARACTERS) continue;
    await file.writeFile(gathered);
    gathered = '';
  }
  await file.writeFile(gathered);
}

async function nameExclusively(temporary: string, path: string): Promise<boolean> {
  try {
    await link(temporary, path);
    return true;
  } catch (error) {
    const code = codeOf(error);
    if (code === 'EEXIST') return false;
    if (code === undefined || !NO_HARD_LINKS.has(code)) throw error;
    return await claimAndRename(temporary, path);
  }
}

/** The system puts a folder in the place of an empty one only. */
async function nameNewFolder(temporary: string, path: string): Promise<boolean> {
  try {
    await rename(temporary, path);
    return true;
  } catch (error) {
    const code = codeOf(error);
    if (code !== undefined && TAKEN.has(code)) return false;
    throw error;
  }
}

const TAKEN = new Set(['ENOTEMPTY', 'EEXIST', 'ENOTDIR']);

/** What file systems without hard links (FAT, some network shares) answer to `link`. */
const NO_HARD_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EINVAL']);

async function claimAndRename(temporary: string, path: string): Promise<boolean> {
  try {
    await (await open(path, 'wx')).close();
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
  await rename(temporary, path);
  return true;
}

function isTemporary(name: string): boolean {
  return name.startsWith(PREFIX) && name.endsWith(SUFFIX);
}

async function isLeftover(name: string, path: string): Promise<boolean> {
  const [host, process_, thread] = name.slice(PREFIX.length, -SUFFIX.length).split('-');
  if (host !== THIS_HOST) return await isOld(path);
  if (Number(process_) !== process.pid) return !isAlive(Number(process_));
  return Number(thread) === threadId && !beingWritten.has(path);
}

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return !isZombie(processId);
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

/** It has ended, and only its parent has not looked yet. Other systems than Linux tell nothing here. */
function isZombie(processId: number): boolean {
  try {
    return /^State:\s+Z/m.test(readFileSync(`/proc/${processId}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** Compares with the time that the disk itself gives, so that no clock is read. */
async function isOld(path: string): Promise<boolean> {
  const probe = `${path}-probe`;
  await (await open(probe, 'w')).close();
  const now = (await stat(probe)).mtimeMs;
  await rm(probe, { force: true });
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && now - found.mtimeMs > FOREIGN_LEFTOVER_MS;
}
