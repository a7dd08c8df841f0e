import { Chip, Label, Meter } from '@heroui/react';
import { Link } from '@tanstack/react-router';
import type { client } from '../../../client.ts';
import { spanText, timeText } from '../../../parts/time.ts';
import { Row } from '../parts/section.tsx';

type Limits = ReturnType<typeof client.limits.all>;
type Limit = Limits extends AsyncGenerator<infer One> ? One : never;

const FIGURES = { told: 'told', learned: 'learned', none: 'not known yet' } as const;

export function LimitRow({ limit }: { readonly limit: Limit }) {
  const { max, used, used_here: usedHere, waiting } = limit;
  return (
    <Row
      title={titleOf(limit)}
      marks={
        <Chip size="sm" variant="soft" color={limit.figure === 'learned' ? 'accent' : 'default'}>
          {limit.scope === 'workspace' && max === null ? 'no ceiling' : FIGURES[limit.figure]}
        </Chip>
      }
      facts={[
        ruleText(limit),
        usedHere !== used && `${usedHere} of these by this workspace`,
        limit.next_at !== null && `some return at ${timeText(limit.next_at)}`,
        limit.all_at !== null &&
          limit.all_at !== limit.next_at &&
          `all at ${timeText(limit.all_at)}`,
        limit.blocked_until !== null &&
          `the vendor asked for a pause until ${timeText(limit.blocked_until)}`,
        `source: ${limit.source}`,
      ]}
    >
      {max === null ? (
        <p className="mt-1 text-sm tabular-nums">{used} in use</p>
      ) : (
        <Meter
          value={Math.min(used, max)}
          maxValue={max}
          size="sm"
          color={limit.left === 0 ? 'warning' : 'accent'}
          className="mt-2 max-w-md"
        >
          <Label className="text-muted">{limit.left} left</Label>
          <Meter.Output className="tabular-nums">
            {used} / {max}
          </Meter.Output>
          <Meter.Track>
            <Meter.Fill />
          </Meter.Track>
        </Meter>
      )}
      {waiting.length > 0 && <Waiting waiting={waiting} />}
    </Row>
  );
}

function Waiting({ waiting }: Pick<Limit, 'waiting'>) {
  return (
    <ul aria-label="Runs that wait for it" className="mt-2 flex flex-col gap-0.5 text-sm">
      {waiting.map(({ run, lane, until }) => (
        <li key={`${run} ${lane}`}>
          <Link to="/runs/$run" params={{ run }} className="text-link underline">
            {run}
          </Link>{' '}
          <span className="text-muted">
            waits in {lane}
            {until !== null && `, until ${timeText(until)}`}
          </span>
        </li>
      ))}
    </ul>
  );
}

function titleOf(limit: Limit): string {
  if (limit.scope === 'workspace') return 'This workspace';
  return [limit.model ?? limit.vendor, limit.lane === 'batch' ? 'batch lane' : undefined]
    .filter(Boolean)
    .join(', ');
}

function ruleText({ kind, unit, seconds, max }: Limit): string {
  const most = max === null ? `counted in ${unit}` : `${max.toLocaleString('en-US')} ${unit}`;
  return kind === 'slots' || seconds === null
    ? `${most} at a time`
    : `${most} in any ${spanText(seconds)}`;
}
