/**
 * The tables, in the dialect that SQLite and PostgreSQL share: integers for time (milliseconds) and
 * money (micros), text for ids and JSON. `migrations/` creates them.
 */
import type { ProgramFloorsTable } from './level-tables.ts';
import type { FailureKind } from '../core/failure.ts';
import type { ItemState } from '../core/outcome.ts';
import type { LedgerAccount, LedgerKind } from '../core/ledger.ts';
import type { AttemptState, RequestState } from '../core/request.ts';
import type { RefusalCategory, RefusalStage } from '../core/refusal.ts';
import type { RunOrigin, RunState } from '../core/run.ts';
import type { SourceKind } from '../core/review.ts';
import type { JobFilesTable, JobOutputsTable, JobsTable } from './job-tables.ts';
import type { ReviewTables } from './review-tables.ts';
import type { ServiceTables } from './service-tables.ts';
import type { WorkerTables } from './worker-tables.ts';

export interface Tables extends ServiceTables, ReviewTables, WorkerTables {
  program_floors: ProgramFloorsTable;
  runs: RunsTable;
  rows: RowsTable;
  skipped_rows: SkippedRowsTable;
  requests: RequestsTable;
  items: ItemsTable;
  attempts: AttemptsTable;
  bundles: BundlesTable;
  uploads: UploadsTable;
  named_references: NamedReferencesTable;
  ledger: LedgerTable;
  limits: LimitsTable;
  grants: GrantsTable;
  extras: ExtrasTable;
  jobs: JobsTable;
  job_files: JobFilesTable;
  job_outputs: JobOutputsTable;
  events: EventsTable;
}

export interface RunsTable {
  id: string;
  workspace: string;
  title: string;
  sheet: string;
  out: string;
  state: RunState;
  reason: string | null;
  reason_text: string | null;
  /** `proof`: only the sample may be sent; `main`: everything. */
  phase: 'proof' | 'main';
  settings: string;
  columns: string;
  plan: string | null;
  /** Number of times that a sheet was read into the run; rows of an older one are dropped. */
  revision: number;
  /** Set while a sheet is being read in, so that a half-read one is never run. */
  reading: number;
  created_at: number;
  updated_at: number;
  worker_id: string | null;
  /** What another process asked for: `pause` or `cancel`. */
  asked: string | null;
  budget_credit_micros: number | null;
  max_usd_micros: number | null;
  posted_credit_micros: number;
  held_credit_micros: number;
  actual_usd_micros: number;
  held_usd_micros: number;
  written_off_usd_micros: number;
  /** Outcomes that the refusal breaker no longer counts, since a person has seen them. */
  breaker_outcomes: number;
  breaker_refused: number;
  /** When a person saw the refusals so far: those of the account before it are not counted either. */
  breaker_seen_at: number | null;
  /** What each lane waits for, as JSON: lane → `Obstacle`. */
  waits: string | null;
  events: number;
  /** The API key that it was made with. */
  key_id: string | null;
  /** Which door it was made through (`core/run.ts`); null: the command line or the library. */
  origin: RunOrigin | null;
  /** The run whose images it makes again, and how; null: it came of a sheet. */
  source_run: string | null;
  source_kind: SourceKind | null;
}

export interface RowsTable {
  run_id: string;
  key: string;
  number: number;
  revision: number;
  model: string;
  batch: number;
  proof: number;
  /** Images of the row. */
  images: number;
  /** Which canary of its model it is; null: a row of the sheet. */
  canary: number | null;
  /** The `PlannedRow` as JSON, without the input's cells. */
  planned: string;
  cells: string;
}

export interface SkippedRowsTable {
  run_id: string;
  number: number;
  line: number;
  reason: string;
  cells: string;
}

export interface RequestsTable {
  id: string;
  run_id: string;
  row_key: string;
  /** Order of sending: row number, then image. */
  position: number;
  lane: string;
  proof: number;
  /** Indexes of the row's images, counted from 1, as JSON. */
  indexes: string;
  images: number;
  generation: number;
  state: RequestState;
  attempts: number;
  /** Attempts that count against the retry policy's bound. */
  counted_attempts: number;
  not_before: number;
  wait_reason: string | null;
  credit_micros_per_image: number;
  worst_usd_micros: number | null;
  expected_usd_micros: number | null;
  /** What a decision changed of the row for this request (`core/amendment.ts`), as JSON. */
  amendment: string | null;
  /** Waiting requests of one group have at least one among them that the vendor refuses. */
  suspect_group: string | null;
  /** On a batch lane: what the same request costs on the live lane. */
  live_credit_micros_per_image: number | null;
  live_worst_usd_micros: number | null;
  live_expected_usd_micros: number | null;
}

export interface ItemsTable {
  id: string;
  run_id: string;
  row_key: string;
  row_number: number;
  image_index: number;
  request_id: string;
  state: ItemState;
  reason: string | null;
  hash: string | null;
  width: number | null;
  height: number | null;
  bytes: number | null;
  format: string | null;
  file: string | null;
  credit_micros: number;
  usd_micros: number | null;
  attempt_id: string | null;
  /**
   * 1 when its row left the sheet (or asks for fewer images): it is not counted any more, but kept,
   * so that it is not paid for again when the row comes back.
   */
  dropped: number;
  refusal_stage: RefusalStage | null;
  refusal_category: RefusalCategory | null;
  /** 1: it failed, and the vendor certainly made nothing of it. */
  unmade: number | null;
  /** Its row's, so that questions about all items need not read the rows. */
  canary: number | null;
  /** Laplacian variance at full size. */
  detail: number | null;
  /** Difference hash, 32 hex digits. */
  fingerprint: string | null;
  /** Colours of a 4x4 grid, 96 hex digits. */
  signature: string | null;
  /** 0 (the same) to 1: how far it is from its reference, or from the run's own start. */
  drift: number | null;
  /** How many images its model had made in a row when this one was made, this one included. */
  streak: number | null;
  /** What was found about the picture (`core/flag.ts`), as a JSON array; null: not judged yet. */
  flags: string | null;
  /** What was done to its references so that the model takes them, as JSON. */
  reference_changes: string | null;
  /** Why the run's recipe could not be worked on it: it was delivered as it was made. */
  finish_failure: string | null;
  /** How its files were made (`core/finishing.ts`); null: nothing is known of it. */
  finished_by: string | null;
  /** Its files beside `file`, as a JSON array. */
  more_files: string | null;
  /** What screening said of it, as a JSON array of none or one; null: it was not screened. */
  screening: string | null;
}

export interface AttemptsTable {
  id: string;
  request_id: string;
  run_id: string;
  number: number;
  state: AttemptState;
  worker_id: string;
  sent_at: number;
  /** When the longest possible call is over: what is not known then stays unknown. */
  deadline_at: number;
  ref: string | null;
  held_credit_micros: number;
  held_usd_micros: number;
  usd_micros: number | null;
  reason: string | null;
  ended_at: number | null;
  /** The vendor's account that it went to. */
  account: string | null;
  /** How many of its images were refused; absent: it has no outcomes. */
  refused: number | null;
  /** The bundle that it travels in, on lanes whose calls carry many requests. */
  bundle_id: string | null;
  /** Images whose bytes came with its answer, useful or not; null until it is settled. */
  made: number | null;
  /** What went wrong, where it was returned for that. */
  failure: FailureKind | null;
}

/** Requests that travel to the vendor in one call. Each has its own attempt, hold and outcome. */
export interface BundlesTable {
  id: string;
  run_id: string;
  lane: string;
  sent_at: number;
  /** How many requests it carries, and how many of them the vendor said to have ended. */
  requests: number;
  completed: number;
  /** The vendor's id of it. */
  ref: string | null;
}

/** References that a vendor's account keeps, so that they are sent once. */
export interface UploadsTable {
  account: string;
  /** SHA-256 of the bytes as they were sent. */
  hash: string;
  handle: string;
  expires_at: number | null;
  uploaded_at: number;
}

/** References that sheets know by name: `@hero`. The bytes are in the blob store. */
export interface NamedReferencesTable {
  workspace: string;
  name: string;
  hash: string;
  media_type: string;
  width: number;
  height: number;
  bytes: number;
  /** The file or address that it was read from. */
  source: string;
  added_at: number;
  /** Null: it is there. It can be brought back for a day. */
  removed_at: number | null;
}

/** Double entry: the lines of each entry sum to zero. Lines are only ever added. */
export interface LedgerTable {
  /** Or the id of a credit entry, which has no run. */
  attempt_id: string;
  kind: LedgerKind;
  account: LedgerAccount;
  /** Empty: none. */
  run_id: string;
  workspace: string;
  at: number;
  credit_micros: number;
}

export interface LimitsTable {
  key: string;
  /** `LearnedLimit` as JSON. */
  learned: string | null;
}

export interface GrantsTable {
  limit_key: string;
  attempt_id: string;
  granted_at: number;
  units: number;
  /** Slots only: when the slot is free again, at the latest. */
  ends_at: number;
  /** 1 when the vendor refused the request for pace. */
  refused: number;
}

/** Answers that came after a decision had closed their attempt: kept, never charged. */
export interface ExtrasTable {
  attempt_id: string;
  run_id: string;
  image_index: number;
  hash: string;
  at: number;
}

export interface EventsTable {
  run_id: string;
  sequence: number;
  at: number;
  event: string;
}
