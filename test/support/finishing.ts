import type { FinishedFile, FinishOrder } from '../../src/engine/core/finisher.ts';
import { parseRecipe, type Recipe } from '../../src/engine/core/recipe.ts';
import { finishPicture } from '../../src/engine/finish/finish-image.ts';

/** A recipe as people write it. */
export function recipeOf(text: string): Recipe {
  const read = parseRecipe(text);
  if ('problems' in read) throw new Error(JSON.stringify(read.problems));
  return read.recipe;
}

/** The files that a recipe makes of a master, without marks; throws the reason if there are none. */
export async function finished(
  master: Uint8Array,
  recipe: string,
  order: Partial<FinishOrder> = {},
): Promise<readonly FinishedFile[]> {
  const whole = { recipe: recipeOf(recipe), marks: { kind: 'none' } as const, ...order };
  const result = await finishPicture(master, whole);
  if (result.kind === 'unusable') throw new Error(result.reason);
  return result.files;
}

/** The only file, or the first. */
export async function finishedOne(master: Uint8Array, recipe: string): Promise<FinishedFile> {
  return (await finished(master, recipe))[0]!;
}

/** Why a master cannot be finished so. */
export async function whyUnusable(master: Uint8Array, recipe: string): Promise<string> {
  const result = await finishPicture(master, {
    recipe: recipeOf(recipe),
    marks: { kind: 'none' },
  });
  return result.kind === 'unusable' ? result.reason : `made ${result.files.length} files`;
}
