/** Tables of the processes that share a store, and of what they share. */
export interface WorkerTables {
  workers: WorkersTable;
  run_hands: RunHandsTable;
  finishing_tasks: FinishingTasksTable;
}

/** A process that works on runs. It is dead when its machine says so, or when its lease has ended. */
export interface WorkersTable {
  id: string;
  host: string;
  pid: number;
  /** What tells this process from a later one with the same pid on the same host. */
  incarnation: string;
  lease_until: number;
  /** Of the migrations that its program knows; null: older than levels are. */
  level: number | null;
  /** What it says of itself (`worker-store.ts`); null: a process of an older version. */
  version: string | null;
  kinds: string | null;
  capabilities: string | null;
  images_place: string | null;
  /** `WorkerLoad` as JSON, as of its last renewal. */
  load: string | null;
  started_at: number | null;
  /** Set by whoever found its lease at an end: it may take up nothing more under this id. */
  ended_at: number | null;
  draining_at: number | null;
}

/** Who sends requests of a run beside its owner. */
export interface RunHandsTable {
  run_id: string;
  worker_id: string;
  joined_at: number;
}

/** Pictures that a process offers to others to be finished. */
export interface FinishingTasksTable {
  id: string;
  offered_by: string;
  offered_at: number;
  /** Capabilities that it takes, as a JSON array. */
  needs: string;
  /** Where the master is: `blob:HASH`, or `file`: it is kept with the task. */
  master: string;
  /** `FinishOrder` as JSON. */
  finish_order: string;
  taken_by: string | null;
  taken_at: number | null;
  /** `FinishingResult` as JSON, once it is done. */
  result: string | null;
}
