/** The lines of a file with the number of each, in memory of one line. */
import { createReadStream } from 'node:fs';

export interface FileLine {
  /** Counted from 1. */
  readonly line: number;
  /** `undefined`: it is longer than may be. */
  readonly text: string | undefined;
}

/** Empty lines are left out; one above `mostBytes` is told and skipped. */
export async function* readLines(path: string, mostBytes: number): AsyncGenerator<FileLine> {
  let parts: Buffer[] = [];
  let bytes = 0;
  let line = 1;
  const take = (): FileLine | undefined => {
    const text = bytes > mostBytes ? undefined : Buffer.concat(parts).toString('utf8');
    parts = [];
    bytes = 0;
    return text?.trim() === ''
      ? undefined
      : { line, text: line === 1 ? text?.replace(/^\ufeff/, '') : text };
  };
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      keep(chunk.subarray(from, end));
      const found = take();
      if (found !== undefined) yield found;
      line += 1;
      from = end + 1;
    }
    keep(chunk.subarray(from));
  }
  const last = take();
  if (last !== undefined) yield last;

  function keep(part: Buffer): void {
    bytes += part.length;
    if (bytes > mostBytes) parts = [];
    else if (part.length > 0) parts.push(part);
  }
}
