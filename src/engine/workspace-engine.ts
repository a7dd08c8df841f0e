/** What is done in the name of one workspace: planning and making runs, references, jobs. */
import type { Catalog } from './core/catalog.ts';
import { UsageError } from './core/errors.ts';
import type { Plan } from './core/plan.ts';
import type {
  EngineConfig,
  PlanOrder,
  PlanReport,
  PreparedRun,
  RunOrder,
  WorkspaceEngine,
} from './engine-types.ts';
import type { LaneBinding } from './drive/run-lanes.ts';
import type { WorkerLease } from './drive/worker-lease.ts';
import type { EnginePorts } from './engine.ts';
import { prepareAtOnce, prepareRun } from './prepare/prepare-run.ts';
import { createReferences, type References } from './prepare/references.ts';
import { type PlanReportDeps, reportPlan } from './report/plan-report.ts';
import { quotedCatalog } from './report/quote-prices.ts';
import type { StoredRun } from './store/store.ts';
import { createTools } from './tools/create-tools.ts';
import type { Tools } from './tools/tools.ts';
import type { WorkingJobs } from './tools/working-jobs.ts';
import type { VendorAccounts } from './vendor-accounts.ts';

export interface WorkspaceEngineParts {
  readonly ports: EnginePorts;
  readonly catalog: Catalog;
  readonly accounts: VendorAccounts;
  readonly lease: WorkerLease;
  readonly jobs: WorkingJobs;
  /** Aborted when the engine stops at once. */
  readonly stop: AbortSignal;
  readonly available: () => readonly string[];
  readonly binding: (config: EngineConfig) => LaneBinding;
}

export class EngineOfWorkspace implements WorkspaceEngine {
  readonly workspace: string;
  readonly references: WorkspaceEngine['references'];
  readonly tools: Tools;
  /** How its references are made ready to be sent. */
  readonly copies: References['copies'];
  readonly #parts: WorkspaceEngineParts;

  constructor(workspace: string, parts: WorkspaceEngineParts) {
    this.workspace = workspace;
    const config = configOf(parts.ports.config, workspace, undefined);
    const ports = { ...parts.ports, config };
    this.#parts = { ...parts, ports };
    const references = createReferences(ports, parts.catalog, parts.stop);
    this.references = references.library;
    this.copies = references.copies;
    this.tools = createTools(ports, parts.lease, parts.jobs);
  }

  async plan(order: PlanOrder): Promise<PlanReport> {
    if (order.settings.screen) await this.#parts.ports.screener.ready();
    return reportPlan(await this.planning(), order);
  }

  async prepare(order: RunOrder): Promise<PreparedRun> {
    const { catalog, ports } = this.#parts;
    const { store, random } = ports;
    // Everything that is wrong with the sheet is known before the store is touched.
    const report = order.planned ?? (await this.plan(order));
    const owner = order.fresh ? undefined : await store.runOwning(order.out);
    if (owner !== undefined) await this.#refuseWhileOwned(owner);
    const id = owner?.id ?? order.id ?? `r${random.id(9)}`;
    // The same prices as in the report, or it would be another plan.
    const deps = { ...(await this.planning()), catalog: quotedCatalog(catalog, report.quotes) };
    return prepareRun(deps, { id, owner, workspace: this.workspace, order, report });
  }

  async prepareAtOnce(order: RunOrder, check?: (plan: Plan) => Promise<void>): Promise<Plan> {
    const id = order.id ?? `r${this.#parts.ports.random.id(9)}`;
    return prepareAtOnce(await this.planning(), { id, workspace: this.workspace, order }, check);
  }

  /** What planning works with; made anew, since keys are looked up in it. */
  async planning(): Promise<PlanReportDeps> {
    const { ports, binding, accounts, available } = this.#parts;
    const known = await ports.store.findWorkspace(this.workspace);
    return {
      ...binding(configOf(ports.config, this.workspace, known?.imagesPerHour)),
      store: ports.store,
      clock: ports.clock,
      finisher: ports.finisher,
      available: available(),
      autoModels: ports.config.autoModels ?? [],
      howToReach: (model) => accounts.howToReach(model.vendor),
      references: this.references as References['library'],
    };
  }

  async #refuseWhileOwned(run: StoredRun): Promise<void> {
    const { ports, lease } = this.#parts;
    const owner =
      run.workerId === undefined ? undefined : await ports.store.findWorker(run.workerId);
    if (owner === undefined || !(await lease.isAlive(owner))) return;
    throw new UsageError(
      `Run ${run.id} is worked on by process ${owner.pid}. Pause it first, or watch it with \`imagemill resume ${run.id}\`.`,
    );
  }
}

/** The configuration as it holds for a workspace: under the lower of its own ceiling and the file's. */
export function configOf(
  config: EngineConfig,
  workspace: string,
  ceiling: number | undefined,
): EngineConfig {
  const written = config.workspace?.id === workspace ? config.workspace.imagesPerHour : undefined;
  const figures = [written, ceiling].filter((each) => each !== undefined);
  return {
    ...config,
    workspace: {
      id: workspace,
      ...(figures.length > 0 && { imagesPerHour: Math.min(...figures) }),
    },
  };
}
