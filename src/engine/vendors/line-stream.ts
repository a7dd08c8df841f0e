/**
 * Reads a long answer line by line, as it comes. Memory holds one line and no more, however long the
 * whole is: a result file of a batch may have gigabytes.
 */

/** 64 KiB: grows by doubling to the longest line, and stays. */
const FIRST_BYTES = 64 * 1024;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * The lines of a UTF-8 stream without their ends (`\n` or `\r\n`); the last one may have none. Leaving
 * the loop cancels the stream.
 * @param mostLineBytes longest line that is read
 * @throws RangeError when a line is longer; and whatever the stream throws when it breaks off
 */
export async function* readLines(
  body: ReadableStream<Uint8Array>,
  mostLineBytes: number,
): AsyncGenerator<string, void, undefined> {
  const line = new LineBuffer(mostLineBytes);
  for await (const chunk of body) {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, start)) {
      line.append(chunk.subarray(start, end));
      yield line.take();
      start = end + 1;
    }
    line.append(chunk.subarray(start));
  }
  if (line.length > 0) yield line.take();
}

/** One buffer for all lines, so that each byte is copied once and the chunks can go at once. */
class LineBuffer {
  readonly #most: number;
  readonly #decoder = new TextDecoder();
  #bytes = new Uint8Array(FIRST_BYTES);
  length = 0;

  constructor(most: number) {
    this.#most = most;
  }

  append(part: Uint8Array): void {
    const length = this.length + part.byteLength;
    if (length > this.#most) throw new RangeError(`A line is longer than ${this.#most} bytes.`);
    if (length > this.#bytes.byteLength) this.#grow(length);
    this.#bytes.set(part, this.length);
    this.length = length;
  }

  take(): string {
    const end = this.#bytes[this.length - 1] === CARRIAGE_RETURN ? this.length - 1 : this.length;
    const text = this.#decoder.decode(this.#bytes.subarray(0, end));
    this.length = 0;
    return text;
  }

  #grow(least: number): void {
    const grown = new Uint8Array(Math.max(least, Math.min(this.#bytes.byteLength * 2, this.#most)));
    grown.set(this.#bytes.subarray(0, this.length));
    this.#bytes = grown;
  }
}
