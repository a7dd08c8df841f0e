import { UsageError } from '../engine/core/errors.ts';
import type { Engine, RunReport } from '../engine/engine-types.ts';

type StoredRun = RunReport['run'];

/** The run that is named (by its id or a beginning of it), or else the newest. */
export async function runOrNewest(engine: Engine, id: string | undefined): Promise<StoredRun> {
  if (id !== undefined) return engine.findRun(id);
  const [newest] = await engine.listRuns();
  if (newest === undefined) {
    throw new UsageError('There is no run yet. Make one: imagemill run SHEET');
  }
  return newest;
}
