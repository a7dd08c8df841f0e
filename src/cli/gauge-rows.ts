import type { LimitGauge } from '../engine/index.ts';
import { countText } from './amount-text.ts';
import type { TableColumn } from './text-table.ts';
import { clockText, durationText } from './time-text.ts';

export const GAUGE_COLUMNS: readonly TableColumn[] = [
  { title: 'Model' },
  { title: 'Limit' },
  { title: 'Used', align: 'right' },
  { title: 'Left', align: 'right' },
  { title: 'Of', align: 'right' },
  { title: 'Where the figure comes from' },
];

/** A row of the table of limits: used, left, and where the figure comes from. */
export function gaugeRows(model: string, gauge: LimitGauge, now: number): string[] {
  const { limit, max, used, learned, blockedUntil } = gauge;
  const span = limit.kind === 'window' ? ` in ${durationText(limit.windowMs)}` : '';
  const source = learned ? 'learned from the vendor' : limit.source;
  const blocked = blockedUntil > now ? `; nothing before ${clockText(blockedUntil, now)}` : '';
  return [
    model,
    limit.name,
    countText(used),
    max === undefined ? '?' : countText(Math.max(0, max - used)),
    max === undefined ? 'not known yet' : `${countText(max)} ${limit.unit}${span}`,
    source + blocked,
  ];
}
