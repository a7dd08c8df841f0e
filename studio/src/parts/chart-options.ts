/** What uPlot is told of a chart: places along x are whole numbers, whose texts are looked up. */
import uPlot from 'uplot';

export const CHART_COLORS = ['accent', 'success', 'danger', 'warning', 'muted'] as const;
export type ChartColor = (typeof CHART_COLORS)[number];

export interface ChartSeries {
  readonly label: string;
  readonly color: ChartColor;
  /** One for each place; null: nothing is known of it. */
  readonly values: readonly (number | null)[];
}

export type ChartKind = 'lines' | 'bars' | 'stacked-bars';

export interface ChartShape {
  readonly kind: ChartKind;
  readonly series: readonly ChartSeries[];
  readonly labels: readonly string[];
  readonly axisText: (value: number) => string;
  /** Told the place under the pointer, and where it is; undefined: none is. */
  readonly onHover: (place: number | undefined, left: number) => void;
}

/** Told apart without their colours too. */
const DASHES: readonly number[][] = [[], [6, 4], [2, 3], [10, 3, 2, 3], [1, 5]];
const HEIGHT = 190;

export function chartOptions(shape: ChartShape, width: number): uPlot.Options {
  const colors = readColors();
  const { kind, series, labels, axisText, onHover } = shape;
  const axis = {
    stroke: colors.muted,
    grid: { stroke: colors.grid, width: 1 },
    ticks: { show: false },
    font: '11px system-ui, sans-serif',
  };
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { show: kind === 'lines' } },
    padding: [8, 8, 0, 0],
    scales: {
      x: { time: false, range: () => [-0.5, Math.max(0.5, labels.length - 0.5)] },
      y: { range: (_plot, _least, most) => [0, most > 0 ? most * 1.08 : 1] },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 30,
        space: 64,
        incrs: [1, 2, 3, 5, 7, 10, 15, 30],
        values: (_plot, splits) => splits.map((place) => labels[place] ?? ''),
      },
      { ...axis, size: 52, values: (_plot, splits) => splits.map((value) => axisText(value)) },
    ],
    series: [{}, ...inDrawingOrder(kind, series).map((each) => drawn(each, kind, series, colors))],
    hooks: {
      setCursor: [
        (plot) => {
          const { idx, left = -1 } = plot.cursor;
          const isInside = idx !== null && idx !== undefined && left >= 0;
          onHover(isInside ? idx : undefined, left + plot.bbox.left / devicePixelRatio);
        },
      ],
    },
  };
}

/** Stacked: the whole is painted first, so that what is below it stays in sight. */
export function chartData({
  kind,
  series,
  labels,
}: Pick<ChartShape, 'kind' | 'series' | 'labels'>) {
  const places = labels.map((_, place) => place);
  if (kind !== 'stacked-bars') return [places, ...series.map(({ values }) => [...values])];
  const sums = series.map((_, last) =>
    places.map((place) =>
      series.slice(0, last + 1).reduce((sum, { values }) => sum + (values[place] ?? 0), 0),
    ),
  );
  return [places, ...sums.toReversed()];
}

function inDrawingOrder(kind: ChartKind, series: readonly ChartSeries[]): readonly ChartSeries[] {
  return kind === 'stacked-bars' ? series.toReversed() : series;
}

function drawn(
  each: ChartSeries,
  kind: ChartKind,
  all: readonly ChartSeries[],
  colors: ReturnType<typeof readColors>,
): uPlot.Series {
  const color = colors[each.color];
  if (kind !== 'lines') {
    const paths = uPlot.paths.bars!({ size: [0.7, 36], align: 0 });
    return {
      label: each.label,
      stroke: color,
      fill: color,
      width: 0,
      paths,
      points: { show: false },
    };
  }
  return {
    label: each.label,
    stroke: color,
    width: 2,
    dash: DASHES[all.indexOf(each) % DASHES.length]!,
    spanGaps: true,
    points: { show: true, size: 5, fill: color, width: 0 },
  };
}

/** The theme's: a canvas knows no variables. */
function readColors(): Record<ChartColor | 'grid', string> {
  const style = getComputedStyle(document.documentElement);
  const named = (name: string) => style.getPropertyValue(`--${name}`).trim() || '#888';
  return {
    // The accent itself is made for white words on it: on dark it is hardly seen.
    accent: named('link'),
    success: named('success'),
    danger: named('danger'),
    warning: named('warning'),
    muted: named('muted'),
    grid: named('separator'),
  };
}
