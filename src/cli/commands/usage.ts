/** `imagemill usage`: what a workspace made and paid in a time. */
import { usageJson } from '../../api/json/usage-json.ts';
import { formatMicros } from '../../engine/core/credits.ts';
import { UsageError } from '../../engine/core/errors.ts';
import {
  USAGE_GROUPINGS,
  type UsageGrouping,
  type UsageGroup,
  type UsageSums,
} from '../../engine/core/usage.ts';
import { LOCAL_WORKSPACE } from '../../engine/core/workspace.ts';
import { countText, usdText } from '../amount-text.ts';
import { printable } from '../printable-text.ts';
import { type CommonOptions, openSession } from '../session.ts';
import { textTable } from '../text-table.ts';

export interface UsageOptions extends CommonOptions {
  readonly workspace?: string;
  readonly by?: string;
  readonly from?: string;
  readonly to?: string;
  readonly timeZone?: string;
  readonly limit?: string;
}

const MOST_RUNS = 200;

export async function usage(options: UsageOptions): Promise<number> {
  const { workspace = LOCAL_WORKSPACE, from, to, timeZone } = options;
  const by = groupingOf(options.by ?? 'day');
  const most = limitOf(options.limit);
  await using session = await openSession(options);
  const { engine, screen } = session;
  const answer = await engine.service.usage.report({
    workspace,
    by,
    most,
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(timeZone !== undefined && { timeZone }),
  });
  if (answer.groups.length === 0) screen.say('Nothing was made in this time.');
  else
    for (const line of table(answer.groups, answer.total, by, screen.colours.dim)) screen.say(line);
  if (answer.next !== undefined) screen.say(`There are more runs: these are the newest ${most}.`);
  screen.result({ workspace, ...usageJson(answer) });
  return 0;
}

const TITLES: Readonly<Record<UsageGrouping, string>> = {
  day: 'Day',
  model: 'Model',
  key: 'Key',
  run: 'Run',
};

function table(
  groups: readonly UsageGroup[],
  total: UsageSums,
  by: UsageGrouping,
  heading: (line: string) => string,
): string[] {
  const right = { align: 'right' as const };
  const columns = [
    { title: TITLES[by] },
    { title: by === 'key' || by === 'run' ? 'Name' : '' },
    { title: 'Delivered', ...right },
    { title: 'Refused', ...right },
    { title: 'Failed', ...right },
    { title: 'Credits', ...right },
    { title: 'Dollars', ...right },
  ];
  const cells = (sums: UsageSums) => [
    countText(sums.delivered),
    countText(sums.refused),
    countText(sums.failed),
    formatMicros(sums.postedCreditMicros, 6),
    usdText(sums.usdMicros),
  ];
  const rows = groups.map((group) => [
    group.group ?? 'without a key',
    printable(group.name ?? ''),
    ...cells(group),
  ]);
  return textTable(columns, [...rows, ['All', '', ...cells(total)]], heading);
}

function groupingOf(text: string): UsageGrouping {
  const by = USAGE_GROUPINGS.find((each) => each === text);
  if (by !== undefined) return by;
  throw new UsageError(`--by must be ${USAGE_GROUPINGS.join(', ')}: it is "${text}".`);
}

function limitOf(text: string | undefined): number {
  if (text === undefined) return MOST_RUNS;
  const limit = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= MOST_RUNS) return limit;
  throw new UsageError(`--limit must be a whole number from 1 to ${MOST_RUNS}: it is "${text}".`);
}
