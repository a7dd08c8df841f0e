/** Charts as SVG, readable on a light page and on a dark one, without a font of their own. */
import * as echarts from 'echarts';
import { type Results, summariesOf } from './results.ts';
import type { ScenarioName } from './scenarios.ts';

const WIDTH = 860;
const ROW_HEIGHT = 46;
const HEAD_HEIGHT = 110;
const OURS = '#2f81f7';
/** Each readable on white and on nearly black. */
const COLOURS = [OURS, '#d29922', '#db6d28', '#8b949e'];
const FONT = 'system-ui, -apple-system, Segoe UI, Helvetica, Arial, sans-serif';

/** Placeholders that the style sheet turns into the colours of the page's theme. */
const TEXT = '#57606b';
const LINE = '#d0d7df';
const STYLE = `<style>
svg { background: #ffffff }
@media (prefers-color-scheme: dark) {
  svg { background: #0d1117 }
  [fill="${TEXT}"] { fill: #b1bac4 }
  [stroke="${LINE}"] { stroke: #30363d }
}
</style>`;

interface Bars {
  readonly title: string;
  readonly note: string;
  readonly names: readonly string[];
  readonly series: readonly { readonly name: string; readonly values: readonly number[] }[];
  readonly isStacked: boolean;
  readonly from?: number;
  readonly format: (value: number) => string;
}

/** File name → SVG, of those scenarios that were run. */
export function chartsOf(results: Results): ReadonlyMap<string, string> {
  const charts = new Map<string, string>();
  for (const [name, bars] of [
    ['time-over-bound.svg', timeOverBound(results)],
    ['money.svg', money(results)],
    ['throughput.svg', throughput(results)],
    ['cpu.svg', cpu(results)],
    ['cpu-of-pictures.svg', cpuOfPictures(results)],
  ] as const) {
    if (bars.names.length > 0) charts.set(name, drawBars(bars));
  }
  return charts;
}

function timeOverBound(results: Results): Bars {
  const [known, learned] = [summariesOf(results, 'known'), summariesOf(results, 'learned')];
  return {
    title: 'Time to finish, in least possible times',
    note: '1.00 is the bound that nobody can go below; no bar: not every picture was made',
    names: known.map(({ title }) => title),
    series: [
      { name: 'the limit is told', values: known.map(({ overBound }) => overBound?.median ?? 0) },
      {
        name: 'the limit is learned',
        values: learned.map(({ overBound }) => overBound?.median ?? 0),
      },
    ],
    isStacked: false,
    from: 0,
    format: (value) => value.toFixed(2),
  };
}

function money(results: Results): Bars {
  const kill = summariesOf(results, 'kill');
  const faults = new Map(summariesOf(results, 'faults').map((each) => [each.contender, each]));
  const both = (of: 'paidTwice' | 'lost' | 'held') =>
    kill.map((each) => each[of] + (faults.get(each.contender)?.[of] ?? 0));
  return {
    title: 'Images paid for nothing, after kills and faults',
    note: 'paid again, paid and lost, or paid with an outcome that is told as unknown',
    names: kill.map(({ title }) => title),
    series: [
      { name: 'told as unknown: a person decides', values: both('held') },
      { name: 'paid twice', values: both('paidTwice') },
      { name: 'paid and lost', values: both('lost') },
    ],
    isStacked: true,
    format: String,
  };
}

function throughput(results: Results): Bars {
  const all = summariesOf(results, 'throughput');
  return {
    title: 'Images a second, a vendor without latency',
    note: 'longer is better; Imagemill, BullMQ and pg-boss survive a kill',
    names: all.map(({ title }) => title),
    series: [{ name: 'images a second', values: all.map((each) => each.imagesPerSecond.median) }],
    isStacked: false,
    format: (value) => value.toFixed(0),
  };
}

function cpu(results: Results): Bars {
  const note = 'pictures of a few kB; shorter is better; start of the program included';
  return cpuBars(results, 'throughput', 'CPU milliseconds an image', note);
}

function cpuOfPictures(results: Results): Bars {
  const note = 'shorter is better; only Imagemill and the last one decode the picture';
  return cpuBars(results, 'pictures', 'CPU milliseconds an image of 1.5 MB', note);
}

function cpuBars(results: Results, scenario: ScenarioName, title: string, note: string): Bars {
  const all = summariesOf(results, scenario);
  return {
    title,
    note,
    names: all.map(({ title }) => title),
    series: [
      { name: 'its own processes', values: all.map((each) => each.cpuMsPerImage.median) },
      { name: 'its server', values: all.map((each) => each.serviceCpuMsPerImage.median) },
    ],
    isStacked: true,
    format: (value) => value.toFixed(1),
  };
}

function drawBars(bars: Bars): string {
  const height = HEAD_HEIGHT + bars.names.length * ROW_HEIGHT;
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height });
  chart.setOption({
    animation: false,
    color: COLOURS,
    textStyle: { fontFamily: FONT, color: TEXT },
    title: {
      text: bars.title,
      subtext: bars.note,
      left: 12,
      top: 8,
      textStyle: { color: TEXT, fontSize: 16 },
      subtextStyle: { color: TEXT },
    },
    legend: { right: 16, top: 12, textStyle: { color: TEXT }, show: bars.series.length > 1 },
    grid: { left: 12, right: 70, top: 76, bottom: 12, containLabel: true },
    xAxis: {
      type: 'value',
      min: bars.from ?? 0,
      axisLabel: { color: TEXT },
      splitLine: { lineStyle: { color: LINE } },
    },
    yAxis: {
      type: 'category',
      inverse: true,
      data: bars.names.map((name) => name.replaceAll('`', '')),
      axisLabel: { color: TEXT },
      axisTick: { show: false },
      axisLine: { lineStyle: { color: LINE } },
    },
    series: bars.series.map(({ name, values }) => ({
      name,
      type: 'bar',
      data: values,
      barMaxWidth: 16,
      ...(bars.isStacked && { stack: 'whole' }),
      label: {
        show: true,
        position: bars.isStacked ? 'inside' : 'right',
        color: bars.isStacked ? '#ffffff' : TEXT,
        formatter: ({ value }: { value: unknown }) => (value ? bars.format(Number(value)) : ''),
      },
    })),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg
    .replace(/(<svg[^>]*>)/, `$1${STYLE}`)
    .replace(/<rect[^>]*fill="none"[^>]*><\/rect>/, '');
}
