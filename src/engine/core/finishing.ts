/** How a run's images are finished, from its settings. */
import type { FileFormat } from './quality.ts';
import { formatRecipe, type Recipe, type RecipeOutput } from './recipe.ts';
import type { Screening } from './screening.ts';
import type { RunSettings } from './settings.ts';

/** A file of an image beside its own: another output of the recipe, or the vendor's signed original. */
export interface MoreFile {
  /** The recipe's name of it, or `original`. */
  readonly output: string;
  /** Relative to the out folder, with `/` between folders. */
  readonly file: string;
}

/** Where an item's files are, and how they were made. */
export interface PlacedFiles {
  readonly itemId: string;
  /** `null`: the item has no files (any more). */
  readonly file: string | null;
  readonly moreFiles?: readonly MoreFile[];
  /** `finishKey` of the settings that they were made by. */
  readonly finishedBy?: string;
  /** Why the recipe could not be worked: the file is the image as it was made. */
  readonly finishFailure?: string;
  /** None or one; absent: nothing is known that was not known before. */
  readonly screening?: readonly Screening[];
}

/** Files that an item is about to get: a process that dies meanwhile may have written some of them. */
export interface BegunFiles {
  readonly file: string;
  readonly moreFiles: readonly MoreFile[];
  /** `finishKey` of the settings that they are made by. */
  readonly finishedBy: string;
}

/** All files of an item, its own first. */
export function filesOf({
  file,
  moreFiles = [],
}: {
  readonly file?: string | null;
  readonly moreFiles?: readonly MoreFile[];
}): string[] {
  return file === undefined || file === null ? [] : [file, ...moreFiles.map((more) => more.file)];
}

/** What the vendor's signed original is called beside the files that were made of it. */
export const ORIGINAL_OUTPUT = 'original';

type FinishSettings = Pick<RunSettings, 'finish' | 'format' | 'marks'>;

/** A format alone is the shortest recipe; outputs that name no format take it. `undefined`: nothing is done. */
export function recipeOf({ finish, format }: FinishSettings): Recipe | undefined {
  if (finish === undefined || finish === 'none') {
    return format === undefined ? undefined : { outputs: [{ steps: [encode(format)] }] };
  }
  return format === undefined
    ? finish
    : { outputs: finish.outputs.map((output) => withFormat(output, format)) };
}

function withFormat(output: RecipeOutput, format: FileFormat): RecipeOutput {
  if (output.steps.some(({ kind }) => kind === 'encode')) return output;
  return { ...output, steps: [...output.steps, encode(format)] };
}

function encode(format: FileFormat): { readonly kind: 'encode'; readonly format: FileFormat } {
  return { kind: 'encode', format };
}

/** How the key of files begins to which nothing was done. */
export const AS_MADE = 'as made';

/**
 * Two runs of the settings that give the same text make the same files of an image. That they are signed
 * is part of it; by which certificate is not, so that a renewed one makes nothing anew.
 */
export function finishKey(settings: FinishSettings, isSigned = false): string {
  const recipe = recipeOf(settings);
  const done = recipe === undefined ? AS_MADE : formatRecipe(recipe);
  return `${done}, marks: ${settings.marks ?? 'all'}${isSigned ? ', signed' : ''}`;
}

/** Whether finishing an image may take seconds. */
export function isSlow(recipe: Recipe | undefined): boolean {
  return recipe?.outputs.some(({ steps }) => steps.some(({ kind }) => kind === 'upscale')) === true;
}
