/** What was measured as tables: one a scenario, and the one that shows everybody at a glance. */
import { figure, type Section } from '../section.ts';
import { CONTENDERS } from './contenders.ts';
import { linesOf, type Results, summariesOf } from './results.ts';
import type { Scenario, ScenarioName } from './scenarios.ts';
import type { Spread, Summary } from './summary.ts';

type Cells = Readonly<Record<string, string | number>>;

export function tablesOf(results: Results): Section[] {
  return results.scenarios.map((scenario) => ({
    title: scenario.title,
    how: [],
    rows: summariesOf(results, scenario.name).map((summary) => cellsOf(scenario, summary)),
  }));
}

/** What a scenario shows, by its kind. */
function cellsOf(scenario: Scenario, summary: Summary & { readonly title: string }): Cells {
  const seconds = summary.isStopped ? 'stopped' : range(summary.seconds);
  const money = {
    'paid images': summary.paid,
    'paid twice': summary.paidTwice,
    lost: summary.lost,
    'told as unknown': summary.held,
  };
  const use = { 'peak MB': figure(summary.peakMegabytes.median) };
  const whole = { contender: summary.title, rows: summary.rows, pictures: summary.files };
  const accounts = { ...whole, ...money, 'unaccounted rows': summary.unaccounted };
  switch (scenario.name) {
    case 'known':
    case 'learned':
      return {
        contender: summary.title,
        seconds,
        'over the bound': overBound(summary),
        'in the sheet’s order': overBound(summary, summary.overSheetOrder),
        '429s': summary.tooMany,
        'most in a window': summary.mostInWindow,
        pictures: `${summary.files} of ${summary.rows}`,
        ...money,
        ...use,
      };
    case 'faults':
      return { ...accounts, seconds, ...use };
    case 'kill':
      return { ...accounts, '429s': summary.tooMany, seconds, ...use };
    case 'cap':
      return { ...whole, ...money, 'over the cap $': figure(summary.overCapUsd) };
    case 'throughput':
    case 'pictures':
      return {
        contender: summary.title,
        'images/s': range(summary.imagesPerSecond),
        'CPU ms/image': range(summary.cpuMsPerImage),
        'of its server': figure(summary.serviceCpuMsPerImage.median),
        ...use,
      };
    default:
      return scenario.name satisfies never;
  }
}

/** Everybody at a glance; only scenarios that were run have figures. */
export function glance(results: Results): readonly Cells[] {
  const all = new Map(
    results.scenarios.map(({ name }) => [
      name,
      new Map(summariesOf(results, name).map((each) => [each.contender, each])),
    ]),
  );
  return CONTENDERS.filter(({ onlyWhenNamed }) => !onlyWhenNamed).map((contender) => {
    const of = (scenario: ScenarioName) => all.get(scenario)?.get(contender.name);
    const known = of('known');
    const learned = of('learned');
    const [faults, kill, cap] = [of('faults'), of('kill'), of('cap')];
    const [speed, heavy] = [of('throughput'), of('pictures')];
    const both = (count: (summary: Summary) => number) =>
      faults && kill ? count(faults) + count(kill) : '';
    return {
      '': contender.title,
      'time / bound, limit told': known ? overBound(known) : '',
      'limit learned': learned ? overBound(learned) : '',
      '429s, told and learned': known && learned ? `${known.tooMany}, ${learned.tooMany}` : '',
      'paid twice': both(({ paidTwice }) => paidTwice),
      'paid and lost': both(({ lost }) => lost),
      'told as unknown': both(({ held }) => held),
      'rows unaccounted': both(({ unaccounted }) => unaccounted),
      'over the cap': cap ? `$${cap.overCapUsd.toFixed(2)}` : '',
      'images/s': speed ? figure(speed.imagesPerSecond.median) : '',
      'CPU ms/image': speed ? figure(speed.cpuMsPerImage.median) : '',
      'CPU ms of 1.5 MB': heavy ? figure(heavy.cpuMsPerImage.median) : '',
      'peak MB': speed ? figure(speed.peakMegabytes.median) : '',
      'lines of code': linesOf(contender),
    };
  });
}

export function markdownTable(rows: readonly Cells[]): string {
  const columns = Object.keys(rows[0] ?? {});
  const lines = rows.map((row) => columns.map((column) => String(row[column] ?? '')));
  const rule = columns.map((_, place) => (place === 0 ? '---' : '---:'));
  return [columns, rule, ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** Only a sheet that is whole has a time to compare. */
function overBound({ overBound: bound, files, rows }: Summary, spread = bound): string {
  return spread === undefined ? `${files} of ${rows} made` : spread.median.toFixed(2);
}

/** `41` or, where seeds differ, `41 (38–44)`. */
function range({ median, least, most }: Spread): string {
  const [middle, low, high] = [median, least, most].map(figure);
  return low === high ? String(middle) : `${middle} (${low}–${high})`;
}
