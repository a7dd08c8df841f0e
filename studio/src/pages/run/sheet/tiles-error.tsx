import { ErrorPanel } from '../../../parts/error-panel.tsx';

/** Above tiles that could not be loaded. */
export function TilesError({
  error,
  onRetry,
}: {
  readonly error: unknown;
  readonly onRetry: () => void;
}) {
  if (error === undefined) return null;
  return (
    <div className="mb-3">
      <ErrorPanel error={error} onRetry={onRetry} />
    </div>
  );
}
