/** What the doors ask of the engine, each question in a few lines on the stages that answer it. */
import { Activity } from './drive/activity.ts';
import type { Owner } from './drive/claim-run.ts';
import { checkStorage } from './drive/check-storage.ts';
import type { Catalog } from './core/catalog.ts';
import type { Problem } from './core/errors.ts';
import type { LaneKind } from './core/lane.ts';
import type { Reconciliation } from './core/reconciliation.ts';
import type { Recipe } from './core/recipe.ts';
import type { RunSettings } from './core/settings.ts';
import { OneAtATime } from './drive/one-at-a-time.ts';
import { findRun, newestResumable } from './find-run.ts';
import { signerStanding } from './finish/credentials/open-identity.ts';
import { driving } from './drive/drive-deps.ts';
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
import { reconcileRun } from './report/reconcile-run.ts';
import { storedImage } from './report/stored-image.ts';
import { KeptCounts } from './report/kept-counts.ts';
import { QualityReports } from './report/quality-report.ts';
import { reportRun } from './report/report-run.ts';
import { RunDecisions } from './drive/run-decisions.ts';
import { limitsOf } from './drive/run-lanes.ts';
import { FitForRun } from './share/fit-for-run.ts';
import { joinWork } from './share/join-work.ts';
import type { SharedWork } from './share/shared-work.ts';
import type { LimitGauge, StoredRun } from './store/store.ts';
import { createService, type Service } from './service/service.ts';
import { type OnRunChange, RunChanges } from './drive/run-changes.ts';
import { RunKeeper } from './drive/run-keeper.ts';
import { LOCAL_WORKSPACE } from './core/workspace.ts';
import { EngineOfWorkspace, type WorkspaceEngineParts } from './workspace-engine.ts';
import { WorkingJobs } from './tools/working-jobs.ts';
import type { Tools } from './tools/tools.ts';
import { Turns } from './drive/turns.ts';
import { VendorAccounts } from './vendor-accounts.ts';
import { WorkerLease } from './drive/worker-lease.ts';
import { type WorkOptions, workOnRun } from './drive/work-on-run.ts';

export class ImagemillEngine implements Engine {
  readonly catalog: Catalog;
  readonly home: string;
  readonly homeFiles: Engine['homeFiles'];
  readonly service: Service;
  readonly keeper: RunKeeper;
  readonly work: SharedWork;
  readonly turns: Turns;
  readonly #driveDeps: ReturnType<typeof driving>;
  readonly #ports: EnginePorts;
  readonly #owned: readonly AsyncDisposable[];
  readonly #accounts: VendorAccounts;
  readonly #lease: WorkerLease;
  readonly #decisions: RunDecisions;
  readonly #parts: WorkspaceEngineParts;
  readonly #workspaces = new Map<string, EngineOfWorkspace>();
  readonly #own: EngineOfWorkspace;
  readonly #changes = new RunChanges();
  readonly #asks = new RunChanges();
  readonly #quality: QualityReports;
  readonly #counts: KeptCounts;
  readonly #stop = new AbortController();
  readonly #jobs = new WorkingJobs();
  readonly #driving = new OneAtATime();

  constructor(ports: EnginePorts, catalog: Catalog, owned: readonly AsyncDisposable[]) {
    this.catalog = catalog;
    this.home = ports.home;
    this.homeFiles = ports.homeFiles;
    this.#ports = ports;
    this.#owned = owned;
    this.#accounts = new VendorAccounts(ports);
    this.#lease = new WorkerLease({ ...ports, ...ports.config.worker });
    const isReachable = (vendor: string) => this.#accounts.isReachable(vendor);
    this.#quality = new QualityReports(ports);
    this.#counts = new KeptCounts(ports);
    this.#parts = {
      ports,
      catalog,
      accounts: this.#accounts,
      lease: this.#lease,
      jobs: this.#jobs,
      stop: this.#stop.signal,
      available: () => this.availableModels(),
      binding: (config) => ({ ...this.#binding(), config }),
    };
    this.#own = this.inWorkspace(ports.config.workspace?.id ?? LOCAL_WORKSPACE);
    this.turns = new Turns(ports.config.turns);
    this.#driveDeps = driving({
      ports,
      binding: this.#binding(),
      stop: this.#stop.signal,
      asks: this.#asks,
      turns: this.turns,
      lease: this.#lease,
      onChange: (runId, isOver) => this.#changes.tell(runId, isOver),
      referencesOf: (id) => this.inWorkspace(id).copies,
    });
    this.service = createService({
      ...ports,
      ...this.#parts,
      activity: ports.activity ?? new Activity(),
      quality: this.#quality,
      counts: this.#counts,
      toolsOf: (workspace) => this.inWorkspace(workspace).tools,
    });
    const fitness = new FitForRun({ ...ports, catalog, isReachable, lease: this.#lease });
    this.keeper = new RunKeeper({
      ...ports,
      lease: this.#lease,
      work: (runId, options) =>
        this.#driving.do(runId, () => this.#work(runId, { ...options, keeps: true })),
      isForUs: (runId) => fitness.isFit(runId),
    });
    this.work = joinWork({
      ports,
      lease: this.#lease,
      runs: this.keeper,
      jobs: this.service.jobs.keeper,
      binding: this.#binding(),
      vendors: this.vendors().flatMap(({ name }) => (isReachable(name) ? [name] : [])),
      signer: this.signer,
      lending: this.#driveDeps,
      inFlight: () => this.turns.inFlight,
    });
    const deciding = {
      ...ports,
      asks: this.#asks,
      retrying: (workspace: string) => this.inWorkspace(workspace).planning(),
    };
    this.#decisions = new RunDecisions(deciding, (worker) => this.#lease.isAlive(worker));
  }

  get tools(): Tools {
    return this.#own.tools;
  }

  get references(): Engine['references'] {
    return this.#own.references;
  }

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

  plan(order: PlanOrder): Promise<PlanReport> {
    return this.#own.plan(order);
  }

  prepare(order: RunOrder): Promise<PreparedRun> {
    return this.#own.prepare(order);
  }

  inWorkspace(id: string): EngineOfWorkspace {
    const known = this.#workspaces.get(id);
    if (known !== undefined) return known;
    const made = new EngineOfWorkspace(id, this.#parts);
    this.#workspaces.set(id, made);
    return made;
  }

  checkStorage(out: string, items: number, recipe?: Recipe): Promise<Problem[]> {
    return checkStorage({ home: this.home, blobs: this.#ports.blobs }, out, items, recipe);
  }

  // Runs.

  runOwning(out: string): Promise<StoredRun | undefined> {
    return this.#ports.store.runOwning(out);
  }

  allowSpending(runId: string): Promise<void> {
    return this.#decisions.allowSpending(runId);
  }

  async drive(runId: string, options: DriveOptions = {}): Promise<DriveResult> {
    const owner = await this.#driving.do(runId, () => this.#work(runId, options));
    if (owner !== undefined) return { kind: 'owned', owner };
    return { kind: 'ended', report: await this.report(runId) };
  }

  #work(runId: string, options: WorkOptions): Promise<Owner | undefined> {
    const deps = {
      ...this.#ports,
      catalog: this.catalog,
      lease: this.#lease,
      decisions: this.#decisions,
      driving: this.#driveDeps,
    };
    return workOnRun(deps, runId, options);
  }

  // Questions and decisions.

  async findRun(idOrPrefix: string): Promise<StoredRun> {
    return findRun(await this.listRuns(), idOrPrefix);
  }

  run(runId: string): Promise<StoredRun | undefined> {
    return this.#ports.store.findRun(runId);
  }

  newRunId(): string {
    return `r${this.#ports.random.id(12)}`;
  }

  onRunChange(listener: OnRunChange): () => void {
    return this.#changes.listen(listener);
  }

  listRuns(): Promise<StoredRun[]> {
    return this.#ports.store.listRuns();
  }

  async report(runId: string): Promise<RunReport> {
    return reportRun(
      {
        store: this.#ports.store,
        isAlive: (worker) => this.#lease.isAlive(worker),
        quality: this.#quality,
        counts: this.#counts,
      },
      await this.#decisions.found(runId),
    );
  }

  async newestResumable(): Promise<StoredRun | undefined> {
    return newestResumable(await this.listRuns());
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

  async *items(runId: string, states?: Parameters<Engine['items']>[1]) {
    yield* this.#ports.store.records(runId, states === undefined ? {} : { states });
  }

  image(...[runId, itemId, output]: Parameters<Engine['image']>) {
    return storedImage(this.#ports, runId, itemId, output);
  }

  finish(...[master, order]: Parameters<Engine['finish']>) {
    return this.#ports.finisher.finish(master, order);
  }

  ledger(runId: string) {
    return this.#ports.store.ledger(runId);
  }

  journal(runId: string, after?: number) {
    return this.#ports.store.journal(runId, after);
  }

  async reconcile(runId: string): Promise<Reconciliation> {
    const { id } = await this.#decisions.found(runId);
    const { store, clock } = this.#ports;
    const howToReach = (vendor: string) => this.#accounts.howToReach(vendor);
    return reconcileRun({ ...this.#binding(), store, clock, howToReach }, id);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#stop.signal.aborted) return;
    this.#stop.abort();
    await this.work.drain();
    await this.#jobs.end();
    for (const each of this.#workspaces.values()) await each.copies.settle();
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
}
