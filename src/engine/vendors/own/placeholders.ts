/**
 * Texts of a user's configuration that a request fills: `{{prompt}}`, `{{seed}}`, `{{width}}`. They stand
 * in the options of configured vendors and in ComfyUI's workflows.
 */
import { formatSize } from '../../core/size.ts';
import type { Json, JsonObject } from './configured-vendor.ts';
import type { LaneRequest } from '../vendor.ts';

export type PlaceholderValue = string | number | boolean;
export type PlaceholderValues = Readonly<Record<string, PlaceholderValue | undefined>>;

/** What may stand in the options of every kind; `image_1`, `image_2`, … only in a workflow. */
export const REQUEST_PLACEHOLDERS = [
  'prompt',
  'negative_prompt',
  'seed',
  'width',
  'height',
  'size',
  'count',
  'quality',
  'format',
  'model',
] as const;

/** What a request has for them; a negative prompt and a seed only where the row has one. */
export function valuesOf(request: LaneRequest): PlaceholderValues {
  return {
    prompt: request.prompt,
    negative_prompt: request.negativePrompt,
    seed: request.seed,
    width: request.size.width,
    height: request.size.height,
    size: formatSize(request.size),
    count: request.count,
    quality: request.quality,
    format: request.format,
    model: request.model,
  };
}

const ANY = /\{\{\s*([a-z][a-z0-9_]*)\s*\}\}/g;
const WHOLE = /^\s*\{\{\s*([a-z][a-z0-9_]*)\s*\}\}\s*$/;

/** The names that stand in any text of a template. */
export function placeholdersIn(template: Json): ReadonlySet<string> {
  const names = new Set<string>();
  const read = (value: Json): void => {
    if (typeof value === 'string') {
      for (const [, name = ''] of value.matchAll(ANY)) names.add(name);
    } else if (typeof value === 'object' && value !== null) {
      Object.values(value).forEach(read);
    }
  };
  read(template);
  return names;
}

/**
 * Fills an object. A text that is one placeholder becomes the value itself (a number stays one); where
 * there is no value, its field is left out. Inside a longer text a missing value is nothing. What was
 * filled in is not read again, so a prompt may hold braces.
 */
export function fillPlaceholders(template: JsonObject, values: PlaceholderValues): JsonObject {
  return Object.fromEntries(
    Object.entries(template).flatMap(([name, value]) => {
      const filled = fill(value, values);
      return filled === undefined ? [] : [[name, filled]];
    }),
  );
}

function fill(template: Json, values: PlaceholderValues): Json | undefined {
  if (typeof template === 'string') return fillText(template, values);
  if (isList(template)) {
    return template.map((each) => fill(each, values)).filter((each) => each !== undefined);
  }
  if (typeof template === 'object' && template !== null) return fillPlaceholders(template, values);
  return template;
}

function fillText(text: string, values: PlaceholderValues): Json | undefined {
  const whole = WHOLE.exec(text)?.[1];
  if (whole !== undefined) return values[whole];
  return text.replaceAll(ANY, (_, name: string) => String(values[name] ?? ''));
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
