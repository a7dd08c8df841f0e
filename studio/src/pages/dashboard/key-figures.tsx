/** What is asked first: what is left, what the hour still lets through, what was made and paid. */
import type { ReactNode } from 'react';
import { Card } from '@heroui/react';
import { creditsText, usdText } from '../../parts/credits.tsx';
import { timeText } from '../../parts/time.ts';
import type { DashboardAnswer } from '../../queries/dashboard.ts';
import { allOf, countText, shareText } from './figures.ts';

export function KeyFigures({ dashboard }: { readonly dashboard: DashboardAnswer }) {
  const { credits, usage, hour, outcomes, days } = dashboard;
  const images = outcomes.map((each) => each.images);
  const delivered = images.reduce((sum, each) => sum + each.delivered, 0);
  const ended = images.reduce((sum, each) => sum + allOf(each), 0);
  return (
    <dl className="grid grid-cols-2 gap-3 lg:grid-cols-4">
      {credits && (
        <KeyFigure
          title="Balance"
          about={credits.held > 0 ? `${creditsText(credits.held)} held` : 'Nothing held'}
        >
          {credits.balance === null ? 'No limit' : creditsText(credits.balance)}
        </KeyFigure>
      )}
      <KeyFigure title="This hour" about={hourAbout(hour)}>
        {countText(hour.used)}
        {hour.max !== null && (
          <span className="text-base font-normal text-muted"> / {countText(hour.max)}</span>
        )}
      </KeyFigure>
      <KeyFigure
        title={`Delivered in ${days} days`}
        about={ended === 0 ? 'No images yet' : `${shareText(delivered, ended)} of what ended`}
      >
        {countText(delivered)}
      </KeyFigure>
      {usage && (
        <KeyFigure title={`Spent in ${days} days`} about={`${usdText(usage.total.usd)} at vendors`}>
          {creditsText(usage.total.credits)}
        </KeyFigure>
      )}
    </dl>
  );
}

function hourAbout({ max, left, next_at: next }: DashboardAnswer['hour']): string {
  if (max === null) return 'No ceiling';
  if (left === 0 && next !== null) return `Full: the next at ${timeText(next)}`;
  return `${countText(left ?? 0)} left`;
}

interface KeyFigureProps {
  readonly title: string;
  readonly about: string;
  readonly children: ReactNode;
}

function KeyFigure({ title, about, children }: KeyFigureProps) {
  return (
    <Card className="min-w-0 gap-0 border border-separator p-4 shadow-none">
      <dt className="text-sm text-muted">{title}</dt>
      <dd className="text-xl font-semibold tracking-tight tabular-nums sm:text-2xl">{children}</dd>
      <dd className="text-xs text-muted">{about}</dd>
    </Card>
  );
}
