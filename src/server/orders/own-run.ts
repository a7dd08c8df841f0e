/** The run of a route, if it is the caller's workspace's. */
import type { StoredRun } from '../../engine/engine-types.ts';
import type { ItemRecord } from '../../engine/core/item-record.ts';
import type { AppContext, ServerDeps } from '../app-env.ts';
import { notFound } from '../problems/problem-error.ts';

/** Throws a `not-found` problem for a run of another workspace as well: nobody learns that there is one. */
export async function ownRun(
  c: AppContext,
  { engine }: ServerDeps,
  runId: string,
): Promise<StoredRun> {
  const run = await engine.run(runId);
  // One without a plan is being read in still, or was cut off while it was.
  if (run?.plan === undefined || run.workspace !== c.var.caller.workspace) {
    throw notFound('such run');
  }
  return run;
}

export async function ownItem(
  c: AppContext,
  deps: ServerDeps,
  { run: runId, item: itemId }: { readonly run: string; readonly item: string },
): Promise<{ readonly run: StoredRun; readonly item: ItemRecord }> {
  const run = await ownRun(c, deps, runId);
  const item = await deps.engine.service.runs.item(run.id, itemId);
  if (item === undefined) throw notFound('such item in this run');
  return { run, item };
}
