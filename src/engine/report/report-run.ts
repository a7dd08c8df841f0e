/** How a run stands: one description for the command line, the API and the studio. */
import { exitCodeOf } from '../exit-code.ts';
import type { Amount } from '../core/plan.ts';
import type { ItemCounts } from '../core/outcome.ts';
import { noItems } from '../core/outcome.ts';
import type { RunReport } from '../engine-types.ts';
import type { KeptCounts } from './kept-counts.ts';
import type { QualityReports } from './quality-report.ts';
import { proofReport } from '../plan/proof-report.ts';
import type { Store, StoredRun, Worker } from '../store/store.ts';

export interface ReportDeps {
  readonly store: Store;
  readonly isAlive: (worker: Worker) => Promise<boolean>;
  readonly quality: Pick<QualityReports, 'of'>;
  readonly counts: KeptCounts;
}

export async function reportRun(deps: ReportDeps, run: StoredRun): Promise<RunReport> {
  const { store } = deps;
  const items = await deps.counts.of(run);
  const proof = await proofOf(deps, run);
  const owner = await ownerOf(deps, run);
  const finishFailures = await store.finishFailures(run.id);
  return {
    run,
    rows: await rowsOf(store, run),
    followUps: await store.followUpsOf(run.id),
    items,
    finishFailures,
    exitCode: exitCodeOf({
      state: run.state,
      items,
      finishFailures,
      ...(run.reason && { reason: run.reason }),
    }),
    estimatedUsdMicros: run.plan?.expected.usdMicros,
    atRisk: await store.atRisk(run.id),
    waits: run.waits,
    bundles: await store.openBundles(run.id),
    byModel: await deps.counts.byModel(run),
    refusals: await store.refusalKinds(run.id),
    quality: await deps.quality.of(run),
    ...(owner && { owner }),
    hands: run.state === 'running' ? await store.countHands(run.id) : 0,
    ...(proof && { proof }),
  };
}

/** A plan knows them, unless another reading has begun since. */
async function rowsOf(store: Store, { id, plan, reading }: StoredRun): Promise<number> {
  return plan === undefined || reading ? store.countRows(id) : plan.rows;
}

async function ownerOf(deps: ReportDeps, run: StoredRun): Promise<RunReport['owner']> {
  if (run.workerId === undefined) return undefined;
  const worker = await deps.store.findWorker(run.workerId);
  if (worker === undefined) return undefined;
  const host = worker.host.split('/')[0]!;
  return { host, pid: worker.pid, alive: await deps.isAlive(worker) };
}

/** What the proof says of the rest; only while a person is asked about it. */
async function proofOf(deps: ReportDeps, run: StoredRun): Promise<RunReport['proof']> {
  if (run.phase !== 'proof' || run.plan === undefined) return undefined;
  const items: Record<keyof ItemCounts, number> = noItems();
  let usdMicros = 0;
  let creditMicros = 0;
  for await (const record of deps.store.records(run.id, { proof: true })) {
    items[record.state] += 1;
    usdMicros += record.usdMicros ?? 0;
    creditMicros += record.creditMicros;
  }
  const spent: Amount = { creditMicros, usdMicros };
  const { expected } = await deps.store.pricedRequests(run.id, 'proof');
  const rest = await deps.store.pricedRequests(run.id, 'waiting');
  const report = proofReport(
    {
      delivered: items.delivered,
      refused: items.refused,
      failed: items.failed,
      unknown: items.unknown,
      spent,
      expected,
    },
    rest,
  );
  return { items, spent, likelyRest: report.likely, atMostRest: report.atMost };
}
