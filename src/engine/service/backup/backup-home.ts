/**
 * A backup of the embedded store while others work in it: the database as it stands at one moment, then
 * the files of the home. Images are durable before the database names them, so each that this copy of it
 * names is there to be taken. All bytes lie under their hash: what an older backup has is kept.
 */
import { chmod, link, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { UsageError } from '../../core/errors.ts';
import {
  codeOf,
  flushNames,
  isThere,
  makeFolder,
  removeLeftovers,
  storing,
  temporaryPath,
} from '../../ports/whole-file.ts';
import { copySqlite, imagesNamedIn } from '../../store/copy-sqlite.ts';
import { VERSION } from '../../version.ts';
import { copyHashed, flushFile, hashOfFile, inParallel, linked } from './copy-hashed.ts';
import { DATABASE, type HomeFile, homeFiles, imageHash, imagePath, overlap } from './home-files.ts';
import {
  type BackedUpFile,
  type BackupManifest,
  blobPath,
  readManifest,
  writeManifest,
} from './manifest.ts';

/** Files copied at a time: enough to keep a disk busy. */
const AT_ONCE = 8;
const OURS = new Set(['blobs', 'lock', 'lock-journal', 'manifest.jsonl']);

export interface BackupOrder {
  /** Absolute paths. */
  readonly home: string;
  readonly folder: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Images are copied even where a second name of the same file would do. */
  readonly copiesOnly?: boolean;
  /** Told of each file that is in the backup now. */
  readonly onFile?: () => void;
}

export interface BackupResult {
  readonly manifest: BackupManifest;
  readonly images: number;
  readonly bytes: number;
  /** What the folder had not had before. */
  readonly newBytes: number;
  /** Hashes of images that the store names and that neither the home nor an older backup has. */
  readonly missingImages: readonly string[];
}

/** Throws `UsageError` when there is no embedded store, or the folder is somebody else's. */
export async function backupHome(order: BackupOrder): Promise<BackupResult> {
  const home = resolve(order.home);
  const folder = resolve(order.folder);
  await checkPlaces(home, folder);
  await openFolder(folder);
  using _lock = lockFolder(folder);
  const blobs = join(folder, 'blobs');
  await removeLeftovers(blobs);
  const known = new Map((await readManifest(folder))?.files.map((file) => [file.path, file]));
  const work = new Backup({ ...order, home, folder }, known);
  const named = new Set(await work.takeDatabase());
  const present: HomeFile[] = [];
  for await (const file of homeFiles(home)) present.push(file);
  await inParallel(present, AT_ONCE, (file) => work.take(file));
  const missingImages = await work.keepFromBefore(named);
  const manifest = await work.close();
  return { manifest, missingImages, ...work.sums };
}

class Backup {
  readonly #order: BackupOrder;
  readonly #known: ReadonlyMap<string, BackedUpFile>;
  readonly #files = new Map<string, BackedUpFile>();
  readonly #touched = new Set<string>();
  #newBytes = 0;

  constructor(order: BackupOrder, known: ReadonlyMap<string, BackedUpFile>) {
    this.#order = order;
    this.#known = known;
  }

  get sums() {
    const files = [...this.#files.values()];
    return {
      images: files.filter(({ path }) => imageHash(path) !== undefined).length,
      bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
      newBytes: this.#newBytes,
    };
  }

  /** Answers the hashes of the images that it names. */
  async takeDatabase(): Promise<Iterable<string>> {
    const { home, folder, now } = this.#order;
    await using copy = temporaryPath(join(folder, 'blobs'));
    await copySqlite(join(home, DATABASE), copy.path);
    const named = [...imagesNamedIn(copy.path)];
    const sha256 = await hashOfFile(copy.path);
    const { size } = await stat(copy.path);
    await flushFile(copy.path);
    await this.#keep(copy.path, sha256, size);
    this.#files.set(DATABASE, { path: DATABASE, sha256, bytes: size, modified: now });
    return named;
  }

  async take(file: HomeFile): Promise<void> {
    const hash = imageHash(file.path);
    const sha256 = await (hash === undefined ? this.#takeFile(file) : this.#takeImage(file, hash));
    if (sha256 === undefined) return;
    this.#files.set(file.path, { ...file, sha256 });
    this.#order.onFile?.();
  }

  /** What the home has lost and an older backup has: kept. Answers what nobody has. */
  async keepFromBefore(named: ReadonlySet<string>): Promise<string[]> {
    const missing: string[] = [];
    for (const hash of named) {
      const path = imagePath(hash);
      if (this.#files.has(path)) continue;
      const before = this.#known.get(path);
      if (before !== undefined && (await this.#has(hash, before.bytes))) {
        this.#files.set(path, before);
      } else missing.push(hash);
    }
    return missing;
  }

  /** Names the new state, and then lets go of what only an older one had. */
  async close(): Promise<BackupManifest> {
    const { folder, home, now } = this.#order;
    for (const touched of this.#touched) await flushNames(touched);
    await flushNames(join(folder, 'blobs'));
    const files = [...this.#files.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1));
    const manifest: BackupManifest = { madeAt: now, version: VERSION, home, files };
    await writeManifest(folder, manifest);
    const kept = new Set(files.map(({ sha256 }) => sha256));
    for (const { sha256 } of this.#known.values()) {
      if (!kept.has(sha256)) await rm(blobPath(folder, sha256), { force: true });
    }
    return manifest;
  }

  async #takeImage({ path, bytes }: HomeFile, hash: string): Promise<string | undefined> {
    const { home, folder, copiesOnly } = this.#order;
    if (await this.#has(hash, bytes)) return hash;
    const source = join(home, path);
    const target = blobPath(folder, hash);
    try {
      await this.#prepare(target);
      if (copiesOnly !== true && (await linked(source, target))) return hash;
      await using copy = temporaryPath(join(folder, 'blobs'));
      // A damaged one is as good as none: it is counted among the missing if anybody wants it.
      if ((await copyHashed(source, copy.path)) !== hash) return undefined;
      await this.#keep(copy.path, hash, bytes);
      return hash;
    } catch (error) {
      return whenGone(error);
    }
  }

  async #takeFile({ path, bytes, modified }: HomeFile): Promise<string | undefined> {
    const { home, folder } = this.#order;
    const before = this.#known.get(path);
    if (before?.bytes === bytes && before.modified === modified) {
      if (await this.#has(before.sha256, bytes)) return before.sha256;
    }
    await using copy = temporaryPath(join(folder, 'blobs'));
    try {
      const sha256 = await copyHashed(join(home, path), copy.path);
      await this.#keep(copy.path, sha256, bytes);
      return sha256;
    } catch (error) {
      return whenGone(error);
    }
  }

  async #keep(copy: string, sha256: string, bytes: number): Promise<void> {
    const target = blobPath(this.#order.folder, sha256);
    await this.#prepare(target);
    await storing(target, () =>
      link(copy, target).catch((error: unknown) => {
        if (codeOf(error) !== 'EEXIST') throw error;
      }),
    );
    this.#newBytes += bytes;
  }

  async #prepare(target: string): Promise<void> {
    const folder = dirname(target);
    if (this.#touched.has(folder)) return;
    await storing(folder, () => mkdir(folder, { recursive: true }));
    this.#touched.add(folder);
  }

  async #has(sha256: string, bytes: number): Promise<boolean> {
    const path = blobPath(this.#order.folder, sha256);
    return (await isThere(path)) && (await stat(path)).size === bytes;
  }
}

async function checkPlaces(home: string, folder: string): Promise<void> {
  if (!(await isThere(join(home, DATABASE)))) {
    throw new UsageError(`There is no embedded store in ${home}. Name its folder with --home.`);
  }
  if (overlap(home, folder)) {
    throw new UsageError(
      `A backup cannot lie in the home (${home}), or the home in it. Name another folder: on another disk, if there is one.`,
    );
  }
}

/** Nobody else than the owner may read it: it has prompts, and the installation's own secrets. */
async function openFolder(folder: string): Promise<void> {
  const isNew = !(await isThere(folder));
  await makeFolder(folder);
  if (isNew) await storing(folder, () => chmod(folder, 0o700));
  const foreign = (await storing(folder, () => readdir(folder))).filter((name) => !OURS.has(name));
  if (foreign.length > 0) {
    throw new UsageError(
      `${folder} has other things than a backup in it (${foreign.slice(0, 3).join(', ')}). Name an empty folder, or one that has an older backup.`,
    );
  }
  await makeFolder(join(folder, 'blobs'));
}

/** A lock that the system takes back when its process ends, however it ends. */
function lockFolder(folder: string): Disposable {
  const lock = new DatabaseSync(join(folder, 'lock'));
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch {
    lock.close();
    throw new UsageError(`Another backup is being written into ${folder}. Wait for its end.`);
  }
  return { [Symbol.dispose]: () => lock.close() };
}

/** A file that was deleted meanwhile is no part of the backup. */
function whenGone(error: unknown): undefined {
  if (isMissing(error)) return undefined;
  throw error;
}

function isMissing(error: unknown): boolean {
  const { fault } = error as { readonly fault?: unknown };
  return fault === 'missing' || codeOf(error) === 'ENOENT';
}
