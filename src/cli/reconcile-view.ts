/** A run's ledger beside the vendors' reports, as a person reads it. Pure. */
import { formatUsd } from '../engine/core/credits.ts';
import {
  type CostSum,
  type ImageSum,
  type Reconciliation,
  type SumComparison,
  surplusOf,
  type TaskComparison,
  type TaskDifference,
  type VendorReconciliation,
} from '../engine/core/reconciliation.ts';
import { countText, plural, usdText } from './amount-text.ts';
import { type ViewOptions, wrapped } from './plan-view.ts';
import { textTable } from './text-table.ts';
import { clockText } from './time-text.ts';

/** What is more is in `--json`. */
const MOST_SHOWN = 20;

export function reconcileView(
  { vendors }: Reconciliation,
  titleOf: (vendor: string) => string,
  view: ViewOptions,
): string[] {
  if (vendors.length === 0) return ['Nothing of this run was sent: there is nothing to compare.'];
  return vendors.flatMap((vendor, place) => [
    ...(place === 0 ? [] : ['']),
    ...vendorLines(vendor, titleOf(vendor.vendor), view),
  ]);
}

function vendorLines(reconciled: VendorReconciliation, title: string, view: ViewOptions): string[] {
  const { colours, width, now } = view;
  const { from, to, report, hints } = reconciled;
  const time = `${clockText(from, now)} to ${clockText(to, now)}`;
  const body =
    report.kind === 'tasks'
      ? taskLines(report, view)
      : report.kind === 'sums'
        ? sumLines(report, view)
        : [];
  return [
    `${colours.bold(title)}  ${colours.dim(time)}`,
    `  Ledger  ${ledgerText(reconciled)}`,
    ...wrapped(verdictText(reconciled, title, view), width - 10).map(
      (line, place) => `  ${place === 0 ? 'Report' : '      '}  ${line}`,
    ),
    ...body.map((line) => `  ${line}`),
    ...hints
      .flatMap((hint) => wrapped(`→ ${hint}`, width - 2).map((line) => `  ${line}`))
      .map(colours.yellow),
  ];
}

function ledgerText({ ledger }: VendorReconciliation): string {
  const { requests, images, usdMicros, unknownRequests, openRequests } = ledger;
  return [
    `${plural(requests, 'request')}, ${plural(images, 'image')}, ${formatUsd(usdMicros)}`,
    ...(unknownRequests > 0 ? [`${countText(unknownRequests)} of unknown end`] : []),
    ...(openRequests > 0 ? [`${countText(openRequests)} still under way`] : []),
  ].join('; ');
}

function verdictText(
  { report, verdict }: VendorReconciliation,
  title: string,
  { colours }: ViewOptions,
): string {
  if (report.kind === 'none') {
    return colours.dim(`${title} has no usage report that could be asked for`);
  }
  if (report.kind === 'unavailable') return colours.red(`could not be had: ${report.words}`);
  const mark = verdict === 'agrees' ? colours.green('✔ agrees') : colours.red('✘ differs');
  if (report.kind === 'sums') return `${mark} (it counts, and names no request)`;
  const others = report.otherRuns > 0 ? `; ${plural(report.otherRuns, 'task')} of other runs` : '';
  const matched = `${plural(report.matched, 'task')} found with the same amount`;
  return `${mark}: ${matched}, ${formatUsd(report.reportUsdMicros)} of ${formatUsd(report.ledgerUsdMicros)}${others}`;
}

function taskLines(report: TaskComparison, { colours, now }: ViewOptions): string[] {
  const rows = [
    ...rowsOf('other amount', report.differing, now),
    ...rowsOf('not in the report', report.onlyLedger, now),
    ...rowsOf('end unknown, billed', report.unknownBilled, now),
    ...rowsOf('only in the report', report.onlyReport, now),
  ];
  if (rows.length === 0) return [];
  const table = textTable(
    [
      { title: 'Task' },
      { title: 'When' },
      { title: 'Ledger', align: 'right' },
      { title: 'Report', align: 'right' },
      { title: '' },
    ],
    rows.slice(0, MOST_SHOWN),
    colours.dim,
  );
  const left = rows.length - MOST_SHOWN;
  return left > 0 ? [...table, colours.dim(`and ${countText(left)} more (see --json)`)] : table;
}

function rowsOf(what: string, tasks: readonly TaskDifference[], now: number): string[][] {
  return tasks.map(({ ref, attemptId, at, ledgerUsdMicros, reportUsdMicros }) => [
    ref ?? attemptId ?? '?',
    clockText(at, now),
    ledgerUsdMicros === undefined ? '-' : usdText(ledgerUsdMicros),
    reportUsdMicros === undefined ? '-' : usdText(reportUsdMicros),
    what,
  ]);
}

function sumLines({ images, costs }: SumComparison, view: ViewOptions): string[] {
  return [...imageLines(images, view), ...costLines(costs, view)];
}

function imageLines(images: readonly ImageSum[], { colours }: ViewOptions): string[] {
  const right = 'right' as const;
  return textTable(
    [
      { title: 'Images of' },
      { title: 'Ledger', align: right },
      { title: 'At the edge', align: right },
      { title: 'Unknown', align: right },
      { title: 'Report', align: right },
      { title: 'More', align: right },
    ],
    images.map((sum) => [
      sum.model,
      countText(sum.ledgerImages),
      countText(sum.edgeImages),
      countText(sum.unknownImages),
      countText(sum.reportImages),
      countText(surplusOf(sum)),
    ]),
    colours.dim,
  );
}

/** A day has more than a run, and an account more than one program: for a person to look at. */
function costLines(costs: readonly CostSum[], { colours, width }: ViewOptions): string[] {
  return costs.flatMap(({ model, from, to, ledgerUsdMicros, reportUsdMicros }) => {
    const days = dayText(from, to);
    const text = `${model} on ${days} (UTC), all programs of the account: ${formatUsd(reportUsdMicros)} billed; this store knows of ${formatUsd(ledgerUsdMicros)}`;
    return wrapped(text, width - 2).map(colours.dim);
  });
}

const DAY_MS = 24 * 60 * 60_000;

function dayText(from: number, to: number): string {
  const [first, last] = [from, to - 1].map((at) => new Date(at).toISOString().slice(0, 10));
  return to - from <= DAY_MS ? `${first}` : `${first} to ${last}`;
}
