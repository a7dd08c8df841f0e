import type { Problem } from '../core/errors.ts';
import { byteLength } from './safe-text.ts';

/** What a template may name beside the headings of the sheet. */
export const NAME_FIELDS = [
  'row',
  'name',
  'prompt',
  'index',
  'model',
  'size',
  'seed',
  'image',
  'run',
  'id',
  'ext',
] as const;

/** A template in pieces: its own words, and fields of which the first that is not empty is taken. */
export type TemplatePiece =
  | { readonly kind: 'words'; readonly words: string }
  | { readonly kind: 'fields'; readonly fields: readonly string[] };

/** More of its own words would leave no room for what tells the files apart. */
const MOST_WORD_BYTES = 100;

/** The fields that a template may name, and one to learn from. */
export interface TemplateKind {
  readonly fields: readonly string[];
  readonly example: string;
}

/** Of a run's images. */
export const ITEM_TEMPLATE: TemplateKind = {
  fields: NAME_FIELDS,
  example: '{row}-{name|prompt}-{index}.{ext}',
};

/** `{row}-{name|prompt}` → fields, words, fields. Braces without a partner are words. */
export function parseNameTemplate(template: string): TemplatePiece[] {
  return template
    .split(/(\{[^{}]*\})/)
    .filter((piece) => piece !== '')
    .map((piece) =>
      /^\{[^{}]*\}$/.test(piece)
        ? { kind: 'fields', fields: piece.slice(1, -1).split('|').map(normalField) }
        : { kind: 'words', words: piece },
    );
}

/** Everything that is wrong with a template, given the headings of the sheet. */
export function checkNameTemplate(
  template: string,
  headings: readonly string[],
  { fields, example }: TemplateKind = ITEM_TEMPLATE,
): Problem[] {
  const pieces = parseNameTemplate(template);
  const problems: Problem[] = [];
  const report = (message: string, remedy: string = `Write a template like ${example}.`) =>
    problems.push({ value: template, message: `The name template ${message}`, remedy });

  const known = new Set<string>([...fields, ...headings.map(normalField)]);
  const unknown = pieces.flatMap((piece) =>
    piece.kind === 'fields' ? piece.fields.filter((field) => !known.has(field)) : [],
  );
  for (const field of new Set(unknown)) {
    report(`has the unknown field {${field}}`, `Fields are ${[...known].join(', ')}.`);
  }
  const words = pieces.map((piece) => (piece.kind === 'words' ? piece.words : '')).join('');
  if (/[{}]/.test(words)) report('has a brace without its partner');
  if (!pieces.some(({ kind }) => kind === 'fields'))
    report('has no field, so all files would share one name');
  if (/^[/\\]|^[a-z]:/i.test(template)) report('must be relative to the out folder');
  if (template.split(/[/\\]/).includes('..')) report('may not leave the out folder');
  if (byteLength(words) > MOST_WORD_BYTES) {
    report(`has more than ${MOST_WORD_BYTES} bytes of its own words`);
  }
  return problems;
}

/** Field names are compared without regard to case and outer spaces. */
export function normalField(name: string): string {
  return name.trim().toLowerCase();
}
