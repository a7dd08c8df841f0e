/** What the page is about, and how far its visitor has come. */
import { ProgressBar, ToggleButton, ToggleButtonGroup } from '@heroui/react';
import type { SharedPage } from '../../../../src/api/client/index.ts';

export const VIEWS = ['all', 'open', 'approved', 'rejected'] as const;
export type View = (typeof VIEWS)[number];

interface ShareHeaderProps {
  readonly page: SharedPage;
  readonly view: View;
  readonly onView: (view: View) => void;
}

export function ShareHeader({ page, view, onView }: ShareHeaderProps) {
  const { title, from, takes_marks: takesMarks } = page;
  return (
    <header className="sticky top-0 z-20 border-b border-separator bg-background/95 backdrop-blur">
      <div className="mx-auto flex max-w-6xl flex-wrap items-end gap-x-6 gap-y-3 px-4 py-4 sm:px-6">
        <div className="min-w-0 grow">
          <h1 className="truncate text-xl font-semibold tracking-tight">{title}</h1>
          <p className="text-sm text-muted">
            From {from} · {imagesText(page.items)}
          </p>
        </div>
        {takesMarks && (
          <>
            <Progress page={page} />
            <Views page={page} view={view} onView={onView} />
          </>
        )}
      </div>
    </header>
  );
}

function Progress({ page: { items, approved, rejected } }: Pick<ShareHeaderProps, 'page'>) {
  const decided = approved + rejected;
  return (
    <ProgressBar
      aria-label="Decided"
      value={decided}
      maxValue={Math.max(1, items)}
      size="sm"
      color={decided === items ? 'success' : 'accent'}
      className="w-full sm:w-56"
    >
      <ProgressBar.Output className="tabular-nums">
        {decided} of {items} decided
      </ProgressBar.Output>
      <ProgressBar.Track>
        <ProgressBar.Fill />
      </ProgressBar.Track>
    </ProgressBar>
  );
}

function Views({ page, view, onView }: ShareHeaderProps) {
  const { items, approved, rejected } = page;
  const counts: Readonly<Record<View, string>> = {
    all: `All ${items}`,
    open: `To decide ${items - approved - rejected}`,
    approved: `Approved ${approved}`,
    rejected: `Rejected ${rejected}`,
  };
  return (
    <ToggleButtonGroup
      aria-label="Show"
      size="sm"
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[view]}
      onSelectionChange={(keys) => onView(VIEWS.find((each) => keys.has(each)) ?? 'all')}
      className="max-w-full overflow-x-auto"
    >
      {VIEWS.map((each) => (
        <ToggleButton key={each} id={each} className="tabular-nums">
          {counts[each]}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}

function imagesText(count: number): string {
  return count === 1 ? '1 image' : `${count.toLocaleString('en-US')} images`;
}
