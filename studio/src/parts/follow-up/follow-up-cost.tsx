/** What it costs, as one chooses, and what choosing first has saved. */
import { Skeleton } from '@heroui/react';
import type { FollowUpPlan } from '../../../../src/api/client/index.ts';
import { creditsText, usdText } from '../credits.tsx';
import { ErrorPanel } from '../error-panel.tsx';
import { spanText } from '../time.ts';

interface CostProps {
  readonly plan: FollowUpPlan | undefined;
  readonly error: Error | null;
  /** The figures are those of what was chosen a moment ago. */
  readonly isOld: boolean;
}

export function FollowUpCost({ plan: found, error, isOld }: CostProps) {
  if (error !== null) return <ErrorPanel error={error} />;
  if (found === undefined) return <Skeleton className="h-20 w-full rounded" />;
  const { plan, saving } = found;
  const { expected, worst } = plan.total;
  return (
    <section
      aria-label="What it costs"
      aria-busy={isOld}
      className={`flex flex-col gap-3 rounded-lg bg-default p-4 text-sm ${isOld ? 'text-muted' : 'text-foreground'}`}
    >
      {saving !== null && saving.saved.credits > 0 && <Saving saving={saving} />}
      <p className="flex flex-wrap items-baseline gap-x-4 gap-y-1 tabular-nums">
        <span className="text-base font-medium">{creditsText(expected.credits)}</span>
        <span className="text-muted">
          {imagesText(plan.items)}
          {worst.credits > expected.credits && ` · at most ${creditsText(worst.credits)}`}
          {expected.usd !== null && ` · ${usdText(expected.usd)} to the vendor`}
          {plan.finish_seconds !== null && ` · done in ${spanText(plan.finish_seconds)}`}
        </span>
      </p>
      {plan.blocked_by !== null && <p className="text-muted">Waits for {plan.blocked_by}</p>}
      {plan.warnings.slice(0, 3).map((warning) => (
        <p key={warning} className="text-muted">
          {warning}
        </p>
      ))}
    </section>
  );
}

function Saving({ saving }: { readonly saving: NonNullable<FollowUpPlan['saving']> }) {
  const { chosen, all, saved } = saving;
  return (
    <div>
      <p className="text-2xl font-semibold tracking-tight tabular-nums">
        You save {creditsText(saved.credits)}
      </p>
      <p className="mt-1 text-muted tabular-nums">
        Finals of {chosen.items} chosen: {creditsText(chosen.expected.credits)}. All {all.items}{' '}
        would be {creditsText(all.expected.credits)}
        {saved.usd !== null && ` (${usdText(saved.usd)} less to the vendor)`}.
      </p>
    </div>
  );
}

export function imagesText(count: number): string {
  return count === 1 ? '1 image' : `${count.toLocaleString('en-US')} images`;
}
