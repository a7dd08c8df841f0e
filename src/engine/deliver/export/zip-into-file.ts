import { callbackify } from 'node:util';
import ZipStream from 'zip-stream';
import type { GrowingFile } from './growing-file.ts';

/** Fields of headers are a few bytes each: they are gathered to so many before they go on. */
const PAGE_BYTES = 64 * 1024;

/**
 * A ZIP archive whose bytes go into a file. Whatever is written waits until the file has taken it; only the
 * directory, which the library writes in one go at the end, is kept meanwhile, in pages. (Left to the
 * stream, its fields wait one by one, at 6 KB an entry: 1.4 GB for 200,000.)
 */
export class ZipIntoFile extends ZipStream {
  readonly #file: GrowingFile;
  #pieces: Uint8Array[] = [];
  #bytes = 0;
  readonly #directory: Uint8Array[] = [];
  #isEnding = false;

  constructor(file: GrowingFile) {
    super({ zlib: { level: 6 } });
    this.#file = file;
    // Nothing comes out at the other end: it is read so that the stream can end and close.
    this.resume();
  }

  override finalize(): void {
    this.#isEnding = true;
    super.finalize();
  }

  override _transform(
    chunk: Uint8Array,
    _encoding: string,
    callback: (error?: Error | null) => void,
  ): void {
    this.#pieces.push(chunk);
    this.#bytes += chunk.length;
    if (this.#bytes < PAGE_BYTES) callback();
    else if (this.#isEnding) {
      this.#directory.push(Buffer.concat(this.#take()));
      callback();
    } else callbackify(() => this.#file.append(...this.#take()))(callback);
  }

  override _flush(callback: (error?: Error | null) => void): void {
    callbackify(() => this.#writeRest())(callback);
  }

  async #writeRest(): Promise<void> {
    for (const page of this.#directory.splice(0)) await this.#file.append(page);
    await this.#file.append(...this.#take());
  }

  #take(): Uint8Array[] {
    const pieces = this.#pieces;
    this.#pieces = [];
    this.#bytes = 0;
    return pieces;
  }
}
