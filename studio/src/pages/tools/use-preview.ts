/** One picture with the present settings, worked on by the server as the job would do it. */
import { useEffect, useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import type { NewJob } from '../../../../src/api/job-recipe.ts';
import type { MadePreview } from '../../../../src/api/client/index.ts';
import { client } from '../../client.ts';
import type { OnePicture } from './pictures.ts';

/** Somebody who drags a slider is waited for. */
const QUIET_MS = 350;
/** A picture in memory is kept for a look back at other settings. */
const KEPT_MS = 60_000;

interface PreviewWish {
  /** Absent: nothing can be tried. */
  readonly job: NewJob | undefined;
  readonly one: OnePicture | undefined;
  /** The recipe's name of the file; absent: the first. */
  readonly output: string | undefined;
}

export function usePreview({ job, one, output }: PreviewWish) {
  // Together: a file's name belongs to the recipe that has it.
  const wanted = job === undefined ? '' : JSON.stringify({ job, output });
  const wish = useQuiet(wanted);
  const query = useQuery<MadePreview>({
    queryKey: ['preview', keyOf(one), wish],
    enabled: one !== undefined && wish !== '',
    retry: false,
    staleTime: Infinity,
    gcTime: KEPT_MS,
    refetchOnReconnect: false,
    // The one before stays while the next is made, of the same picture only.
    placeholderData: (was, last) => (last?.queryKey[1] === keyOf(one) ? was : undefined),
    queryFn: ({ signal }) => previewOf(JSON.parse(wish) as Tried, one!, signal),
  });
  return { ...query, isWorking: one !== undefined && (query.isFetching || wish !== wanted) };
}

export type PreviewQuery = ReturnType<typeof usePreview>;

interface Tried {
  readonly job: NewJob;
  readonly output?: string;
}

function previewOf({ job, output }: Tried, one: OnePicture, signal: AbortSignal) {
  const query = output === undefined ? {} : { output };
  return one.kind === 'file'
    ? client.tools.previewFile(job, one.file, query, { signal })
    : client.tools.preview({ ...job, run: one.run, items: [one.item] }, query, { signal });
}

const FILE_KEYS = new WeakMap<File, string>();
let files = 0;

/** Two files of a name are two. */
export function keyOf(one: OnePicture | undefined): string {
  if (one === undefined) return '';
  if (one.kind === 'item') return `${one.run}/${one.item}`;
  const known = FILE_KEYS.get(one.file);
  if (known !== undefined) return known;
  files += 1;
  const key = `file ${files}`;
  FILE_KEYS.set(one.file, key);
  return key;
}

function useQuiet(value: string): string {
  const [quiet, setQuiet] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setQuiet(value), QUIET_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return quiet;
}
