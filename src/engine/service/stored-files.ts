/** Files that clients sent and files that were made for them: bytes in a folder of the home, facts in the store. */
import { createHash } from 'node:crypto';
import { open, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { StorageError } from '../core/errors.ts';
import type { Random } from '../core/random.ts';
import { flushNames, makeFolder, storing, writeWhole } from '../ports/whole-file.ts';
import type { ListPage, NewStoredFile, StoredFile } from '../store/file-store.ts';
import type { HomeFiles } from '../store/home-files.ts';
import type { Store } from '../store/store.ts';

/** Expired files removed at a time. */
const REMOVED_AT_ONCE = 100;
/** Characters of the secret of links, 31 kinds: 256 bits and more. */
const SECRET_LENGTH = 52;
const ID = /^file-[a-z0-9]{1,60}$/;

export interface StoredFilesDeps {
  readonly store: Store;
  readonly random: Random;
  readonly home: string;
  readonly homeFiles: HomeFiles;
}

export interface FileOrder {
  readonly workspace: string;
  readonly keyId?: string;
  readonly purpose: string;
  readonly name: string;
  readonly mediaType: string;
  /** Absent: it is kept until it is deleted. */
  readonly keepMs?: number;
}

export class StoredFiles {
  readonly #deps: StoredFilesDeps;
  readonly #folder: string;
  #linkSecret: Promise<string> | undefined;

  constructor(deps: StoredFilesDeps) {
    this.#deps = deps;
    this.#folder = join(deps.home, 'files');
  }

  /** What links to images are signed with, the same in every process; made at its first use. */
  linkSecret(): Promise<string> {
    const { store, random } = this.#deps;
    const kept = this.#linkSecret ?? store.keepSecret('image-links', random.id(SECRET_LENGTH));
    // What failed is asked for again.
    kept.catch(() => (this.#linkSecret = undefined));
    return (this.#linkSecret = kept);
  }

  /** Takes a flushed file of the same disk for its own. Ids are `file-` and letters and digits. */
  async adopt(
    id: string,
    order: FileOrder,
    received: { readonly path: string; readonly bytes: number; readonly sha256: string },
  ): Promise<StoredFile> {
    await makeFolder(this.#folder);
    await storing(received.path, () => rename(received.path, this.#pathOf(id)));
    await flushNames(this.#folder);
    await this.#deps.homeFiles.keep(this.#pathOf(id));
    return this.#enter(id, order, received);
  }

  /**
   * Writes a file as a stream, under an id that its maker knows before: made again, it replaces the bytes of
   * a maker that died.
   */
  async write(id: string, order: FileOrder, chunks: AsyncIterable<string>): Promise<StoredFile> {
    const hash = createHash('sha256');
    const path = this.#pathOf(id);
    await makeFolder(this.#folder);
    await writeWhole(path, hashed(chunks, hash));
    const { size } = await storing(path, () => stat(path));
    await this.#deps.homeFiles.keep(path);
    return this.#enter(id, order, { bytes: size, sha256: hash.digest('hex') });
  }

  async #enter(
    id: string,
    { keepMs, ...order }: FileOrder,
    { bytes, sha256 }: Pick<NewStoredFile, 'bytes' | 'sha256'>,
  ): Promise<StoredFile> {
    const { store } = this.#deps;
    const now = await store.now();
    const expires = keepMs !== undefined && { expiresAt: now + keepMs };
    await store.createStoredFile({ id, ...order, bytes, sha256, ...expires });
    return { id, ...order, bytes, sha256, ...expires, createdAt: now };
  }

  /** `undefined` for another workspace's, and for one that has expired. */
  find(workspace: string, id: string): Promise<StoredFile | undefined> {
    return this.#deps.store.findStoredFile(workspace, id);
  }

  list(workspace: string, page: ListPage & { readonly purpose?: string }): Promise<StoredFile[]> {
    return this.#deps.store.listStoredFiles(workspace, page);
  }

  /** Its bytes on this machine's disk. Throws `StorageError` where they are nowhere. */
  async place(file: StoredFile): Promise<string> {
    const path = this.#pathOf(file.id);
    if (!(await this.#deps.homeFiles.bring(path))) throw new StorageError('missing', path);
    return path;
  }

  async *read(file: StoredFile): AsyncGenerator<Uint8Array> {
    const path = await this.place(file);
    await using handle = await storing(path, () => open(path, 'r'));
    for await (const chunk of handle.createReadStream({ autoClose: false })) {
      yield chunk as Uint8Array;
    }
  }

  /** False when there is no such file of the workspace. */
  async remove(workspace: string, id: string): Promise<boolean> {
    const isOurs = await this.#deps.store.deleteStoredFile(workspace, id);
    if (isOurs) await this.#deps.homeFiles.remove(this.#pathOf(id));
    return isOurs;
  }

  /** Tells how many were removed; call it again while it removes any. */
  async removeExpired(): Promise<number> {
    const expired = await this.#deps.store.expiredStoredFiles(REMOVED_AT_ONCE);
    for (const { workspace, id } of expired) await this.remove(workspace, id);
    return expired.length;
  }

  #pathOf(id: string): string {
    if (!ID.test(id)) throw new Error(`${JSON.stringify(id)} is no id of a file`);
    return join(this.#folder, id);
  }
}

async function* hashed(
  chunks: AsyncIterable<string>,
  hash: ReturnType<typeof createHash>,
): AsyncGenerator<string> {
  for await (const chunk of chunks) {
    hash.update(chunk);
    yield chunk;
  }
}
