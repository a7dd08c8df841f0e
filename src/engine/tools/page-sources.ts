/** What people name (folders, files, runs) → what a contact sheet shows, one source for each. */
import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { InputError, UsageError } from '../core/errors.ts';
import type { Problem } from '../core/errors.ts';
import type { PageSource } from '../deliver/contact-page/write-contact-page.ts';
import { runEntries, targetOf } from '../drive/delivery.ts';
import { findRun } from '../find-run.ts';
import type { StoredRun } from '../store/store.ts';
import { VERSION } from '../version.ts';
import type { ContactSheetDeps } from './contact-sheet.ts';
import { folderPictures } from './folder-pictures.ts';

export interface FoundPageSources {
  readonly sources: readonly PageSource[];
  /** The folder of each. */
  readonly folders: readonly string[];
}

/**
 * A path that is there is taken for it, anything else for a run's id or its beginning. Files are one
 * source together.
 *
 * @throws InputError with every word that is neither
 */
export async function findPageSources(
  deps: ContactSheetDeps,
  words: readonly string[],
  workingFolder: string,
): Promise<FoundPageSources> {
  const runs = await deps.store.listRuns();
  const sources: PageSource[] = [];
  const files: string[] = [];
  const problems: Problem[] = [];
  for (const word of new Set(words)) {
    const path = resolve(workingFolder, word);
    const facts = await stat(path).catch(() => undefined);
    if (facts?.isDirectory()) sources.push(folderSource(deps, path, [path]));
    else if (facts !== undefined) files.push(path);
    else {
      const run = runOf(runs, word);
      if ('message' in run) problems.push(run);
      else sources.push(runSource(deps, run));
    }
  }
  if (problems.length > 0) throw new InputError(problems);
  const [file] = files;
  if (file !== undefined) sources.push(folderSource(deps, dirname(file), files));
  return { sources, folders: sources.map(({ folder }) => folder!) };
}

function runSource({ store, blobs }: ContactSheetDeps, run: StoredRun): PageSource {
  const { facts, title } = targetOf(run);
  return {
    run: facts,
    title,
    folder: run.out,
    masters: blobs,
    entries: () => runEntries(store, run.id),
  };
}

/** @param paths the folder itself, or files in it or elsewhere */
function folderSource(
  { store, clock }: ContactSheetDeps,
  folder: string,
  paths: readonly string[],
): PageSource {
  const pictures = folderPictures(store, { kind: 'files', base: folder, paths });
  return {
    run: {
      // Of its own place: the same folder has the same names for its sheets.
      runId: createHash('sha256').update(paths.join('\n')).digest('hex').slice(0, 8),
      planHash: '',
      createdAt: clock.now(),
      generator: `Imagemill ${VERSION}`,
    },
    title: basename(folder),
    folder,
    ...pictures,
  };
}

function runOf(runs: readonly StoredRun[], word: string): StoredRun | Problem {
  try {
    return findRun(runs, word);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return {
      value: word,
      message: 'There is no folder or file of this name, and no single run with this id',
      remedy: 'Check the path; `imagemill list` shows the runs.',
    };
  }
}
