/** Whether a verdict leads on to the next image; kept in this browser. */
import { useState } from 'react';

const KEY = 'imagemill-review-stays';

export function useAutoAdvance(): readonly [boolean, (advances: boolean) => void] {
  const [advances, setAdvances] = useState(() => localStorage.getItem(KEY) === null);
  const set = (next: boolean) => {
    setAdvances(next);
    if (next) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, 'true');
  };
  return [advances, set];
}
