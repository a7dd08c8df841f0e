/** What people name as sources (folders, files, a run) → what a job works on, and where it writes. */
import { stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { type Problem, UsageError } from '../core/errors.ts';
import type { JobSources, JobTask } from '../core/job.ts';
import { formatSize } from '../core/size.ts';
import { findRun } from '../find-run.ts';
import type { Store, StoredRun } from '../store/store.ts';
import { isOwnPlace } from './own-sheets.ts';

export interface FoundSources {
  readonly sources: JobSources;
  /** Of a run. */
  readonly run?: StoredRun;
  /** The folder beside which results are put; absent: there is none. */
  readonly beside?: string;
}

/**
 * Finds out what is meant by each word. A path that is there is taken for it, anything else for a run's
 * id or its beginning. Problems tell of every word that is neither.
 */
export async function findSources(
  store: Store,
  words: readonly string[],
  workingFolder: string,
): Promise<FoundSources | { readonly problems: readonly Problem[] }> {
  const paths: string[] = [];
  const folders = new Set<string>();
  const others: string[] = [];
  for (const word of words) {
    const path = resolve(workingFolder, word);
    const facts = await stat(path).catch(() => undefined);
    if (facts === undefined) others.push(word);
    else paths.push(path);
    if (facts?.isDirectory()) folders.add(path);
  }
  const [id, ...more] = others;
  if (id === undefined) return fromPaths(paths, folders);
  if (paths.length > 0 || more.length > 0) return { problems: await notThere(store, others) };
  const run = await runOf(store, id);
  if (run === undefined) return { problems: await notThere(store, others) };
  return { sources: { kind: 'run', runId: run.id }, run, beside: run.out };
}

function fromPaths(
  paths: readonly string[],
  folders: ReadonlySet<string>,
): FoundSources | Problems {
  const given = [...new Set(paths)].sort();
  const [first] = given;
  if (first === undefined) {
    return {
      problems: [
        { message: 'No source is named', remedy: 'Name a folder, files, or a run by its id.' },
      ],
    };
  }
  const parents = given.map((path) => (folders.has(path) ? path : dirname(path)));
  const base = parents.reduce(commonFolder);
  // What lies in a folder that is named as well would be listed twice.
  const sources = {
    kind: 'files' as const,
    base,
    paths: given.filter((path) => ![...folders].some((folder) => isListedIn(path, folder))),
  };
  return dirname(base) === base ? { sources } : { sources, beside: base };
}

/** What is ours is listed only where it is named itself. */
function isListedIn(path: string, folder: string): boolean {
  return isIn(path, folder) && !isOwnPlace(relative(folder, path).split(sep));
}

type Problems = { readonly problems: readonly Problem[] };

/** Whether `path` is below `folder`, and not it. */
export function isIn(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && resolve(folder, way) === path;
}

function commonFolder(one: string, other: string): string {
  let folder = one;
  while (folder !== other && !isIn(other, folder) && dirname(folder) !== folder) {
    folder = dirname(folder);
  }
  return folder;
}

async function runOf(store: Store, id: string): Promise<StoredRun | undefined> {
  const runs = await store.listRuns();
  try {
    return findRun(runs, id);
  } catch (error) {
    // More than one run begins so: that is told as it is.
    if (runs.some((run) => run.id.startsWith(id))) throw error;
    if (!(error instanceof UsageError)) throw error;
    return undefined;
  }
}

async function notThere(store: Store, words: readonly string[]): Promise<Problem[]> {
  const runs = await store.listRuns();
  return words.map((word) => ({
    value: word,
    message: runs.some(({ id }) => id.startsWith(word))
      ? 'A run cannot be worked on together with anything else'
      : 'There is no folder or file of this name, and no run with this id',
    remedy: runs.some(({ id }) => id.startsWith(word))
      ? 'Give each run a command of its own.'
      : 'Check the path; `imagemill list` shows the runs.',
  }));
}

/** Where results go when nobody says it: `shots-webp` beside `shots`. */
export function defaultOut(beside: string, task: JobTask): string {
  return join(dirname(beside), `${basename(beside)}-${suffixOf(task)}`);
}

function suffixOf(task: JobTask): string {
  if (task.kind !== 'finish') return task.kind === 'mark' ? 'marked' : 'check';
  const [output, ...others] = task.recipe.outputs;
  if (output === undefined || others.length > 0) return 'finished';
  const words = output.steps.map((step) => {
    switch (step.kind) {
      case 'upscale':
        return `${step.factor}x`;
      case 'resize': {
        const { width, height } = step;
        if (width !== undefined && height !== undefined) return formatSize({ width, height });
        return width === undefined ? `x${height ?? ''}` : `${width}x`;
      }
      case 'crop':
        return `${step.ratio.width}-${step.ratio.height}`;
      case 'encode':
        return step.format;
      default:
        return step satisfies never;
    }
  });
  return words.join('-') || 'finished';
}
