import { InputError } from '../core/errors.ts';

/** One JSON value of a file, still as text, with the line where it starts. */
export interface JsonText {
  readonly line: number;
  readonly text: string;
}

const LONGEST_VALUE = 8_000_000;

/**
 * Cuts the elements out of a JSON array while it streams by, so that an array of any length is read in
 * flat memory and each element knows its line. It only follows strings and brackets; whether an element
 * is JSON is for `JSON.parse` to say.
 *
 * @throws InputError when the array does not end.
 */
export async function* arrayElements(
  file: string,
  chunks: AsyncIterable<string>,
): AsyncGenerator<JsonText> {
  const state = { depth: 0, inString: false, escaped: false, line: 1, startLine: 0, text: '' };
  for await (const chunk of chunks) {
    let from = state.text === '' ? -1 : 0;
    const done: JsonText[] = [];
    for (let at = 0; at < chunk.length; at++) {
      const character = chunk[at]!;
      if (character === '\n') state.line++;
      const endsElement = isEnd(state, character);
      if (endsElement && from !== -1) {
        done.push({ line: state.startLine, text: state.text + chunk.slice(from, at) });
        state.text = '';
        from = -1;
      } else if (from === -1 && state.depth === 1 && !/[\s,\]]/.test(character)) {
        from = at;
        state.startLine = state.line;
      }
      follow(state, character);
    }
    if (from !== -1) state.text += chunk.slice(from);
    if (state.text.length > LONGEST_VALUE) throw endless(file, state.startLine);
    yield* done;
  }
  if (state.depth > 0) throw endless(file, state.line);
}

interface Place {
  depth: number;
  inString: boolean;
  escaped: boolean;
}

function isEnd(state: Place, character: string): boolean {
  return !state.inString && state.depth === 1 && (character === ',' || character === ']');
}

function follow(state: Place, character: string): void {
  if (state.inString) {
    if (state.escaped) state.escaped = false;
    else if (character === '\\') state.escaped = true;
    else if (character === '"') state.inString = false;
    return;
  }
  if (character === '"') state.inString = true;
  else if (character === '{' || character === '[') state.depth++;
  else if (character === '}' || character === ']') state.depth--;
}

function endless(file: string, line: number): InputError {
  const message = 'The JSON array is not closed, or this element of it is not';
  return new InputError([{ file, line, message, remedy: 'Complete the file; it may be cut off.' }]);
}
