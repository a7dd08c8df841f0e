/** Names for pictures: valid by the rule of references, and not taken yet. */
import { REFERENCE_NAME, referenceName } from '../../../src/engine/core/reference.ts';

const LONGEST = 64;

/** `Hero Shot (final).PNG` → `hero-shot-final`; taken: `hero-shot-final-2`. */
export function suggestedName(fileName: string, taken: ReadonlySet<string>): string {
  const words = fileName
    .replace(/\.[^.]*$/, '')
    .normalize('NFC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}._-]+/gu, '-')
    .replaceAll(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '');
  const name = shortened(words === '' ? 'picture' : words, LONGEST);
  if (!taken.has(name)) return name;
  for (let number = 2; ; number += 1) {
    const next = `${shortened(name, LONGEST - String(number).length - 1)}-${number}`;
    if (!taken.has(next)) return next;
  }
}

/** Last word of a web address, as if it were a file. */
export function nameOfAddress(address: string, taken: ReadonlySet<string>): string {
  const path = URL.parse(address)
    ?.pathname.split('/')
    .findLast((each) => each !== '');
  return suggestedName(decoded(path ?? ''), taken);
}

/** Why it cannot be a name here; `undefined`: it can. `own`: the name that the picture has now. */
export function nameProblem(
  typed: string,
  taken: ReadonlySet<string>,
  own?: string,
): string | undefined {
  if (typed.trim() === '') return 'Give it a name.';
  const name = plainName(typed);
  if (name === undefined || !REFERENCE_NAME.test(name)) {
    return 'Use letters, digits, dots, hyphens and underscores, beginning with a letter or digit; at most 64.';
  }
  return name !== own && taken.has(name) ? `@${name} has a picture already.` : undefined;
}

/** As it is kept: without the sign, in small letters. */
export function plainName(typed: string): string | undefined {
  return referenceName(`@${typed.trim().replace(/^@/, '')}`);
}

/** By characters, since half a letter is none. */
function shortened(text: string, most: number): string {
  let short = text.slice(0, most);
  while (short !== '' && !/[\p{L}\p{N}]$/u.test(short)) short = short.slice(0, -1);
  return short === '' ? 'picture' : short;
}

function decoded(word: string): string {
  try {
    return decodeURIComponent(word);
  } catch {
    return word;
  }
}
