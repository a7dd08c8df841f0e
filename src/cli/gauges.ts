import type { Engine } from '../engine/engine-types.ts';
import type { LimitGauge } from '../engine/index.ts';
import { countText } from './amount-text.ts';
import type { TableColumn } from './text-table.ts';
import { clockText, durationText } from './time-text.ts';

export interface ModelGauge {
  readonly model: string;
  readonly gauge: LimitGauge;
}

/** The limits of these models; a ceiling of ours that nobody has set is none. */
export async function gaugesOf(engine: Engine, models: readonly string[]): Promise<ModelGauge[]> {
  const all: ModelGauge[] = [];
  for (const model of models) {
    for (const gauge of await engine.gauges(model)) all.push({ model, gauge });
  }
  return all.filter(({ gauge }) => gauge.limit.learnable || gauge.max !== undefined);
}

export const GAUGE_COLUMNS: readonly TableColumn[] = [
  { title: 'Model' },
  { title: 'Limit' },
  { title: 'Used', align: 'right' },
  { title: 'Left', align: 'right' },
  { title: 'Of', align: 'right' },
  { title: 'Where the figure comes from' },
];

/** A row of the table of limits: used, left, and where the figure comes from. */
export function gaugeRow({ model, gauge }: ModelGauge, now: number): string[] {
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

export function gaugeJson({ model, gauge }: ModelGauge) {
  const { limit, max, used, learned } = gauge;
  return {
    model,
    limit: limit.name,
    unit: limit.unit,
    max: max ?? null,
    used,
    learned,
    source: limit.source,
  };
}
