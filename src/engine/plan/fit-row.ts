import type { Catalog } from '../core/catalog.ts';
import type { Model } from '../core/model.ts';
import type { RunSettings } from '../core/settings.ts';
import { formatSize, type Size } from '../core/size.ts';
import { checkReferences, type PlannedReference, type ReferenceFacts } from './check-references.ts';
import type { RowProblem } from './row-problem.ts';
import type { RowWish } from './row-wish.ts';

/** A wish in the words of one model. */
export interface FittedRow {
  readonly prompt: string;
  readonly negativePrompt: string | undefined;
  readonly seed: number | undefined;
  /** UTF-8 bytes that are sent as text, both prompts together. */
  readonly promptBytes: number;
  /** The wish's references, in order; empty where nobody has looked at them. */
  readonly pictures: readonly PlannedReference[];
  readonly warnings: readonly string[];
  readonly problems: readonly RowProblem[];
}

export interface FitContext {
  readonly catalog: Pick<Catalog, 'fitSize' | 'standing'>;
  readonly negativeUnsupported: RunSettings['negativeUnsupported'];
  readonly referenceFacts?: ReferenceFacts;
}

const NONE: readonly never[] = [];
/** What appending adds beside the negative prompt itself: `. avoid: `. */
const APPENDED = '. avoid: ';

/** Says how `model` is asked for a wish, with everything that stands in the way. Pure. */
export function fitRow(wish: RowWish, model: Model, context: FitContext): FittedRow {
  const problems: RowProblem[] = [];
  const warnings: string[] = [];
  const standing = context.catalog.standing(model);
  if (standing.kind === 'warning') warnings.push(standing.message);

  const fit = context.catalog.fitSize(model, wish.size);
  if (!fit.ok) problems.push({ ...sizePlace(wish), message: fit.message, remedy: fit.remedy });
  else if (wish.references.length > 0) {
    problems.push(...tooLargeBesideReference(wish, model, fit.asked.made));
  }

  const isAppended = wish.negativePrompt !== undefined && !hasNegativeField(model, wish);
  if (isAppended && context.negativeUnsupported === 'refuse') {
    problems.push(negativeProblem(model, wish));
  } else if (isAppended) {
    warnings.push(negativeWarning(model, wish));
  }
  if (wish.seed !== undefined && !model.seed) {
    warnings.push(`${model.title} takes no seed: it is left out, and pictures are not repeatable`);
  }
  const references = checkReferences(wish, model, context.referenceFacts);
  problems.push(...references.problems);

  const prompt = isAppended ? appendNegative(wish.prompt, wish.negativePrompt ?? '') : wish.prompt;
  const negativePrompt = isAppended ? undefined : wish.negativePrompt;
  problems.push(
    ...tooLong('prompt', prompt, model),
    ...tooLong('negative_prompt', negativePrompt, model),
  );
  return {
    prompt,
    negativePrompt,
    seed: model.seed ? wish.seed : undefined,
    promptBytes: wish.promptBytes + wish.negativeBytes + (isAppended ? APPENDED.length : 0),
    pictures: references.pictures,
    warnings: warnings.length === 0 ? NONE : warnings,
    problems: problems.length === 0 ? NONE : problems,
  };
}

function hasNegativeField(model: Model, wish: RowWish): boolean {
  if (model.negativePrompt === 'without-references') return wish.references.length === 0;
  return model.negativePrompt === 'yes';
}

/** `a cat. avoid: dogs`: a sentence of its own, for models without a field for it. */
export function appendNegative(prompt: string, negativePrompt: string): string {
  const trimmed = prompt.trimEnd();
  const isEnded = /[.!?…。！？]$/u.test(trimmed);
  return `${trimmed}${isEnded ? APPENDED.slice(1) : APPENDED}${negativePrompt}`;
}

function negativeWarning(model: Model, wish: RowWish): string {
  const why =
    model.negativePrompt === 'no' || wish.references.length === 0
      ? 'has no field for a negative prompt'
      : 'takes no negative prompt beside a reference image';
  return `${model.title} ${why}: it is appended to the prompt as “avoid: …”`;
}

function negativeProblem(model: Model, wish: RowWish): RowProblem {
  return {
    column: 'negative_prompt',
    value: wish.negativePrompt ?? '',
    message: `${model.title} cannot take a negative prompt here`,
    remedy: 'Empty the cell, choose a model that has the field, or let it be appended.',
  };
}

function sizePlace(wish: RowWish): Pick<RowProblem, 'column' | 'value'> {
  if (wish.sizeColumn === undefined) return {};
  return { column: wish.sizeColumn, value: `${wish.size.width}x${wish.size.height}` };
}

/** Some models make their largest pictures from words alone. */
function tooLargeBesideReference(wish: RowWish, model: Model, made: Size): RowProblem[] {
  const largest = model.references.largestPicture;
  if (largest === undefined || pixelsOf(made) <= pixelsOf(largest)) return [];
  return [
    {
      ...sizePlace(wish),
      message: `${model.title} makes at most ${formatSize(largest)} pixels from a reference image`,
      remedy: 'Ask for a smaller size, leave the reference out, or choose another model.',
    },
  ];
}

function pixelsOf({ width, height }: Size): number {
  return width * height;
}

function tooLong(column: string, text: string | undefined, model: Model): RowProblem[] {
  const most = model.promptCharacters;
  // UTF-16 units are never fewer than characters, so that most prompts need no counting.
  if (text === undefined || text.length <= most) return [];
  const length = Array.from(text).length;
  if (length <= most) return [];
  return [
    {
      column,
      value: text,
      message: `The text has ${length} characters as it is sent, and ${model.title} takes ${most}`,
      remedy: 'Shorten it, or choose another model.',
    },
  ];
}
