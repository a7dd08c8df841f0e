import { InputError } from '../core/errors.ts';

/** Longer lines are not prompts; the bound keeps a file without line ends from filling the memory. */
const LONGEST_LINE = 4_000_000;

/**
 * Cuts chunks of text at LF, CRLF and CR, and gives the lines of each chunk together (one await for
 * hundreds of lines). A last line without an end counts; an empty rest does not.
 */
export async function* textLines(
  file: string,
  chunks: AsyncIterable<string>,
): AsyncGenerator<string[]> {
  let rest = '';
  let seen = 0;
  for await (const chunk of chunks) {
    const text = rest + chunk;
    // A CR at the end may be the first half of a CRLF.
    const cut = text.endsWith('\r') ? text.length - 1 : text.length;
    const lines = text.slice(0, cut).split(/\r\n|\n|\r/);
    rest = lines.pop()! + text.slice(cut);
    seen += lines.length;
    if (rest.length > LONGEST_LINE) throw endlessLine(file, seen + 1);
    yield lines;
  }
  if (rest !== '') yield [rest.replace(/\r$/, '')];
}

function endlessLine(file: string, line: number): InputError {
  const message = `The line is longer than ${LONGEST_LINE} characters`;
  return new InputError([
    { file, line, message, remedy: 'Check that the file is a sheet with one row a line.' },
  ]);
}
