/**
 * Compares what a run recorded with the vendors' own reports: nothing is sent that could cost, and
 * nothing is changed.
 */
import type { Catalog } from '../core/catalog.ts';
import type { Clock } from '../core/clock.ts';
import { parseLaneName } from '../core/lane.ts';
import {
  type Reconciliation,
  type ReportComparison,
  type SentAttempt,
  surplusOf,
  type VendorReconciliation,
} from '../core/reconciliation.ts';
import { matchUsage, probablyUnknown } from './match-usage.ts';
import type { Store } from '../store/store.ts';
import { sumUsage } from './sum-usage.ts';
import type { UsageAnswer, UsageLine, VendorLane } from '../vendors/vendor.ts';

/** A task may be billed a little after it was answered, and clocks differ. */
const MARGIN_MS = 5 * 60_000;
/** For the whole report, however many pages it has. */
const LONGEST_REPORT_MS = 5 * 60_000;

export interface ReconcileDeps {
  readonly store: Pick<Store, 'sentAttempts' | 'now'>;
  readonly catalog: Catalog;
  readonly clock: Clock;
  readonly laneOf: (vendor: string) => VendorLane | undefined;
  readonly howToReach: (vendor: string) => string;
}

interface Period {
  readonly from: number;
  readonly to: number;
}

export async function reconcileRun(deps: ReconcileDeps, runId: string): Promise<Reconciliation> {
  const own = Map.groupBy(await collect(deps.store.sentAttempts({ runId })), (attempt) =>
    vendorOf(deps.catalog, attempt.lane),
  );
  const now = await deps.store.now();
  const vendors: VendorReconciliation[] = [];
  for (const [vendor, attempts] of own) {
    vendors.push(await reconcileVendor(deps, { runId, vendor, attempts, now }));
  }
  return { runId, vendors };
}

interface Question {
  readonly runId: string;
  readonly vendor: string;
  /** The run's own. */
  readonly attempts: readonly SentAttempt[];
  readonly now: number;
}

async function reconcileVendor(
  deps: ReconcileDeps,
  question: Question,
): Promise<VendorReconciliation> {
  const { vendor, attempts, now } = question;
  const period = {
    from: Math.min(...attempts.map(({ sentAt }) => sentAt)) - MARGIN_MS,
    to: Math.min(now, Math.max(...attempts.map(({ endedAt }) => endedAt)) + MARGIN_MS),
  };
  const report = await compare(deps, question, period);
  const shared = { vendor, ...period, ledger: ledgerOf(attempts), report };
  return { ...shared, verdict: verdictOf(report), hints: hintsOf(report, attempts) };
}

async function compare(
  deps: ReconcileDeps,
  { runId, vendor }: Question,
  period: Period,
): Promise<ReportComparison> {
  const lane = deps.laneOf(vendor);
  if (lane === undefined) return { kind: 'unavailable', words: deps.howToReach(vendor) };
  if (lane.usage === undefined) return { kind: 'none' };
  const answer = await withinTime(deps.clock, (signal) => lane.usage!(period, { signal }));
  if (answer.kind === 'failed') return { kind: 'unavailable', words: answer.failure.words };
  const { lines } = answer;
  const attempts = await collect(deps.store.sentAttempts(covering(lines, period)));
  const ofVendor = attempts.filter((each) => vendorOf(deps.catalog, each.lane) === vendor);
  const isByTask = lines.length === 0 || lines.some(({ ref }) => ref !== undefined);
  if (isByTask && !lines.some(({ spanMs }) => spanMs !== undefined)) {
    return matchUsage(lines, ofVendor, runId);
  }
  const idOf = (name: string) => deps.catalog.find(name)?.id;
  return sumUsage(lines, ofVendor, period, {
    lane: (name) => idOf(parseLaneName(name).model),
    line: (model) => (model === undefined ? undefined : idOf(model)),
  });
}

/** Sums of whole days are compared with whole days. */
function covering(lines: readonly UsageLine[], { from, to }: Period): Period {
  return {
    from: Math.min(from, ...lines.map(({ at }) => at)),
    to: Math.max(to, ...lines.map(({ at, spanMs = 0 }) => at + spanMs)),
  };
}

/** A model that has left the catalog is a vendor of its own, without a report. */
function vendorOf(catalog: Catalog, lane: string): string {
  const { model } = parseLaneName(lane);
  return catalog.find(model)?.vendor ?? model;
}

function ledgerOf(attempts: readonly SentAttempt[]): VendorReconciliation['ledger'] {
  const isOpen = ({ state }: SentAttempt) => state === 'sent' || state === 'accepted';
  return {
    requests: attempts.length,
    images: attempts.reduce((sum, { made }) => sum + made, 0),
    usdMicros: attempts.reduce((sum, { usdMicros }) => sum + (usdMicros ?? 0), 0),
    unknownRequests: attempts.filter(({ state }) => state === 'unknown').length,
    openRequests: attempts.filter(isOpen).length,
  };
}

function verdictOf(report: ReportComparison): VendorReconciliation['verdict'] {
  switch (report.kind) {
    case 'none':
    case 'unavailable':
      return 'not-compared';
    case 'tasks': {
      const { differing, onlyLedger, onlyReport, unknownBilled } = report;
      const differences = [differing, onlyLedger, onlyReport, unknownBilled];
      return differences.every((each) => each.length === 0) ? 'agrees' : 'differs';
    }
    case 'sums':
      return report.images.every((sum) => surplusOf(sum) === 0) ? 'agrees' : 'differs';
  }
  return report satisfies never;
}

function hintsOf(report: ReportComparison, attempts: readonly SentAttempt[]): string[] {
  if (report.kind === 'tasks') {
    const probable = probablyUnknown(report, attempts);
    return [
      ...(report.unknownBilled.length > 0 ? [UNKNOWN_BILLED] : []),
      ...(probable > 0 ? [surplusHint(probable, 'task')] : []),
      ...(report.onlyReport.length > probable ? [FOREIGN] : []),
      ...(report.onlyLedger.length > 0 ? [LATE] : []),
    ];
  }
  if (report.kind !== 'sums') return [];
  return report.images.flatMap((sum) => {
    const surplus = surplusOf(sum);
    if (surplus === 0) return [];
    if (surplus < 0) return [LATE];
    return surplus <= sum.unknownImages ? [surplusHint(surplus, 'image')] : [FOREIGN];
  });
}

const UNKNOWN_BILLED =
  'Requests of unknown end were billed: sending them again (retry --unknown) would pay twice';
const FOREIGN =
  'Who else uses this account? No run of this store knows of what the report has more';
const LATE = 'The report has less than was recorded: it may be late, so ask again in an hour';

function surplusHint(count: number, what: 'task' | 'image'): string {
  const [things, are] = count === 1 ? [what, 'it is'] : [`${what}s`, 'they are'];
  return `The report has ${count} ${things} more than we know: ${are} probably of the requests whose end is unknown`;
}

async function withinTime(
  clock: Clock,
  ask: (signal: AbortSignal) => Promise<UsageAnswer>,
): Promise<UsageAnswer> {
  const timedOut = new AbortController();
  const ended = new AbortController();
  const timer = clock.sleep(LONGEST_REPORT_MS, ended.signal).then(() => {
    if (!ended.signal.aborted) timedOut.abort();
  });
  try {
    return await ask(timedOut.signal);
  } finally {
    ended.abort();
    await timer;
  }
}

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}
