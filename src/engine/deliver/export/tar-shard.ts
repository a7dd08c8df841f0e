import { type Pack, pack } from 'tar-stream';
import { assert } from '../../core/errors.ts';
import { GrowingFile, type GrownFile } from './growing-file.ts';

const BLOCK = 512;
/** A name of so many characters fits into its header, which is one block then. */
const LONGEST_NAME = 100;
/** Two empty blocks. */
const END_BYTES = 2 * BLOCK;

/** Where a file's bytes are, so that they can be read without the rest of the archive. */
export interface TarPlace {
  readonly offset: number;
  readonly bytes: number;
}

/**
 * A tar archive (POSIX ustar) that is written from front to back. The same files in the same order give
 * the same bytes: owner, group and mode are always the same, and the time is `at`.
 */
export class TarShard implements AsyncDisposable {
  readonly #file: GrowingFile;
  readonly #pack: Pack = pack();
  readonly #time: Date;
  readonly #writing: Promise<void>;
  #length = 0;

  private constructor(file: GrowingFile, at: number) {
    this.#file = file;
    // A given time in the shape that the library takes; the clock is not read.
    // oxlint-disable-next-line no-restricted-globals
    this.#time = new Date(Math.floor(at / 1000) * 1000);
    this.#writing = this.#write();
    // Whoever adds or ends is told of it.
    this.#writing.catch(() => undefined);
  }

  /** `at`: milliseconds since 1970. Faults of the disk are told about `about`. */
  static async create(path: string, at: number, about: string = path): Promise<TarShard> {
    return new TarShard(await GrowingFile.create(path, about), at);
  }

  /** Bytes that the archive has with what was added so far. */
  get length(): number {
    return this.#length + END_BYTES;
  }

  /** `name`: at most 100 characters of ASCII. */
  async add(name: string, bytes: Uint8Array): Promise<TarPlace> {
    assert(/^[ -~]+$/.test(name) && name.length <= LONGEST_NAME, `${name} fits into a tar header`);
    const place = { offset: this.#length + BLOCK, bytes: bytes.length };
    this.#length += tarBytes(bytes.length);
    const header = { name, mode: 0o644, uid: 0, gid: 0, mtime: this.#time, type: 'file' } as const;
    try {
      await new Promise<void>((resolve, reject) => {
        const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
        this.#pack.entry(header, whole, (error) => (error ? reject(error) : resolve()));
      });
    } catch (error) {
      // A disk that failed ended the archive: that is the cause, and this only follows from it.
      await this.#writing;
      throw error;
    }
    return place;
  }

  /** The archive is whole and flushed then. */
  async end(): Promise<GrownFile> {
    this.#pack.finalize();
    await this.#writing;
    assert(this.#file.length === this.length, 'the places told are those in the archive');
    return await this.#file.end();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#pack.destroy();
    await this.#writing.catch(() => undefined);
    await this.#file[Symbol.asyncDispose]();
  }

  async #write(): Promise<void> {
    for await (const chunk of this.#pack) await this.#file.append(chunk as Buffer);
  }
}

/** What a file of so many bytes takes in an archive. */
export function tarBytes(bytes: number): number {
  return BLOCK + Math.ceil(bytes / BLOCK) * BLOCK;
}
