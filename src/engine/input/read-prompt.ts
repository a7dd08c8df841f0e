import { bad, good, type Reading } from './reading.ts';

/** The longest prompt any vendor takes (OpenAI, gpt-image: 32,000 characters). */
export const LONGEST_PROMPT = 32_000;

// All control characters but tab, line feed and carriage return.
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

/** Checks a prompt; spaces around it are dropped. */
export function readPrompt(cell: string): Reading<string> {
  return readWords(cell, 'prompt');
}

/** Checks a negative prompt in the same way. */
export function readNegativePrompt(cell: string): Reading<string> {
  return readWords(cell, 'negative prompt');
}

function readWords(cell: string, what: string): Reading<string> {
  const text = cell.trim();
  const control = CONTROL.exec(text);
  if (control) {
    const code = control[0].charCodeAt(0).toString(16).padStart(4, '0').toUpperCase();
    return bad(
      `The ${what} has a control character (U+${code}) at place ${control.index + 1}`,
      'Delete it; it often comes with text copied from a PDF or a damaged file.',
    );
  }
  if (!text.isWellFormed()) {
    return bad(`The ${what} has half of a character`, 'Type the character again.');
  }
  if (text.length > LONGEST_PROMPT) {
    return bad(
      `The ${what} has ${text.length} characters; models take at most ${LONGEST_PROMPT}`,
      'Shorten it. If several rows ran together, look for a quotation mark that is not closed.',
    );
  }
  return good(text);
}
