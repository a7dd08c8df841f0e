/** The figures of a plan: credits, dollars, time, balance, models. */
import { useQuery } from '@tanstack/react-query';
import { creditsText, usdText } from '../../parts/credits.tsx';
import { spanText, timeText } from '../../parts/time.ts';
import { creditsQuery, limitsQuery } from '../../queries/account.ts';
import type { Plan } from '../../queries/plan.ts';
import { useMay } from '../../queries/session.ts';
import { limitWords } from './limit-words.ts';

const NUMBER = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 });

export function PlanFigures({ plan }: { readonly plan: Plan }) {
  const { low, expected, worst } = plan.total;
  const isFree = worst.credits === 0;
  return (
    <>
      <div>
        <p className="text-3xl font-semibold tracking-tight tabular-nums">
          {isFree ? 'Free' : NUMBER.format(expected.credits)}
          {!isFree && (
            <span className="ml-1.5 text-base font-normal text-muted">credits expected</span>
          )}
        </p>
        {!isFree && (
          <p className="text-sm text-muted tabular-nums">
            {NUMBER.format(low.credits)} at least, {NUMBER.format(worst.credits)} at worst ·{' '}
            {usdText(expected.usd)} at vendors
          </p>
        )}
      </div>
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1.5 text-sm">
        <Fact name="Images" value={countText(plan)} />
        <Fact name="Done in" value={doneText(plan.finish_seconds)} />
        <Waits plan={plan} />
        <BalanceAfter plan={plan} />
      </dl>
      <ul
        className="flex flex-col gap-1 border-t border-separator pt-3 text-sm"
        aria-label="Models of the plan"
      >
        {plan.models.map(({ model, batches, items, credits }) => (
          <li key={model} className="flex justify-between gap-3">
            <span className="min-w-0 truncate font-medium">{model}</span>
            <span className="shrink-0 text-muted tabular-nums">
              {NUMBER.format(items)} in {batches === 1 ? '1 batch' : `${batches} batches`} ·{' '}
              {credits === 0 ? 'free' : NUMBER.format(credits)}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className="text-right tabular-nums">{value}</dd>
    </>
  );
}

function countText({ items, rows, skipped, collapsed, canaries }: Plan): string {
  const more = [
    skipped > 0 && `${skipped} left out`,
    collapsed > 0 && `${collapsed} the same`,
    canaries > 0 && `${canaries} canaries`,
  ].filter((each) => each !== false);
  const from = `${NUMBER.format(items)} of ${rows === 1 ? '1 row' : `${NUMBER.format(rows)} rows`}`;
  return [from, ...more].join(', ');
}

function doneText(seconds: number | null): string {
  if (seconds === null) return 'never, as it is';
  const at = timeText(Date.now() + seconds * 1000);
  return seconds < 90 ? spanText(seconds) : `${spanText(seconds)}, at ${at}`;
}

function Waits({ plan }: { readonly plan: Plan }) {
  const { data: limits = [] } = useQuery(limitsQuery);
  if (plan.blocked_by === null) return null;
  const { text, freeAt } = limitWords(plan.blocked_by, limits);
  const until = freeAt === undefined ? '' : `; some free at ${timeText(freeAt)}`;
  return <Fact name="Waits for" value={`${text}${until}`} />;
}

function BalanceAfter({ plan }: { readonly plan: Plan }) {
  const may = useMay('credits:read');
  const { data } = useQuery({ ...creditsQuery, enabled: may });
  if (data === undefined || data.balance === null) return null;
  const after = data.balance - plan.total.expected.credits;
  const words = after < 0 ? `${creditsText(-after)} missing` : creditsText(after);
  return <Fact name="Balance after" value={words} />;
}
