/** Adds files to the library under names made from theirs, a few at a time, and says what came of it. */
import { useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { toast } from '@heroui/react';
import { client } from '../client.ts';
import { type Reference, referencesQuery } from '../queries/references.ts';
import { suggestedName } from './reference-name.ts';
import { referenceProblem } from './reference-problem.ts';

/** The server checks each picture by decoding it; more at once would only wait there. */
const AT_ONCE = 3;

export interface UploadProgress {
  readonly done: number;
  readonly total: number;
}

interface Failure {
  readonly file: string;
  readonly words: string;
}

export function useReferenceUpload() {
  const queries = useQueryClient();
  const [progress, setProgress] = useState<UploadProgress>();

  /** What was added, in the order of the files. */
  const upload = async (files: readonly File[]): Promise<Reference[]> => {
    const known = await queries.ensureQueryData(referencesQuery).catch(() => []);
    const taken = new Set(known.map(({ name }) => name));
    const named = files.map((file) => {
      const name = suggestedName(file.name, taken);
      taken.add(name);
      return { file, name };
    });
    count(setProgress, { total: files.length });
    const added: (Reference | undefined)[] = [];
    const failures: Failure[] = [];
    const places = named.entries();
    const work = async () => {
      for (const [place, { file, name }] of places) {
        try {
          added[place] = await client.references.upload(name, file);
        } catch (error) {
          failures.push({ file: file.name, words: referenceProblem(error, name) });
        }
        count(setProgress, { done: 1 });
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    count(setProgress, { done: -files.length, total: -files.length });
    await queries.invalidateQueries({ queryKey: ['references'] });
    const there = added.filter((each) => each !== undefined);
    tell(there, failures);
    return there;
  };
  return { upload, progress };
}

/** Several uploads may be on their way. */
function count(
  setProgress: (change: (was: UploadProgress | undefined) => UploadProgress | undefined) => void,
  { done = 0, total = 0 }: Partial<UploadProgress>,
): void {
  setProgress((was) => {
    const now = { done: (was?.done ?? 0) + done, total: (was?.total ?? 0) + total };
    return now.total <= 0 ? undefined : now;
  });
}

function tell(added: readonly Reference[], failures: readonly Failure[]): void {
  const [one] = added;
  if (one !== undefined) {
    toast.success(added.length === 1 ? `Added @${one.name}` : `Added ${added.length} pictures`);
  }
  const [failure] = failures;
  if (failure === undefined) return;
  const more = failures.length - 1;
  toast.danger(`${failure.file}${more > 0 ? ` and ${more} more` : ''}: not added`, {
    description: failure.words,
    timeout: 12_000,
  });
}
