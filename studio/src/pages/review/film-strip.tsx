/** All images that are shown, small, in a row: where one is, and what was said. Only what is seen is there. */
import { useEffect, useRef } from 'react';
import { useVirtualizer } from '@tanstack/react-virtual';
import type { Tile } from '../../queries/reviews.ts';
import { altOf, thumbnailOf } from './picture-address.ts';
import { VerdictMark, verdictText } from './verdict-mark.tsx';
import type { Review } from './use-review.ts';

const SIZE = 84;

export function FilmStrip({ review }: { readonly review: Review }) {
  const { shown, at, current, run, go, picked } = review;
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    horizontal: true,
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => SIZE,
    overscan: 6,
    getItemKey: (index) => shown[index]?.item ?? index,
  });
  useEffect(() => {
    if (at < shown.length) virtual.scrollToIndex(at, { align: 'center' });
  }, [at, shown.length, virtual]);
  return (
    <div
      ref={scroller}
      role="listbox"
      tabIndex={0}
      aria-label="Images"
      aria-orientation="horizontal"
      {...(current && { 'aria-activedescendant': `strip-${current.item}` })}
      className="relative h-22 shrink-0 overflow-x-auto overflow-y-hidden border-t border-separator bg-surface outline-none focus-visible:ring-2 focus-visible:ring-focus focus-visible:ring-inset max-sm:h-18"
    >
      <div
        className="relative h-full"
        role="presentation"
        style={{ width: virtual.getTotalSize() }}
      >
        {virtual.getVirtualItems().map(({ index, start }) => {
          const tile = shown[index]!;
          return (
            <StripTile
              key={tile.item}
              tile={tile}
              run={run}
              start={start}
              place={index + 1}
              of={shown.length}
              isCurrent={tile.item === current?.item}
              isPicked={picked.has(tile.item)}
              onChosen={(isPicking) => (isPicking ? togglePicked(review, tile) : go(tile.item))}
            />
          );
        })}
      </div>
    </div>
  );
}

/** For comparing, and for what is said of many at once. */
export function togglePicked({ picked, setPicked }: Review, { item }: Tile): void {
  const next = new Set(picked);
  if (!next.delete(item)) next.add(item);
  setPicked(next);
}

interface StripTileProps {
  readonly tile: Tile;
  readonly run: string;
  readonly start: number;
  readonly place: number;
  readonly of: number;
  readonly isCurrent: boolean;
  readonly isPicked: boolean;
  readonly onChosen: (isPicking: boolean) => void;
}

function StripTile({ tile, run, start, place, of, isCurrent, isPicked, onChosen }: StripTileProps) {
  const ring = isCurrent ? 'ring-3 ring-accent' : isPicked ? 'ring-2 ring-foreground' : '';
  return (
    <div
      id={`strip-${tile.item}`}
      role="option"
      aria-selected={isCurrent}
      aria-setsize={of}
      aria-posinset={place}
      aria-label={`${altOf(tile)}; ${verdictText(tile)}${isPicked ? ', selected' : ''}`}
      onClick={(event) => onChosen(event.shiftKey || event.ctrlKey || event.metaKey)}
      className={`absolute top-1.5 bottom-1.5 cursor-pointer overflow-hidden rounded bg-default ${ring}`}
      style={{ left: start + 6, width: SIZE - 8 }}
    >
      <img
        src={thumbnailOf(run, tile)}
        alt=""
        loading="lazy"
        decoding="async"
        draggable={false}
        className={`size-full object-cover ${tile.verdict === 'reject' ? 'opacity-40' : ''}`}
      />
      <VerdictMark {...tile} />
    </div>
  );
}
