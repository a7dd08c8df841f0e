/** The run of a route, if it is the caller's workspace's. */
import type { StoredRun } from '../engine/engine-types.ts';
import type { AppContext, ServerDeps } from './app-env.ts';
import { notFound } from './problem-error.ts';

/** Throws a `not-found` problem for a run of another workspace as well: nobody learns that there is one. */
export async function ownRun(
  c: AppContext,
  { engine }: ServerDeps,
  runId: string,
): Promise<StoredRun> {
  const run = await engine.run(runId);
  if (run === undefined || run.workspace !== c.var.caller.workspace) throw notFound('such run');
  return run;
}
