/** A page's frame: its title, what may be done, its content. Sets the tab's title as well. */
import type { ReactNode } from 'react';

interface PageProps {
  readonly title: string;
  /** Beside the title: chips and figures. */
  readonly about?: ReactNode;
  readonly actions?: ReactNode;
  /** `full`: as wide as the window, for grids. Default: as wide as reads well. */
  readonly width?: 'full' | 'text';
  readonly children: ReactNode;
}

export function Page({ title, about, actions, width = 'text', children }: PageProps) {
  const measure = width === 'full' ? '' : 'max-w-6xl mx-auto';
  return (
    <div className={`px-4 py-5 sm:px-6 lg:px-8 ${measure}`}>
      <title>{`${title} · Imagemill`}</title>
      <header className="mb-5 flex flex-wrap items-center gap-x-3 gap-y-2">
        <h1 className="text-xl font-semibold tracking-tight">{title}</h1>
        {about}
        {actions && <div className="ml-auto flex flex-wrap items-center gap-2">{actions}</div>}
      </header>
      {children}
    </div>
  );
}
