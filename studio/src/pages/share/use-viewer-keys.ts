import { useEffect, useEffectEvent, useRef } from 'react';

type Keys = Readonly<Record<string, () => void>>;

/** Keys of the dialog that the element is in: also while the dialog itself has the focus, and not while one writes. */
export function useViewerKeys(keys: Keys) {
  const place = useRef<HTMLDivElement>(null);
  const press = useEffectEvent((event: KeyboardEvent) => {
    const { target } = event;
    const dialog = place.current?.closest('[role="dialog"]');
    if (!(target instanceof Element)) return;
    if (target !== document.body && dialog?.contains(target) !== true) return;
    if (target instanceof HTMLTextAreaElement || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const action = keys[event.key];
    if (action === undefined) return;
    event.preventDefault();
    action();
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => press(event);
    // On the way down: the dialog lets no key out again.
    addEventListener('keydown', listen, true);
    return () => removeEventListener('keydown', listen, true);
  }, []);
  return place;
}
