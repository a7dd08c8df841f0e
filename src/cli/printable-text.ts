/**
 * Text of others for a terminal: characters that steer it (control characters, ANSI escapes, marks that
 * turn the direction of writing) are shown instead of obeyed, line breaks become spaces.
 */
export function printable(text: string): string {
  return text
    .replace(/[\r\n\t\u2028\u2029]+ */g, ' ')
    .replace(STEERING, (character) => `\\u${hex(character)}`);
}

/** The same, cut to a length that a person reads; `mostCharacters` without what says so. */
export function shortened(text: string, mostCharacters: number): string {
  const shown = printable(text.slice(0, mostCharacters * 2));
  const characters = Array.from(shown);
  if (characters.length <= mostCharacters && text.length <= mostCharacters * 2) return shown;
  const cut = characters.slice(0, mostCharacters).join('');
  return `${cut}… (${text.length.toLocaleString('en-US')} characters)`;
}

/** JSON that a terminal may see: the same value, with the characters that steer it escaped. */
export function printableJson(value: unknown): string {
  return JSON.stringify(value).replace(STEERING, (character) => `\\u${hex(character)}`);
}

/** C0 and C1 controls, DEL, marks of direction (UAX #9), lone surrogates and the byte order mark. */
const STEERING =
  // eslint-disable-next-line no-control-regex
  /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|\p{Surrogate}/gu;

function hex(character: string): string {
  return character.charCodeAt(0).toString(16).padStart(4, '0');
}
