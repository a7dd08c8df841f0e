/** A finger drawn to the left or right leads to the next image or back. */
import { type TouchEvent, useRef } from 'react';

/** Pixels; shorter ones are taps. */
const FAR = 48;

/** `isOn`: whether a finger moves between images now, and not the picture itself. */
export function useSwipe(go: (steps: number) => void, isOn: () => boolean = isPageWhole) {
  const from = useRef<{ readonly x: number; readonly y: number }>(undefined);
  return {
    onTouchStart: ({ touches }: TouchEvent) => {
      const finger = touches.item(0);
      from.current =
        touches.length === 1 && finger !== null && isOn()
          ? { x: finger.clientX, y: finger.clientY }
          : undefined;
    },
    onTouchEnd: ({ changedTouches }: TouchEvent) => {
      const finger = changedTouches.item(0);
      const start = from.current;
      from.current = undefined;
      if (finger === null || start === undefined || !isOn()) return;
      const [across, down] = [finger.clientX - start.x, finger.clientY - start.y];
      if (Math.abs(across) < FAR || Math.abs(across) < 1.5 * Math.abs(down)) return;
      go(across < 0 ? 1 : -1);
    },
  };
}

/** Two fingers, or a page that is zoomed in, are the browser's. */
function isPageWhole(): boolean {
  return (visualViewport?.scale ?? 1) === 1;
}
