/**
 * Files of the home folder that must outlive this machine: what clients sent, what was delivered and made.
 * Paths are absolute. What lies outside the home is a user's own, and left as it is.
 */
import { chmod, opendir, rm, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import { codeOf, storing } from '../ports/whole-file.ts';

/** A file as it was kept last. */
export interface KeptFile {
  readonly path: string;
  readonly bytes: number;
}

/** A kept file that was asked for by its path. */
export interface FoundFile extends KeptFile {
  /** When its bytes were written, in whole milliseconds since 1970. */
  readonly changedAt: number;
  /** Hex; known of files that are kept elsewhere. */
  readonly sha256?: string;
  /** What was said of it when it was kept. */
  readonly note?: string;
}

/** Every implementation runs the same contract test. All operations can be repeated; they throw `StorageError`. */
export interface HomeFiles {
  /** Other machines have the files as well: those of this one are copies, which may be gone at any time. */
  readonly isShared: boolean;
  /** Whether a path is of a file or folder that is kept; others are a user's own, or this machine's. */
  holds(path: string): boolean;
  /**
   * Makes a file that was written here last: once it resolves, any machine can bring it. `note`: a short
   * text that `find` tells of it elsewhere.
   */
  keep(path: string, note?: string): Promise<void>;
  /** Makes a file be here as it was kept last. False: there is none. */
  bring(path: string): Promise<boolean>;
  /** `undefined`: there is none. Does not read it. */
  find(path: string): Promise<FoundFile | undefined>;
  /** All that is kept below a folder, in no order. */
  list(folder: string): AsyncIterable<KeptFile>;
  /** Nobody needs any more what lies in a folder here and is not kept. */
  letGo(folder: string): Promise<void>;
  /** Removes a file, or a folder with all that is below it, everywhere. */
  remove(path: string): Promise<void>;
}

/** Folders of the home in which such files lie; everything else of it is this machine's alone. */
export const KEPT_FOLDERS: readonly string[] = ['runs', 'jobs', 'files', 'finishing'];
/** Of a file that is kept elsewhere as well: nobody may write to it, and it may be gone at any time. */
export const COPY_MODE = 0o444;
/** Files brought or kept at a time. */
const AT_ONCE = 8;

/** Of a home that one machine has: each file is where it was written. */
export function homeFolderFiles(): HomeFiles {
  return {
    isShared: false,
    holds: () => false,
    keep: async () => {},
    bring: async (path) => (await fileAt(path)) !== undefined,
    find: fileAt,
    list: filesBelow,
    letGo: async () => {},
    remove: async (path) => {
      await storing(path, () => rm(path, { recursive: true, force: true }));
    },
  };
}

/** The way from the home to what is kept there, with `/` between the names; `undefined` for anything else. */
export function placeInHome(home: string, path: string): string | undefined {
  const way = relative(home, path);
  if (isAbsolute(way)) return undefined;
  const names = way.split(sep);
  return KEPT_FOLDERS.includes(names[0]!) && names.length > 1 ? names.join('/') : undefined;
}

export function isCopy(mode: number): boolean {
  return (mode & 0o222) === 0;
}

/** Keeps what lies in a folder here, and is not kept yet. */
export async function keepAll(files: HomeFiles, folder: string): Promise<void> {
  if (!files.isShared) return;
  await forEach(filesBelow(folder), ({ path }) => keepNew(files, path));
}

/** Keeps a file that lies here, unless it is a copy, or there is none. */
export async function keepNew(files: HomeFiles, path: string): Promise<void> {
  if (!files.isShared) return;
  const facts = await storing(path, () => unlessMissing(stat(path)));
  if (facts?.isFile() === true && !isCopy(facts.mode)) await files.keep(path);
}

/** Brings whatever was kept below a folder. */
export async function bringAll(files: HomeFiles, folder: string): Promise<void> {
  if (!files.isShared) return;
  await forEach(files.list(folder), ({ path }) => files.bring(path));
}

/** Makes copies of files that are here only and that nobody needs any more: they may go. */
export async function makeCopies(folder: string): Promise<void> {
  await forEach(filesBelow(folder), ({ path }) => storing(path, () => chmod(path, COPY_MODE)));
}

/** Brings these files, as far as they are kept. */
export async function bringEach(files: HomeFiles, paths: readonly string[]): Promise<void> {
  if (!files.isShared) return;
  await forEach(paths, (path) => files.bring(path));
}

/** Removes the copy of a file that was kept in other bytes since. */
export async function dropOldCopy({ path, bytes }: KeptFile): Promise<void> {
  const facts = await storing(path, () => unlessMissing(stat(path)));
  if (facts === undefined || facts.size === bytes || !isCopy(facts.mode)) return;
  await storing(path, () => rm(path, { force: true }));
}

/** A few at a time; nothing more is begun after one has failed. */
async function forEach<Each>(
  all: AsyncIterable<Each> | Iterable<Each>,
  work: (each: Each) => Promise<unknown>,
): Promise<void> {
  const each = Symbol.asyncIterator in all ? all[Symbol.asyncIterator]() : all[Symbol.iterator]();
  let hasFailed = false;
  const worker = async () => {
    for (let next = await each.next(); next.done !== true; next = await each.next()) {
      if (hasFailed) return;
      await work(next.value);
    }
  };
  const fail = (error: unknown) => {
    hasFailed = true;
    throw error;
  };
  const ends = await Promise.allSettled(
    Array.from({ length: AT_ONCE }, () => worker().catch(fail)),
  );
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

/** A regular file of this machine's disk. */
export async function fileAt(path: string): Promise<FoundFile | undefined> {
  const facts = await storing(path, () => unlessMissing(stat(path)));
  if (facts?.isFile() !== true) return undefined;
  return { path, bytes: facts.size, changedAt: Math.round(facts.mtimeMs) };
}

/** Files that are written still, or were not written to their end, are none. */
async function* filesBelow(folder: string): AsyncGenerator<KeptFile> {
  const opened = await storing(folder, () => unlessMissing(opendir(folder, { recursive: true })));
  if (opened === undefined) return;
  for await (const entry of opened) {
    if (!entry.isFile() || entry.name.startsWith('.imagemill-')) continue;
    const found = await fileAt(join(entry.parentPath, entry.name));
    if (found !== undefined) yield found;
  }
}

export async function unlessMissing<Result>(looking: Promise<Result>): Promise<Result | undefined> {
  try {
    return await looking;
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}
