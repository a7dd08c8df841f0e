/**
 * Uploads that clients send piece by piece, until they are used or expire: as a file that grows in the home, or,
 * where there is a bucket, as pieces in it, so that any server can take the next one.
 */
import { constants, createWriteStream } from 'node:fs';
import { copyFile, link, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { StorageError } from '../core/errors.ts';
import type { Random } from '../core/random.ts';
import { codeOf, isThere, makeFolder, storing } from '../ports/whole-file.ts';
import type { Store } from '../store/store.ts';
import type { UploadPieces } from '../store/upload-pieces.ts';
import type { ClientUpload, NewClientUpload, UploadHolder } from '../store/upload-store.ts';

const HOUR_MS = 3_600_000;
/** A day after its last piece it is removed, however much is missing; and after a week in any case. */
const KEEPING = { keepMs: 24 * HOUR_MS, mostMs: 7 * 24 * HOUR_MS };
/** Open at once in a workspace: the pictures of a large sheet, and some sheets; on the disk until they are used. */
const ROOM = { mostOpen: 2_500, mostBytes: 16 * 2 ** 30 };
/** Objects that one upload is kept in: 4 GiB in pieces of 4 MiB are 1,024 of them. */
const MOST_PIECES = 20_000;
/** Uploads whose bytes are removed at the same time. */
const AT_ONCE = 16;
/** Expired uploads removed at a time. */
const REMOVED_AT_ONCE = 100;
const ID = /^up_[a-z0-9]{1,60}$/;

export interface UploadsDeps {
  readonly store: Store;
  readonly random: Random;
  readonly home: string;
  /** Absent: uploads are files of the home. */
  readonly uploadPieces?: UploadPieces;
}

export class Uploads {
  /** Where they grow as files; absent: they are pieces in the bucket. */
  readonly folder: string | undefined;
  readonly room = ROOM;
  readonly #deps: UploadsDeps;

  constructor(deps: UploadsDeps) {
    this.#deps = deps;
    this.folder = deps.uploadPieces === undefined ? join(deps.home, 'uploads') : undefined;
  }

  /** `too-many`, `too-large`: the workspace has as many open as it may, or of as many bytes. */
  async create(upload: NewClientUpload): Promise<'created' | 'too-many' | 'too-large'> {
    if (this.folder !== undefined) await makeFolder(this.folder, 0o700);
    return this.#deps.store.createClientUpload(upload, ROOM, KEEPING);
  }

  /** Also one that has expired or was used, as long as it is remembered. Without a workspace: whoever's. */
  async find(id: string, workspace?: string): Promise<ClientUpload | undefined> {
    if (!ID.test(id)) return undefined;
    return this.#deps.store.findClientUpload(id, workspace);
  }

  /** The store's clock decides, whichever server asks. */
  async hasExpired({ expiresAt }: ClientUpload): Promise<boolean> {
    return (await this.#deps.store.now()) >= expiresAt;
  }

  /** Bytes that are kept for good; `undefined`: there is none any more. */
  async received(upload: ClientUpload): Promise<number | undefined> {
    if (upload.usedBy !== undefined) return undefined;
    if (this.folder === undefined) return upload.pieceBytes;
    const path = this.#fileOf(upload.id);
    if (!(await isThere(path))) return undefined;
    return (await storing(path, () => stat(path))).size;
  }

  /** Takes the only right to write. False: another has it, and is told that it is wanted. */
  claim(id: string, holder: UploadHolder): Promise<boolean> {
    return this.#deps.store.claimClientUpload(id, holder, KEEPING);
  }

  renew(id: string, holder: UploadHolder): Promise<'kept' | 'wanted' | 'lost'> {
    return this.#deps.store.renewClientUpload(id, holder);
  }

  release(id: string, holder: string): Promise<void> {
    return this.#deps.store.releaseClientUpload(id, holder);
  }

  /** Puts a piece into the bucket and enters it; what a writer that was overtaken puts there is never read. */
  async append(
    id: string,
    holder: string,
    offset: number,
    bytes: Uint8Array,
  ): Promise<'added' | 'lost' | 'too-many'> {
    const { store, random, uploadPieces } = this.#deps;
    const name = `${offset}-${random.id(12)}`;
    await uploadPieces!.put(`${id}/${name}`, bytes);
    const piece = { offset, bytes: bytes.length, name };
    return store.addUploadPiece(id, holder, piece, MOST_PIECES);
  }

  /** Writes to the file of the home, flushed when it resolves; what has come stays when the source breaks. */
  async writeAt(id: string, offset: number, source: AsyncIterable<Uint8Array>): Promise<void> {
    const path = this.#fileOf(id);
    const file = createWriteStream(path, { flags: 'r+', start: offset, flush: true });
    await storing(path, () => pipeline(source, file));
  }

  /** Puts the whole upload to a new path of the home; throws `StorageError` when it is not all there. */
  async placeAt(upload: ClientUpload, path: string): Promise<void> {
    if (this.folder === undefined) await this.#fetchTo(upload, path);
    else await linked(this.#fileOf(upload.id), path);
    const { size } = await storing(path, () => stat(path));
    if (size === upload.bytes) return;
    await rm(path, { force: true });
    throw new StorageError('damaged', path);
  }

  /** Notes what was made of them, and lets their bytes go. */
  async use(uploads: readonly ClientUpload[], usedBy: string): Promise<void> {
    const ids = uploads.map(({ id }) => id);
    await this.#deps.store.useClientUploads(ids, usedBy);
    while (ids.length > 0) {
      await Promise.all(ids.splice(0, AT_ONCE).map((id) => this.#removeBytes(id)));
    }
  }

  async remove({ id }: Pick<ClientUpload, 'id'>): Promise<void> {
    await this.#removeBytes(id);
    await this.#deps.store.removeClientUpload(id);
  }

  /** Tells how many were removed; call it again while it removes any. */
  async removeExpired(): Promise<number> {
    const expired = await this.#deps.store.expiredClientUploads(REMOVED_AT_ONCE);
    for (const upload of expired) await this.remove(upload);
    return expired.length;
  }

  #fileOf(id: string): string {
    if (!ID.test(id) || this.folder === undefined) {
      throw new Error(`${JSON.stringify(id)} is no upload of the home`);
    }
    return join(this.folder, id);
  }

  async #fetchTo(upload: ClientUpload, path: string): Promise<void> {
    const { store, uploadPieces } = this.#deps;
    const pieces = await store.uploadPieces(upload.id);
    const read = async function* () {
      for (const { name } of pieces) yield* uploadPieces!.read(`${upload.id}/${name}`);
    };
    await storing(path, () =>
      pipeline(read, createWriteStream(path, { flags: 'wx', flush: true })),
    );
  }

  async #removeBytes(id: string): Promise<void> {
    if (this.folder === undefined) await this.#deps.uploadPieces!.removeAll(id);
    else await rm(this.#fileOf(id), { force: true });
  }
}

/** The same bytes under another name where the disk can do that, and a copy elsewhere. */
async function linked(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') throw new StorageError('missing', from, error);
    await storing(to, () =>
      copyFile(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE),
    );
  }
}
