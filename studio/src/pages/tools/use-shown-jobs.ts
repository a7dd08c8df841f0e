/** Both lists as one, and the list of ended jobs asked again when one of the open ones has left it. */
import { useEffect, useRef } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import type { Job } from '../../queries/jobs.ts';

type Page = { readonly data: readonly Job[] };

export function useShownJobs(
  open: readonly Job[] = [],
  pages: readonly Page[] = [],
): readonly Job[] {
  const queries = useQueryClient();
  const before = useRef<readonly string[]>([]);
  const ids = open.map(({ job }) => job).join(' ');
  useEffect(() => {
    const now = ids.split(' ');
    const hasLeft = before.current.some((id) => !now.includes(id));
    before.current = ids === '' ? [] : now;
    if (hasLeft) void queries.invalidateQueries({ queryKey: ['jobs', 'ended'] });
  }, [ids, queries]);
  const known = new Set(open.map(({ job }) => job));
  // What works comes before what waits, the oldest of them first: that is the order of the work.
  const working = open.toReversed().toSorted((one, other) => rank(one) - rank(other));
  return [...working, ...pages.flatMap((page) => page.data).filter(({ job }) => !known.has(job))];
}

function rank({ state }: Job): number {
  return state === 'working' ? 0 : 1;
}
