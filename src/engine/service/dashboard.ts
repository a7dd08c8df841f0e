/** The dashboard of a workspace: what it made and paid, how its lanes stand, and which runs need somebody. */
import { dayAfter, dayAt, dayStart, isTimeZone, QUARTER_HOUR_MS } from '../core/calendar-day.ts';
import type {
  CostComparison,
  LaneHealth,
  LaneUse,
  ModelOutcomes,
  NotDelivered,
} from '../core/dashboard.ts';
import { UsageError } from '../core/errors.ts';
import { parseLaneName } from '../core/lane.ts';
import type { ItemCounts } from '../core/outcome.ts';
import type { RunState } from '../core/run.ts';
import { addUsage, NO_USAGE, type UsageGroup, type UsageSums } from '../core/usage.ts';
import type { UseTime } from '../store/dashboard-store.ts';
import type { KeptCounts } from '../report/kept-counts.ts';
import type { Store, StoredRun } from '../store/store.ts';
import { compareCosts, type ModelCost } from './compare-costs.ts';
import type { BoardEntry } from './limit-board.ts';
import { LaneBoard } from './lane-board.ts';
import { workspaceLanes, type WorkspaceLanesDeps } from './workspace-lanes.ts';

/** Runs that are shown of each kind. */
const MOST_RUNS = 8;
/** Runs whose costs are compared with their plans. */
const MOST_COMPARED = 30;
/** Runs of which it is told what was refused in them, and what failed. */
const MOST_TROUBLED = 100;
/** Runs that are asked for requests whose end nobody knows. */
const MOST_ASKED = 500;
/** Kinds of refusals and failures of a model. */
const MOST_KINDS = 8;

export interface DashboardOrder {
  readonly workspace: string;
  /** Days up to now, today included. */
  readonly days: number;
  /** IANA name, by which days are counted. */
  readonly timeZone: string;
}

export interface DashboardRun {
  readonly run: StoredRun;
  readonly items: ItemCounts;
  /** Requests whose end nobody knows. */
  readonly unknown: number;
}

export interface RunCost extends CostComparison {
  readonly run: StoredRun;
  /** Nothing more is sent: what was spent is all. */
  readonly isFinal: boolean;
}

export interface DashboardReport {
  readonly from: number;
  readonly to: number;
  readonly hour: BoardEntry;
  readonly days: readonly (UsageSums & { readonly day: string })[];
  readonly models: readonly ModelOutcomes[];
  readonly keys: readonly UsageGroup[];
  readonly total: UsageSums;
  readonly costs: { readonly runs: readonly RunCost[]; readonly models: readonly ModelCost[] };
  readonly lanes: readonly (LaneHealth & { readonly limits: readonly BoardEntry[] })[];
  /** What `recent` of the lanes is about. */
  readonly recentSince: number;
  readonly runs: {
    readonly working: readonly DashboardRun[];
    readonly waiting: readonly DashboardRun[];
    readonly ended: readonly DashboardRun[];
  };
}

export interface DashboardDeps extends WorkspaceLanesDeps {
  readonly counts: KeptCounts;
}

export class Dashboard {
  readonly #deps: DashboardDeps;
  readonly #store: Store;
  readonly #counts: KeptCounts;
  readonly #lanes: LaneBoard;

  constructor(deps: DashboardDeps) {
    this.#deps = deps;
    this.#store = deps.store;
    this.#counts = deps.counts;
    this.#lanes = new LaneBoard(deps);
  }

  /** Throws `UsageError` for a zone that is none. */
  async report({ workspace, days, timeZone }: DashboardOrder): Promise<DashboardReport> {
    if (!isTimeZone(timeZone)) {
      throw new UsageError(`"${timeZone}" is no time zone: write one like Europe/Berlin or UTC.`);
    }
    const now = await this.#store.now();
    const firstDay = dayAfter(dayAt(now, timeZone), 1 - days);
    const time: UseTime = {
      workspace,
      from: dayStart(firstDay, timeZone)!,
      // Up to now, and what is written in this very quarter of an hour.
      to: (Math.floor(now / QUARTER_HOUR_MS) + 1) * QUARTER_HOUR_MS,
    };
    const uses = await this.#store.usageOfLanes(time);
    const known = await workspaceLanes(this.#deps, workspace);
    const running = await this.#list(workspace, ['running', 'planned'], MOST_ASKED);
    const lanes = await this.#lanes.standings({ now, time, known, uses, running });
    const [own] = await this.#store.limitStandings(workspace, [known.own]);
    const keys = await this.#store.usage({ ...time, by: 'key', timeZone, most: 1 });
    const dayNames = Array.from({ length: days }, (_, place) => dayAfter(firstDay, place));
    const dayOf = daysOf(timeZone);
    return {
      from: time.from,
      to: now,
      hour: { standing: own!, waiting: lanes.waitingFor(known.own.key) },
      days: byDay(uses, dayNames, dayOf),
      models: modelsOf(uses, await this.#store.notDelivered(time, MOST_TROUBLED), dayNames, dayOf),
      keys: keys.groups,
      total: keys.total,
      costs: await this.#costs(time),
      lanes: lanes.lanes,
      recentSince: lanes.recentSince,
      runs: await this.#runs(workspace, running),
    };
  }

  #list(workspace: string, states: readonly RunState[], limit: number): Promise<StoredRun[]> {
    return this.#store.runsPage({ workspace, states, limit });
  }

  async #costs(time: UseTime): Promise<DashboardReport['costs']> {
    const { workspace, from: since, to } = time;
    const runs = await this.#store.runsPage({ workspace, since, limit: MOST_COMPARED });
    const ended = runs.filter(({ state }) => state === 'done' || state === 'cancelled');
    const uses = await this.#store.usageOfRuns(
      { workspace, from: since - (since % QUARTER_HOUR_MS), to },
      ended.map(({ id }) => id),
    );
    return {
      runs: runs.map((run) => ({
        run,
        estimated: run.plan!.expected,
        actual: { creditMicros: run.postedCreditMicros, usdMicros: run.actualUsdMicros },
        isFinal: ended.includes(run),
      })),
      models: compareCosts(ended, uses),
    };
  }

  async #runs(workspace: string, running: readonly StoredRun[]): Promise<DashboardReport['runs']> {
    const unknown = new Map(
      (await this.#store.unknownRequests(workspace, MOST_ASKED)).map((each) => [
        each.runId,
        each.requests,
      ]),
    );
    const stopped = await this.#list(workspace, ['awaiting_approval', 'paused', 'stopped'], 50);
    const ended = await this.#list(workspace, ['done', 'cancelled'], 50);
    const open = await this.#named(
      [...unknown.keys()].filter((id) => ![...running, ...stopped].some((run) => run.id === id)),
    );
    const show = (runs: readonly StoredRun[]) =>
      Promise.all(
        runs
          .toSorted((one, other) => other.updatedAt - one.updatedAt)
          .slice(0, MOST_RUNS)
          .map(async (run) => ({
            run,
            items: await this.#counts.of(run),
            unknown: unknown.get(run.id) ?? 0,
          })),
      );
    return {
      working: await show(running),
      waiting: await show([...stopped, ...open]),
      ended: await show(ended.filter(({ id }) => !unknown.has(id))),
    };
  }

  async #named(ids: readonly string[]): Promise<StoredRun[]> {
    const found: StoredRun[] = [];
    for (const id of ids.slice(0, MOST_RUNS)) {
      const run = await this.#store.findRun(id);
      if (run !== undefined) found.push(run);
    }
    return found;
  }
}

type DayOf = (at: number) => string;

/** The day of a moment; quarters of an hour repeat, so each is looked up once. */
function daysOf(timeZone: string): DayOf {
  const known = new Map<number, string>();
  return (at) => {
    const day = known.get(at) ?? dayAt(at, timeZone);
    known.set(at, day);
    return day;
  };
}

function byDay(uses: readonly LaneUse[], days: readonly string[], dayOf: DayOf) {
  const found = Map.groupBy(uses, ({ at }) => dayOf(at));
  return days.map((day) => ({ day, ...sumOf(found.get(day) ?? []) }));
}

/** Those with the most images first. */
function modelsOf(
  uses: readonly LaneUse[],
  troubles: readonly NotDelivered[],
  days: readonly string[],
  dayOf: DayOf,
): ModelOutcomes[] {
  const modelOf = ({ lane }: { readonly lane: string }) => parseLaneName(lane).model;
  const troublesOf = Map.groupBy(troubles, modelOf);
  const models = [...Map.groupBy(uses, modelOf)].map(([model, own]) => {
    const kinds = troublesOf.get(model) ?? [];
    return {
      model,
      ...sumOf(own),
      days: byDay(own, days, dayOf),
      refusals: kindsOf(kinds, ({ category }) => category).map(([category, items]) => ({
        category,
        items,
      })),
      failures: kindsOf(kinds, ({ reason }) => reason).map(([reason, items]) => ({
        reason,
        items,
      })),
    };
  });
  return models.toSorted((one, other) => imagesOf(other) - imagesOf(one));
}

/** The kinds that there are with how many images each has, live and batch together; the most first. */
function kindsOf<Kind extends string>(
  troubles: readonly NotDelivered[],
  kindOf: (trouble: NotDelivered) => Kind | undefined,
): [Kind, number][] {
  const counts = new Map<Kind, number>();
  for (const trouble of troubles) {
    const kind = kindOf(trouble);
    if (kind !== undefined) counts.set(kind, (counts.get(kind) ?? 0) + trouble.items);
  }
  return [...counts].toSorted(([, one], [, other]) => other - one).slice(0, MOST_KINDS);
}

function sumOf(uses: readonly UsageSums[]): UsageSums {
  // Built anew: what is added up has more than its sums.
  return uses.reduce<UsageSums>(addUsage, NO_USAGE);
}

function imagesOf({ delivered, refused, failed }: UsageSums): number {
  return delivered + refused + failed;
}
