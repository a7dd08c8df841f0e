/** A chart with its legend, a tip at the pointer, and the same figures as a table for who cannot see it. */
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import uPlot from 'uplot';
import { useIsDark } from '../shell/theme.ts';
import { chartData, chartOptions, type ChartKind, type ChartSeries } from './chart-options.ts';
import './chart.css';

interface ChartProps {
  /** What it shows, in words. */
  readonly title: string;
  readonly kind: ChartKind;
  /** Texts of the places along x. */
  readonly labels: readonly string[];
  /** What they are: heads the table's first column. */
  readonly labelsAre: string;
  readonly series: readonly ChartSeries[];
  readonly valueText: (value: number) => string;
  /** Shorter, beside the axis; default: `valueText`. */
  readonly axisText?: (value: number) => string;
}

interface Hover {
  readonly place: number;
  readonly left: number;
}

export function Chart({ title, kind, labels, labelsAre, series, valueText, axisText }: ChartProps) {
  const [hover, setHover] = useState<Hover>();
  const shape = {
    kind,
    series,
    labels,
    axisText: axisText ?? valueText,
    onHover: (place: number | undefined, left: number) =>
      setHover(place === undefined ? undefined : { place, left }),
  };
  const host = usePlot(shape);
  return (
    <figure className="min-w-0">
      {series.length > 1 && <Legend series={series} />}
      <div className="relative" aria-hidden>
        <div ref={host} className="h-[190px] overflow-hidden" />
        {hover && labels[hover.place] !== undefined && (
          <Tip {...hover} label={labels[hover.place]!} series={series} valueText={valueText} />
        )}
      </div>
      <div className="sr-only">
        <FiguresOf {...{ title, labels, labelsAre, series, valueText }} />
      </div>
    </figure>
  );
}

function usePlot(shape: Parameters<typeof chartOptions>[0]) {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(null);
  const isDark = useIsDark();
  const { kind, series, labels } = shape;
  const looks = [kind, ...labels, ...series.map(({ label, color }) => `${label}/${color}`)].join(
    '|',
  );
  const make = useEffectEvent((element: HTMLElement) => {
    const options = chartOptions(shape, element.clientWidth);
    return new uPlot(options, chartData(shape) as uPlot.AlignedData, element);
  });
  const refill = useEffectEvent(() => plot.current?.setData(chartData(shape) as uPlot.AlignedData));
  useEffect(() => {
    const element = host.current!;
    const made = make(element);
    plot.current = made;
    const watch = new ResizeObserver(() => {
      if (element.clientWidth > 0)
        made.setSize({ width: element.clientWidth, height: made.height });
    });
    watch.observe(element);
    return () => {
      watch.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [looks, isDark]);
  const figures = JSON.stringify(series.map(({ values }) => values));
  useEffect(() => refill(), [figures]);
  return host;
}

const SWATCHES = {
  accent: 'bg-link',
  success: 'bg-success',
  danger: 'bg-danger',
  warning: 'bg-warning',
  muted: 'bg-muted',
} as const;

function Legend({ series }: Pick<ChartProps, 'series'>) {
  return (
    <ul className="mb-2 flex flex-wrap gap-x-4 gap-y-1 text-xs text-muted" aria-hidden>
      {series.map(({ label, color }) => (
        <li key={label} className="flex min-w-0 items-center gap-1.5">
          <span className={`size-2.5 shrink-0 rounded-sm ${SWATCHES[color]}`} />
          <span className="truncate">{label}</span>
        </li>
      ))}
    </ul>
  );
}

interface TipProps extends Hover, Pick<ChartProps, 'series' | 'valueText'> {
  readonly label: string;
}

function Tip({ place, left, label, series, valueText }: TipProps) {
  return (
    <div
      className="pointer-events-none absolute top-1 z-10 rounded-md border border-separator bg-overlay px-2.5 py-1.5 text-xs whitespace-nowrap shadow-sm"
      style={left < 180 ? { left: left + 12 } : { left: left - 12, transform: 'translateX(-100%)' }}
    >
      <p className="font-medium">{label}</p>
      {series.map((each) => (
        <p key={each.label} className="flex items-center gap-1.5 tabular-nums">
          <span className={`size-2 rounded-sm ${SWATCHES[each.color]}`} />
          <span className="text-muted">{each.label}</span>
          <span className="ml-auto pl-3">{textOf(each.values[place], valueText)}</span>
        </p>
      ))}
    </div>
  );
}

type Figures = Pick<ChartProps, 'title' | 'labels' | 'labelsAre' | 'series' | 'valueText'>;

function FiguresOf({ title, labels, labelsAre, series, valueText }: Figures) {
  return (
    <table>
      <caption>{title}</caption>
      <thead>
        <tr>
          <th scope="col">{labelsAre}</th>
          {series.map(({ label }) => (
            <th key={label} scope="col">
              {label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {labels.map((label, place) => (
          <tr key={label}>
            <th scope="row">{label}</th>
            {series.map((each) => (
              <td key={each.label}>{textOf(each.values[place], valueText)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function textOf(value: number | null | undefined, valueText: (value: number) => string): string {
  return value === null || value === undefined ? '–' : valueText(value);
}
