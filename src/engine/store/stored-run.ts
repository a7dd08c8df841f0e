/** Runs and the processes that work on them, as the store keeps them. */
import type { Obstacle } from '../core/admission.ts';
import type { Plan, PlannedLine } from '../core/plan.ts';
import type { SourceKind } from '../core/review.ts';
import type { RunOrigin, RunState, StopReason } from '../core/run.ts';
import type { RunSettings } from '../core/settings.ts';

export interface Worker {
  readonly id: string;
  readonly host: string;
  readonly pid: number;
  readonly incarnation: string;
  readonly leaseUntil: number;
}

/** The run whose items are made again, and how. */
export interface RunSource {
  readonly run: string;
  readonly kind: SourceKind;
}

export interface NewRun {
  readonly id: string;
  /** The API key that it is made with, and the door. */
  readonly keyId?: string;
  readonly origin?: RunOrigin;
  readonly source?: RunSource;
  readonly workspace: string;
  readonly title: string;
  readonly sheet: string;
  readonly out: string;
  readonly settings: RunSettings;
}

/** A run as the store keeps it. */
export interface StoredRun {
  readonly id: string;
  readonly workspace: string;
  readonly title: string;
  readonly sheet: string;
  readonly out: string;
  readonly state: RunState;
  readonly reason?: StopReason;
  readonly reasonText?: string;
  readonly phase: 'proof' | 'main';
  readonly settings: RunSettings;
  readonly columns: readonly string[];
  readonly plan?: Plan;
  readonly revision: number;
  /** A sheet was being read in and did not come to its end. */
  readonly reading: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Entries of its journal so far. */
  readonly events: number;
  /** The API key that it was made with, and the door; absent: the command line or the library. */
  readonly keyId?: string;
  readonly origin?: RunOrigin;
  readonly source?: RunSource;
  readonly workerId?: string;
  readonly asked?: 'pause' | 'cancel';
  readonly budgetCreditMicros?: number;
  readonly maxUsdMicros?: number;
  readonly postedCreditMicros: number;
  readonly heldCreditMicros: number;
  readonly actualUsdMicros: number;
  readonly heldUsdMicros: number;
  readonly writtenOffUsdMicros: number;
  /** What of its refusals a person has seen, and when. */
  readonly breaker: {
    readonly outcomes: number;
    readonly refused: number;
    readonly seenAt: number;
  };
  readonly waits: Readonly<Record<string, Obstacle>>;
}

/** What reading a sheet into a run changed. */
export interface ReadingResult {
  readonly newItems: number;
  readonly keptItems: number;
  readonly droppedItems: number;
}

export interface RunChange {
  readonly state: RunState;
  readonly reason?: StopReason;
  readonly reasonText?: string;
  readonly phase?: 'proof' | 'main';
  /** Only if the run is this worker's; otherwise nothing changes. */
  readonly workerId?: string;
  /** Gives the run up, so that another worker may take it. */
  readonly release?: boolean;
}

/** A small run with all its rows, to be made at once. */
export interface WholeRun {
  readonly run: NewRun;
  readonly lines: readonly PlannedLine[];
  readonly plan: Plan;
  readonly columns: readonly string[];
}
