/** The tables of workspaces and of what a service keeps for its clients: a part of `Tables`. */
import type { OrderedJobState } from './ordered-job-store.ts';
import type { RequestState } from './idempotency-store.ts';
import type { EntryKind } from '../core/credit-entry.ts';
import type { Role, WorkspaceState } from '../core/workspace.ts';
import type { UploadTables } from './upload-tables.ts';

export interface ServiceTables extends UploadTables {
  workspaces: WorkspacesTable;
  api_keys: ApiKeysTable;
  sessions: SessionsTable;
  credit_entries: CreditEntriesTable;
  payment_orders: PaymentOrdersTable;
  usage_quarters: UsageQuartersTable;
  workspace_events: WorkspaceEventsTable;
  webhooks: WebhooksTable;
  webhook_deliveries: WebhookDeliveriesTable;
  idempotency_keys: IdempotencyKeysTable;
  stored_files: StoredFilesTable;
  openai_batches: OpenaiBatchesTable;
  ordered_jobs: OrderedJobsTable;
  secrets: SecretsTable;
}

export interface WorkspacesTable {
  id: string;
  name: string;
  state: WorkspaceState;
  created_at: number;
  /** Images in any 60 minutes; null: no ceiling. */
  images_per_hour: number | null;
  /** 1: the ceiling was set by hand and does not follow what was bought. */
  is_ceiling_fixed: number;
  /** Credits that may still be held; null: no balance is kept. */
  available_credit_micros: number | null;
  held_credit_micros: number;
  posted_credit_micros: number;
  bought_credit_micros: number;
  /** 1: it was told that the balance is low. */
  is_credit_low: number;
  /** Sequence of its newest event. */
  events: number;
}

export interface ApiKeysTable {
  id: string;
  workspace: string;
  name: string;
  /** SHA-256 of the secret, hex. */
  hash: string;
  /** The secret's last four characters. */
  hint: string;
  /** Of the secret before the last rotation, and until when it may still be used. */
  previous_hash: string | null;
  previous_until: number | null;
  role: Role;
  /** JSON array of scopes; null: all of its role's. */
  scopes: string | null;
  created_at: number;
  last_used_at: number | null;
  expires_at: number | null;
  revoked_at: number | null;
  budget_credit_micros: number | null;
  posted_credit_micros: number;
  held_credit_micros: number;
  /** `person`: somebody signs in with it; null: a program has it. */
  holder: 'person' | null;
  /** SHA-256, hex, of what invites somebody to become its holder, and until when; null: nobody is invited. */
  invitation_hash: string | null;
  invitation_until: number | null;
}

/** A browser that signed in with a key. */
export interface SessionsTable {
  /** SHA-256 of the cookie's value, hex. */
  hash: string;
  key_id: string;
  created_at: number;
  expires_at: number;
}

/** What came into a workspace's balance, or was taken from it, other than by making images. */
export interface CreditEntriesTable {
  id: string;
  workspace: string;
  kind: EntryKind;
  /** Negative: taken away. */
  credit_micros: number;
  at: number;
  reason: string;
  /** Of a payment: an entry for the same one is written once. */
  reference: string | null;
  by_key: string | null;
  /** In the currency's smallest unit. */
  paid_amount: number | null;
  paid_currency: string | null;
}

/** Packs that somebody ordered, with what is known of their payment. */
export interface PaymentOrdersTable {
  id: string;
  workspace: string;
  key_id: string | null;
  pack: string;
  title: string;
  credit_micros: number;
  /** In the currency's smallest unit. */
  amount: number;
  currency: string;
  created_at: number;
  /** The payment provider's ids. */
  session: string | null;
  payment: string | null;
  paid_at: number | null;
  /** What was given back so far, in the currency's smallest unit. */
  refunded_amount: number;
  /** `Disputes` as JSON. */
  disputes: string;
  /** Taken back from the balance for them, so far. */
  refunded_credit_micros: number;
  disputed_credit_micros: number;
}

/** What requests that ended in a quarter of an hour came to, added up as they end. */
export interface UsageQuartersTable {
  workspace: string;
  /** The quarter's first millisecond. */
  at: number;
  run_id: string;
  lane: string;
  delivered: number;
  refused: number;
  failed: number;
  credit_micros: number;
  usd_micros: number;
}

/** What happened in a workspace, as webhooks tell it. */
export interface WorkspaceEventsTable {
  workspace: string;
  sequence: number;
  at: number;
  /** `run.completed` and the like. */
  type: string;
  run_id: string | null;
  data: string;
}

export interface WebhooksTable {
  id: string;
  workspace: string;
  url: string;
  description: string;
  /** JSON array; null: every event. */
  event_types: string | null;
  enabled: number;
  /** Null while it is enabled, and when somebody disabled it by hand. */
  disabled_reason: string | null;
  /** Its signing secret is derived from the installation's with this number. */
  generation: number;
  rotated_at: number | null;
  /** When the first of its sendings in a row failed. */
  failing_since: number | null;
  created_at: number;
  /** Deliveries are made for events up to this one. */
  seen_sequence: number;
}

export interface WebhookDeliveriesTable {
  id: string;
  webhook_id: string;
  workspace: string;
  /** The workspace's event that it tells. */
  sequence: number;
  state: 'waiting' | 'delivered' | 'failed';
  attempts: number;
  next_at: number;
  worker_id: string | null;
  /** The last answer's status. */
  status: number | null;
  reason: string | null;
  created_at: number;
  ended_at: number | null;
}

export interface IdempotencyKeysTable {
  workspace: string;
  key: string;
  /** SHA-256 over method, path and body. */
  fingerprint: string;
  state: RequestState;
  worker_id: string;
  /** The id that what the request makes has: known before it is made. */
  resource: string;
  status: number | null;
  headers: string | null;
  body: string | null;
  created_at: number;
  expires_at: number;
}

/** Files that clients sent or that were made for them; the bytes lie in a file of their id. */
export interface StoredFilesTable {
  id: string;
  workspace: string;
  key_id: string | null;
  purpose: string;
  name: string;
  media_type: string;
  bytes: number;
  sha256: string;
  created_at: number;
  expires_at: number | null;
}

export interface OpenaiBatchesTable {
  id: string;
  workspace: string;
  key_id: string | null;
  /** Known from the beginning; there is no such run when the input was refused. */
  run_id: string;
  input_file: string;
  endpoint: string;
  completion_window: string;
  expires_at: number;
  /** For how long its output is kept; null: until it is deleted. */
  output_seconds: number | null;
  metadata: string | null;
  state: string;
  problems: string | null;
  output_file: string | null;
  error_file: string | null;
  /** JSON, once it has ended. */
  counts: string | null;
  created_at: number;
  started_at: number | null;
  finalizing_at: number | null;
  cancelled_at: number | null;
  ended_at: number | null;
  /** The process that works on it, until when. */
  lease_owner: string | null;
  lease_until: number;
}

/** Jobs that came in through a service: what was asked for, and how it stands. */
export interface OrderedJobsTable {
  id: string;
  workspace: string;
  key_id: string | null;
  kind: string;
  /** Whose images it works on; null: on uploaded pictures. */
  run_id: string | null;
  /** As it was asked for, as JSON. */
  request: string;
  /** The job of the tools that does it: a check that is asked for again has the same one. */
  job_id: string;
  state: OrderedJobState;
  /** Why it failed. */
  problem: string | null;
  /** What a check found, as JSON. */
  outcome: string | null;
  created_at: number;
  ended_at: number | null;
}

/** The installation's own secrets, made once. */
export interface SecretsTable {
  name: string;
  value: string;
}
