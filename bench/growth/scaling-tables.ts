/** The tables of `docs/scaling.md`, as Markdown; each names the command that measured it. */
import type { Stage } from '../many-rows/measure-stage.ts';
import { figure } from '../section.ts';
import type { DayCosts } from './day-costs.ts';
import type { Growth } from './growth-words.ts';
import type { NamedInstallation } from './installations.ts';
import { PER_IMAGE } from './run-point.ts';
import type { DayReport } from './simulate-days.ts';
import type { Measured } from './tell-growth.ts';
import type { WorkersFigures } from './workers-curve.ts';
import type { WorkspacesPoint } from './workspaces-curve.ts';

export interface RowsFile {
  readonly machine: Readonly<Record<string, string | number>>;
  readonly seed: number;
  readonly ways: readonly { readonly rows: number; readonly stages: readonly Stage[] }[];
}

type Cell = string | number;
type Told = Measured<unknown> & { readonly growth?: readonly (Growth & { across: string })[] };

export function growthTable(files: readonly Told[]): string {
  const lines = files.flatMap(({ growth = [], command }) =>
    growth.map(({ across, name, exponent, last, words }): Cell[] => [
      name,
      across,
      exponent.toFixed(2),
      last.toFixed(2),
      words === 'above linear' ? '**above linear**' : words,
      `\`${command}\``,
    ]),
  );
  if (lines.length === 0) return 'Not measured yet: `npm run growth`.';
  return markdown(['figure', 'by', 'slope', 'at its end', 'in all', 'measured by'], lines);
}

const NAMES: Readonly<Record<(typeof PER_IMAGE)[number], string>> = {
  workerCpuMs: 'CPU of workers, ms',
  postgresCpuMs: 'CPU of PostgreSQL, ms',
  commits: 'commits and lone statements',
  statements: 'statements',
  flushes: 'flushes of the journal',
  walBytes: 'bytes of the journal',
  rowsWritten: 'rows written',
  rowsChanged: 'rows changed',
  bytes: 'bytes of tables and indexes',
  indexBytes: 'of these, indexes',
  signals: 'signals',
};

export function costTable(file: Measured<WorkersFigures>): string {
  const { slow, quick } = file.figures;
  const heads = slow.map(({ workers }) => `${workers}`);
  const line = (name: string, values: readonly number[]): Cell[] => [name, ...values.map(figure)];
  const lines = [
    line(
      'images/s, a second of latency',
      slow.map((at) => at.imagesPerSecond),
    ),
    line(
      'of the most that latency allows, %',
      slow.map((at) => (at.imagesPerSecond / (at.boundImagesPerSecond ?? 1)) * 100),
    ),
    line(
      'images/s, no latency',
      quick.map((at) => at.imagesPerSecond),
    ),
    line(
      'a plain loop without books, images/s',
      quick.map((at) => at.plain.imagesPerSecond),
    ),
    ...PER_IMAGE.map((name) =>
      line(
        `${NAMES[name]}, an image`,
        quick.map((at) => at[name]),
      ),
    ),
    line(
      'admitted too slowly and given back, an image',
      quick.map((at) => at.stalled / at.images),
    ),
    line(
      'answers of 429',
      [...slow].map((at, place) => at.tooMany + quick[place]!.tooMany),
    ),
    line(
      'wrong in bill or books',
      slow.map((at, place) => at.wrong.length + quick[place]!.wrong.length),
    ),
  ];
  return `${markdown(['workers', ...heads], lines)}\n\n${source(file)}`;
}

export function fairnessTable(file: Measured<readonly WorkspacesPoint[]>): string {
  const lines = file.figures.map((at): Cell[] => [
    at.workspaces,
    at.runs,
    at.images,
    figure(at.wallSeconds),
    figure(at.workerCpuMs),
    figure(at.statements),
    at.fairness.jain.toFixed(3),
    `${figure(at.fairness.first.p50)} / ${figure(at.fairness.first.most)}`,
    `${figure(at.fairness.last.least)} / ${figure(at.fairness.last.most)}`,
  ]);
  const heads = [
    'workspaces',
    'runs',
    'images',
    'seconds',
    'CPU ms an image',
    'statements an image',
  ];
  const fair = [
    'Jain at half time',
    'first image, middle / last, s',
    'all images, first / last, s',
  ];
  return `${markdown([...heads, ...fair], lines)}\n\n${source(file)}`;
}

export function rowsTable(
  files: readonly { readonly name: string; readonly file: RowsFile | undefined }[],
): string {
  const lines = files.flatMap(({ name, file }) =>
    (file?.ways ?? []).map(({ rows, stages }): Cell[] => {
      const seconds = stages.reduce((sum, stage) => sum + stage.seconds, 0);
      const peak = Math.max(...stages.map((stage) => stage.peakMegabytes));
      const cpuMs = (stages.reduce((sum, stage) => sum + stage.cpuSeconds, 0) / rows) * 1000;
      return [
        rows.toLocaleString('en-US'),
        figure(seconds),
        figure(cpuMs),
        peak,
        `[\`${name}\`](scaling/${name})`,
      ];
    }),
  );
  if (lines.length === 0) return 'Not measured yet.';
  return markdown(['rows', 'seconds, all stages', 'CPU ms a row', 'peak MB', 'figures'], lines);
}

export function daysTable(
  days: readonly { readonly installation: NamedInstallation; readonly report: DayReport }[],
  costs: DayCosts,
): string {
  const used = Object.entries(costs)
    .map(([name, value]) => `\`${name}\` ${figure(value)}`)
    .join(' · ');
  const parts = days.map(({ installation, report }) => dayPart(installation, report));
  return [
    `Costs that went in, each from a file in [\`docs/scaling/\`](scaling): ${used}.`,
    ...parts,
  ].join('\n\n');
}

function dayPart({ name }: NamedInstallation, report: DayReport): string {
  const { imagesPerDay, meanPerSecond, peakPerSecond, parts, growth, breaks } = report;
  const lines = parts.map(({ part, utilisation, sum }): Cell[] => [
    part,
    `${utilisation > 1 ? '**' : ''}${figure(utilisation * 100)} %${utilisation > 1 ? '**' : ''}`,
    sum,
  ]);
  const first = breaks ?? `nothing; the busiest is ${parts[0]!.part}`;
  return [
    `### ${imagesPerDay.toLocaleString('en-US')} images a day: ${name}`,
    `${figure(meanPerSecond)} images a second on the mean, ${figure(peakPerSecond)} in the busiest hour. Breaks first: **${first}**.`,
    markdown(['part', 'used in the busiest hour', 'sum'], lines),
    `A day writes ${Math.round(growth.rows / 1e6).toLocaleString('en-US')} million rows, ${figure(growth.databaseGigabytes)} GB of tables and indexes ` +
      `(${figure(growth.indexGigabytes)} GB of them indexes), ${figure(growth.journalGigabytes)} GB of journal, ${figure(growth.bucketTerabytes)} TB of pictures.`,
  ].join('\n\n');
}

function source({ machine, seed, command }: Measured<unknown>): string {
  return `\`${command}\` on ${machine['cores']} cores (${machine['processor']}), ${machine['memory GB']} GB, Node ${machine['node']}, load before ${machine['load before']}, seed ${seed}.`;
}

function markdown(heads: readonly string[], lines: readonly (readonly Cell[])[]): string {
  const row = (cells: readonly Cell[]) =>
    `| ${cells.map((cell) => (typeof cell === 'number' ? cell.toLocaleString('en-US') : cell)).join(' | ')} |`;
  const isNumber = heads.map((_, at) => lines.every((line) => typeof line[at] === 'number'));
  const rule = `|${isNumber.map((number) => (number ? '---:' : '---')).join('|')}|`;
  return [row(heads), rule, ...lines.map(row)].join('\n');
}
