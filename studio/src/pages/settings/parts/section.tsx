/** The frame of a section: what it is about, in a line, what may be done, and its panels. */
import type { ReactNode } from 'react';
import { Skeleton } from '@heroui/react';

interface SectionProps {
  readonly title: string;
  readonly about: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

export function Section({ title, about, actions, children }: SectionProps) {
  return (
    <section aria-labelledby="section-title" className="flex min-w-0 flex-col gap-6">
      <header className="flex flex-wrap items-start gap-x-4 gap-y-3">
        <div className="min-w-0 flex-1 basis-72">
          <h2 id="section-title" className="text-lg font-semibold tracking-tight">
            {title}
          </h2>
          <p className="mt-0.5 max-w-2xl text-sm text-muted">{about}</p>
        </div>
        {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
      </header>
      {children}
    </section>
  );
}

interface PanelProps {
  readonly title: string;
  readonly about?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** A part of a section, with a heading of its own. */
export function Panel({ title, about, actions, children }: PanelProps) {
  return (
    <section aria-label={title} className="min-w-0">
      <header className="mb-3 flex flex-wrap items-center gap-x-3 gap-y-2">
        <div className="min-w-0 flex-1 basis-60">
          <h3 className="text-sm font-semibold">{title}</h3>
          {about && <p className="text-sm text-muted">{about}</p>}
        </div>
        {actions}
      </header>
      {children}
    </section>
  );
}

export function SectionSkeleton() {
  return (
    <div role="status" aria-label="Loading" className="flex flex-col gap-3">
      <Skeleton className="h-6 w-40 rounded" />
      <Skeleton className="h-16 w-full rounded-lg" />
      <Skeleton className="h-16 w-full rounded-lg" />
      <Skeleton className="h-16 w-full rounded-lg" />
    </div>
  );
}

/** A list of things, each a row on a wide screen and a card on a phone. */
export function Rows({
  label,
  children,
}: {
  readonly label: string;
  readonly children: ReactNode;
}) {
  return (
    <ul
      aria-label={label}
      className="divide-y divide-separator rounded-lg border border-separator bg-surface"
    >
      {children}
    </ul>
  );
}

interface RowProps {
  readonly title: ReactNode;
  /** Chips behind the title. */
  readonly marks?: ReactNode;
  /** Quiet words below it. */
  readonly facts: readonly ReactNode[];
  readonly actions?: ReactNode;
  readonly children?: ReactNode;
}

export function Row({ title, marks, facts, actions, children }: RowProps) {
  return (
    <li className="px-4 py-3">
      <div className="flex items-start gap-3">
        <div className="min-w-0 flex-1">
          <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
            <span className="min-w-0 text-sm font-medium break-words">{title}</span>
            {marks}
          </div>
          <Facts facts={facts} />
        </div>
        {actions}
      </div>
      {children}
    </li>
  );
}

function Facts({ facts }: Pick<RowProps, 'facts'>) {
  const told = facts.filter((fact) => fact !== undefined && fact !== false && fact !== null);
  return (
    <p className="mt-1 flex flex-wrap gap-x-3 gap-y-0.5 text-sm text-muted">
      {told.map((fact, place) => (
        // The facts of a row have an order, and nothing else by which to know them.
        <span key={place} className="min-w-0 break-words">
          {fact}
        </span>
      ))}
    </p>
  );
}

/** A name and what it comes to. */
export function Figure({
  name,
  children,
}: {
  readonly name: string;
  readonly children: ReactNode;
}) {
  return (
    <div className="min-w-0">
      <dt className="text-xs text-muted">{name}</dt>
      <dd className="text-sm break-words tabular-nums">{children}</dd>
    </div>
  );
}

export function Figures({ children }: { readonly children: ReactNode }) {
  return (
    <dl className="grid grid-cols-2 gap-4 rounded-lg border border-separator bg-surface p-4 sm:grid-cols-4">
      {children}
    </dl>
  );
}
