/** The images of any 60 minutes against their ceiling, and when those in use return. */
import { Label, Meter } from '@heroui/react';
import { Chart } from '../../parts/chart.tsx';
import { timeText } from '../../parts/time.ts';
import type { DashboardAnswer } from '../../queries/dashboard.ts';
import { countText, imagesText } from './figures.ts';
import { Panel } from './panel.tsx';

type Hour = DashboardAnswer['hour'];

const STRETCHES = 12;
const STRETCH_MS = 5 * 60_000;

export function HourPanel({ hour, to }: { readonly hour: Hour; readonly to: string }) {
  return (
    <Panel title="The hour" about={hourText(hour)}>
      {hour.max !== null && (
        <Meter
          value={hour.used}
          maxValue={hour.max}
          size="sm"
          color={hour.left === 0 ? 'warning' : 'accent'}
        >
          <Label className="text-sm text-muted">Images in the last 60 minutes</Label>
          <Meter.Output className="text-sm tabular-nums">
            {countText(hour.used)} of {countText(hour.max)}
          </Meter.Output>
          <Meter.Track>
            <Meter.Fill />
          </Meter.Track>
        </Meter>
      )}
      {hour.used === 0 ? (
        <p className="py-8 text-center text-sm text-muted">
          Nothing was sent in the last 60 minutes.
        </p>
      ) : (
        <Returning hour={hour} now={Date.parse(to)} />
      )}
    </Panel>
  );
}

function hourText({ used, max, left, next_at: next, all_at: all, waiting }: Hour): string {
  if (max === null) return `No ceiling: ${imagesText(used)} in the last 60 minutes`;
  if (left === 0 && next !== null && all !== null) {
    const who = waiting.length === 0 ? '' : `, ${waiting.length} waiting`;
    return `Full${who}. The next images at ${timeText(next)}, all by ${timeText(all)}`;
  }
  return `${imagesText(left ?? 0)} left${all === null ? '' : `, all free again by ${timeText(all)}`}`;
}

function Returning({ hour, now }: { readonly hour: Hour; readonly now: number }) {
  const first = Math.floor(now / STRETCH_MS) * STRETCH_MS;
  const starts = Array.from({ length: STRETCHES + 1 }, (_, place) => first + place * STRETCH_MS);
  const values = starts.map((start) =>
    hour.returning
      .filter(({ at }) => placed(Date.parse(at), start, starts.at(-1)!))
      .reduce((sum, { units }) => sum + units, 0),
  );
  return (
    <Chart
      title="Images that return to the hour"
      kind="bars"
      labels={starts.map((start) => timeText(start))}
      labelsAre="From"
      series={[{ label: 'Images that return', color: 'accent', values }]}
      valueText={imagesText}
      axisText={countText}
    />
  );
}

/** The margin of the window lets the last ones return a little after the hour. */
function placed(at: number, start: number, last: number): boolean {
  return at >= start && (at < start + STRETCH_MS || start === last);
}
