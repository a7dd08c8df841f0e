import { useEffect, useState } from 'react';

/** An address for bytes in memory, given back when nobody shows them any more. */
export function useObjectUrl(bytes: Blob | undefined): string | undefined {
  const [made, setMade] = useState<{ readonly of: Blob; readonly url: string }>();
  useEffect(() => {
    if (bytes === undefined) return;
    const url = URL.createObjectURL(bytes);
    setMade({ of: bytes, url });
    return () => URL.revokeObjectURL(url);
  }, [bytes]);
  return made?.of === bytes ? made?.url : undefined;
}
