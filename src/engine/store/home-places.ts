/**
 * Runs and jobs of a service lie at the same place of every machine's home, but homes may lie anywhere: what
 * one machine has written down is read by another as a place of its own.
 */
import { join } from 'node:path';
import type { JobOrder } from '../core/job.ts';
import type { StoredJob } from './job-store.ts';
import type { StoredRun } from './stored-run.ts';
import type { Store } from './store.ts';

/** Below a home, as a service lays it out: ids are letters and digits. */
const PLACE = /^.*[/\\]((?:runs[/\\]r|jobs[/\\]j)[a-z0-9]{12,}(?:[/\\].*)?)$/s;

/** The store of a home that several machines have, each at a place of its own. */
export function atHome(store: Store, home: string): Store {
  const run = (found: StoredRun | undefined) => found && runAt(home, found);
  const job = (found: StoredJob | undefined) => found && jobAt(home, found);
  return {
    ...store,
    findRun: async (...ask) => run(await store.findRun(...ask)),
    listRuns: async (...ask) => (await store.listRuns(...ask)).map((each) => runAt(home, each)),
    runsPage: async (...ask) => (await store.runsPage(...ask)).map((each) => runAt(home, each)),
    runOwning: async (out) => {
      const id = runIdOf(home, out);
      const found = id === undefined ? undefined : run(await store.findRun(id));
      return found?.out === out ? found : run(await store.runOwning(out));
    },
    putJob: async (...order) => jobAt(home, await store.putJob(...order)),
    findJob: async (...ask) => job(await store.findJob(...ask)),
    jobWithKey: async (...ask) => job(await store.jobWithKey(...ask)),
    listJobs: async (...ask) => (await store.listJobs(...ask)).map((each) => jobAt(home, each)),
  };
}

function runAt(home: string, run: StoredRun): StoredRun {
  // Runs of the command line have folders of their user's choice.
  if (run.origin === undefined) return run;
  const { stylesFile } = run.settings;
  return {
    ...run,
    sheet: placeAt(home, run.sheet),
    out: placeAt(home, run.out),
    ...(stylesFile !== undefined && {
      settings: { ...run.settings, stylesFile: placeAt(home, stylesFile) },
    }),
  };
}

function jobAt(home: string, job: StoredJob): StoredJob {
  const { order } = job;
  return {
    ...job,
    order: { ...order, out: placeAt(home, order.out), sources: sourcesAt(home, order) },
  };
}

function sourcesAt(home: string, { sources }: JobOrder): JobOrder['sources'] {
  if (sources.kind === 'run') return sources;
  return {
    ...sources,
    base: placeAt(home, sources.base),
    paths: sources.paths.map((path) => placeAt(home, path)),
  };
}

function placeAt(home: string, path: string): string {
  const place = PLACE.exec(path)?.[1];
  return place === undefined ? path : join(home, ...place.split(/[/\\]/));
}

function runIdOf(home: string, out: string): string | undefined {
  const place = PLACE.exec(out)?.[1]?.split(/[/\\]/);
  return place?.[0] === 'runs' && join(home, ...place) === out ? place[1] : undefined;
}
