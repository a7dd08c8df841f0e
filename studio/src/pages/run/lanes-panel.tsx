/** The lanes of a run: what each has made, and the limits that it goes under. */
import { Label, Meter } from '@heroui/react';
import { useQuery } from '@tanstack/react-query';
import type { Run } from '../../../../src/api/client/index.ts';
import { type ItemCounts, noItems, totalItems } from '../../../../src/engine/core/outcome.ts';
import { EmptyPanel } from '../../parts/empty-panel.tsx';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { limitText } from '../../parts/item-words.ts';
import { OutcomeBar } from '../../parts/outcome-bar.tsx';
import { spanText, timeText } from '../../parts/time.ts';
import { limitsQuery } from '../../queries/account.ts';

type Limit = NonNullable<ReturnType<typeof useLimits>['data']>[number];
type LaneKind = Run['models'][number]['lane'];

interface Lane {
  readonly model: string;
  readonly kind: LaneKind;
  readonly items: ItemCounts;
}

export function LanesPanel({ run }: { readonly run: Run }) {
  const { data: limits = [], error } = useLimits();
  const lanes = lanesOf(run);
  if (lanes.length === 0) {
    return (
      <EmptyPanel title="No lanes yet" detail="They are here once the run has images to make." />
    );
  }
  return (
    <div className="flex flex-col gap-3">
      {error && <ErrorPanel error={error} />}
      <Workspace limits={limits.filter(({ scope }) => scope === 'workspace')} />
      {lanes.map((lane) => (
        <LaneCard
          key={`${lane.model} ${lane.kind}`}
          lane={lane}
          run={run}
          limits={limits.filter((each) => each.model === lane.model && each.lane === lane.kind)}
        />
      ))}
    </div>
  );
}

function useLimits() {
  return useQuery(limitsQuery);
}

interface LaneCardProps {
  readonly lane: Lane;
  readonly run: Run;
  readonly limits: readonly Limit[];
}

function LaneCard({ lane: { model, kind, items }, run, limits }: LaneCardProps) {
  const batches = run.batches.filter(({ lane }) => lane.startsWith(model) && kind === 'batch');
  return (
    <section className="rounded-lg border border-separator bg-surface p-4" aria-label={model}>
      <h2 className="mb-2 flex flex-wrap items-baseline gap-2 text-sm font-medium">
        {model}
        <span className="font-normal text-muted">{kind} lane</span>
        <span className="ml-auto font-normal text-muted tabular-nums">
          {items.delivered.toLocaleString('en-US')} of {totalItems(items).toLocaleString('en-US')}
        </span>
      </h2>
      <OutcomeBar items={items} isThin />
      {batches.map(({ vendor_ref: ref, requests, completed, sent_at: sentAt }) => (
        <p key={`${ref} ${sentAt}`} className="mt-2 text-sm text-muted">
          A batch of {requests} requests since {timeText(sentAt)}: {completed} completed
        </p>
      ))}
      <div className="mt-4 grid gap-4 sm:grid-cols-2">
        {limits.map((limit) => (
          <LimitGauge key={limit.limit} limit={limit} />
        ))}
      </div>
      {limits.length === 0 && <p className="mt-3 text-sm text-muted">No limit is known of it.</p>}
    </section>
  );
}

function Workspace({ limits }: { readonly limits: readonly Limit[] }) {
  const bounded = limits.filter(({ max }) => max !== null);
  if (bounded.length === 0) return null;
  return (
    <section
      className="grid gap-4 rounded-lg border border-separator bg-surface p-4 sm:grid-cols-2"
      aria-label="This workspace"
    >
      {bounded.map((limit) => (
        <LimitGauge key={limit.limit} limit={limit} />
      ))}
    </section>
  );
}

function LimitGauge({ limit }: { readonly limit: Limit }) {
  const { max, used, left, unit, seconds, figure } = limit;
  const name = limitText(limit.limit);
  const span = seconds === null ? 'at a time' : `in ${spanText(seconds)}`;
  if (max === null) {
    return (
      <p className="text-sm first-letter:uppercase">
        {name}
        <span className="block text-xs text-muted">
          {used.toLocaleString('en-US')} {unit} {span}; no figure is known
        </span>
      </p>
    );
  }
  return (
    <Meter
      value={Math.min(used, max)}
      maxValue={Math.max(1, max)}
      size="sm"
      color={left === 0 ? 'warning' : 'accent'}
    >
      <Label className="first-letter:uppercase">{name}</Label>
      <Meter.Output className="tabular-nums">
        {used.toLocaleString('en-US')} / {max.toLocaleString('en-US')}
      </Meter.Output>
      <Meter.Track>
        <Meter.Fill />
      </Meter.Track>
      <span className="text-xs text-muted">
        {left === 0 ? 'none' : (left ?? 0).toLocaleString('en-US')} left {span}
        {figure === 'learned' && ', learned from the vendor'}
        {returnText(limit)}
      </span>
    </Meter>
  );
}

function returnText({ blocked_until: blocked, next_at: next, all_at: all, used }: Limit): string {
  if (blocked !== null) return `; the vendor asked to wait until ${timeText(blocked)}`;
  if (next === null || used === 0) return '';
  const until = all !== null && all !== next ? `, all by ${timeText(all)}` : '';
  return `; the next returns by ${timeText(next)}${until}`;
}

function lanesOf({ models }: Run): Lane[] {
  const groups = Map.groupBy(models, ({ model, lane }) => `${model} ${lane}`);
  return [...groups.values()].map((states) => {
    const items = noItems();
    for (const { state, items: count } of states) items[state] += count;
    return { model: states[0]!.model, kind: states[0]!.lane, items };
  });
}
