/** Words for what is wrong with the models of a config file: where, what was found, what to write. */
import type { z } from 'zod';
import type { Problem } from '../core/errors.ts';
import { closestNames } from './closest-names.ts';
import { FIELD_RULES } from './overrides-schema.ts';

/** `models.gpt-image-2.credits`. */
export function pathOf(path: readonly PropertyKey[]): string {
  return path.map(String).join('.');
}

/** The problems of one model's text; `path` leads to the model. */
export function shapeProblems(
  issues: readonly z.core.$ZodIssue[],
  raw: unknown,
  path: readonly string[],
): Problem[] {
  return issues.flatMap((issue) => {
    const field = String(issue.path[0] ?? '');
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => unknownField(key, issue.path, raw, path));
    }
    return [
      {
        column: pathOf([...path, ...issue.path]),
        value: valueText(valueAt(raw, issue.path)),
        message:
          issue.path.length === 0 ? 'These are no fields of a model' : 'This does not fit here',
        remedy: isField(field)
          ? `Write ${FIELD_RULES[field]}, or leave ${field} out.`
          : `A model may have ${Object.keys(FIELD_RULES).join(', ')}.`,
      },
    ];
  });
}

function unknownField(
  key: string,
  inside: readonly PropertyKey[],
  raw: unknown,
  path: readonly string[],
): Problem {
  const field = String(inside[0] ?? '');
  const known = Object.keys(FIELD_RULES);
  const [close] = closestNames(key, known, 1);
  const guess = close === undefined ? '' : `Did you mean ${close}? `;
  return {
    column: pathOf([...path, ...inside, key]),
    value: valueText(valueAt(raw, [...inside, key])),
    message: 'There is no field of this name',
    remedy: isField(field)
      ? `Remove it; ${field} is ${FIELD_RULES[field]}.`
      : `${guess}A model may have ${known.join(', ')}.`,
  };
}

function isField(name: string): name is keyof typeof FIELD_RULES {
  return Object.hasOwn(FIELD_RULES, name);
}

export function valueText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');
}

function valueAt(raw: unknown, path: readonly PropertyKey[]): unknown {
  let value = raw;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Reflect.get(value, key);
  }
  return value;
}
