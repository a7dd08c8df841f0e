/** Rows of equal height on the page, of which those in view are there. */
import { type RefObject, useLayoutEffect, useRef, useState } from 'react';
import { defaultRangeExtractor, useWindowVirtualizer } from '@tanstack/react-virtual';

export interface RowsInView {
  readonly box: RefObject<HTMLDivElement | null>;
  readonly count: number;
  readonly rowHeight: number;
  readonly height: number;
  readonly items: readonly { readonly index: number; readonly start: number }[];
  readonly first: number;
  readonly last: number;
  /** Rows that the window has place for. */
  readonly inView: number;
  /** Scrolled so fast that nobody sees a picture. */
  readonly isHurried: boolean;
  readonly reveal: (row: number) => void;
}

/** Windows a second: what goes faster is not looked at. */
const HURRIED = 4;

export function useRows(count: number, rowHeight: number, gap: number): RowsInView {
  const box = useRef<HTMLDivElement>(null);
  const [above, setAbove] = useState(0);
  const isHurried = useRef(false);
  const place = useRef({ top: 0, at: 0 });
  useLayoutEffect(() => {
    const top = (box.current?.getBoundingClientRect().top ?? 0) + scrollY;
    if (Math.abs(top - above) > 1) setAbove(top);
  });
  const virtualizer = useWindowVirtualizer({
    count,
    estimateSize: () => rowHeight,
    gap,
    overscan: 2,
    scrollMargin: above,
    useFlushSync: false,
    // Bars stand at the top of the window.
    scrollPaddingStart: 64,
    scrollPaddingEnd: 80,
    // The row with the focus stays: keys go on from it wherever the page was scrolled to.
    rangeExtractor: (range) => {
      const focused = document.activeElement?.closest<HTMLElement>('[data-row]');
      const row = Number(focused?.dataset['row'] ?? -1);
      const shown = defaultRangeExtractor(range);
      if (row < 0 || row >= range.count || shown.includes(row)) return shown;
      return [...shown, row].sort((a, b) => a - b);
    },
  });
  useLayoutEffect(() => virtualizer.measure(), [virtualizer, rowHeight, gap]);
  const { startIndex: first = 0, endIndex: last = 0 } = virtualizer.range ?? {};
  const top = virtualizer.scrollOffset ?? 0;
  const now = performance.now();
  const { current: before } = place;
  if (now - before.at > 30) {
    const speed = Math.abs(top - before.top) / (now - before.at);
    isHurried.current = virtualizer.isScrolling && speed * 1000 > HURRIED * innerHeight;
    place.current = { top, at: now };
  }
  return {
    box,
    count,
    rowHeight,
    height: virtualizer.getTotalSize(),
    items: virtualizer
      .getVirtualItems()
      .map(({ index, start }) => ({ index, start: start - above })),
    first,
    last,
    inView: Math.max(1, Math.floor(innerHeight / (rowHeight + gap)) - 1),
    isHurried: virtualizer.isScrolling && isHurried.current,
    reveal: (row) => virtualizer.scrollToIndex(row, { align: 'auto' }),
  };
}
