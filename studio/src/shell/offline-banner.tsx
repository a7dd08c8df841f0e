/** Said while the server cannot be reached; everything asks again when it can. */
import { useEffect, useState } from 'react';
import { Alert } from '@heroui/react';
import { useQueryClient } from '@tanstack/react-query';

const LOOK_EVERY_MS = 5_000;

export function OfflineBanner() {
  const isAway = useIsServerAway();
  if (!isAway) return null;
  return (
    <Alert status="warning" className="rounded-none" role="status">
      <Alert.Indicator />
      <Alert.Content>
        <Alert.Title>The server does not answer</Alert.Title>
        <Alert.Description>
          Runs go on without this page. It connects again by itself, every few seconds.
        </Alert.Description>
      </Alert.Content>
    </Alert>
  );
}

function useIsServerAway(): boolean {
  const queries = useQueryClient();
  const [isAway, setIsAway] = useState(false);
  useEffect(() => {
    let wasAway = false;
    const look = async () => {
      if (document.visibilityState === 'hidden') return;
      const answered = await fetch('/healthz').then(
        ({ ok }) => ok,
        () => false,
      );
      setIsAway(!answered);
      if (wasAway && answered) void queries.invalidateQueries({ refetchType: 'active' });
      wasAway = !answered;
    };
    const lookNow = () => void look();
    const timer = setInterval(lookNow, LOOK_EVERY_MS);
    addEventListener('offline', lookNow);
    addEventListener('online', lookNow);
    return () => {
      clearInterval(timer);
      removeEventListener('offline', lookNow);
      removeEventListener('online', lookNow);
    };
  }, [queries]);
  return isAway;
}
