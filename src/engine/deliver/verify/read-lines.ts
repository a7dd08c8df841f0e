/** What a file says that nobody vouches for is held to so many characters a line. */
const LONGEST_LINE = 1024 * 1024;

/** A file of ours that cannot be understood; `message` says where and why. */
export class UnreadableFile extends Error {
  override readonly name: string = 'UnreadableFile';
}

/** It is whole, and somebody else's. */
export class ForeignFile extends UnreadableFile {}

/** The lines of a text, without their ends. Throws `UnreadableFile` at a line longer than a megabyte. */
export async function* readLines(source: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  let number = 0;
  for await (const chunk of source) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of [...lines, rest]) {
      if (line.length > LONGEST_LINE) {
        throw new UnreadableFile(`line ${number + 1} is longer than a megabyte`);
      }
    }
    for (const line of lines) {
      number += 1;
      yield line;
    }
  }
  rest += decoder.decode();
  if (rest !== '') yield rest;
}
