import { createReadStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { crc32, createDeflateRaw } from 'node:zlib';
import { storing } from '../../ports/whole-file.ts';
import { GrowingFile } from './growing-file.ts';
import { centralHeader, endRecords, localHeader, type ZipEntry } from './zip-records.ts';

/** Lengths from here on could pass 4 GB once they are deflated: they get room for long ones. */
const LONG_FROM = 0xfff0_0000;

export interface ZipFileOrder {
  /** Where the archive is made; nothing may be there. */
  readonly path: string;
  /** Where its directory grows until the archive ends; nothing may be there. */
  readonly directoryPath: string;
  /** The time that every entry has, in milliseconds since 1970. */
  readonly at: number;
  /** What faults of the disk are told about. Default: `path`. */
  readonly about?: string;
}

/**
 * A ZIP archive that is written from front to back. The same entries in the same order give the same
 * bytes. Written here, and not with the package `yazl`, because an archive of a million images needs it:
 * that keeps each entry with its bytes until the end, and looks through all of them for each.
 */
export class ZipFile implements AsyncDisposable {
  readonly #order: ZipFileOrder;
  readonly #file: GrowingFile;
  readonly #directory: GrowingFile;
  #entries = 0;

  private constructor(order: ZipFileOrder, file: GrowingFile, directory: GrowingFile) {
    this.#order = order;
    this.#file = file;
    this.#directory = directory;
  }

  static async create(order: ZipFileOrder): Promise<ZipFile> {
    const { path, directoryPath, about = path } = order;
    const file = await GrowingFile.create(path, about);
    try {
      return new ZipFile(order, file, await GrowingFile.create(directoryPath, about));
    } catch (error) {
      await file[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Adds bytes as they are: pictures are packed already. */
  async addStored(name: string, bytes: Uint8Array): Promise<void> {
    const entry: ZipEntry = {
      name,
      method: 'stored',
      crc32: crc32(bytes),
      packedBytes: bytes.length,
      bytes: bytes.length,
      offset: this.#file.length,
      isLong: false,
    };
    await this.#file.append(localHeader(entry, this.#order.at), bytes);
    await this.#enter(entry);
  }

  /** Adds a file of any length, deflated, as a stream. */
  async addDeflated(name: string, path: string): Promise<void> {
    const { size } = await storing(path, () => stat(path));
    const offset = this.#file.length;
    const method = 'deflated' as const;
    const isLong = size >= LONG_FROM;
    const unknown = { name, method, crc32: 0, packedBytes: 0, bytes: 0, offset, isLong };
    const header = localHeader(unknown, this.#order.at);
    await this.#file.append(header);
    let [checksum, bytes] = [0, 0];
    const source = createReadStream(path);
    const deflated = source
      .on('data', (chunk) => {
        checksum = crc32(chunk, checksum);
        bytes += chunk.length;
      })
      .on('error', (error) => deflated.destroy(error))
      .pipe(createDeflateRaw({ level: 6 }));
    await storing(path, async () => {
      for await (const chunk of deflated) await this.#file.append(chunk as Buffer);
    }).finally(() => source.destroy());
    const packedBytes = this.#file.length - offset - header.length;
    const entry = { ...unknown, crc32: checksum, packedBytes, bytes };
    await this.#file.patch(offset, localHeader(entry, this.#order.at));
    await this.#enter(entry);
  }

  /** Writes the directory; the archive is whole and flushed then. */
  async end(): Promise<void> {
    const { directoryPath } = this.#order;
    const offset = this.#file.length;
    const { bytes } = await this.#directory.end();
    await storing(directoryPath, async () => {
      for await (const chunk of createReadStream(directoryPath)) {
        await this.#file.append(chunk as Buffer);
      }
      await rm(directoryPath);
    });
    await this.#file.append(endRecords({ entries: this.#entries, bytes, offset }));
    await this.#file.end();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file[Symbol.asyncDispose]();
    await this.#directory[Symbol.asyncDispose]();
  }

  async #enter(entry: ZipEntry): Promise<void> {
    await this.#directory.append(centralHeader(entry, this.#order.at));
    this.#entries += 1;
  }
}
