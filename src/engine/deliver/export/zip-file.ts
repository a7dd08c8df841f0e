import { once } from 'node:events';
import { createReadStream, type ReadStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { assert } from '../../core/errors.ts';
import { isoTime } from '../../core/iso-time.ts';
import { storing } from '../../ports/whole-file.ts';
import { GrowingFile } from './growing-file.ts';
import { ZipIntoFile } from './zip-into-file.ts';

export interface ZipFileOrder {
  /** Where the archive is made; nothing may be there. */
  readonly path: string;
  /**
   * The time that every entry has, in milliseconds since 1970. The format has no time zone: it is
   * written in UTC, in steps of two seconds, from 1980 to 2043.
   */
  readonly at: number;
  /** What faults of the disk are told about. Default: `path`. */
  readonly about?: string;
}

/** For whoever unpacks it on a Unix system: everybody may read it, its owner may change it. */
const FILE_MODE = 0o644;

/**
 * A ZIP archive that is written from front to back, with zip64 where it has more than 65,535 entries or
 * 4 GB. The same entries in the same order give the same bytes, whatever the machine's time zone. In
 * memory are the entry that is being added (of a deflated one, a chunk) and a megabyte that waits to be
 * written; and of each entry that is in the archive about 450 bytes, for the directory at its end.
 */
export class ZipFile implements AsyncDisposable {
  readonly #file: GrowingFile;
  readonly #zip: ZipIntoFile;
  readonly #date: string;

  private constructor(file: GrowingFile, at: number) {
    this.#file = file;
    this.#zip = new ZipIntoFile(file);
    // Whoever adds or ends is told of it.
    this.#zip.on('error', () => undefined);
    this.#date = isoTime(at);
  }

  static async create({ path, at, about = path }: ZipFileOrder): Promise<ZipFile> {
    return new ZipFile(await GrowingFile.create(path, about), at);
  }

  /** Adds bytes as they are: pictures are packed already. `name`: with `/` between folders. */
  async addStored(name: string, bytes: Uint8Array): Promise<void> {
    await this.#add(name, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), true);
    if (this.#zip.writableNeedDrain) await once(this.#zip, 'drain');
  }

  /** Adds a file of any length, deflated, as a stream. */
  async addDeflated(name: string, path: string): Promise<void> {
    const source = createReadStream(path);
    try {
      await storing(path, () => this.#add(name, source, false));
    } finally {
      source.destroy();
    }
  }

  /** Writes the directory; the archive is whole and flushed then. */
  async end(): Promise<void> {
    this.#throwIfBroken();
    this.#zip.finalize();
    await finished(this.#zip);
    await this.#file.end();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#zip.destroy();
    await this.#file[Symbol.asyncDispose]();
  }

  async #add(name: string, source: Buffer | ReadStream, store: boolean): Promise<void> {
    this.#throwIfBroken();
    const zip = this.#zip;
    const entered = await new Promise<string | null | undefined>((resolve, reject) => {
      // An archive that broke calls nobody back.
      zip.once('error', reject);
      zip.entry(source, { name, date: this.#date, mode: FILE_MODE, store }, (error, entry) => {
        zip.off('error', reject);
        if (error) reject(error);
        else resolve(entry?.getName());
      });
    });
    // The library mends names that lead out of the folder where it is unpacked: none of ours does.
    assert(entered === name, `${name} is entered under its own name`);
  }

  #throwIfBroken(): void {
    if (this.#zip.errored) throw this.#zip.errored;
  }
}
