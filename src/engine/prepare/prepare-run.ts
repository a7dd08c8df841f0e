/** Reads a planned sheet into a run, new or going on, so that it can be driven. Nothing is sent. */
import type { Clock } from '../core/clock.ts';
import { UsageError } from '../core/errors.ts';
import type { Plan, PlannedLine } from '../core/plan.ts';
import type { RunSettings } from '../core/settings.ts';
import type { PlanReport, PreparedRun, RunOrder } from '../engine-types.ts';
import { fallBack } from '../drive/fall-back.ts';
import { pickProof } from '../plan/pick-proof.ts';
import { planSheet, type PlanningDeps } from './plan-sheet.ts';
import type { NewRun, ReadingResult, Store, StoredRun } from '../store/store.ts';
import { takeLanes } from './take-lanes.ts';

/** Planned lines written to the store in one transaction: with SQLite nothing else is done meanwhile. */
const LINES_AT_ONCE = 500;

export interface PrepareDeps extends PlanningDeps {
  readonly store: Store;
  readonly clock: Clock;
}

export interface Preparation {
  readonly id: string;
  /** The run that goes on; absent: a new one is made. */
  readonly owner: StoredRun | undefined;
  readonly workspace: string;
  readonly order: RunOrder;
  /** The plan that the sheet must still give. */
  readonly report: PlanReport;
}

export async function prepareRun(deps: PrepareDeps, how: Preparation): Promise<PreparedRun> {
  const { store } = deps;
  const { id, owner, report } = how;
  await (owner === undefined
    ? store.createRun(newRun(id, how.workspace, how.order))
    : continueRun(store, owner, how.order));
  const reading = await readInto(deps, how);
  if (owner !== undefined) {
    await store.retry(id, 'cancelled');
    await takeLanes(deps, { id, settings: how.order.settings });
    await fallBack(deps, { id, settings: how.order.settings });
  }
  const { expected } = await store.pricedRequests(id, 'waiting');
  return { runId: id, continued: owner !== undefined, ...reading, report, toPay: expected };
}

/**
 * Makes a new run of a few rows in one transaction, without a proof. Throws `InputError` with all problems
 * of the rows; nothing is there then.
 */
export async function prepareAtOnce(
  deps: PrepareDeps,
  { id, workspace, order }: Pick<Preparation, 'id' | 'workspace' | 'order'>,
  check: (plan: Plan) => Promise<void> = async () => {},
): Promise<Plan> {
  const lines: PlannedLine[] = [];
  const { sheet, plan } = await planSheet(deps, { ...order, keepReferences: true }, (line) => {
    lines.push(line);
  });
  await check(plan);
  const run = newRun(id, workspace, order);
  await deps.store.putWholeRun({ run, lines, plan, columns: sheet.columns });
  return plan;
}

function newRun(id: string, workspace: string, order: RunOrder): NewRun {
  const { title, sheet, out, settings, keyId, origin, source } = order;
  return {
    id,
    workspace,
    title,
    sheet,
    out,
    settings,
    ...(keyId !== undefined && { keyId }),
    ...(origin !== undefined && { origin }),
    ...(source !== undefined && { source }),
  };
}

async function continueRun(store: Store, run: StoredRun, { settings }: RunOrder): Promise<void> {
  const spendingAllowed = settings.spendingAllowed || run.settings.spendingAllowed;
  await storeSettings(store, run.id, { ...settings, spendingAllowed });
  if (run.state !== 'planned') await store.changeRun(run.id, { state: 'planned' });
}

/** The settings as JSON, and the caps that admission reads in every transaction. */
export async function storeSettings(
  store: Store,
  runId: string,
  settings: RunSettings,
): Promise<void> {
  await store.setSettings(runId, {
    settings,
    budgetCreditMicros: settings.budgetCreditMicros ?? null,
    maxUsdMicros: settings.maxUsdMicros ?? null,
  });
}

async function readInto(
  deps: PrepareDeps,
  { id, order, report }: Preparation,
): Promise<ReadingResult> {
  const { store, clock } = deps;
  const revision = await store.beginReading(id);
  let lines: PlannedLine[] = [];
  const flush = async () => {
    await store.putLines(id, revision, lines);
    lines = [];
  };
  const kept = { ...order, keepReferences: true };
  const { sheet, plan } = await planSheet(deps, kept, async (line) => {
    lines.push(line);
    if (lines.length < LINES_AT_ONCE) return;
    await flush();
    // Others of this process have their turn.
    await clock.sleep(0);
  });
  await flush();
  if (plan.hash !== report.plan.hash) {
    throw new UsageError(
      `The sheet ${order.sheet} changed while it was read. Run the command again; nothing was paid.`,
    );
  }
  const proofKeys = await proofOf(store, id, order.settings);
  const reading = await store.endReading(id, revision, { plan, columns: sheet.columns, proofKeys });
  await setPhase(store, id, order.settings);
  return reading;
}

async function proofOf(
  store: Store,
  runId: string,
  { proof }: RunSettings,
): Promise<ReadonlySet<string>> {
  if (proof === 0 || proof === 'batch') return new Set();
  return pickProof(proof, proofCandidates(store, runId));
}

async function* proofCandidates(store: Store, runId: string) {
  for await (const { key, model, prompt, row, canary } of store.rowsForProof(runId)) {
    if (canary !== undefined) continue;
    yield {
      key,
      model,
      ...(row.style !== undefined && { style: row.style }),
      promptLength: prompt.length,
      number: row.number,
    };
  }
}

/** A proof comes first when one was asked for and something of it is still to be made. */
async function setPhase(store: Store, runId: string, { proof }: RunSettings): Promise<void> {
  const wanted = proof !== 0 && (await store.proofOpen(runId)) > 0;
  await store.changeRun(runId, { state: 'planned', phase: wanted ? 'proof' : 'main' });
}
