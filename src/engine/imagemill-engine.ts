/** What the doors ask of the engine, each question in a few lines on the stages that answer it. */
import { checkStorage } from './drive/check-storage.ts';
import type { Catalog } from './core/catalog.ts';
import { type Problem, StorageError, UsageError } from './core/errors.ts';
import type { LaneKind } from './core/lane.ts';
import type { Reconciliation } from './core/reconciliation.ts';
import type { Recipe } from './core/recipe.ts';
import type { RunSettings } from './core/settings.ts';
import { runEntries, targetOf } from './drive/delivery.ts';
import { fallBack } from './drive/fall-back.ts';
import { findRun, newestResumable } from './find-run.ts';
import { signerStanding } from './finish/credentials/open-identity.ts';
import { type DriveDeps, driveRun } from './drive/drive-run.ts';
import type {
  DriveOptions,
  DriveResult,
  Engine,
  PlanOrder,
  PlanReport,
  PreparedRun,
  RunOrder,
  RetryOrder,
  RetryPlan,
  RunReport,
  VendorStanding,
} from './engine-types.ts';
import type { EnginePorts } from './engine.ts';
import { type PlanReportDeps, reportPlan } from './report/plan-report.ts';
import { prepareRun } from './prepare/prepare-run.ts';
import { createReferences, type References } from './prepare/references.ts';
import { quotedCatalog } from './report/quote-prices.ts';
import { reconcileRun } from './report/reconcile-run.ts';
import { reportRun } from './report/report-run.ts';
import { RunDecisions } from './drive/run-decisions.ts';
import { askedSize, limitsOf } from './drive/run-lanes.ts';
import type { LimitGauge, StoredRun } from './store/store.ts';
import { createTools } from './tools/create-tools.ts';
import { WorkingJobs } from './tools/working-jobs.ts';
import type { Tools } from './tools/tools.ts';
import { VendorAccounts } from './vendor-accounts.ts';
import { WorkerLease } from './drive/worker-lease.ts';

export class ImagemillEngine implements Engine {
  readonly catalog: Catalog;
  readonly home: string;
  readonly tools: Tools;
  readonly references: Engine['references'];
  readonly #ports: EnginePorts;
  readonly #owned: readonly AsyncDisposable[];
  readonly #accounts: VendorAccounts;
  readonly #lease: WorkerLease;
  readonly #decisions: RunDecisions;
  readonly #references: References;
  readonly #stop = new AbortController();
  readonly #jobs = new WorkingJobs();

  constructor(ports: EnginePorts, catalog: Catalog, owned: readonly AsyncDisposable[]) {
    this.catalog = catalog;
    this.home = ports.home;
    this.#ports = ports;
    this.#owned = owned;
    this.#accounts = new VendorAccounts(ports);
    this.#lease = new WorkerLease(ports);
    this.tools = createTools(ports, this.#lease, this.#jobs);
    this.#references = createReferences(ports, catalog, this.#stop.signal);
    this.references = this.#references.library;
    const deciding = { ...ports, retrying: () => this.#planning() };
    this.#decisions = new RunDecisions(deciding, (worker) => this.#lease.isAlive(worker));
  }

  // What there is.

  vendors(): readonly VendorStanding[] {
    return this.#accounts.standings();
  }

  availableModels(): readonly string[] {
    return this.catalog.all
      .filter((model) => this.catalog.standing(model).kind !== 'problem')
      .filter((model) => this.#accounts.isReachable(model.vendor))
      .map((model) => model.id);
  }

  async gauges(modelId: string): Promise<LimitGauge[]> {
    const model = this.catalog.find(modelId);
    const lane = model && this.#accounts.laneOf(model.vendor);
    if (model === undefined || lane === undefined) return [];
    return this.#ports.store.gauges(limitsOf(this.#ports.config, model, lane.account, {}));
  }

  get signer(): Engine['signer'] {
    const { credentials } = this.#ports.config;
    return credentials && signerStanding(credentials);
  }

  // Planning.

  async plan(order: PlanOrder): Promise<PlanReport> {
    if (order.settings.screen) await this.#ports.screener.ready();
    return reportPlan(this.#planning(), order);
  }

  #planning(): PlanReportDeps {
    return {
      ...this.#binding(),
      store: this.#ports.store,
      clock: this.#ports.clock,
      finisher: this.#ports.finisher,
      available: this.availableModels(),
      autoModels: this.#ports.config.autoModels ?? [],
      howToReach: (model) => this.#accounts.howToReach(model.vendor),
      references: this.#references.library,
    };
  }

  checkStorage(out: string, items: number, recipe?: Recipe): Promise<Problem[]> {
    return checkStorage({ home: this.home, blobs: this.#ports.blobs }, out, items, recipe);
  }

  // Runs.

  runOwning(out: string): Promise<StoredRun | undefined> {
    return this.#ports.store.runOwning(out);
  }

  async prepare(order: RunOrder): Promise<PreparedRun> {
    const { store } = this.#ports;
    // Everything that is wrong with the sheet is known before the store is touched.
    const report = order.planned ?? (await this.plan(order));
    const owner = order.fresh ? undefined : await store.runOwning(order.out);
    if (owner !== undefined) await this.#refuseWhileOwned(owner);
    const id = owner?.id ?? `r${this.#ports.random.id(9)}`;
    const workspace = this.#ports.config.workspace?.id ?? 'local';
    // The same prices as in the report, or it would be another plan.
    const catalog = quotedCatalog(this.catalog, report.quotes);
    const deps = { ...this.#planning(), catalog };
    return prepareRun(deps, { id, owner, workspace, order, report });
  }

  allowSpending(runId: string): Promise<void> {
    return this.#decisions.allowSpending(runId);
  }

  async drive(runId: string, options: DriveOptions = {}): Promise<DriveResult> {
    const { store } = this.#ports;
    const run = await this.#found(runId);
    if (run.reading) {
      throw new UsageError(
        `Reading the sheet of run ${runId} was interrupted. Run \`imagemill run ${run.sheet} --out ${run.out}\` again: nothing was paid, and what is there is kept.`,
      );
    }
    const claim = await this.#claim(run);
    if ('owner' in claim) return { kind: 'owned', owner: claim.owner };
    const { workerId } = claim;
    // What a process that died had not come to.
    if (options.cancels !== true) await fallBack({ store, catalog: this.catalog }, run);
    if (await this.#decisions.waitsForAllowance(run)) {
      return { kind: 'ended', report: await this.report(runId) };
    }
    const counts = await store.counts(runId);
    const idle = run.state === 'done' && counts.waiting + counts.sent === 0;
    if (!idle) await this.#startRun(run, workerId);
    const fresh = await this.#found(runId);
    await driveRun(this.#driveDeps(workerId), fresh, options);
    await this.#deliverFiles(runId);
    return { kind: 'ended', report: await this.report(runId) };
  }

  /**
   * Makes the run this worker's, unless the process that has it still lives. That is looked up before
   * anything is written: a stopped owner may hold the store's lock for as long as it is stopped.
   */
  async #claim(
    run: StoredRun,
  ): Promise<{ workerId: string } | { owner: { host: string; pid: number } }> {
    const { store } = this.#ports;
    const from = run.workerId;
    if (from !== undefined && !(await this.#lease.isOwn(from))) {
      const owner = await store.findWorker(from);
      if (owner !== undefined && (await this.#lease.isAlive(owner))) return { owner: shown(owner) };
    }
    const workerId = await this.#lease.start();
    if (from === workerId || (await store.claimRun(run.id, workerId, from))) return { workerId };
    const winner = (await this.#found(run.id)).workerId;
    const worker = winner === undefined ? undefined : await store.findWorker(winner);
    return { owner: worker === undefined ? { host: 'unknown', pid: 0 } : shown(worker) };
  }

  async #startRun(run: StoredRun, workerId: string): Promise<void> {
    const { store } = this.#ports;
    // Whoever goes on after a flood of refusals has seen them.
    if (run.reason === 'refusals') await store.resetBreaker(run.id);
    await store.changeRun(run.id, { state: 'running', workerId });
  }

  // Questions and decisions.

  async findRun(idOrPrefix: string): Promise<StoredRun> {
    return findRun(await this.#ports.store.listRuns(), idOrPrefix);
  }

  listRuns(): Promise<StoredRun[]> {
    return this.#ports.store.listRuns();
  }

  async report(runId: string): Promise<RunReport> {
    return reportRun(
      { store: this.#ports.store, isAlive: (worker) => this.#lease.isAlive(worker) },
      await this.#found(runId),
    );
  }

  async newestResumable(): Promise<StoredRun | undefined> {
    return newestResumable(await this.#ports.store.listRuns());
  }

  approve(runId: string): Promise<void> {
    return this.#decisions.approve(runId);
  }

  pause(runId: string): Promise<void> {
    return this.#decisions.pause(runId);
  }

  async cancel(runId: string, options: DriveOptions = {}): Promise<void> {
    if ((await this.#decisions.cancel(runId)) === 'told') return;
    await this.drive(runId, { ...options, cancels: true });
  }

  planRetry(runId: string, order: RetryOrder): Promise<RetryPlan> {
    return this.#decisions.planRetry(runId, order);
  }

  retry(runId: string, order: RetryOrder): Promise<number> {
    return this.#decisions.retry(runId, order);
  }

  changeSettings(runId: string, change: Partial<RunSettings>): Promise<void> {
    return this.#decisions.changeSettings(runId, change);
  }

  async export(...[runId, request, watch]: Parameters<Engine['export']>) {
    const run = await this.#decisions.can('export', runId);
    // Its writers of archives are of use to nothing else, and would make every start slower.
    const { exportRun } = await import('./report/export-run.ts');
    return exportRun(this.#ports, run, request, watch);
  }

  async #deliverFiles(runId: string): Promise<void> {
    const { store, delivery } = this.#ports;
    const run = await this.#found(runId);
    try {
      await delivery.run(targetOf(run), () => runEntries(store, runId));
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      // The images are safe in the store: the next start delivers what is missing.
      if (run.state !== 'done' && run.state !== 'stopped') return;
      await store.changeRun(runId, { state: 'running' });
      await store.changeRun(runId, {
        state: 'stopped',
        reason: 'storage',
        reasonText: error.message,
        release: true,
      });
    }
  }

  async *items(runId: string, states?: Parameters<Engine['items']>[1]) {
    yield* this.#ports.store.records(runId, states === undefined ? {} : { states });
  }

  ledger(runId: string) {
    return this.#ports.store.ledger(runId);
  }

  journal(runId: string, after?: number) {
    return this.#ports.store.journal(runId, after);
  }

  async reconcile(runId: string): Promise<Reconciliation> {
    const { id } = await this.#found(runId);
    const { store, clock } = this.#ports;
    const howToReach = (vendor: string) => this.#accounts.howToReach(vendor);
    return reconcileRun({ ...this.#binding(), store, clock, howToReach }, id);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#stop.signal.aborted) return;
    this.#stop.abort();
    await this.#jobs.end();
    await this.#references.copies.settle();
    await this.#lease.end();
    await this.#accounts.close();
    for (const part of this.#owned) await part[Symbol.asyncDispose]();
  }

  // Parts.

  #binding() {
    return {
      catalog: this.catalog,
      config: this.#ports.config,
      laneOf: (vendor: string) => this.#accounts.laneOf(vendor),
      bundleLaneOf: (vendor: string, kind: LaneKind) => this.#accounts.bundleLaneOf(vendor, kind),
    };
  }

  #driveDeps(workerId: string): DriveDeps {
    const { store, blobs, inspect, delivery, clock, random, signals, screener } = this.#ports;
    return {
      ...this.#binding(),
      store,
      blobs,
      inspect,
      delivery,
      clock,
      random,
      signals,
      workerId,
      screen: async (hash) => screener.screen(await blobs.get(hash)),
      references: this.#references.copies,
      askedSize: (model, size) => askedSize(this.catalog, model, size),
      wireModel: (model) => this.catalog.find(model)?.wireId ?? model,
      stop: this.#stop.signal,
      suspected: new Set(),
      isAlive: (worker) => this.#lease.isAlive(worker),
    };
  }

  #found(runId: string): Promise<StoredRun> {
    return this.#decisions.found(runId);
  }

  async #refuseWhileOwned(run: StoredRun): Promise<void> {
    const owner =
      run.workerId === undefined ? undefined : await this.#ports.store.findWorker(run.workerId);
    if (owner === undefined || !(await this.#lease.isAlive(owner))) return;
    throw new UsageError(
      `Run ${run.id} is worked on by process ${owner.pid}. Pause it first, or watch it with \`imagemill resume ${run.id}\`.`,
    );
  }
}

function shown(worker: { readonly host: string; readonly pid: number }) {
  return { host: worker.host.split('/')[0]!, pid: worker.pid };
}
