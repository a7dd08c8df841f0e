/** A review as all its parts see it: what is shown, where one is, what is said, which dialog is open. */
import { useEffect, useMemo, useState } from 'react';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import type { ReviewChange, ReviewFilter, Verdict } from '../../../../src/engine/core/review.ts';
import { useSettled } from '../../parts/use-settled.ts';
import type { Tile } from '../../queries/reviews.ts';
import { useMay } from '../../queries/session.ts';
import { countTiles, filterTiles, type TileFilter } from './filter-tiles.ts';
import { useAutoAdvance } from './use-auto-advance.ts';
import { useIsWide } from './use-is-wide.ts';
import { usePlace } from './use-place.ts';
import { useSaying } from './use-saying.ts';
import { useTiles } from './use-tiles.ts';

const route = getRouteApi('/full-screen/runs/$run/review');

export type Open = 'keys' | 'note' | 'reroll' | 'finals' | 'share' | undefined;
/** More do not fit side by side. */
export const MOST_COMPARED = 4;

export type Review = ReturnType<typeof useReview>;

export function useReview(run: string) {
  const address = route.useSearch();
  const [search, setSearch] = useState('');
  const [others, setOthers] = useState<Omit<TileFilter, 'show'>>({});
  const [isGrid, setIsGrid] = useState(address.view === 'grid');
  const [show, setShow] = useState(address.show);
  const [open, setOpen] = useState<Open>();
  const isWide = useIsWide();
  const [hasFacts, setFacts] = useState(isWide);
  const [compared, setCompared] = useState<readonly string[]>();
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const settledSearch = useSettled(search);
  const found = useTiles(run, settledSearch.trim());
  const { tiles } = found;
  const shown = useMemo(() => filterTiles(tiles, { ...others, show }), [tiles, others, show]);
  const counts = useMemo(() => countTiles(tiles), [tiles]);
  const place = usePlace(tiles, shown, address.item);
  const saying = useSaying(run);
  const mayWrite = useMay('runs:write');
  const [advances, setAdvances] = useAutoAdvance();
  const { current } = place;
  useAddress({ item: current?.item, show, isGrid });

  /** Of what is picked in the grid, else of the image that is shown. */
  const chosen: readonly Tile[] =
    isGrid && picked.size > 0
      ? tiles.filter(({ item }) => picked.has(item))
      : current === undefined
        ? []
        : [current];

  const say = (change: ReviewChange) => {
    if (!mayWrite || chosen.length === 0) return;
    saying.say({ tiles: chosen, change });
    if (!isGrid && advances && change.verdict) place.step(1);
  };

  const openCompare = () => {
    if (current === undefined) return;
    const items = comparable({ tiles, shown, current, picked });
    if (items.length > 1) setCompared(items);
  };

  return {
    run,
    ...found,
    ...place,
    counts,
    search,
    setSearch,
    filter: { ...others, show },
    setFilter: ({ show: next, ...rest }: TileFilter) => {
      setShow(next);
      setOthers(rest);
      if (current !== undefined)
        showNear(filterTiles(tiles, { ...rest, show: next }), current, place.go);
    },
    setShow: (next: ReviewFilter | undefined) => {
      setShow(next);
      if (current !== undefined) {
        showNear(filterTiles(tiles, { ...others, show: next }), current, place.go);
      }
    },
    isGrid,
    setIsGrid,
    picked,
    setPicked,
    chosen,
    say,
    judge: (verdict: Verdict) => {
      const isSame = chosen.every((tile) => tile.verdict === verdict);
      say({ verdict: isSame ? null : verdict });
    },
    sayOf: saying.say,
    /** To the first that is shown behind all of these. */
    goPast: (those: readonly Tile[]) => {
      const last = those.reduce((one, other) => (isAfter(other, one) ? other : one));
      const next = shown.find((tile) => isAfter(tile, last));
      if (next !== undefined) place.go(next.item);
    },
    undo: () => {
      const back = saying.undo();
      const [first] = back;
      if (first !== undefined && !isGrid) place.go(first.item);
    },
    canUndo: saying.canUndo,
    mayWrite,
    advances,
    setAdvances,
    open,
    setOpen,
    isWide,
    hasFacts,
    setFacts,
    compared: compared
      ?.map((item) => tiles.find((tile) => tile.item === item))
      .filter((tile) => tile !== undefined),
    setCompared,
    openCompare,
  };
}

/** What was picked; else the images of the row, from the one that is shown; else it and the next. */
function comparable({
  tiles,
  shown,
  current,
  picked,
}: {
  readonly tiles: readonly Tile[];
  readonly shown: readonly Tile[];
  readonly current: Tile;
  readonly picked: ReadonlySet<string>;
}): readonly string[] {
  if (picked.size > 1) return [...picked].slice(0, MOST_COMPARED);
  const row = tiles.filter((tile) => tile.row === current.row);
  const at = row.indexOf(current);
  const from = Math.max(0, Math.min(at, row.length - MOST_COMPARED));
  if (row.length > 1) return row.slice(from, from + MOST_COMPARED).map(({ item }) => item);
  const own = shown.indexOf(current);
  return shown.slice(own, own + 2).map(({ item }) => item);
}

/** In the order of the sheet. */
function isAfter(one: Tile, other: Tile): boolean {
  return one.row > other.row || (one.row === other.row && one.index > other.index);
}

/** With another filter: the image at hand where it is shown still, else the nearest one after it. */
function showNear(shown: readonly Tile[], current: Tile, go: (item: string) => void): void {
  const near = shown.find((tile) => !isAfter(current, tile));
  const tile = near ?? shown.at(-1);
  if (tile !== undefined) go(tile.item);
}

/** A moment after it was left at rest: browsers take few changes of an address in a second. */
function useAddress(at: {
  readonly item: string | undefined;
  readonly show: ReviewFilter | undefined;
  readonly isGrid: boolean;
}): void {
  const navigate = useNavigate();
  const item = useSettled(at.item);
  const { show, isGrid } = at;
  useEffect(() => {
    void navigate({
      from: '/runs/$run/review',
      to: '.',
      replace: true,
      search: { ...(item && { item }), ...(show && { show }), ...(isGrid && { view: 'grid' }) },
    });
  }, [navigate, item, show, isGrid]);
}
