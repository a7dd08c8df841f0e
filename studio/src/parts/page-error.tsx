import type { ErrorComponentProps } from '@tanstack/react-router';
import { ErrorPanel } from './error-panel.tsx';

/** Instead of a page that could not be shown. */
export function PageError({ error, reset }: ErrorComponentProps) {
  return (
    <div className="mx-auto max-w-3xl p-8">
      <ErrorPanel error={error} onRetry={reset} />
    </div>
  );
}
