import { useSyncExternalStore } from 'react';

const wide = matchMedia('(min-width: 64rem)');

/** Whether there is room for something beside the image. */
export function useIsWide(): boolean {
  return useSyncExternalStore(subscribe, () => wide.matches);
}

function subscribe(changed: () => void): () => void {
  wide.addEventListener('change', changed);
  return () => wide.removeEventListener('change', changed);
}
