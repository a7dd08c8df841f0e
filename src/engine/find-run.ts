import { UsageError } from './core/errors.ts';
import { runCan } from './core/run.ts';
import type { StoredRun } from './store/store.ts';

/** Runs named in an error, so that a person sees what there is. */
const MOST_NAMED = 5;

/** A run by its id or a unique beginning of it. Throws `UsageError` that names the newest runs. */
export function findRun(runs: readonly StoredRun[], idOrPrefix: string): StoredRun {
  const exact = runs.find((run) => run.id === idOrPrefix);
  if (exact !== undefined) return exact;
  const matching = runs.filter((run) => run.id.startsWith(idOrPrefix));
  if (matching.length === 1) return matching[0]!;
  const known = runs.slice(0, MOST_NAMED).map((run) => `${run.id} (${run.title})`);
  const which = matching.length === 0 ? 'There is no run' : 'More than one run begins with';
  const list = known.length === 0 ? 'There are no runs yet.' : `Newest: ${known.join(', ')}.`;
  throw new UsageError(`${which} ${idOrPrefix}. ${list}`);
}

/** The newest run that can be gone on with, and has something left to do. */
export function newestResumable(runs: readonly StoredRun[]): StoredRun | undefined {
  return runs.find(({ reading, state }) => !reading && state !== 'done' && runCan('resume', state));
}
