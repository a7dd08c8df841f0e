/** Many images at once, for what is said of many: selected by click, shift-click, keys or finger. */
import { type KeyboardEvent, type MouseEvent, useEffect, useRef, useState } from 'react';
import { useVirtualizer } from '@tanstack/react-virtual';
import type { Tile } from '../../queries/reviews.ts';
import { GridTile } from './grid-tile.tsx';
import { useWidth } from '../../parts/use-width.ts';
import type { Review } from './use-review.ts';

const GAP = 8;
const SIDE = 168;
const SMALL_SIDE = 104;

export function GridView({ review }: { readonly review: Review }) {
  const { shown, at, current, picked, setPicked, go, setIsGrid, run } = review;
  const scroller = useRef<HTMLDivElement>(null);
  const width = useWidth(scroller);
  const [anchor, setAnchor] = useState<number>();
  const columns = Math.max(
    2,
    Math.floor((width + GAP) / ((width < 640 ? SMALL_SIDE : SIDE) + GAP)),
  );
  const side = (width - GAP * (columns + 1)) / columns;
  const virtual = useVirtualizer({
    count: width === 0 ? 0 : Math.ceil(shown.length / columns),
    getScrollElement: () => scroller.current,
    estimateSize: () => side + GAP,
    overscan: 3,
  });
  const row = Math.floor(Math.min(at, shown.length - 1) / columns);
  // Keys work as soon as the grid is there.
  useEffect(() => scroller.current?.focus(), []);
  useEffect(() => {
    virtual.measure();
  }, [virtual, side]);
  useEffect(() => {
    if (row >= 0 && width > 0) virtual.scrollToIndex(row);
  }, [virtual, row, width]);

  const pickTo = (to: number) => {
    const from = anchor ?? at;
    const items = shown.slice(Math.min(from, to), Math.max(from, to) + 1).map(({ item }) => item);
    setPicked(new Set([...picked, ...items]));
  };
  const toggle = (index: number) => {
    const item = shown[index]!.item;
    const next = new Set(picked);
    if (!next.delete(item)) next.add(item);
    setPicked(next);
    setAnchor(index);
  };
  const press = (index: number, event: MouseEvent) => {
    const isTouch = (event.nativeEvent as PointerEvent).pointerType === 'touch';
    go(shown[index]!.item);
    if (event.shiftKey) return pickTo(index);
    if (event.ctrlKey || event.metaKey || isTouch || picked.size > 1) return toggle(index);
    setPicked(picked.has(shown[index]!.item) ? new Set() : new Set([shown[index]!.item]));
    setAnchor(index);
  };
  const keys = (event: KeyboardEvent) => {
    const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns }[event.key];
    const to = Math.max(0, Math.min(shown.length - 1, at + (by ?? 0)));
    if (by !== undefined && shown[to] !== undefined) {
      if (event.shiftKey) pickTo(to);
      else setAnchor(to);
      go(shown[to].item);
    } else if (event.key === ' ' && shown[at] !== undefined) toggle(at);
    else if (event.key === 'Enter') setIsGrid(false);
    else if (event.key === 'a' && (event.ctrlKey || event.metaKey)) pickAll(review);
    else return;
    event.preventDefault();
  };
  return (
    <div
      ref={scroller}
      role="listbox"
      tabIndex={0}
      aria-label="Images"
      aria-multiselectable
      {...(current && { 'aria-activedescendant': `grid-${current.item}` })}
      onKeyDown={keys}
      className="min-h-0 flex-1 overflow-y-auto outline-none"
    >
      <div
        role="presentation"
        className="relative"
        style={{ height: virtual.getTotalSize() + GAP }}
      >
        {virtual.getVirtualItems().flatMap(({ index: line, start }) =>
          shown.slice(line * columns, (line + 1) * columns).map((tile, column) => {
            const index = line * columns + column;
            return (
              <GridTile
                key={tile.item}
                tile={tile}
                run={run}
                place={index + 1}
                of={shown.length}
                isCurrent={tile.item === current?.item}
                isPicked={picked.has(tile.item)}
                onPress={(event) => press(index, event)}
                onOpen={() => {
                  go(tile.item);
                  setPicked(new Set());
                  setIsGrid(false);
                }}
                style={{
                  top: start + GAP,
                  left: GAP + column * (side + GAP),
                  width: side,
                  height: side,
                }}
              />
            );
          }),
        )}
      </div>
    </div>
  );
}

export function pickAll({ shown, setPicked }: Pick<Review, 'shown' | 'setPicked'>): void {
  setPicked(new Set(shown.map(({ item }: Tile) => item)));
}
