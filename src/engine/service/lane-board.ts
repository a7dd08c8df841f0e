/** The lanes of a workspace that have seen traffic, each with its health and its limits. */
import { QUARTER_HOUR_MS } from '../core/calendar-day.ts';
import type { LaneEnd, LaneHealth, LaneLoad, LaneUse, LaneWait } from '../core/dashboard.ts';
import { parseLaneName } from '../core/lane.ts';
import { addUsage, NO_USAGE, type UsageSums } from '../core/usage.ts';
import type { UseTime } from '../store/dashboard-store.ts';
import type { WaitingLane } from '../store/limit-store.ts';
import type { Store, StoredRun } from '../store/store.ts';
import { laneStanding } from './lane-health.ts';
import type { BoardEntry } from './limit-board.ts';
import type { WorkspaceLane, WorkspaceLanes, WorkspaceLanesDeps } from './workspace-lanes.ts';

/** The last sendings of an account that are looked at, those of other workspaces as well. */
const MOST_ENDS = 500;
/** Runs whose waits are told of one lane. */
const MOST_WAITS = 20;

export interface LaneQuestion {
  readonly now: number;
  readonly time: UseTime;
  readonly known: WorkspaceLanes;
  readonly uses: readonly LaneUse[];
  /** Runs that work or are about to. */
  readonly running: readonly StoredRun[];
}

export interface LaneAnswer {
  /** Those that work or wait first. */
  readonly lanes: readonly (LaneHealth & { readonly limits: readonly BoardEntry[] })[];
  readonly recentSince: number;
  readonly waitingFor: (limitKey: string) => readonly WaitingLane[];
}

export class LaneBoard {
  readonly #store: Store;
  readonly #catalog: WorkspaceLanesDeps['catalog'];

  constructor({ store, catalog }: WorkspaceLanesDeps) {
    this.#store = store;
    this.#catalog = catalog;
  }

  async standings(question: LaneQuestion): Promise<LaneAnswer> {
    const { now, known, uses, running } = question;
    const recentSince = Math.floor(now / QUARTER_HOUR_MS - 1) * QUARTER_HOUR_MS;
    const ends = await this.#ends(question);
    const loads = await this.#store.laneLoads(running.map(({ id }) => id));
    const waits = waitsOf(running);
    const usesOf = Map.groupBy(uses, ({ lane }) => lane);
    const loadOf = new Map(loads.map((load) => [load.lane, load]));
    const names = new Set([...usesOf.keys(), ...loadOf.keys(), ...ends.keys(), ...waits.keys()]);
    const limitsOf = await this.#limits(question, names, waits);
    const reached = new Map(known.lanes.map((lane) => [lane.name, lane]));
    const lanes = [...names].map((name) => {
      const { model, kind } = parseLaneName(name);
      const own = usesOf.get(name) ?? [];
      const deliveredAt = own.findLast(({ delivered }) => delivered > 0)?.at;
      return {
        vendor: reached.get(name)?.vendor ?? this.#catalog.find(model)?.vendor ?? '',
        model,
        lane: kind,
        ...laneStanding({
          load: loadOf.get(name) ?? NOTHING,
          waits: tellWaits(waits.get(name) ?? [], known),
          ends: ends.get(name) ?? [],
          recent: sumOf(own.filter(({ at }) => at >= recentSince)),
          ...(deliveredAt !== undefined && { deliveredAt }),
        }),
        limits: limitsOf(reached.get(name)),
      };
    });
    const inOrder = lanes.toSorted(
      (one, other) => rankOf(one) - rankOf(other) || (one.model < other.model ? -1 : 1),
    );
    return {
      lanes: inOrder,
      recentSince,
      waitingFor: (key) => waitingFor(key, waits),
    };
  }

  /** By lane, the newest first. */
  async #ends({ time, known }: LaneQuestion): Promise<Map<string, LaneEnd[]>> {
    const { workspace, from: since } = time;
    const found: LaneEnd[] = [];
    for (const account of new Set(known.lanes.map((lane) => lane.account))) {
      const question = { workspace, account, since, most: MOST_ENDS };
      found.push(...(await this.#store.laneEnds(question)));
    }
    return Map.groupBy(found, ({ lane }) => lane);
  }

  /** Of the lanes that are told only: each limit is a few questions. The workspace's own stands elsewhere. */
  async #limits(
    { time, known }: LaneQuestion,
    names: ReadonlySet<string>,
    waits: Waits,
  ): Promise<(lane: WorkspaceLane | undefined) => BoardEntry[]> {
    const told = known.lanes.filter(({ name }) => names.has(name));
    const limits = new Map(
      told.flatMap((lane) => lane.limits.map((limit) => [limit.key, limit] as const)),
    );
    limits.delete(known.own.key);
    const standings = new Map(
      (await this.#store.limitStandings(time.workspace, [...limits.values()])).map((standing) => [
        standing.limit.key,
        standing,
      ]),
    );
    return (lane) =>
      (lane?.limits ?? []).flatMap(({ key }) => {
        const standing = standings.get(key);
        if (lane === undefined || standing === undefined) return [];
        const { model, vendor, lane: kind } = lane;
        const of = { model, vendor, lane: kind };
        return [{ standing, of, waiting: waitingFor(key, waits) }];
      });
  }
}

const NOTHING: Omit<LaneLoad, 'lane'> = { sent: 0, waiting: 0 };

interface RunWait {
  readonly runId: string;
  /** The limit's key, or another obstacle. */
  readonly limit: string;
  readonly reason: string;
  readonly until?: number;
}
type Waits = ReadonlyMap<string, readonly RunWait[]>;

/** By lane, those of the oldest runs first. */
function waitsOf(running: readonly StoredRun[]): Waits {
  const waits = running.toReversed().flatMap(({ id: runId, waits: ofRun }) =>
    Object.entries(ofRun).map(([lane, { limit, reason, until }]) => ({
      lane,
      runId,
      limit,
      reason,
      ...(until !== undefined && { until }),
    })),
  );
  return Map.groupBy(waits, ({ lane }) => lane);
}

/** With the limits' names: their keys tell of accounts. */
function tellWaits(waits: readonly RunWait[], { own, lanes }: WorkspaceLanes): LaneWait[] {
  const names = new Map(
    [own, ...lanes.flatMap(({ limits }) => limits)].map(({ key, name }) => [key, name]),
  );
  return waits.slice(0, MOST_WAITS).map((wait) => ({
    ...wait,
    limit: names.get(wait.limit) ?? (wait.limit.includes('/') ? 'limit' : wait.limit),
  }));
}

function waitingFor(key: string, waits: Waits): WaitingLane[] {
  return [...waits].flatMap(([lane, ofLane]) =>
    ofLane
      .filter(({ limit }) => limit === key)
      .map(({ runId, limit, until }) => ({
        runId,
        lane,
        limit,
        ...(until !== undefined && { until }),
      })),
  );
}

function sumOf(uses: readonly UsageSums[]): UsageSums {
  return uses.reduce<UsageSums>(addUsage, NO_USAGE);
}

/** What needs somebody comes first, what rests last. */
const RANKS: readonly LaneHealth['verdict'][] = [
  'account-empty',
  'key-refused',
  'model-gone',
  'failing',
  'waiting',
  'working',
  'idle',
];

function rankOf({ verdict }: Pick<LaneHealth, 'verdict'>): number {
  return RANKS.indexOf(verdict);
}
