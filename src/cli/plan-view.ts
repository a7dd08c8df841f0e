/** A plan as a person reads it before paying. Pure. */
import { basename } from 'node:path';
import wrapAnsi from 'wrap-ansi';
import { formatMicros } from '../engine/core/credits.ts';
import type { Amount } from '../engine/core/plan.ts';
import { formatSize } from '../engine/core/size.ts';
import type { Forecast, LaneOutlook, PlanReport } from '../engine/engine-types.ts';
import { amountText, countText, plural, usdText } from './amount-text.ts';
import { limitName } from './limit-name.ts';
import type { Colours } from './screen.ts';
import { textTable } from './text-table.ts';
import { aboutText, durationText } from './time-text.ts';

export interface ViewOptions {
  readonly colours: Colours;
  readonly width: number;
  readonly now: number;
}

const MOST_QUOTES_SHOWN = 5;

/** Lines of the plan. */
export function planView(report: PlanReport, view: ViewOptions): string[] {
  return [
    ...headline(report, view),
    '',
    ...modelTable(report, view),
    '',
    ...totals(report, view),
    ...quoteLines(report, view),
    ...forecastLines(report.forecast, view),
    ...finishingLines(report, view),
    ...laneLines(report, view),
    ...budgetLines(report, view),
    ...listed('Why', report.plan.choice, view, view.colours.dim),
    ...listed('Take note', report.warnings, view, view.colours.yellow),
    ...alternatives(report, view),
  ];
}

function headline({ sheet, settings, plan }: PlanReport, { colours }: ViewOptions): string[] {
  const parts = [
    `${plural(plan.rows, 'row')} → ${plural(plan.items, 'image')}`,
    `${formatSize(settings.size)}, ${settings.quality}`,
    ...(plan.skipped > 0 ? [`${plural(plan.skipped, 'bad row')} left out`] : []),
    ...duplicateNotes(plan),
  ];
  return [`${colours.bold(basename(sheet))}  ${parts.join(colours.dim(' · '))}`];
}

function duplicateNotes({ duplicates, collapsed }: PlanReport['plan']): string[] {
  if (collapsed > 0) return [`${plural(collapsed, 'duplicate')} made once`];
  return duplicates > 0 ? [`${plural(duplicates, 'duplicate')} made as often as they stand`] : [];
}

function modelTable({ plan }: PlanReport, { colours }: ViewOptions): string[] {
  const rows = plan.models.map(({ model, batches, requests, items, amount }) => [
    model,
    countText(batches),
    countText(requests),
    countText(items),
    formatMicros(amount.creditMicros),
    usdText(amount.usdMicros),
  ]);
  return textTable(
    [
      { title: 'Model' },
      { title: 'Batches', align: 'right' },
      { title: 'Requests', align: 'right' },
      { title: 'Images', align: 'right' },
      { title: 'Credits', align: 'right' },
      { title: 'USD', align: 'right' },
    ],
    rows,
    colours.dim,
  );
}

function totals({ plan }: PlanReport, { colours, width }: ViewOptions): string[] {
  const { low, expected, worst } = plan;
  if (worst.creditMicros === 0 && worst.usdMicros === 0) return ['It costs nothing.'];
  const isOne = same(low, expected) && same(expected, worst);
  const around = isOne
    ? ''
    : colours.dim(`, at least ${amountText(low)}, at most ${amountText(worst)}`);
  return wrapped(`Expected ${colours.bold(amountText(expected))}${around}`, width);
}

/** Prices that a vendor said itself, a line for each kind of image. */
function quoteLines({ quotes }: PlanReport, { colours, width }: ViewOptions): string[] {
  const shown = quotes.slice(0, MOST_QUOTES_SHOWN).map((quote) => {
    const { model, size, quality, references } = quote;
    const beside = references === 0 ? '' : ` from ${plural(references, 'reference')}`;
    return `(quoted by the vendor: ${model} ${formatSize(size)} ${quality}${beside}, ${usdText(quote.usdMicrosPerImage)} an image)`;
  });
  const more = quotes.length - shown.length;
  const lines = more > 0 ? [...shown, `(and ${plural(more, 'quote')} more)`] : shown;
  return lines.flatMap((line) => wrapped(line, width)).map(colours.dim);
}

function same(one: Amount, other: Amount): boolean {
  return one.creditMicros === other.creditMicros && one.usdMicros === other.usdMicros;
}

function forecastLines(forecast: Forecast, { colours, width, now }: ViewOptions): string[] {
  const lines = [forecastText(forecast, now)];
  for (const assumption of forecast.assumptions) lines.push(colours.dim(`(${assumption})`));
  return lines.flatMap((line) => wrapped(line, width));
}

/** `Finishing (upscale 2x; webp 82) takes this machine about 4 min, 0.8 s an image`. */
function finishingLines({ finishing }: PlanReport, { width }: ViewOptions): string[] {
  if (finishing === undefined) return [];
  const { recipe, totalMs, msPerImage } = finishing;
  const each = msPerImage < 1000 ? `${Math.round(msPerImage)} ms` : durationText(msPerImage);
  return wrapped(
    `Finishing (${recipe}) takes this machine about ${durationText(totalMs)}, ${each} an image, while others are made`,
    width,
  );
}

/** `Done in about 33 min (at 15:02), held up by images-per-minute`. */
export function forecastText({ finishMs, blockedBy }: Forecast, now: number): string {
  const cause = blockedBy === undefined ? '' : `, held up by ${limitName(blockedBy)}`;
  if (finishMs === undefined) {
    const limit = blockedBy === undefined ? 'a limit' : limitName(blockedBy);
    return `It would never be done: ${limit} lets one of its requests through at no time`;
  }
  if (finishMs < 1000) return `Done at once${cause}`;
  return `Done in about ${durationText(finishMs)} (at ${aboutText(now + finishMs, now)})${cause}`;
}

/** Both lanes side by side, where there are two. */
function laneLines({ lanes, settings }: PlanReport, { colours, width, now }: ViewOptions) {
  const { live, batch, leaveBatchAt } = lanes;
  if (batch === undefined) return [];
  const outlook = (name: string, { amount, forecast }: LaneOutlook) => [
    name,
    formatMicros(amount.creditMicros),
    usdText(amount.usdMicros),
    forecast.finishMs === undefined ? 'never' : durationText(forecast.finishMs),
    name === settings.lane ? 'chosen' : '',
  ];
  const table = textTable(
    [
      { title: 'Lane' },
      { title: 'Credits', align: 'right' },
      { title: 'USD', align: 'right' },
      { title: 'Time', align: 'right' },
      { title: '' },
    ],
    [outlook('live', live), outlook('batch', batch)],
    colours.dim,
  );
  const hint =
    leaveBatchAt === undefined || leaveBatchAt <= now
      ? []
      : wrapped(
          `By batch until ${aboutText(leaveBatchAt, now)}; what no batch has made by then goes live`,
          width,
        );
  return ['', ...table, ...hint];
}

function budgetLines({ plan, settings }: PlanReport, { colours, width }: ViewOptions): string[] {
  const { budgetCreditMicros: budget, maxUsdMicros: maxUsd } = settings;
  const lines: string[] = [];
  if (budget !== undefined) {
    const short = budget < plan.expected.creditMicros;
    const words = `Budget ${formatMicros(budget)} credits`;
    lines.push(
      short ? colours.yellow(`${words}: it does not reach for all; the rest will wait`) : words,
    );
  }
  if (maxUsd !== undefined) {
    const short = plan.expected.usdMicros !== undefined && maxUsd < plan.expected.usdMicros;
    const words = `At most ${usdText(maxUsd)}`;
    lines.push(
      short ? colours.yellow(`${words}: it does not reach for all; the rest will wait`) : words,
    );
  }
  return lines.flatMap((line) => wrapped(line, width));
}

function listed(
  title: string,
  texts: readonly string[],
  { width, colours }: ViewOptions,
  colour: (text: string) => string,
): string[] {
  if (texts.length === 0) return [];
  const items = texts.flatMap((text) =>
    wrapped(text, width - 4).map(
      (line, place) => `${place === 0 ? '  • ' : '    '}${colour(line)}`,
    ),
  );
  return ['', colours.bold(title), ...items];
}

function alternatives({ plan, alternatives: forecasts }: PlanReport, view: ViewOptions): string[] {
  const { colours, width } = view;
  if (plan.alternatives.length === 0) return [];
  const rows = plan.alternatives.map(({ model, amount, excluded, available }) => {
    const finishMs = forecasts[model]?.finishMs;
    const figures =
      excluded === undefined
        ? [
            formatMicros(amount.creditMicros),
            usdText(amount.usdMicros),
            finishMs === undefined ? 'never' : durationText(finishMs),
          ]
        : ['-', '-', '-'];
    const note = excluded ?? (available ? '' : 'no key');
    return [model, ...figures, note];
  });
  const lines = textTable(
    [
      { title: 'Model' },
      { title: 'Credits', align: 'right' },
      { title: 'USD', align: 'right' },
      { title: 'Time', align: 'right' },
      { title: '' },
    ],
    rows,
    colours.dim,
  );
  return [
    '',
    colours.bold('The same sheet on other models'),
    ...lines.map((line) => cut(line, width)),
  ];
}

export function wrapped(text: string, width: number): string[] {
  return wrapAnsi(text, Math.max(20, width), { hard: true }).split('\n');
}

/** A table's last cell may be too long for the line; what is cut is in `--json`. */
function cut(line: string, width: number): string {
  const [first = line, ...more] = wrapped(line, width - 2);
  return more.length === 0 ? first : `${first} …`;
}
