/** How the quality of a run's images goes, in words and small pictures. Pure. */
import type { FlagKind } from '../engine/core/flag.ts';
import type { ModelQuality, RunReport } from '../engine/engine-types.ts';
import { plural } from './amount-text.ts';
import type { Colours } from './screen.ts';
import { textTable } from './text-table.ts';

const BARS = '▁▂▃▄▅▆▇█';
/** Detail is told with so many digits: more would be noise. */
const DIGITS = 3;
/** Below this share of its start a model is not called steady, however little sure it is. */
const FAR_BELOW = 0.7;
/** Images of a point from which on it is shown. */
const FIRM = 3;

const FLAG_WORDS: Readonly<Record<FlagKind, readonly [one: string, many: string]>> = {
  blank: ['blank', 'blank'],
  'wrong-size': ['of the wrong size', 'of the wrong size'],
  broken: ['broken', 'broken'],
  'near-duplicate': ['near-duplicate', 'near-duplicates'],
  drifted: ['drifted', 'drifted'],
  'exact-duplicate': ['exact duplicate', 'exact duplicates'],
  'low-detail': ['of low detail', 'of low detail'],
  screened: ['for review', 'for review'],
  'missing-file': ['missing file', 'missing files'],
  'changed-file': ['changed file', 'changed files'],
  unmarked: ['without marks', 'without marks'],
  'broken-credentials': ['with broken credentials', 'with broken credentials'],
};

/** What a person should look at; nothing where all is well. */
export function qualityLines({ quality }: Pick<RunReport, 'quality'>): string[] {
  return [...quality.models.flatMap(lossLines), ...flagLines(quality.flags)];
}

/** A table of each model's detail along its queue. */
export function qualityTable({ quality }: Pick<RunReport, 'quality'>, colours: Colours): string[] {
  if (quality.models.length === 0) return [];
  const rows = quality.models.map((model) => [
    model.model,
    curveText(model.curve),
    detailText(model.start),
    detailText(model.latest),
    model.ratio === undefined ? '' : percent(model.ratio),
    verdictText(model),
    canaryText(model.canaries),
  ]);
  const columns = [
    { title: 'Model' },
    { title: 'Detail along its queue' },
    { title: 'Start', align: 'right' as const },
    { title: 'Latest', align: 'right' as const },
    { title: 'Left', align: 'right' as const },
    { title: 'Verdict' },
    { title: 'Canaries' },
  ];
  const hasCanaries = rows.some((row) => row[6] !== '');
  return textTable(hasCanaries ? columns : columns.slice(0, 6), rows, colours.dim);
}

/** Points of one or two images say more of their subjects than of the model. */
function curveText(curve: ModelQuality['curve']): string {
  const firm = curve.filter(({ images }) => images >= FIRM);
  return sparkline((firm.length === 0 ? curve : firm).map(({ detail }) => detail));
}

/** Bars from nothing to the largest value. */
export function sparkline(values: readonly number[]): string {
  const most = Math.max(...values, Number.MIN_VALUE);
  return values
    .map((value) => BARS[Math.min(BARS.length - 1, Math.floor((value / most) * BARS.length))])
    .join('');
}

function lossLines({ model, verdict, ratio = 1, canaries }: ModelQuality): string[] {
  const last = canaries.at(-1);
  const lines: string[] = [];
  if (verdict === 'fell') {
    lines.push(
      `Detail of ${model} is at ${percent(ratio)} of its start: look at its latest images (subjects differ in it too)`,
    );
  }
  if (last?.verdict === 'less-detail') {
    lines.push(
      `The canary of ${model} has ${percent(last.ratio)} of its first’s detail: the model has lost detail`,
    );
  }
  if (last?.verdict === 'other-picture') {
    lines.push(
      `The canary of ${model} is another picture than its first: it no longer honours its seed`,
    );
  }
  return lines;
}

function flagLines(flags: Readonly<Record<FlagKind, number>>): string[] {
  const found = (Object.keys(FLAG_WORDS) as FlagKind[]).filter((kind) => flags[kind] > 0);
  if (found.length === 0) return [];
  const words = found.map((kind) => plural(flags[kind], ...FLAG_WORDS[kind]));
  return [`Flagged: ${words.join(', ')} (column flags of results.csv)`];
}

function verdictText({ verdict, ratio = 1 }: ModelQuality): string {
  switch (verdict) {
    case 'fell':
      return 'fell below its start';
    case 'steady':
      // Far apart, but so few images of such different subjects may do that by chance.
      return ratio <= FAR_BELOW ? 'lower, but may be chance' : 'steady';
    case 'too-early':
      return 'too early to say';
    default:
      return verdict satisfies never;
  }
}

function canaryText(canaries: ModelQuality['canaries']): string {
  const last = canaries.at(-1);
  if (last === undefined) return '';
  const words = last.verdict === 'other-picture' ? 'another picture' : percent(last.ratio);
  return `${canaries.length}, last ${words}`;
}

function detailText(detail: number | undefined): string {
  return detail === undefined ? '' : String(Number(detail.toPrecision(DIGITS)));
}

function percent(ratio: number): string {
  return `${Math.round(ratio * 100)} %`;
}
