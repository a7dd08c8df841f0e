/** The bytes of pictures that one process finishes for another, on the way between the two. */
import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { assert, StorageError } from '../core/errors.ts';
import { makeFolder, storing, writeWhole } from '../ports/whole-file.ts';
import type { BlobStore } from '../store/blob-store.ts';
import type { FinishingTask } from '../store/finishing-store.ts';
import type { HomeFiles } from '../store/home-files.ts';

const BLOB = 'blob:';
const MASTER = 'master';

export interface FinishingExchangeDeps {
  readonly home: string;
  readonly homeFiles: HomeFiles;
  readonly blobs: BlobStore;
}

export class FinishingExchange {
  readonly #deps: FinishingExchangeDeps;

  constructor(deps: FinishingExchangeDeps) {
    this.#deps = deps;
  }

  /** What is stored already is named only. */
  async putMaster(taskId: string, bytes: Uint8Array): Promise<FinishingTask['master']> {
    const hash = createHash('sha256').update(bytes).digest('hex');
    if (await this.#deps.blobs.has(hash)) return `${BLOB}${hash}`;
    await this.put(taskId, MASTER, bytes);
    return 'file';
  }

  master({ id, master }: FinishingTask): Promise<Uint8Array> {
    if (master.startsWith(BLOB)) return this.#deps.blobs.get(master.slice(BLOB.length));
    return this.get(id, MASTER);
  }

  async put(taskId: string, name: string, bytes: Uint8Array): Promise<void> {
    const folder = this.#folder(taskId);
    await makeFolder(folder);
    const path = join(folder, name);
    await writeWhole(path, bytes, folder);
    await this.#deps.homeFiles.keep(path);
  }

  async get(taskId: string, name: string): Promise<Uint8Array> {
    const path = join(this.#folder(taskId), name);
    if (!(await this.#deps.homeFiles.bring(path))) throw new StorageError('missing', path);
    return storing(path, () => readFile(path));
  }

  /** This machine's copies; on a home of one machine there are no others. */
  async forget(taskId: string): Promise<void> {
    if (!this.#deps.homeFiles.isShared) return;
    await rm(this.#folder(taskId), { recursive: true, force: true });
  }

  async remove(taskId: string): Promise<void> {
    await this.#deps.homeFiles.remove(this.#folder(taskId));
  }

  #folder(taskId: string): string {
    assert(/^f[0-9a-z]+$/.test(taskId), 'a task has an id of ours');
    return join(this.#deps.home, 'finishing', taskId);
  }
}
