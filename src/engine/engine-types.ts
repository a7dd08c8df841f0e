/**
 * What the engine offers to its doors (command line, server, library): plan a sheet, make a run of it,
 * drive it, look at it, decide about it.
 */
import type { Obstacle } from './core/admission.ts';
import type { Catalog } from './core/catalog.ts';
import type { Problem } from './core/errors.ts';
import type { CredentialSettings, SignerStanding } from './core/credentials.ts';
import type { CreditSettings } from './core/credit-settings.ts';
import type { JournalEntry } from './core/events.ts';
import type { ItemRecord } from './core/item-record.ts';
import type { LaneKind } from './core/lane.ts';
import type { FinishOrder, FinishResult } from './core/finisher.ts';
import type { ItemCounts, ItemState } from './core/outcome.ts';
import type { Amount, Plan } from './core/plan.ts';
import type { RefusalKind } from './core/refusal.ts';
import type { Reconciliation } from './core/reconciliation.ts';
import type { RunOrigin, RunState, StopReason } from './core/run.ts';
import type { Recipe } from './core/recipe.ts';
import type { RunSettings } from './core/settings.ts';
import type { ExportWatch } from './deliver/export/finish-entries.ts';
import type { ExportRequest, ExportResult } from './report/export-run.ts';
import type { StoredImage } from './report/stored-image.ts';
import type { QualityReport } from './report/quality-report.ts';
import type { OnRunChange } from './drive/run-changes.ts';
import type { RetryOrder, RetryPlan } from './drive/retry-run.ts';
import type { LedgerRow, LimitGauge, RunSource, StoredRun } from './store/store.ts';
import type { HomeFiles } from './store/home-files.ts';
import type { PlanOrder, PlanReport } from './plan-types.ts';
import type { TurnsOptions } from './drive/turns.ts';
import type { ReferenceShelf } from './prepare/reference-shelf.ts';
import type { RunKeeper } from './drive/run-keeper.ts';
import type { SharedWork } from './share/shared-work.ts';
import type { WorkerKind } from './core/worker.ts';
import type { Service } from './service/service.ts';
import type { Tools } from './tools/tools.ts';
import type { ConfiguredVendor } from './vendors/own/configured-vendor.ts';

/** A vendor's account, as the configuration and the environment give it. */
export interface VendorAccount {
  readonly apiKey?: string;
  /** Reads the account's usage where that takes a key of its own (OpenAI). */
  readonly adminKey?: string;
  readonly baseUrl?: string;
  /** A tier of the catalog, by name. */
  readonly tier?: string;
  /** Figures of limits by their name: `{ 'images-per-minute': 50 }`. */
  readonly limits?: Readonly<Record<string, number>>;
  /** Most requests in flight. */
  readonly concurrency?: number;
  /** The most that a workspace may have of each of the account's limits, above 0 to 1; `*`: any other one. */
  readonly shares?: Readonly<Record<string, number>>;
}

export interface EngineConfig {
  /** Accounts by vendor name. */
  readonly vendors: Readonly<Record<string, VendorAccount>>;
  /** Vendors of the user's own by his names of them: servers, packages of the AI SDK. */
  readonly configured?: Readonly<Record<string, ConfiguredVendor>>;
  /** Models that join `auto` though the guide's table does not name them. */
  readonly autoModels?: readonly string[];
  readonly workspace?: { readonly id: string; readonly imagesPerHour?: number };
  /** What secrets of the installation are derived from; absent: one that the store keeps. */
  readonly secret?: string;
  /** How credits of workspaces are dealt with. */
  readonly credits?: CreditSettings;
  /** How this process shares work with others; default: it takes all kinds, and its lease is 60 s. */
  readonly worker?: { readonly kinds?: readonly WorkerKind[]; readonly leaseMs?: number };
  /** How runs of one process compete. */
  readonly turns?: TurnsOptions;
  /** `allowPrivate`: web addresses of references may be on this machine or in its networks. */
  readonly references?: { readonly allowPrivate: boolean };
  /** What finished files are signed with, and who is trusted when credentials are verified. */
  readonly credentials?: CredentialSettings;
  /** Overrides of the catalog, as read from the configuration file (checked by the engine). */
  readonly models?: unknown;
  /** Absolute paths at which packages that the user installs are looked for, beside Imagemill's own. */
  readonly packageFolders?: readonly string[];
}

export interface RunOrder extends PlanOrder {
  /** Absolute path of the out folder. */
  readonly out: string;
  /** A new run even when another one owns the folder. */
  readonly fresh: boolean;
  readonly title: string;
  /** The plan that was shown, made with the same settings: the sheet must still give it. */
  readonly planned?: PlanReport;
  /** Of a new run; absent: a random one (`newRunId`). */
  readonly id?: string;
  /** The API key that it is made with. */
  readonly keyId?: string;
  /** The door of a service: the engine's keeper works on such a run by itself. */
  readonly origin?: RunOrigin;
  /** The run whose items are made again. */
  readonly source?: RunSource;
}

/** A run made ready from a sheet; nothing has been sent. */
export interface PreparedRun {
  readonly runId: string;
  /** An existing run goes on: only new and changed rows are paid for. */
  readonly continued: boolean;
  readonly newItems: number;
  readonly keptItems: number;
  readonly droppedItems: number;
  readonly report: PlanReport;
  /** What the new items will cost. */
  readonly toPay: Amount;
}

export interface RunReport {
  readonly run: StoredRun;
  readonly rows: number;
  /** Runs that were made from items of this one, oldest first. */
  readonly followUps: readonly string[];
  readonly items: ItemCounts;
  /** Delivered images that the run's recipe could not be worked on: they are as the model made them. */
  readonly finishFailures: number;
  readonly exitCode: number;
  /** Expected dollars of everything that is planned. */
  readonly estimatedUsdMicros: number | undefined;
  /** Credits and dollars held by unknown outcomes, and how many requests those are. */
  readonly atRisk: {
    readonly requests: number;
    readonly creditMicros: number;
    readonly usdMicros: number;
  };
  readonly waits: Readonly<Record<string, Obstacle>>;
  /** Batches under way, oldest first. */
  readonly bundles: readonly BundleProgress[];
  readonly byModel: readonly {
    readonly model: string;
    readonly lane: LaneKind;
    readonly state: ItemState;
    readonly items: number;
  }[];
  /** What was refused, by kind; the most first. */
  readonly refusals: readonly RefusalKind[];
  /** Detail of each model by place in its queue, canaries, and how many images are flagged. */
  readonly quality: QualityReport;
  /** The process that works on the run now. */
  readonly owner?: { readonly host: string; readonly pid: number; readonly alive: boolean };
  /** Other processes that send requests of it beside its owner now. */
  readonly hands: number;
  /** After a proof: what it cost, how many were refused, and what the rest will cost given that. */
  readonly proof?: {
    readonly items: ItemCounts;
    readonly spent: Amount;
    readonly likelyRest: Amount;
    readonly atMostRest: Amount;
  };
}

/** A batch at a vendor: how many of its requests the vendor has ended, as far as it tells. */
export interface BundleProgress {
  readonly lane: string;
  readonly requests: number;
  readonly completed: number;
  readonly sentAt: number;
  /** The vendor's id of it, once it has taken it. */
  readonly ref?: string;
}

export interface Progress {
  readonly runId: string;
  readonly items: ItemCounts;
  readonly postedCreditMicros: number;
  readonly heldCreditMicros: number;
  readonly waits: Readonly<Record<string, Obstacle>>;
  readonly inFlight: number;
  /** Batches under way, oldest first. */
  readonly bundles: readonly BundleProgress[];
  /** Items delivered to the out folder so far in this process, for the rate. */
  readonly deliveredNow: number;
  /** Made images that wait to be finished into the out folder, or are being so. */
  readonly finishing: number;
  readonly startedAt: number;
  readonly now: number;
}

export interface DriveOptions {
  /** Aborted: admit nothing more, finish what is in flight. */
  readonly drain?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
  /** Told once when the run has something to say in words (a lane stopped, a breaker tripped). */
  readonly onNotice?: (text: string) => void;
  /** Sends nothing more: what vendors have is stopped, or taken where it is made, and the run cancelled. */
  readonly cancels?: boolean;
}

export type DriveResult =
  | { readonly kind: 'ended'; readonly report: RunReport }
  /** A living process works on it already. */
  | { readonly kind: 'owned'; readonly owner: { readonly host: string; readonly pid: number } };

export interface VendorStanding {
  readonly name: string;
  readonly title: string;
  readonly keyVariable?: string;
  readonly keyPresent: boolean;
  readonly baseUrl: string;
  /** Why it cannot be used although its key is there, and what to do about it. */
  readonly problem?: string;
}

/** What is done in the name of one workspace: its runs, references and jobs, under its own limits. */
export interface WorkspaceEngine {
  readonly workspace: string;
  readonly references: ReferenceShelf;
  /** Work on many pictures at once: jobs. */
  readonly tools: Tools;
  /**
   * Spends nothing, and writes nothing but the pictures that web addresses gave. Throws `InputError`
   * with every problem of the sheet.
   */
  plan(order: PlanOrder): Promise<PlanReport>;
  prepare(order: RunOrder): Promise<PreparedRun>;
  /**
   * The same for a new run of a few rows without a proof, quickly: in one transaction, at the catalog's
   * prices, without a forecast. Throws `InputError` with all problems, and what `check` throws when it is
   * told the plan: nothing is made then.
   */
  prepareAtOnce(order: RunOrder, check?: (plan: Plan) => Promise<void>): Promise<Plan>;
}

export interface Engine extends AsyncDisposable {
  readonly catalog: Catalog;
  readonly home: string;
  /** What runs and jobs of a service leave in the home, wherever it is kept. */
  readonly homeFiles: HomeFiles;
  /** Workspaces, keys, credits, and what is kept for the clients of a service. */
  readonly service: Service;
  /** Works on the runs that came in through a service, many at once. */
  readonly keeper: RunKeeper;
  /** All that this process works on for a service: runs, pictures, jobs. */
  readonly work: SharedWork;
  /** The engine in the name of a workspace. The methods beside it are those of the configured one. */
  inWorkspace(id: string): WorkspaceEngine;
  /** An id for a run that is to be made. */
  newRunId(): string;
  /** By its whole id; of any workspace. */
  run(runId: string): Promise<StoredRun | undefined>;
  /**
   * Calls back with the id of each run of which something changed in this process, and whether nothing more
   * is done in it now; returns how to stop. Other processes' changes are not told.
   */
  onRunChange(listener: OnRunChange): () => void;
  readonly references: ReferenceShelf;
  /** Who signs finished files; `undefined`: nobody. */
  readonly signer: SignerStanding | undefined;
  /** Work on many pictures at once: jobs. */
  readonly tools: Tools;
  vendors(): readonly VendorStanding[];
  /** Ids of models whose vendor can be reached, and the limits of each with their use. */
  availableModels(): readonly string[];
  gauges(modelId: string): Promise<LimitGauge[]>;

  /**
   * Spends nothing, and writes nothing but the pictures that web addresses gave. Throws `InputError`
   * with every problem of the sheet.
   */
  plan(order: PlanOrder): Promise<PlanReport>;
  /** Problems of the out folder and the store's disk, found before anything is paid. */
  checkStorage(out: string, items: number, recipe?: Recipe): Promise<Problem[]>;
  /** The newest run that owns the out folder. */
  runOwning(out: string): Promise<StoredRun | undefined>;
  prepare(order: RunOrder): Promise<PreparedRun>;
  /** Marks that spending was agreed to (by `--yes` or a person). */
  allowSpending(runId: string): Promise<void>;
  /** Works on the run until nothing more can be done in it now. */
  drive(runId: string, options?: DriveOptions): Promise<DriveResult>;

  /** By full id or a unique beginning; throws `UsageError` that lists what is there. */
  findRun(idOrPrefix: string): Promise<StoredRun>;
  /** Newest first. */
  listRuns(): Promise<StoredRun[]>;
  report(runId: string): Promise<RunReport>;
  /** The newest run that `drive` could go on with. */
  newestResumable(): Promise<StoredRun | undefined>;
  approve(runId: string): Promise<void>;
  /** Asks the owner to stop, or changes the state when there is none. */
  pause(runId: string): Promise<void>;
  /** The same; without an owner, what a vendor still has is ended first (`options`). */
  cancel(runId: string, options?: DriveOptions): Promise<void>;
  /** What making again what ended so would cost. Throws `InputError` with the rows that cannot be. */
  planRetry(runId: string, order: RetryOrder): Promise<RetryPlan>;
  /** Puts items that ended this way back to waiting; returns how many. */
  retry(runId: string, order: RetryOrder): Promise<number>;
  changeSettings(runId: string, change: Partial<RunSettings>): Promise<void>;
  /**
   * Writes everything of the run once more, from the store: a folder, an archive or a data set. Throws
   * `UsageError` when the place is taken, and the signal's reason when it is aborted.
   */
  export(runId: string, request: ExportRequest, watch?: ExportWatch): Promise<ExportResult>;
  items(runId: string, states?: readonly ItemState[]): AsyncIterable<ItemRecord>;
  /**
   * The picture of an item: its master, or a finished file by the recipe's name of it (`main`: the item's
   * own file). `undefined`: the run has no such item, or the item no such picture.
   */
  image(runId: string, itemId: string, output?: string): Promise<StoredImage | undefined>;
  /** Makes files of a picture, in the engine's worker threads. Never rejects for bad bytes. */
  finish(master: Uint8Array, order: FinishOrder): Promise<FinishResult>;
  ledger(runId: string): AsyncIterable<LedgerRow>;
  journal(runId: string, after?: number): AsyncIterable<JournalEntry>;
  /** Compares the run's ledger with the vendors' own reports; changes nothing. */
  reconcile(runId: string): Promise<Reconciliation>;
}

export type { ActivityCount, ActivityCounts } from './drive/activity.ts';
export type { KeepOptions, RunKeeper } from './drive/run-keeper.ts';
export type { ItemReferencePicture, ReferencePicture } from './prepare/reference-library.ts';
export type { CheckedPicture, CheckOutcome, JobWish } from './service/ordered-jobs.ts';
export type { OrderedJob, OrderedJobState } from './store/ordered-job-store.ts';
export type { HomeFiles } from './store/home-files.ts';
export type { DashboardReport, DashboardRun, RunCost } from './service/dashboard.ts';
export type { ModelDetailReport } from './service/detail-by-place.ts';
export type { BoardEntry, LimitedLane } from './service/limit-board.ts';
export type { Service } from './service/service.ts';
export type { BoardWorker, UntakenWork, WorkerFigures } from './service/worker-board.ts';
export type { RunProgress } from './service/workspace-events.ts';
export type { MarkCounts, SharedItem, StoredShare } from './store/share-store.ts';
export type { Uploads } from './service/uploads.ts';
export type { ClientUpload } from './store/upload-store.ts';
export type { FormerReview } from './store/review-store.ts';
export type { ItemAttempt, ItemCursor, ItemsQuery, RunPlace } from './store/run-listing-store.ts';
export type { Tile } from './store/tile-store.ts';
export type { LedgerRow, LimitGauge, StoredRun } from './store/store.ts';
export type * from './plan-types.ts';
export type { StoredImage } from './report/stored-image.ts';
export type { ExportWatch } from './deliver/export/finish-entries.ts';
export type { Finding, FindingKind, Verification } from './deliver/verify/findings.ts';
export type { VerifyWatch } from './deliver/verify/verify-folder.ts';
export type { ExportKind, ExportRequest, ExportResult } from './report/export-run.ts';
export type { ModelQuality, QualityReport } from './report/quality-report.ts';
export type { RetryOrder, RetryPlan, RunState, StopReason };
export type * from './tools/tools.ts';
