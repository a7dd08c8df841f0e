/** What a list is asked for with: choices with commas, and where the page before ended. */
import type { ItemCursor } from '../../engine/engine-types.ts';
import { ProblemError } from '../problems/problem-error.ts';

/** `failed,refused`. Throws a problem that names what is none of them. */
export function readChoices<Choice extends string>(
  field: string,
  text: string | undefined,
  choices: readonly Choice[],
): readonly Choice[] | undefined {
  if (text === undefined) return undefined;
  const given = text.split(',').map((each) => each.trim());
  const known = given.flatMap((each) => choices.filter((choice) => choice === each));
  if (known.length === given.length) return [...new Set(known)];
  throw invalid(field, text, 'Not all of these are there', `Write some of ${choices.join(', ')}.`);
}

/** The numbers and the id that a page ended with, as `next` has told them. */
export function readCursor(
  text: string | undefined,
  numbers: number,
): { readonly numbers: readonly number[]; readonly id: string } | undefined {
  if (text === undefined) return undefined;
  const parts = text.split('.');
  const figures = parts.slice(0, numbers).map(Number);
  const id = parts[numbers] ?? '';
  const isOne =
    parts.length === numbers + 1 &&
    figures.every((each) => Number.isSafeInteger(each) && each >= 0) &&
    /^[\w-]{0,64}$/.test(id);
  if (isOne) return { numbers: figures, id };
  throw invalid('after', text, 'No page ended there', 'Give the `next` of a page, as it is.');
}

/** Of an item's place in its sheet. */
export function readItemCursor(text: string | undefined): ItemCursor | undefined {
  const cursor = readCursor(text, 2);
  return cursor && { number: cursor.numbers[0]!, index: cursor.numbers[1]!, id: cursor.id };
}

export function itemCursorText({ number, index, id }: ItemCursor): string {
  return writeCursor([number, index], id);
}

export function writeCursor(numbers: readonly number[], id: string): string {
  return [...numbers, id].join('.');
}

function invalid(field: string, value: string, message: string, remedy: string): ProblemError {
  return new ProblemError('invalid', 'Something in the request is wrong.', {
    problems: [{ field: `query.${field}`, value, message, remedy }],
  });
}
