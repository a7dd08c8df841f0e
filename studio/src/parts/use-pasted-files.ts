import { useEffect, useEffectEvent } from 'react';

/** Files that are pasted anywhere on the page; text that is pasted into a field stays there. */
export function usePastedFiles(onFiles: (files: File[]) => void, isOn = true): void {
  const take = useEffectEvent((event: ClipboardEvent) => {
    // A drop zone with the focus takes them itself.
    if (event.defaultPrevented) return;
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    onFiles(files);
  });
  useEffect(() => {
    if (!isOn) return;
    const listen = (event: ClipboardEvent) => take(event);
    // Behind the listeners of the document, which are React Aria's.
    window.addEventListener('paste', listen);
    return () => window.removeEventListener('paste', listen);
  }, [isOn]);
}
