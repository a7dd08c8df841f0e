/** How long finishing takes on this machine: a sample is finished, since no table knows the machine. */
import type { Clock } from '../core/clock.ts';
import type { Finisher } from '../core/finisher.ts';
import { recipeOf } from '../core/finishing.ts';
import type { Plan } from '../core/plan.ts';
import { formatRecipe } from '../core/recipe.ts';
import type { RunSettings } from '../core/settings.ts';
import type { FinishForecast } from '../engine-types.ts';
import { paintSample } from '../finish/paint-sample.ts';

/** Large enough to tell, small enough for an enlargement to take a moment only. */
const SAMPLE_SIDE = 256;
/** As many as delivery finishes at once. */
const AT_ONCE = 4;

export interface FinishForecastDeps {
  readonly clock: Clock;
  readonly finisher: Pick<Finisher, 'finish'>;
}

/**
 * The time that finishing a plan's images takes, from four samples of 256x256 finished at once, by
 * pixels; `undefined` when the settings ask for nothing. Where the recipe cannot be worked here,
 * `problem` says why: it is better known before anything is paid.
 */
export async function forecastFinishing(
  { clock, finisher }: FinishForecastDeps,
  plan: Pick<Plan, 'items' | 'pixels'>,
  settings: RunSettings,
): Promise<FinishForecast | { readonly problem: string } | undefined> {
  const recipe = recipeOf(settings);
  if (recipe === undefined || plan.items === 0) return undefined;
  const sample = await paintSample(SAMPLE_SIDE);
  const work = () => finisher.finish(sample, { recipe, marks: { kind: 'none' } });
  // The first one also pays for starting the threads and reading the network.
  const first = await work();
  if (first.kind === 'unusable') return { problem: first.reason };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const started = clock.now();
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const msPerPixel = (clock.now() - started) / (AT_ONCE * SAMPLE_SIDE ** 2);
  const totalMs = Math.ceil(plan.pixels * msPerPixel);
  return { recipe: formatRecipe(recipe), totalMs, msPerImage: totalMs / plan.items };
}
