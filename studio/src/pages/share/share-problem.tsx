/** Instead of the page: why it cannot be shown, in words for somebody who knows nothing of it. */
import { Button } from '@heroui/react';
import { Link2Off, WifiOff } from 'lucide-react';
import { ApiError } from '../../client.ts';

interface ShareProblemProps {
  readonly error: Error;
  readonly onRetry: () => void;
}

export function ShareProblem({ error, onRetry }: ShareProblemProps) {
  const { title, detail, canRetry } = wordsOf(error);
  const Icon = canRetry ? WifiOff : Link2Off;
  return (
    <main className="grid min-h-dvh place-items-center p-6">
      <title>{title}</title>
      <div className="flex max-w-md flex-col items-center gap-3 text-center">
        <Icon aria-hidden className="size-8 text-muted" />
        <h1 className="text-xl font-semibold tracking-tight">{title}</h1>
        <p className="text-muted">{detail}</p>
        {canRetry && (
          <Button variant="secondary" onPress={onRetry}>
            Try again
          </Button>
        )}
      </div>
    </main>
  );
}

const ASK = 'Ask whoever sent it to you for a new link.';

function wordsOf(error: Error) {
  const status = error instanceof ApiError ? error.status : undefined;
  if (status === 410) return { title: error.message, detail: ASK, canRetry: false };
  if (status === 401) {
    return {
      title: 'This link is not whole',
      detail: `It was cut off, perhaps in a message. Copy all of it, or ask for it again.`,
      canRetry: false,
    };
  }
  if (status === 0) {
    return {
      title: 'The page cannot be reached',
      detail: 'You may be offline. What you have marked is kept.',
      canRetry: true,
    };
  }
  return { title: 'The page could not be loaded', detail: error.message, canRetry: true };
}
