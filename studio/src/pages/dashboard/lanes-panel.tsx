/** The ways to the vendors: whether they work, what waits for what, and what went wrong last. */
import { Chip, Label, Meter } from '@heroui/react';
import { agoText, spanText, timeText } from '../../parts/time.ts';
import type { DashboardAnswer } from '../../queries/dashboard.ts';
import { countText } from './figures.ts';
import { Panel } from './panel.tsx';

type Lane = DashboardAnswer['lanes'][number];
type Limit = Lane['limits'][number];

export function LanesPanel({ lanes, to }: Pick<DashboardAnswer, 'lanes' | 'to'>) {
  return (
    <Panel title="Vendor lanes" about={aboutText(lanes)}>
      <ul className="divide-y divide-separator">
        {lanes.map((lane) => (
          <LaneLine key={`${lane.model} ${lane.lane}`} lane={lane} to={to} />
        ))}
      </ul>
    </Panel>
  );
}

function aboutText(lanes: readonly Lane[]): string {
  const bad = lanes.filter(({ verdict }) => VERDICTS[verdict].color === 'danger').length;
  if (bad > 0) return `${bad} of ${lanes.length} ${bad === 1 ? 'needs' : 'need'} you`;
  return lanes.length === 1 ? '1 lane with traffic' : `${lanes.length} lanes with traffic`;
}

const VERDICTS = {
  working: { text: 'works', color: 'success' },
  waiting: { text: 'waits for its limit', color: 'warning' },
  failing: { text: 'failed last', color: 'danger' },
  'account-empty': { text: 'account empty', color: 'danger' },
  'key-refused': { text: 'key refused', color: 'danger' },
  'model-gone': { text: 'model gone', color: 'danger' },
  idle: { text: 'no traffic now', color: 'default' },
} as const satisfies Record<Lane['verdict'], { text: string; color: string }>;

function LaneLine({ lane, to }: { readonly lane: Lane; readonly to: string }) {
  const { text, color } = VERDICTS[lane.verdict];
  return (
    <li className="grid gap-x-6 gap-y-2 py-3 first:pt-0 last:pb-0 lg:grid-cols-[14rem_minmax(0,1fr)_18rem]">
      <div className="flex min-w-0 flex-wrap items-center gap-2 lg:flex-col lg:items-start lg:gap-1">
        <h3 className="min-w-0 truncate text-sm font-medium">
          {lane.model}
          {lane.lane === 'batch' && <span className="text-muted"> by batch</span>}
        </h3>
        <Chip size="sm" variant="soft" color={color}>
          {text}
        </Chip>
      </div>
      <dl className="grid min-w-0 grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-0.5 text-sm">
        <Fact title="Now">{nowText(lane, to)}</Fact>
        {lane.waits[0] && <Fact title="Waits for">{waitText(lane.waits[0])}</Fact>}
        <Fact title="Last image">
          {lane.last_success_at === null ? 'none yet' : agoText(lane.last_success_at)}
        </Fact>
        {lane.last_failure && (
          <Fact title="Last failure">
            {agoText(lane.last_failure.at)}: {lane.last_failure.words}
          </Fact>
        )}
      </dl>
      <div className="flex min-w-0 flex-col gap-2">
        {lane.limits.map((limit) => (
          <LimitMeter key={limit.limit} limit={limit} lane={lane} to={to} />
        ))}
      </div>
    </li>
  );
}

function Fact({ title, children }: { readonly title: string; readonly children: React.ReactNode }) {
  return (
    <>
      <dt className="whitespace-nowrap text-muted">{title}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </>
  );
}

function nowText({ in_flight: sent, waiting, recent }: Lane, to: string): string {
  const { delivered, refused, failed } = recent.images;
  const minutes = Math.max(1, Math.round((Date.parse(to) - Date.parse(recent.since)) / 60_000));
  const parts = [
    `${countText(sent)} in flight`,
    ...(waiting > 0 ? [`${countText(waiting)} waiting`] : []),
    `${countText(delivered)} delivered in ${minutes} min`,
    ...(refused + failed > 0 ? [`${countText(refused + failed)} not`] : []),
  ];
  return parts.join(', ');
}

function waitText({ reason, until }: Lane['waits'][number]): string {
  return until === null ? reason : `${reason}, until ${timeText(until)}`;
}

interface LimitMeterProps {
  readonly limit: Limit;
  readonly lane: Lane;
  readonly to: string;
}

function LimitMeter({ limit, lane, to }: LimitMeterProps) {
  const { max, used, blocked_until: blocked } = limit;
  const title = limit.limit.replaceAll('-', ' ');
  const pause = blocked === null ? '' : `, paused for ${spanText(secondsTo(blocked, to))}`;
  if (max === null) {
    return (
      <p className="flex justify-between gap-2 text-xs text-muted">
        <span>{title}</span>
        <span className="tabular-nums">
          {countText(used)} used, no figure known{pause}
        </span>
      </p>
    );
  }
  return (
    <Meter
      value={Math.min(used, max)}
      maxValue={max}
      size="sm"
      color={used >= max || blocked !== null ? 'warning' : 'accent'}
      aria-label={`${title} of ${lane.model}`}
    >
      <Label className="text-xs text-muted">
        {title}
        {limit.figure === 'learned' && ' (learned)'}
      </Label>
      <Meter.Output className="text-xs tabular-nums">
        {countText(used)} of {countText(max)}
        {pause}
      </Meter.Output>
      <Meter.Track>
        <Meter.Fill />
      </Meter.Track>
    </Meter>
  );
}

function secondsTo(until: string, from: string): number {
  return (Date.parse(until) - Date.parse(from)) / 1000;
}
