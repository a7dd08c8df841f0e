/** What a schema found wrong in a request: field by field, with what was found and what to do. */
import type { z } from '@hono/zod-openapi';
import type { ProblemDetail } from '../../api/problem.ts';

/** More are not told one by one: who sent ten thousand wrong rows has one mistake. */
export const MOST_PROBLEMS = 200;
/** Longer values are cut: a problem names what was found, and does not send it back whole. */
const LONGEST_VALUE = 120;
const MOST_CHOICES = 30;

type Issue = z.core.$ZodIssue;

/** `place`: what Hono calls it: `json`, `form`, `query`, `param`, `header`. `data`: what was checked. */
export function schemaProblems(place: string, error: z.ZodError, data: unknown): ProblemDetail[] {
  const root = place === 'json' || place === 'form' ? 'body' : place;
  return error.issues
    .slice(0, MOST_PROBLEMS)
    .flatMap((issue) => problemsOf(issue, issue.path, root, data));
}

function problemsOf(
  issue: Issue,
  path: readonly PropertyKey[],
  root: string,
  data: unknown,
): ProblemDetail[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.slice(0, MOST_CHOICES).map((key) => ({
      field: fieldOf(root, [...path, key]),
      message: 'There is no such field.',
      remedy: 'Leave it out, or correct its name; /docs lists what may stand here.',
    }));
  }
  const closest = issue.code === 'invalid_union' ? closestBranch(issue.errors) : undefined;
  if (closest !== undefined) {
    return closest.flatMap((inner) => problemsOf(inner, [...path, ...inner.path], root, data));
  }
  const value = valueAt(data, path);
  return [
    {
      field: fieldOf(root, path),
      ...(value !== undefined && { value: shownValue(value) }),
      message: messageOf(issue),
      remedy: remedyOf(issue),
    },
  ];
}

/** Of several forms that a value may have, the one that it misses least is what was meant. */
function closestBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const [first, ...others] = branches.filter(({ length }) => length > 0);
  return others.reduce<readonly Issue[] | undefined>(
    (best, branch) => (best !== undefined && best.length <= branch.length ? best : branch),
    first,
  );
}

/** How Zod's own sentences begin: they are for programmers. A schema's own words stay as they are. */
const OF_ZOD = /^(?:Invalid (?:input|option|discriminator)|Too (?:small|big))/;

/** What is wrong, as a sentence. */
export function messageOf(issue: Issue): string {
  if (!OF_ZOD.test(issue.message)) return `${issue.message.replace(/\.$/, '')}.`;
  switch (issue.code) {
    case 'invalid_type':
      return isMissing(issue) ? 'It is missing.' : `It is not ${withArticle(issue.expected)}.`;
    case 'too_small':
      return isEmpty(issue) ? 'It is empty.' : TOO_SMALL[originOf(issue.origin)];
    case 'too_big':
      return TOO_BIG[originOf(issue.origin)];
    case 'invalid_value':
    case 'invalid_union':
      return 'There is no such choice.';
    default:
      return `${issue.message.replace(/\.$/, '')}.`;
  }
}

const TOO_SMALL = {
  characters: 'It is too short.',
  entries: 'It has too few entries.',
  '': 'It is too small.',
} as const;
const TOO_BIG = {
  characters: 'It is too long.',
  entries: 'It has too many entries.',
  '': 'It is too large.',
} as const;

/** Zod tells it only in its sentence. */
export function isMissing(issue: Issue): boolean {
  return issue.code === 'invalid_type' && issue.message.endsWith('received undefined');
}

function isEmpty({ minimum, origin }: Extract<Issue, { code: 'too_small' }>): boolean {
  return minimum === 1 && originOf(origin) !== '';
}

export function remedyOf(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `Send ${withArticle(issue.expected)}.`;
    case 'too_small':
      return `Send ${issue.inclusive === false ? 'more than' : 'at least'} ${sizeOf(issue.minimum, issue.origin)}.`;
    case 'too_big':
      return `Send ${issue.inclusive === false ? 'less than' : 'at most'} ${sizeOf(issue.maximum, issue.origin)}.`;
    case 'invalid_value':
      return oneOf(issue.values);
    case 'invalid_union':
      return 'options' in issue && Array.isArray(issue.options)
        ? oneOf(issue.options)
        : 'Correct it; /docs says what may stand here.';
    default:
      return 'Correct it; /docs says what may stand here.';
  }
}

function withArticle(type: string): string {
  const word = type === 'int' ? 'whole number' : type;
  return /^[aeiou]/.test(word) ? `an ${word}` : `a ${word}`;
}

function oneOf(values: readonly unknown[]): string {
  return `Send one of ${values.slice(0, MOST_CHOICES).map(String).join(', ')}.`;
}

function sizeOf(size: number | bigint, origin: string): string {
  const units = originOf(origin);
  if (units === '') return String(size);
  const unit = units === 'entries' ? 'entry' : 'character';
  return `${size} ${size === 1 ? unit : units}`;
}

/** What its size is counted in; empty: it is a number. */
function originOf(origin: string): 'characters' | 'entries' | '' {
  if (origin === 'string') return 'characters';
  return origin === 'array' || origin === 'set' ? 'entries' : '';
}

function fieldOf(root: string, path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (field, part) => (typeof part === 'number' ? `${field}[${part}]` : `${field}.${String(part)}`),
    root,
  );
}

function valueAt(data: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, part) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, part)
        ? (value as Record<PropertyKey, unknown>)[part]
        : undefined,
    data,
  );
}

function shownValue(value: unknown): string {
  if (value instanceof Blob) return 'a file';
  return shortened(typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value)));
}

export function shortened(value: string): string {
  return value.length > LONGEST_VALUE ? `${value.slice(0, LONGEST_VALUE)}…` : value;
}
