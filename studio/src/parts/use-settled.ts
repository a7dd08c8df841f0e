import { useEffect, useState } from 'react';

/** A value once it has stayed the same for a while: so that typing asks nothing at each letter. */
export function useSettled<Value>(value: Value, waitMs = 350): Value {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), waitMs);
    return () => clearTimeout(timer);
  }, [value, waitMs]);
  return settled;
}
