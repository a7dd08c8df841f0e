/** A finger drawn to the left or right leads to the next image or back. */
import { type TouchEvent, useRef } from 'react';

/** Pixels; shorter ones are taps. */
const FAR = 56;

export function useSwipe(onStep: (by: number) => void, isOn: () => boolean) {
  const from = useRef<{ readonly x: number; readonly y: number }>(undefined);
  return {
    onTouchStart: ({ touches }: TouchEvent) => {
      const finger = touches[0];
      from.current =
        touches.length === 1 && finger && isOn()
          ? { x: finger.clientX, y: finger.clientY }
          : undefined;
    },
    onTouchEnd: ({ changedTouches }: TouchEvent) => {
      const finger = changedTouches[0];
      if (from.current === undefined || finger === undefined || !isOn()) return;
      const across = finger.clientX - from.current.x;
      const down = finger.clientY - from.current.y;
      from.current = undefined;
      if (Math.abs(across) > FAR && Math.abs(across) > 1.5 * Math.abs(down))
        onStep(across < 0 ? 1 : -1);
    },
  };
}
