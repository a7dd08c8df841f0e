/**
 * Files of the home in a bucket: `PREFIXhome/runs/ID/…`. What lies in the home itself is a copy, or is not
 * kept yet; so any machine with the same database and bucket goes on with what another one has left.
 */
import type { Stats } from 'node:fs';
import { chmod, open, rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Gate, atMost } from '../core/at-most.ts';
import type { Clock } from '../core/clock.ts';
import { StorageError } from '../core/errors.ts';
import { makeFolder, storing, temporaryPath } from '../ports/whole-file.ts';
import { HomeCache } from './home-cache.ts';
import {
  COPY_MODE,
  fileAt,
  type FoundFile,
  type HomeFiles,
  homeFolderFiles,
  isCopy,
  makeCopies,
  type KeptFile,
  placeInHome,
  unlessMissing,
} from './home-files.ts';
import { inBucket, isMissing, openS3Bucket, type S3Bucket, type S3Settings } from './s3-bucket.ts';
import { downloadFile } from './s3-download.ts';
import { HASH_NAME, uploadFile } from './s3-upload.ts';

/** Files sent or brought at a time: with the parts of each they bound the memory. */
const MOST_AT_ONCE = 8;
/** Times that an object is brought anew when it did not come as it was put, or was replaced meanwhile. */
const MOST_READINGS = 3;
/** As many as S3 takes in one call. */
const REMOVED_AT_ONCE = 1_000;
const TIME_NAME = 'imagemill-changed-at';
const NOTE_NAME = 'imagemill-note';

export interface S3HomeOptions {
  readonly home: string;
  readonly clock: Clock;
  /** Bytes that copies on this machine may have. Default: 20 GiB. */
  readonly mostCopyBytes?: number;
}

export async function openS3HomeFiles(
  settings: S3Settings,
  options: S3HomeOptions,
): Promise<S3HomeFiles> {
  return new S3HomeFiles(await openS3Bucket(settings), options);
}

interface KeptObject extends FoundFile {
  readonly etag?: string;
}

export class S3HomeFiles implements HomeFiles, AsyncDisposable {
  readonly isShared = true;
  /** Copies of this machine. */
  readonly cache: HomeCache;
  readonly #bucket: S3Bucket;
  readonly #home: string;
  readonly #own = homeFolderFiles();
  readonly #gate: Gate = atMost(MOST_AT_ONCE);
  readonly #bringing = new Map<string, Promise<boolean>>();

  constructor(bucket: S3Bucket, { home, clock, mostCopyBytes }: S3HomeOptions) {
    this.#bucket = bucket;
    this.#home = home;
    const bound = mostCopyBytes !== undefined && { mostBytes: mostCopyBytes };
    this.cache = new HomeCache({ home, clock, ...bound });
  }

  holds(path: string): boolean {
    return this.#keyOf(path) !== undefined;
  }

  async keep(path: string, note?: string): Promise<void> {
    const key = this.#keyOf(path);
    if (key === undefined) return;
    await this.#gate(() => this.#upload(key, path, note));
  }

  async #upload(key: string, path: string, note?: string): Promise<void> {
    // By its handle: what takes its name meanwhile is another file, and kept by itself.
    await using handle = await storing(path, () => open(path, 'r'));
    const { size, atime, mtimeMs } = await handle.stat();
    const changedAt = Math.round(mtimeMs);
    // Copies have the same time as the file itself, to the millisecond.
    await handle.utimes(atime, changedAt / 1_000).catch(() => undefined);
    await uploadFile(this.#bucket, {
      key,
      handle,
      bytes: size,
      metadata: {
        [TIME_NAME]: String(changedAt),
        // Plain letters only go into headers.
        ...(note !== undefined && { [NOTE_NAME]: encodeURIComponent(note) }),
      },
      notes: join(this.#home, 'keeping'),
    });
    await handle.chmod(COPY_MODE).catch(() => undefined);
    this.cache.added(size);
  }

  bring(path: string): Promise<boolean> {
    const key = this.#keyOf(path);
    if (key === undefined) return this.#own.bring(path);
    const under = this.#bringing.get(path);
    if (under !== undefined) return under;
    const bringing = this.#bring(key, path).finally(() => this.#bringing.delete(path));
    this.#bringing.set(path, bringing);
    return bringing;
  }

  async #bring(key: string, path: string): Promise<boolean> {
    for (let reading = 1; ; reading += 1) {
      const kept = await this.#head(key, path);
      const here = await storing(path, () => unlessMissing(stat(path)));
      if (kept === undefined) return await this.#withoutKept(path, here);
      if (here?.isFile() === true && this.#isCurrent(here, kept)) {
        if (isCopy(here.mode)) await this.#noteUse(path, here);
        return true;
      }
      try {
        await this.#gate(() => this.#download(key, path, kept));
        return true;
      } catch (error) {
        // Removed or replaced between the look and the reading: the next look tells.
        const mayPass = error instanceof StorageError && error.fault !== 'full';
        if (!mayPass || reading >= MOST_READINGS) throw error;
      }
    }
  }

  /** A copy of what another machine has removed goes too; what is not kept yet is there. */
  async #withoutKept(path: string, here: Stats | undefined): Promise<boolean> {
    if (here?.isFile() !== true) return false;
    if (!isCopy(here.mode)) return true;
    await rm(path, { force: true });
    return false;
  }

  /** What was written here and is newer is about to be kept. */
  #isCurrent({ size, mtimeMs, mode }: Stats, { bytes, changedAt }: KeptObject): boolean {
    const ownChange = Math.round(mtimeMs);
    if (!isCopy(mode) && ownChange > changedAt) return true;
    return size === bytes && ownChange === changedAt;
  }

  /** So that it is none of the oldest copies. */
  async #noteUse(path: string, { ctimeMs, atime, mtime }: Stats): Promise<void> {
    if (!this.cache.isStale(ctimeMs)) return;
    await utimes(path, atime, mtime).catch(() => undefined);
  }

  async #download(key: string, path: string, kept: KeptObject): Promise<void> {
    const { bytes, changedAt, sha256, etag } = kept;
    await makeFolder(dirname(path));
    await using temporary = temporaryPath(dirname(path));
    await downloadFile(this.#bucket, {
      key,
      to: temporary.path,
      bytes,
      ...(sha256 !== undefined && { sha256 }),
      ...(etag !== undefined && { etag }),
    });
    await storing(path, async () => {
      await utimes(temporary.path, changedAt / 1_000, changedAt / 1_000);
      await chmod(temporary.path, COPY_MODE);
      await rename(temporary.path, path);
    });
    this.cache.added(bytes);
  }

  async find(path: string): Promise<FoundFile | undefined> {
    const key = this.#keyOf(path);
    if (key === undefined) return this.#own.find(path);
    const kept = await this.#head(key, path);
    if (kept !== undefined) return kept;
    const here = await storing(path, () => unlessMissing(stat(path)));
    return here === undefined || isCopy(here.mode) ? undefined : fileAt(path);
  }

  async #head(key: string, path: string): Promise<KeptObject | undefined> {
    const { client, commands, name: Bucket } = this.#bucket;
    try {
      const command = new commands.HeadObjectCommand({ Bucket, Key: key });
      const answer = await inBucket(this.#bucket.placeOf(key), () => client.send(command));
      const { ContentLength = 0, LastModified, Metadata = {}, ETag } = answer;
      const { [HASH_NAME]: sha256, [NOTE_NAME]: note } = Metadata;
      return {
        path,
        bytes: ContentLength,
        changedAt: Number(Metadata[TIME_NAME] ?? LastModified?.getTime() ?? 0),
        ...(sha256 !== undefined && { sha256 }),
        ...(note !== undefined && { note: decodeURIComponent(note) }),
        ...(ETag !== undefined && { etag: ETag }),
      };
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  async *list(folder: string): AsyncGenerator<KeptFile> {
    const key = this.#keyOf(folder);
    if (key === undefined) {
      yield* this.#own.list(folder);
      return;
    }
    const { client, commands, name: Bucket } = this.#bucket;
    const Prefix = `${key}/`;
    let after: string | undefined;
    do {
      const command = new commands.ListObjectsV2Command({
        Bucket,
        Prefix,
        ...(after !== undefined && { ContinuationToken: after }),
      });
      const page = await inBucket(this.#bucket.placeOf(Prefix), () => client.send(command));
      for (const { Key = '', Size = 0 } of page.Contents ?? []) {
        yield { path: join(folder, ...Key.slice(Prefix.length).split('/')), bytes: Size };
      }
      after = page.IsTruncated === true ? page.NextContinuationToken : undefined;
    } while (after !== undefined);
  }

  letGo(folder: string): Promise<void> {
    return makeCopies(folder);
  }

  async remove(path: string): Promise<void> {
    await this.#own.remove(path);
    const key = this.#keyOf(path);
    if (key === undefined) return;
    let keys = [key];
    for await (const kept of this.list(path)) {
      keys.push(this.#keyOf(kept.path)!);
      if (keys.length < REMOVED_AT_ONCE) continue;
      await this.#removeAll(keys);
      keys = [];
    }
    await this.#removeAll(keys);
  }

  async #removeAll(keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return;
    const { client, commands, name: Bucket } = this.#bucket;
    const placeOf = (key: string) => this.#bucket.placeOf(key);
    const Objects = keys.map((Key) => ({ Key }));
    const command = new commands.DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } });
    const { Errors = [] } = await inBucket(placeOf(keys[0]!), () => client.send(command));
    const [first] = Errors;
    if (first === undefined) return;
    throw new StorageError('failed', placeOf(first.Key ?? ''), new Error(first.Message ?? ''));
  }

  #keyOf(path: string): string | undefined {
    const place = placeInHome(this.#home, path);
    return place && `${this.#bucket.prefix}home/${place}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.cache.settle();
    await this.#bucket[Symbol.asyncDispose]();
  }
}
