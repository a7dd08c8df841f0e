import { Skeleton } from '@heroui/react';

/** Until a page is there. */
export function PageSkeleton() {
  return (
    <div className="mx-auto max-w-6xl px-4 py-5 sm:px-6 lg:px-8" role="status" aria-label="Loading">
      <Skeleton className="mb-5 h-7 w-48 rounded" />
      <Skeleton className="mb-3 h-24 w-full rounded" />
      <Skeleton className="h-64 w-full rounded" />
    </div>
  );
}
