/** Which pictures the page works on: of the run in its address, or files of this browser. */
import { useMemo, useState } from 'react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { chosenItemsQuery, reviewCountsQuery } from '../../queries/run-pictures.ts';
import { runQuery } from '../../queries/runs.ts';
import { type OnePicture, type Pictures, selectionOf } from './pictures.ts';
import { type Only, type ToolSearch, toolSearch } from './tool-search.ts';

/** Files of the page live as long as the program in the tab: a look at a run does not lose them. */
let keptFiles: readonly File[] = [];

export function useFiles() {
  const [files, setFiles] = useState(keptFiles);
  const change = (next: readonly File[]) => {
    keptFiles = next;
    setFiles(next);
  };
  return {
    files,
    add: (more: readonly File[]) => change([...keptFiles, ...more]),
    remove: (file: File) => change(keptFiles.filter((each) => each !== file)),
    clear: () => change([]),
  };
}

/** How many there are of each choice of a run; `undefined`: not known yet. */
export function useChoices(run: string | undefined) {
  const known = useQuery({ ...runQuery(run ?? ''), enabled: run !== undefined });
  const reviews = useQuery({ ...reviewCountsQuery(run ?? ''), enabled: run !== undefined });
  const items = useMemo(() => (run === undefined ? [] : selectionOf(run)), [run]);
  const counts: Readonly<Partial<Record<Only, number>>> = {
    ...(known.data && { all: known.data.items.delivered }),
    ...(items.length > 0 && { selected: items.length }),
    ...reviews.data,
  };
  return { known, items, counts };
}

export function usePictures({ run, only }: ToolSearch, files: readonly File[]) {
  const choices = useChoices(run);
  const { items, counts } = choices;
  const chosen: Only = only ?? (items.length > 0 ? 'selected' : 'all');
  const pictures = useMemo(
    (): Pictures =>
      run === undefined ? { kind: 'files', files } : { kind: 'run', run, only: chosen, items },
    [run, files, chosen, items],
  );
  const count = pictures.kind === 'files' ? files.length : (counts[chosen] ?? 0);
  return { pictures, count, choices, only: chosen };
}

/** One of the pictures, to be tried: walked through in their order. */
export function useOnePicture(pictures: Pictures, count: number) {
  const [place, setPlace] = useState(0);
  const at = count === 0 ? 0 : Math.min(place, count - 1);
  const isListed = pictures.kind === 'run' && pictures.only !== 'selected';
  const query = useInfiniteQuery({
    ...chosenItemsQuery(
      pictures.kind === 'run' ? pictures.run : '',
      pictures.kind === 'run' ? pictures.only : 'all',
    ),
    enabled: isListed,
  });
  const listed = query.data?.pages.flatMap((page) => page.data) ?? [];
  const one = useMemo((): OnePicture | undefined => {
    if (pictures.kind === 'files') {
      const file = pictures.files[at];
      return file && { kind: 'file', file };
    }
    const { run, only, items } = pictures;
    const item = only === 'selected' ? items[at] : listed[at]?.item;
    return item === undefined ? undefined : { kind: 'item', run, item };
  }, [pictures, at, listed[at]?.item]);
  const go = (to: number) => {
    if (to < 0 || to >= count) return;
    if (isListed && to >= listed.length - 5 && query.hasNextPage) void query.fetchNextPage();
    if (isListed && to >= listed.length && !query.hasNextPage) return;
    setPlace(to);
  };
  return { one, at, go, isPending: isListed && query.isPending, error: query.error };
}

export type Picking = ReturnType<typeof useOnePicture>;

/** `undefined` takes it out of the address. */
type SearchChange = { readonly [Name in keyof ToolSearch]?: ToolSearch[Name] | undefined };

export function useToolNavigate() {
  const navigate = useNavigate({ from: '/tools' });
  return (change: SearchChange, isStep = false) =>
    void navigate({
      search: (was) => toolSearch({ ...was, ...change }),
      replace: !isStep,
      resetScroll: false,
    });
}
