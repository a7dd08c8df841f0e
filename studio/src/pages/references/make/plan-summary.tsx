/** What the wish comes to: images, credits, time, and what stands in its way. */
import type { ReactNode } from 'react';
import { Alert, Skeleton } from '@heroui/react';
import { useQuery } from '@tanstack/react-query';
import { ApiError } from '../../../client.ts';
import { creditsText } from '../../../parts/credits.tsx';
import { ErrorPanel } from '../../../parts/error-panel.tsx';
import { spanText } from '../../../parts/time.ts';
import { modelsQuery } from '../../../queries/account.ts';
import type { Plan } from '../../../queries/plan.ts';

interface PlanSummaryProps {
  readonly plan: Plan | undefined;
  readonly error: unknown;
  /** Another one is on its way. */
  readonly isOutdated: boolean;
  /** What is missing before anything can be planned. */
  readonly missing: string | undefined;
}

export function PlanSummary({ plan, error, isOutdated, missing }: PlanSummaryProps) {
  if (missing !== undefined) return <p className="text-sm text-muted">{missing}</p>;
  if (error instanceof ApiError && error.problems.length > 0) return <Problems error={error} />;
  if (error) return <ErrorPanel error={error} />;
  if (plan === undefined) return <Skeleton className="h-32 w-full rounded" />;
  return (
    <div aria-busy={isOutdated} className={isOutdated ? 'opacity-60' : ''}>
      <Figures plan={plan} />
      <Notes plan={plan} />
    </div>
  );
}

const MOST_SHOWN = 5;

function Problems({ error }: { readonly error: ApiError }) {
  const more = error.problems.length - MOST_SHOWN;
  return (
    <Alert status="danger" role="alert">
      <Alert.Indicator />
      <Alert.Content>
        <Alert.Title>This cannot be made yet</Alert.Title>
        <Alert.Description>
          <ul className="flex flex-col gap-1">
            {error.problems.slice(0, MOST_SHOWN).map(({ value, message, remedy }, place) => (
              <li key={place}>
                {value === undefined ? '' : `${String(value)}: `}
                {message}. {remedy}
              </li>
            ))}
            {more > 0 && <li>And {more} more.</li>}
          </ul>
        </Alert.Description>
      </Alert.Content>
    </Alert>
  );
}

function Figures({ plan }: { readonly plan: Plan }) {
  const { low, expected, worst } = plan.total;
  const { data } = useQuery(modelsQuery);
  const titleOf = (model: string) => data?.find((each) => each.model === model)?.title ?? model;
  const models = plan.models.map(({ model }) => titleOf(model)).join(', ');
  const figures: [string, ReactNode][] = [
    ['Images', plan.items.toLocaleString('en-US')],
    ['Model', models],
    ['Credits', <strong key="expected">{creditsText(expected.credits)}</strong>],
    ['At least / most', `${creditsText(low.credits)} / ${creditsText(worst.credits)}`],
    ['Done in', plan.finish_seconds === null ? 'unknown' : spanText(plan.finish_seconds)],
    ['References', pictures(plan.references)],
  ];
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1.5 text-sm">
      {figures.map(([term, text]) => (
        <div key={term} className="col-span-2 grid grid-cols-subgrid">
          <dt className="text-muted">{term}</dt>
          <dd className="text-right tabular-nums">{text}</dd>
        </div>
      ))}
    </dl>
  );
}

function pictures({ pictures: all, fitted }: Plan['references']): string {
  const count = `${all} ${all === 1 ? 'picture' : 'pictures'}`;
  return fitted === 0
    ? `${count}, as ${all === 1 ? 'it is' : 'they are'}`
    : `${count}, ${fitted} fitted`;
}

function Notes({ plan }: { readonly plan: Plan }) {
  const notes = [
    ...(plan.blocked_by === null ? [] : [`It will wait: ${plan.blocked_by}`]),
    ...plan.choice,
    ...plan.warnings,
  ];
  if (notes.length === 0) return null;
  return (
    <ul className="mt-3 flex flex-col gap-1 border-t border-separator pt-3 text-xs text-muted">
      {notes.map((note) => (
        <li key={note}>{note}</li>
      ))}
    </ul>
  );
}
