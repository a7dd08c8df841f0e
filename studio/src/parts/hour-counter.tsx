/** The hour's images against the workspace's ceiling, and when some of them return. */
import { Meter, Label } from '@heroui/react';
import { useQuery } from '@tanstack/react-query';
import { limitsQuery } from '../queries/account.ts';
import { timeText } from './time.ts';

export function HourCounter() {
  const { data } = useQuery(limitsQuery);
  const hour = data?.find(({ scope }) => scope === 'workspace');
  if (hour === undefined) return null;
  if (hour.max === null) {
    return (
      <p className="flex justify-between px-2 text-sm">
        <span className="text-muted">This hour</span>
        <span className="tabular-nums">{hour.used.toLocaleString('en-US')} images</span>
      </p>
    );
  }
  return (
    <Meter
      value={hour.used}
      maxValue={hour.max}
      size="sm"
      color={hour.left === 0 ? 'warning' : 'accent'}
      className="px-2"
    >
      <Label className="text-muted">This hour</Label>
      <Meter.Output className="tabular-nums">
        {hour.used} / {hour.max}
      </Meter.Output>
      <Meter.Track>
        <Meter.Fill />
      </Meter.Track>
      {hour.left === 0 && hour.next_at !== null && (
        <span className="text-xs text-muted">The next one at {timeText(hour.next_at)}</span>
      )}
    </Meter>
  );
}
