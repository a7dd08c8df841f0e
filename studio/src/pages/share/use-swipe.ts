import { useRef, type TouchEvent } from 'react';

/** A finger has to go so far sideways, and further than up or down. */
const LEAST_PIXELS = 48;

/** One finger to the left: the next one; two fingers, or a page that is zoomed in, are the browser's. */
export function useSwipe(go: (steps: number) => void) {
  const start = useRef<{ readonly x: number; readonly y: number }>(undefined);
  return {
    onTouchStart: ({ touches }: TouchEvent) => {
      const finger = touches.item(0);
      const isOne = touches.length === 1 && (visualViewport?.scale ?? 1) === 1;
      start.current =
        isOne && finger !== null ? { x: finger.clientX, y: finger.clientY } : undefined;
    },
    onTouchEnd: ({ changedTouches }: TouchEvent) => {
      const finger = changedTouches.item(0);
      const from = start.current;
      start.current = undefined;
      if (finger === null || from === undefined) return;
      const [across, down] = [finger.clientX - from.x, finger.clientY - from.y];
      if (Math.abs(across) < LEAST_PIXELS || Math.abs(across) < 1.5 * Math.abs(down)) return;
      go(across < 0 ? 1 : -1);
    },
  };
}
