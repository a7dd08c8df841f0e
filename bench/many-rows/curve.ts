/** Figures by their number of rows: how they grow, and the picture of it. */
import * as echarts from 'echarts';

export interface Curve {
  readonly name: string;
  /** By rising number of rows. */
  readonly points: readonly { readonly rows: number; readonly value: number }[];
}

export interface CurveChart {
  readonly title: string;
  readonly note: string;
  readonly unit: string;
  readonly curves: readonly Curve[];
  /** What rises from left to right; default: rows. */
  readonly across?: string;
  /** From where on growth is counted; default: as `exponentOf`. */
  readonly from?: number;
}

const SIZE = { width: 860, height: 460 } as const;
const COLOURS = ['#2f81f7', '#d29922', '#db6d28', '#8957e5', '#3fb950', '#8b949e'];
const TEXT = '#768390';
const LINE = '#57606a';

/**
 * The exponent of growth: by least squares over the logarithms of the points from `from` rows on. 1: linear;
 * 0: however many rows, it costs the same. `undefined`: too few points.
 */
export function exponentOf({ points }: Curve, from = 1_000): number | undefined {
  const logs = points
    .filter(({ rows, value }) => rows >= from && value > 0)
    .map(({ rows, value }) => ({ x: Math.log(rows), y: Math.log(value) }));
  if (logs.length < 2) return undefined;
  const mean = (of: 'x' | 'y') => logs.reduce((sum, each) => sum + each[of], 0) / logs.length;
  const [x, y] = [mean('x'), mean('y')];
  const shared = logs.reduce((sum, each) => sum + (each.x - x) * (each.y - y), 0);
  const spread = logs.reduce((sum, each) => sum + (each.x - x) ** 2, 0);
  return shared / spread;
}

/** On two logarithmic axes, so that what is linear is straight and rises by one for one. */
export function drawCurves({
  title,
  note,
  unit,
  curves,
  across = 'rows',
  from,
}: CurveChart): string {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, ...SIZE });
  const axis = {
    type: 'log',
    axisLabel: { color: TEXT, formatter: (value: number) => value.toLocaleString('en-US') },
    axisLine: { lineStyle: { color: LINE } },
    splitLine: { lineStyle: { color: LINE, opacity: 0.3 } },
    nameTextStyle: { color: TEXT },
  } as const;
  chart.setOption({
    animation: false,
    color: COLOURS,
    textStyle: { fontFamily: 'system-ui, sans-serif', color: TEXT },
    title: {
      text: title,
      subtext: note,
      left: 16,
      textStyle: { color: TEXT },
      subtextStyle: { color: TEXT },
    },
    legend: { bottom: 8, textStyle: { color: TEXT } },
    grid: { left: 80, right: 40, top: 80, bottom: 90 },
    xAxis: { ...axis, name: across, nameLocation: 'middle', nameGap: 32 },
    yAxis: { ...axis, name: unit },
    series: curves.map(({ name, points }) => ({
      name: legendOf({ name, points }, across, from),
      type: 'line',
      symbolSize: 8,
      data: points.map(({ rows, value }) => [rows, value]),
    })),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}

function legendOf(curve: Curve, across: string, from: number | undefined): string {
  const exponent = exponentOf(curve, from);
  return exponent === undefined ? curve.name : `${curve.name} (${across}^${exponent.toFixed(2)})`;
}
