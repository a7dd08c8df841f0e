/** The run that a POST makes, where an earlier attempt of the same request has made it already. */
import type { StoredRun } from '../../engine/engine-types.ts';
import type { AppContext, ServerDeps } from '../app-env.ts';

/** The id that the run of this request has, however often it is sent. */
export function runIdOf(c: AppContext): string {
  return `r${c.var.resource}`;
}

/**
 * The run, if it is there whole. What is left of one that was cut off is cleared away, so that it can be
 * prepared again, with `fresh: !c.var.isRepeat`: then its half-read sheet is read anew.
 */
export async function madeBefore(
  c: AppContext,
  { engine }: ServerDeps,
  folder: string,
): Promise<StoredRun | undefined> {
  if (!c.var.isRepeat) return undefined;
  const run = await engine.run(runIdOf(c));
  if (run?.plan !== undefined && !run.reading) return run;
  await engine.homeFiles.remove(folder);
  return undefined;
}
