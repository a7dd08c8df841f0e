/** What will happen: what it costs, how long it takes, by which models, and what to know before. */
import { Card, Spinner } from '@heroui/react';
import type { ReactNode } from 'react';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { useSettled } from '../../parts/use-settled.ts';
import type { Plan } from '../../queries/plan.ts';
import { FetchingNote } from './fetching-note.tsx';
import { PlanFigures } from './plan-figures.tsx';
import { PlanNotes } from './plan-notes.tsx';

interface PlanPanelProps {
  readonly plan: Plan | undefined;
  readonly isOutdated: boolean;
  readonly error: Error | null;
  /** They are shown at their cells. */
  readonly problems: number;
  readonly isEmpty: boolean;
  readonly onRetry: () => void;
  readonly children: ReactNode;
}

/** Most plans are there before; a word about each would flicker. */
const SLOW_MS = 1_500;

export function PlanPanel(props: PlanPanelProps) {
  const { plan, isOutdated, children } = props;
  const isSlow = useSettled(isOutdated, SLOW_MS) && isOutdated;
  return (
    <Card className="gap-4 p-4" aria-label="Plan" role="region">
      <div className="flex items-center gap-2">
        <h2 className="text-base font-medium">Plan</h2>
        {isOutdated && <Spinner size="sm" aria-label="Planning" />}
      </div>
      <Content {...props} />
      {isSlow && <FetchingNote />}
      {plan && children}
    </Card>
  );
}

function Content({ plan, isOutdated, error, problems, isEmpty, onRetry }: PlanPanelProps) {
  if (isEmpty) {
    return (
      <p className="text-sm text-muted">
        Write a prompt, and what it costs and how long it takes appears here. Planning is free.
      </p>
    );
  }
  if (problems > 0 && !isOutdated) {
    return (
      <p className="text-sm text-muted">
        Once {problems === 1 ? 'the problem is' : `the ${problems} problems are`} corrected, the
        plan is here.
      </p>
    );
  }
  if (error && !isOutdated) return <ErrorPanel error={error} onRetry={onRetry} />;
  if (plan === undefined) return <p className="text-sm text-muted">Planning…</p>;
  return (
    <div
      className={`flex flex-col gap-4 transition-opacity ${isOutdated ? 'opacity-60' : ''}`}
      aria-busy={isOutdated}
    >
      <PlanFigures plan={plan} />
      <PlanNotes plan={plan} />
    </div>
  );
}
