import { ContainerError } from './image-container.ts';

/** Reads big-endian figures one after the other, and never beyond its part of the file. */
export class ByteReader {
  readonly #file: Buffer;
  readonly #end: number;
  at: number;

  constructor(file: Buffer, start: number, end: number) {
    if (start < 0 || start > end || end > file.length) throw new ContainerError('cut box');
    this.#file = file;
    this.#end = end;
    this.at = start;
  }

  /** An unsigned figure of 0 to 8 bytes. */
  uint(width: number): number {
    const start = this.#take(width);
    if (width === 0) return 0;
    if (width <= 6) return this.#file.readUIntBE(start, width);
    const figure = this.#file.readBigUInt64BE(start);
    if (width !== 8 || figure > BigInt(Number.MAX_SAFE_INTEGER)) {
      throw new ContainerError('a figure too large for any file');
    }
    return Number(figure);
  }

  bytes(length: number): Buffer {
    const start = this.#take(length);
    return this.#file.subarray(start, start + length);
  }

  /** A text of four letters, like the type of a box. */
  code(): string {
    return this.bytes(4).toString('latin1');
  }

  /** A text up to a zero byte, or to the end. */
  text(): string {
    const zero = this.#file.subarray(this.at, this.#end).indexOf(0);
    const text = this.bytes(zero < 0 ? this.left : zero).toString('utf8');
    if (zero >= 0) this.at += 1;
    return text;
  }

  get left(): number {
    return this.#end - this.at;
  }

  #take(length: number): number {
    const start = this.at;
    if (length > this.left) throw new ContainerError('cut box');
    this.at += length;
    return start;
  }
}
