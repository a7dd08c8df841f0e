import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { storing } from '../../ports/whole-file.ts';

/** Small pieces are gathered to so many bytes before they are written. */
const WRITE_BYTES = 1024 * 1024;

export interface GrownFile {
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * A new file that is written from front to back, in large writes whatever comes in. It holds at most a
 * megabyte and the piece that is being added. Faults of the disk are told as `StorageError` about
 * `about` (default: its path).
 */
export class GrowingFile implements AsyncDisposable {
  readonly #file: FileHandle;
  readonly #about: string;
  readonly #hash: Hash = createHash('sha256');
  #gathered: Uint8Array[] = [];
  #gatheredBytes = 0;
  #length = 0;
  #closed = false;

  private constructor(file: FileHandle, about: string) {
    this.#file = file;
    this.#about = about;
  }

  static async create(path: string, about: string = path): Promise<GrowingFile> {
    return await storing(about, async () => new GrowingFile(await open(path, 'wx'), about));
  }

  /** Bytes added so far. */
  get length(): number {
    return this.#length;
  }

  /** The bytes must not change before the next addition has been written. */
  async append(...pieces: readonly Uint8Array[]): Promise<void> {
    for (const piece of pieces) {
      if (piece.length === 0) continue;
      this.#gathered.push(piece);
      this.#gatheredBytes += piece.length;
      this.#length += piece.length;
    }
    if (this.#gatheredBytes >= WRITE_BYTES) await this.#write();
  }

  /** Writes what is left and flushes it to the disk. */
  async end(): Promise<GrownFile> {
    await this.#write();
    await storing(this.#about, async () => {
      await this.#file.sync();
      await this.#close();
    });
    return { bytes: this.#length, sha256: this.#hash.digest('hex') };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#close();
  }

  async #close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#file.close();
  }

  async #write(): Promise<void> {
    const pieces = this.#gathered;
    if (pieces.length === 0) return;
    const start = this.#length - this.#gatheredBytes;
    this.#gathered = [];
    this.#gatheredBytes = 0;
    const bytes = pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
    this.#hash.update(bytes);
    await storing(this.#about, async () => {
      for (let at = 0; at < bytes.length;) {
        const { bytesWritten } = await this.#file.write(bytes, at, bytes.length - at, start + at);
        at += bytesWritten;
      }
    });
  }
}
