import { availableParallelism } from 'node:os';
import { parseRecipe } from '../../src/engine/core/recipe.ts';
import { createPicturePool } from '../../src/engine/finish/workers/picture-pool.ts';
import { keepInFlight } from '../keep-in-flight.ts';
import { paintMasters } from '../paint-masters.ts';

export interface ConvertManyInput {
  readonly seed: number;
  readonly count: number;
  /** Of the masters, in pixels. */
  readonly side: number;
  readonly recipe: string;
}

export interface ConvertManyOutput {
  readonly seconds: number;
  /** The most memory that the process had held when a tenth was done. */
  readonly earlyMegabytes: number;
}

/** Finishes many pictures, twice as many in flight as threads work, as a job on a folder does. */
export async function job(input: ConvertManyInput): Promise<ConvertManyOutput> {
  const { seed, count, side, recipe } = input;
  const parsed = parseRecipe(recipe);
  if ('problems' in parsed) throw new Error(`The bench has a wrong recipe: ${recipe}`);
  await using pool = createPicturePool();
  const masters = await paintMasters('png', side, seed);
  const order = { recipe: parsed.recipe, marks: { kind: 'none' } } as const;
  let [done, earlyMegabytes] = [0, 0];
  const started = performance.now();
  await keepInFlight(count, 2 * availableParallelism(), async (at) => {
    const result = await pool.finish(masters[at % masters.length]!, order);
    if (result.kind === 'unusable') throw new Error(result.reason);
    done += 1;
    if (done === Math.ceil(count / 10)) {
      earlyMegabytes = process.resourceUsage().maxRSS / 1024;
    }
  });
  return { seconds: (performance.now() - started) / 1000, earlyMegabytes };
}
