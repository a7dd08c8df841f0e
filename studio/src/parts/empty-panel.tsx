/** Where nothing is yet: what will be here, and how it begins. */
import type { ReactNode } from 'react';
import { EmptyState } from '@heroui/react';

interface EmptyPanelProps {
  readonly title: string;
  readonly detail: string;
  /** What to do: buttons or links. */
  readonly children?: ReactNode;
}

export function EmptyPanel({ title, detail, children }: EmptyPanelProps) {
  return (
    <EmptyState className="flex flex-col items-center gap-2 rounded-lg border border-dashed border-separator px-6 py-14 text-center">
      <h2 className="text-base font-medium">{title}</h2>
      <p className="max-w-md text-sm text-muted">{detail}</p>
      {children && <div className="mt-3 flex flex-wrap justify-center gap-2">{children}</div>}
    </EmptyState>
  );
}
