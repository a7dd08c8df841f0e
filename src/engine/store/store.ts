/**
 * The store: the few operations that must be atomic, and the queries of the doors. One SQL, two
 * engines (`sqlite.ts`, `postgres.ts`); `test/contracts/store.contract.ts` holds both to the same.
 */
import type {
  DecideAdmission,
  Grant,
  LearnedLimit,
  LearnLimit,
  Obstacle,
} from '../core/admission.ts';
import type { Amend, AmendedPage } from '../core/amendment.ts';
import type { PickBundle, StaySuspected } from '../core/bundle.ts';
import type { LedgerAccount, LedgerEntry, LedgerKind, Settlement } from '../core/ledger.ts';
import type { JournalEntry } from '../core/events.ts';
import type { FlagKind } from '../core/flag.ts';
import type { LaneKind } from '../core/lane.ts';
import type { Limit } from '../core/limit.ts';
import type { CurvePoint, Finding, MeasuredFilter, MeasuredItem } from '../core/measured-item.ts';
import type { ItemCounts, ItemState } from '../core/outcome.ts';
import type { Amount, Plan, PlannedLine, PlannedRow, RequestPrice } from '../core/plan.ts';
import type { BegunFiles, PlacedFiles } from '../core/finishing.ts';
import type { ItemRecord } from '../core/item-record.ts';
import type { SentAttempt } from '../core/reconciliation.ts';
import type {
  ItemReferences,
  KeptUpload,
  NamedReference,
  ReferenceChange,
  RenamedReference,
} from '../core/reference.ts';
import type { SkippedRow } from '../core/row.ts';
import type { RefusalKind, RefusalScope } from '../core/refusal.ts';
import type { RunState } from '../core/run.ts';
import type { RunSettings } from '../core/settings.ts';

import type { JobStore } from './job-store.ts';
import type { NewRun, ReadingResult, RunChange, StoredRun, WholeRun } from './stored-run.ts';
import type { FinishingStore } from './finishing-store.ts';
import type { WorkerStore } from './worker-store.ts';
import type { ServiceStore } from './service-operations.ts';
import type {
  AdmitAnswer,
  AdmitOrder,
  AttemptTicket,
  BundleReturnOrder,
  EndedItems,
  EndedRequest,
  EndedState,
  Fenced,
  ItemOfImage,
  Lesson,
  ReturnOrder,
  SettleOrder,
  StoredBundle,
} from './orders.ts';
import type { RowSpan } from './tile-store.ts';

export type * from './job-store.ts';
export type * from './orders.ts';
export type * from './stored-run.ts';
export type * from './worker-store.ts';
export type * from './workspace-store.ts';

export interface LimitGauge {
  readonly limit: Limit;
  readonly max: number | undefined;
  readonly used: number;
  readonly learned: boolean;
  readonly blockedUntil: number;
}

/** Requests with their price; dollars are `undefined` when any of them is unknown. */
export interface PricedRequests {
  readonly items: number;
  readonly expected: Amount;
  readonly worst: Amount;
}

export interface LedgerRow {
  readonly attemptId: string;
  readonly kind: LedgerKind;
  readonly account: LedgerAccount;
  readonly at: number;
  readonly creditMicros: number;
}

/** The pure decisions that the store runs inside its transactions. */
export interface Decisions {
  readonly decideAdmission: DecideAdmission;
  readonly pickBundle: PickBundle;
  readonly staySuspected: StaySuspected;
  readonly learnLimit: LearnLimit;
  readonly learnedMax: (
    known: LearnedLimit | undefined,
    options: { readonly now: number; readonly windowMs: number | undefined },
  ) => number | undefined;
  readonly windowMarginMs: (windowMs: number) => number;
  readonly holdEntry: (creditMicros: number) => LedgerEntry;
  readonly endHold: (
    heldCreditMicros: number,
    delivered: number,
    creditMicrosPerImage: number,
  ) => Settlement;
}

export interface Store
  extends JobStore, ServiceStore, WorkerStore, FinishingStore, AsyncDisposable {
  /** The store's clock, which all grants are measured by. */
  now(): Promise<number>;

  createRun(run: NewRun): Promise<void>;
  /** `createRun`, reading and planning in one transaction. */
  putWholeRun(whole: WholeRun): Promise<void>;
  findRun(runId: string): Promise<StoredRun | undefined>;
  /** Newest first. */
  listRuns(): Promise<StoredRun[]>;
  /** The newest run that delivers into `out`. */
  runOwning(out: string): Promise<StoredRun | undefined>;
  /**
   * Takes the run for `workerId` if it is free or still with `from`, and in `state` where one is given; false
   * when somebody else has it, or it was decided about meanwhile. Without a state, what was asked is forgotten.
   */
  claimRun(
    runId: string,
    workerId: string,
    from: string | undefined,
    state?: RunState,
  ): Promise<boolean>;
  /** `claimRun` and the change to `running` in one transaction; false, and nothing changed, likewise. */
  beginRun(
    runId: string,
    workerId: string,
    from: string | undefined,
    state?: RunState,
  ): Promise<boolean>;
  /** Throws `IllegalStateError` when the state does not allow it; `fenced`: another worker has the run. */
  changeRun(runId: string, change: RunChange): Promise<Fenced>;
  /** Asks the run's owner to stop; without an owner the caller changes the state itself. */
  askRun(runId: string, asked: 'pause' | 'cancel' | null): Promise<void>;
  setSettings(
    runId: string,
    change: {
      readonly settings: RunSettings;
      readonly budgetCreditMicros: number | null;
      readonly maxUsdMicros: number | null;
    },
  ): Promise<void>;
  setWaits(
    runId: string,
    workerId: string,
    waits: Readonly<Record<string, Obstacle>>,
  ): Promise<void>;
  /** The refusals so far have been seen by a person and no longer trip the breaker. */
  resetBreaker(runId: string): Promise<void>;
  /** Images that have their outcomes, and how many were refused, of a run or of an account. */
  refusalTally(scope: RefusalScope): Promise<{ outcomes: number; refused: number }>;
  /** Numbers of the rows that a vendor refused, in sheet order. */
  refusedRows(runId: string): Promise<number[]>;
  /** Items that are refused, by kind; the most first. */
  refusalKinds(runId: string): Promise<RefusalKind[]>;

  beginReading(runId: string): Promise<number>;
  putLines(runId: string, revision: number, lines: readonly PlannedLine[]): Promise<void>;
  /** Drops rows of older revisions that were not sent, marks the proof, and stores the plan. */
  endReading(
    runId: string,
    revision: number,
    result: {
      readonly plan: Plan;
      readonly columns: readonly string[];
      readonly proofKeys: ReadonlySet<string>;
    },
  ): Promise<ReadingResult>;
  rowsForProof(runId: string): AsyncIterable<PlannedRow>;

  admit(order: AdmitOrder): Promise<AdmitAnswer>;
  /** Stores the vendor's id before anything else is done with the answer. */
  accepted(
    attemptId: string,
    workerId: string,
    accepted: { readonly ref: string; readonly usdMicros?: number },
  ): Promise<Fenced>;
  settle(order: SettleOrder): Promise<Fenced>;
  returned(order: ReturnOrder): Promise<Fenced>;
  markUnknown(attemptId: string, workerId: string, reason: string): Promise<Fenced>;
  /** Bundles of the run that are under way, oldest first. */
  openBundles(runId: string): Promise<StoredBundle[]>;
  /** Stores the vendor's id of a bundle before anything else is done with the answer. */
  bundleAccepted(bundleId: string, workerId: string, ref: string): Promise<Fenced>;
  bundleProgress(bundleId: string, completed: number): Promise<void>;
  returnBundle(order: BundleReturnOrder): Promise<Fenced>;
  /** Moves a batch lane's waiting requests to the live lane, at its price; returns how many. */
  moveToLive(runId: string, lane: string, liveLane: string): Promise<number>;
  /** The other way, at the price that `reprice` makes of the live one. */
  moveToBatch(
    runId: string,
    lane: string,
    batchLane: string,
    reprice: (live: RequestPrice) => RequestPrice,
  ): Promise<number>;
  /** Requests of a lane that have not ended, by how many images they carry. */
  openRequestSizes(runId: string, lane: string): Promise<Readonly<Record<number, number>>>;
  /** What a success or a refusal without an outcome taught. */
  learn(lessons: readonly Lesson[]): Promise<void>;
  /** Lanes of the run that still have requests to send, with how many. */
  waitingLanes(runId: string): Promise<{ lane: string; requests: number; notBefore: number }[]>;
  proofOpen(runId: string): Promise<number>;

  /** Attempts that were being sent, are being polled, or are unknown. */
  openAttempts(runId: string): Promise<(AttemptTicket & { readonly workerId: string })[]>;
  /** Moves an attempt from a dead worker to a living one. */
  takeAttempt(attemptId: string, from: string, to: string): Promise<boolean>;
  /** Closes the holds of unknown attempts and lets their requests be bought again under a new id. */
  decideUnknown(runId: string, attemptId?: string): Promise<number>;
  retry(runId: string, state: 'failed' | 'refused' | 'cancelled'): Promise<number>;
  /** What ended so, request by request, in sheet order. */
  endedRequests(runId: string, states: readonly EndedState[]): Promise<EndedRequest[]>;
  /** Gives items that ended so a new request where `amend` wants one, in one transaction; how many. */
  amendEnded(runId: string, which: EndedItems, amend: Amend): Promise<number>;
  /**
   * Changes waiting requests of a lane where `amend` wants it, in their order: a page of them, in one
   * transaction. `next` continues.
   */
  amendWaiting(runId: string, lane: string, amend: Amend, next?: number): Promise<AmendedPage>;
  cancelWaiting(runId: string): Promise<number>;

  /** What sheets of a workspace know by name (`@hero`), by name. */
  namedReferences(workspace: string): Promise<NamedReference[]>;
  findNamedReference(workspace: string, name: string): Promise<NamedReference | undefined>;
  /** Adds a name, or gives it another picture. */
  putNamedReference(workspace: string, reference: Omit<NamedReference, 'addedAt'>): Promise<void>;
  /** False when there is no such name. */
  removeNamedReference(workspace: string, name: string): Promise<boolean>;
  /** Brings back what was removed less than a day ago; false when there is nothing, or the name is taken. */
  restoreNamedReference(workspace: string, name: string): Promise<boolean>;
  /** Gives a picture another name. `taken`: that name has a picture. */
  renameNamedReference(workspace: string, name: string, to: string): Promise<RenamedReference>;
  /** What an item's references were when it was planned, in their order; `undefined`: no such item. */
  itemReferences(runId: string, itemId: string): Promise<ItemReferences | undefined>;
  /** What a vendor's account keeps of these bytes (by their hash), whether expired or not. */
  findUpload(account: string, hash: string): Promise<KeptUpload | undefined>;
  putUpload(account: string, hash: string, upload: KeptUpload): Promise<void>;
  forgetUploads(account: string, handles: readonly string[]): Promise<void>;
  /** What was done to the references of a request's items before they were sent. */
  noteReferenceChanges(requestId: string, changes: readonly ReferenceChange[]): Promise<void>;
  /** The rows of a lane's next requests, so that their references can be made ready. */
  nextRows(runId: string, lane: string, most: number): Promise<PlannedRow[]>;

  /** Delivered files of items that are no longer wanted. */
  droppedFiles(runId: string): Promise<PlacedFiles[]>;
  /** `workerId`: only while it owns the run; nothing is written down of what is another worker's. */
  setFiles(placed: readonly PlacedFiles[], workerId?: string): Promise<Fenced>;
  /** Before an item's files are written; `setFiles` says that they are there. */
  beginFiles(itemId: string, files: BegunFiles, workerId?: string): Promise<Fenced>;
  counts(runId: string): Promise<ItemCounts>;
  countRows(runId: string): Promise<number>;
  /** Images that the run's recipe could not be worked on. */
  finishFailures(runId: string): Promise<number>;
  /** What requests are priced at: those of the proof, or those that still wait. */
  pricedRequests(runId: string, which: 'proof' | 'waiting'): Promise<PricedRequests>;
  /** What unknown outcomes hold. */
  atRisk(runId: string): Promise<{ requests: number; creditMicros: number; usdMicros: number }>;
  countsByModel(
    runId: string,
  ): Promise<{ model: string; lane: LaneKind; state: ItemState; items: number }[]>;
  /** `ofRun`: only if it is an item of this run. */
  record(itemId: string, ofRun?: string): Promise<ItemRecord | undefined>;
  /** Of all runs; looks through all items. */
  itemsOfImage(hash: string): Promise<ItemOfImage[]>;
  /** In sheet order. */
  records(
    runId: string,
    filter?: {
      readonly proof?: boolean;
      readonly states?: readonly ItemState[];
      readonly undelivered?: boolean;
      /** Only those that have an image, or a name of a file. */
      readonly made?: boolean;
    },
  ): AsyncIterable<ItemRecord>;
  /** Delivered and measured images in sheet order. */
  measured(runId: string, filter?: MeasuredFilter): AsyncIterable<MeasuredItem>;
  /** A model's images at the start of the sheet, or the last that are made; without canaries. */
  measuredAtEnd(
    runId: string,
    model: string,
    end: 'first' | 'last',
    most: number,
  ): Promise<MeasuredItem[]>;
  /** The detail of each model by place in its streaks, `width` places a point; `parts`: of these rows only. */
  detailCurve(runId: string, width: number, parts?: readonly RowSpan[]): Promise<CurvePoint[]>;
  longestStreak(runId: string, parts?: readonly RowSpan[]): Promise<number>;
  /** Delivered canaries, each model's in their order. */
  canaries(runId: string): Promise<MeasuredItem[]>;
  flagCounts(runId: string): Promise<Readonly<Record<FlagKind, number>>>;
  /** Writes down what judging images found. */
  setFindings(findings: readonly Finding[]): Promise<void>;
  skippedRows(runId: string): AsyncIterable<SkippedRow>;
  ledger(runId: string): AsyncIterable<LedgerRow>;
  journal(runId: string, after?: number): AsyncIterable<JournalEntry>;
  /** Every sending of a run, or of all runs in a time, in order: what a reconciliation compares. */
  sentAttempts(
    filter: { readonly runId: string } | { readonly from: number; readonly to: number },
  ): AsyncIterable<SentAttempt>;
  gauges(limits: readonly Limit[]): Promise<LimitGauge[]>;
  /** Every grant of a limit, oldest first: what an auditor reads. */
  grants(limitKey: string): Promise<Grant[]>;
}
