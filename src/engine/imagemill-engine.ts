/** What the doors ask of the engine, each question in a few lines on the stages that answer it. */
import { checkOutFolder } from './deliver/check-out-folder.ts';
import { checkNameTemplate } from './deliver/name-template.ts';
import type { Catalog } from './core/catalog.ts';
import { InputError, type Problem, StorageError, UsageError } from './core/errors.ts';
import type { Model } from './core/model.ts';
import type { PlannedLine } from './core/plan.ts';
import { runCan, type RunAction } from './core/run.ts';
import type { RunSettings } from './core/settings.ts';
import type { Size } from './core/size.ts';
import { runEntries, targetOf } from './delivery.ts';
import { exportRun } from './export-run.ts';
import { type DriveDeps, driveRun, LEAST_FREE_BYTES } from './drive-run.ts';
import type {
  DriveOptions,
  DriveResult,
  Engine,
  Forecast,
  PlanOrder,
  PlanReport,
  PreparedRun,
  RunOrder,
  RunReport,
  VendorStanding,
} from './engine-types.ts';
import type { EnginePorts } from './engine.ts';
import { forecast, type ForecastLane } from './forecast.ts';
import { pickProof } from './plan/pick-proof.ts';
import { type PlannedSheet, planSheet, type PlanningDeps } from './plan-sheet.ts';
import { readReference } from './ports/read-reference.ts';
import { reportRun } from './report-run.ts';
import { bindLane, limitsOf } from './run-lanes.ts';
import type { LimitGauge, StoredRun } from './store/store.ts';
import { VendorAccounts } from './vendor-accounts.ts';
import { WorkerLease } from './worker-lease.ts';

/** Planned lines written to the store in one transaction. */
const LINES_AT_ONCE = 500;
/** What an image takes at most on the way to the out folder, for the check of free space. */
const BYTES_PER_IMAGE = 4 * 1024 * 1024;

export class ImagemillEngine implements Engine {
  readonly catalog: Catalog;
  readonly home: string;
  readonly #ports: EnginePorts;
  readonly #owned: readonly AsyncDisposable[];
  readonly #accounts: VendorAccounts;
  readonly #lease: WorkerLease;
  readonly #stop = new AbortController();

  constructor(ports: EnginePorts, catalog: Catalog, owned: readonly AsyncDisposable[]) {
    this.catalog = catalog;
    this.home = ports.home;
    this.#ports = ports;
    this.#owned = owned;
    this.#accounts = new VendorAccounts(ports);
    this.#lease = new WorkerLease(ports);
  }

  // What there is.

  vendors(): readonly VendorStanding[] {
    return this.#accounts.standings();
  }

  availableModels(): readonly string[] {
    return this.catalog.all
      .filter((model) => this.#accounts.isReachable(model.vendor))
      .map((model) => model.id);
  }

  async gauges(modelId: string): Promise<LimitGauge[]> {
    const model = this.catalog.find(modelId);
    const lane = model && this.#accounts.laneOf(model.vendor);
    if (model === undefined || lane === undefined) return [];
    return this.#ports.store.gauges(limitsOf(this.#ports.config, model, lane.account, {}));
  }

  // Planning.

  async plan(order: PlanOrder): Promise<PlanReport> {
    return this.#describe(order, await planSheet(this.#planning(), order));
  }

  #planning(): PlanningDeps {
    return {
      catalog: this.catalog,
      available: this.availableModels(),
      autoModels: this.#ports.config.autoModels ?? [],
      howToReach: (model) => this.#accounts.howToReach(model.vendor),
    };
  }

  async #describe(order: PlanOrder, { sheet, plan }: PlannedSheet): Promise<PlanReport> {
    const template = checkNameTemplate(order.settings.nameTemplate, sheet.columns);
    if (template.length > 0) throw new InputError(template);
    const alternatives: Record<string, Forecast> = {};
    for (const other of plan.alternatives) {
      if (other.excluded !== undefined) continue;
      const lane = await this.#forecastLane(other.model, other.requestSizes, order.settings);
      alternatives[other.model] = await forecast([lane]);
    }
    return {
      sheet: sheet.file,
      settings: order.settings,
      columns: sheet.columns,
      plan,
      forecast: await forecast(
        await Promise.all(
          plan.models.map((model) =>
            this.#forecastLane(model.model, model.requestSizes, order.settings),
          ),
        ),
      ),
      alternatives,
      warnings: [...sheet.warnings, ...plan.warnings],
    };
  }

  async #forecastLane(
    modelId: string,
    requestSizes: Readonly<Record<number, number>>,
    settings: RunSettings,
  ): Promise<ForecastLane> {
    const model = this.catalog.find(modelId)!;
    const bound = bindLane(this.#binding(), modelId, boundsOf(settings));
    const rules = bound?.limits ?? limitsOf(this.#ports.config, model, 'none', boundsOf(settings));
    // What earlier runs have learned is known now.
    const gauges = await this.#ports.store.gauges(rules);
    const limits = gauges.map(({ limit, max }) => ({ ...limit, max }));
    return {
      model,
      quality: settings.quality,
      limits,
      concurrency: bound?.concurrency ?? settings.concurrency ?? FORECAST_IN_FLIGHT,
      requestSizes,
    };
  }

  async checkStorage(out: string, items: number): Promise<Problem[]> {
    const problems = await checkOutFolder(out, { neededBytes: items * BYTES_PER_IMAGE });
    const free = await this.#ports.blobs.freeBytes();
    if (free < LEAST_FREE_BYTES) {
      problems.push({
        value: this.home,
        message: 'The disk of the store is nearly full',
        remedy: 'Free some space there, or choose another folder with --home.',
      });
    }
    return problems;
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
    const runId = owner?.id ?? (await this.#createRun(order));
    if (owner !== undefined) await this.#continueRun(owner, order.settings);
    const reading = await this.#readInto(runId, order, report.plan.hash);
    if (owner !== undefined) await store.retry(runId, 'cancelled');
    const { expected } = await store.pricedRequests(runId, 'waiting');
    return { runId, continued: owner !== undefined, ...reading, report, toPay: expected };
  }

  async #createRun(order: RunOrder): Promise<string> {
    const id = `r${this.#ports.random.id(9)}`;
    await this.#ports.store.createRun({
      id,
      workspace: this.#ports.config.workspace?.id ?? 'local',
      title: order.title,
      sheet: order.sheet,
      out: order.out,
      settings: order.settings,
    });
    return id;
  }

  async #continueRun(run: StoredRun, settings: RunSettings): Promise<void> {
    await this.#storeSettings(run.id, {
      ...settings,
      spendingAllowed: settings.spendingAllowed || run.settings.spendingAllowed,
    });
    if (run.state !== 'planned') await this.#ports.store.changeRun(run.id, { state: 'planned' });
  }

  async #readInto(
    runId: string,
    order: RunOrder,
    planHash: string,
  ): Promise<Pick<PreparedRun, 'newItems' | 'keptItems' | 'droppedItems'>> {
    const { store } = this.#ports;
    const revision = await store.beginReading(runId);
    let lines: PlannedLine[] = [];
    const flush = async () => {
      await store.putLines(runId, revision, lines);
      lines = [];
    };
    const { sheet, plan } = await planSheet(this.#planning(), order, async (line) => {
      lines.push(line);
      if (lines.length >= LINES_AT_ONCE) await flush();
    });
    await flush();
    if (plan.hash !== planHash) {
      throw new UsageError(
        `The sheet ${order.sheet} changed while it was read. Run the command again; nothing was paid.`,
      );
    }
    const proofKeys = await this.#pickProof(runId, order.settings);
    const reading = await store.endReading(runId, revision, {
      plan,
      columns: sheet.columns,
      proofKeys,
    });
    await this.#setPhase(runId, order.settings);
    return reading;
  }

  async #pickProof(runId: string, settings: RunSettings): Promise<ReadonlySet<string>> {
    if (settings.proof === 0 || settings.proof === 'batch') return new Set();
    return pickProof(settings.proof, this.#proofCandidates(runId));
  }

  async *#proofCandidates(runId: string) {
    for await (const row of this.#ports.store.rowsForProof(runId)) {
      yield {
        key: row.key,
        model: row.model,
        ...(row.row.style !== undefined && { style: row.row.style }),
        promptLength: row.prompt.length,
        number: row.row.number,
      };
    }
  }

  /** A proof comes first when one was asked for and something of it is still to be made. */
  async #setPhase(runId: string, settings: RunSettings): Promise<void> {
    const { store } = this.#ports;
    const wanted = settings.proof !== 0 && (await store.proofOpen(runId)) > 0;
    await store.changeRun(runId, { state: 'planned', phase: wanted ? 'proof' : 'main' });
  }

  async allowSpending(runId: string): Promise<void> {
    await this.changeSettings(runId, { spendingAllowed: true });
  }

  async drive(runId: string, options: DriveOptions = {}): Promise<DriveResult> {
    const { store } = this.#ports;
    const run = await this.#found(runId);
    if (run.reading) {
      throw new UsageError(
        `Reading the sheet of run ${runId} was interrupted. Run \`imagemill run ${run.sheet} --out ${run.out}\` again: nothing was paid, and what is there is kept.`,
      );
    }
    const workerId = await this.#lease.start();
    const owner = await this.#claim(run, workerId);
    if (owner !== undefined) return { kind: 'owned', owner };
    if (await this.#waitsForAllowance(run)) {
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

  /** The process that has the run, when it still lives; otherwise the run is this worker's now. */
  async #claim(
    run: StoredRun,
    workerId: string,
  ): Promise<{ host: string; pid: number } | undefined> {
    const { store } = this.#ports;
    if (run.workerId === workerId) return undefined;
    const owner = run.workerId === undefined ? undefined : await store.findWorker(run.workerId);
    if (owner !== undefined && (await this.#lease.isAlive(owner))) return shown(owner);
    if (await store.claimRun(run.id, workerId, run.workerId)) return undefined;
    const winner = (await this.#found(run.id)).workerId;
    const worker = winner === undefined ? undefined : await store.findWorker(winner);
    return worker === undefined ? { host: 'unknown', pid: 0 } : shown(worker);
  }

  /** Nothing that costs dollars is sent before somebody agreed to spending. */
  async #waitsForAllowance(run: StoredRun): Promise<boolean> {
    const { store } = this.#ports;
    if (run.settings.spendingAllowed) return false;
    const { worst } = await store.pricedRequests(run.id, 'waiting');
    if (worst.usdMicros === 0) return false;
    await store.changeRun(run.id, { state: 'planned' });
    await store.changeRun(run.id, {
      state: 'awaiting_approval',
      reason: 'approval',
      reasonText: 'nobody has agreed to spending yet',
      release: true,
    });
    return true;
  }

  async #startRun(run: StoredRun, workerId: string): Promise<void> {
    const { store } = this.#ports;
    // Whoever goes on after a flood of refusals has seen them.
    if (run.reason === 'refusals') await store.resetBreaker(run.id);
    await store.changeRun(run.id, { state: 'running', workerId });
  }

  // Questions and decisions.

  async findRun(idOrPrefix: string): Promise<StoredRun> {
    const runs = await this.#ports.store.listRuns();
    const exact = runs.find((run) => run.id === idOrPrefix);
    if (exact !== undefined) return exact;
    const matching = runs.filter((run) => run.id.startsWith(idOrPrefix));
    if (matching.length === 1) return matching[0]!;
    const known = runs.slice(0, 5).map((run) => `${run.id} (${run.title})`);
    const which = matching.length === 0 ? 'There is no run' : 'More than one run begins with';
    const list = known.length === 0 ? 'There are no runs yet.' : `Newest: ${known.join(', ')}.`;
    throw new UsageError(`${which} ${idOrPrefix}. ${list}`);
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
    for (const run of await this.#ports.store.listRuns()) {
      if (run.reading || !runCan('resume', run.state)) continue;
      if (run.state !== 'done') return run;
    }
    return undefined;
  }

  async approve(runId: string): Promise<void> {
    const run = await this.#can('approve', runId);
    // The question about spending comes before a proof, the question about the rest after it.
    const phase = run.settings.spendingAllowed ? 'main' : run.phase;
    await this.allowSpending(runId);
    await this.#ports.store.changeRun(runId, { state: 'planned', phase });
  }

  async pause(runId: string): Promise<void> {
    const run = await this.#can('pause', runId);
    if (await this.#askOwner(run, 'pause')) return;
    await this.#ports.store.changeRun(runId, { state: 'running' });
    await this.#ports.store.changeRun(runId, { state: 'paused', reason: 'paused', release: true });
  }

  async cancel(runId: string): Promise<void> {
    const run = await this.#can('cancel', runId);
    if (await this.#askOwner(run, 'cancel')) return;
    await this.#ports.store.cancelWaiting(runId);
    await this.#ports.store.changeRun(runId, {
      state: 'cancelled',
      reason: 'cancelled',
      release: true,
    });
  }

  async #askOwner(run: StoredRun, what: 'pause' | 'cancel'): Promise<boolean> {
    const { store, signals } = this.#ports;
    const owner = run.workerId === undefined ? undefined : await store.findWorker(run.workerId);
    if (owner === undefined || !(await this.#lease.isAlive(owner))) return false;
    await store.askRun(run.id, what);
    signals.notify();
    return true;
  }

  async retry(runId: string, what: 'failed' | 'refused' | 'unknown'): Promise<number> {
    const run = await this.#can('retry', runId);
    const { store } = this.#ports;
    const items =
      what === 'unknown' ? await store.decideUnknown(runId) : await store.retry(runId, what);
    if (items > 0 && run.state === 'done') await store.changeRun(runId, { state: 'planned' });
    return items;
  }

  async changeSettings(runId: string, change: Partial<RunSettings>): Promise<void> {
    const run = await this.#found(runId);
    await this.#storeSettings(runId, { ...run.settings, ...change });
  }

  async #storeSettings(runId: string, settings: RunSettings): Promise<void> {
    await this.#ports.store.setSettings(runId, {
      settings,
      budgetCreditMicros: settings.budgetCreditMicros ?? null,
      maxUsdMicros: settings.maxUsdMicros ?? null,
    });
  }

  async export(runId: string, folder: string): Promise<{ readonly files: number }> {
    const run = await this.#can('export', runId);
    return exportRun(this.#ports, run, folder);
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

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
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
    };
  }

  #driveDeps(workerId: string): DriveDeps {
    const { store, blobs, inspect, delivery, clock, random, signals } = this.#ports;
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
      readReference,
      askedSize: (model, size) => this.#askedSize(model, size),
      stop: this.#stop.signal,
      suspected: new Set(),
      isAlive: (worker) => this.#lease.isAlive(worker),
    };
  }

  #askedSize(modelId: string, size: Size): Size {
    const model: Model | undefined = this.catalog.find(modelId);
    const fit = model === undefined ? undefined : this.catalog.fitSize(model, size);
    return fit?.ok === true && fit.asked.kind === 'size' ? fit.asked.made : size;
  }

  async #found(runId: string): Promise<StoredRun> {
    const run = await this.#ports.store.findRun(runId);
    if (run === undefined) throw new UsageError(`There is no run ${runId}.`);
    return run;
  }

  async #can(action: RunAction, runId: string): Promise<StoredRun> {
    const run = await this.#found(runId);
    if (runCan(action, run.state)) return run;
    throw new UsageError(`Run ${runId} is ${run.state}: ${action} is not possible now.`);
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

const FORECAST_IN_FLIGHT = 128;

function boundsOf(settings: RunSettings) {
  return {
    ...(settings.concurrency !== undefined && { concurrency: settings.concurrency }),
    ...(settings.imagesPerHour !== undefined && { imagesPerHour: settings.imagesPerHour }),
  };
}

function shown(worker: { readonly host: string; readonly pid: number }) {
  return { host: worker.host.split('/')[0]!, pid: worker.pid };
}
