/** Processes on a store, and the work that waits for one of them, as people look at them. */
import type { WorkerKind } from './worker.ts';

/**
 * `draining`: takes up nothing new; `lapsed`: it has not been heard of in time, and may come back; `gone`: it ended
 * without a word, and others go on with what it had.
 */
export const WORKER_STANDINGS = ['working', 'draining', 'lapsed', 'gone'] as const;
export type BoardStanding = (typeof WORKER_STANDINGS)[number];

export type ByWorkerKind = Readonly<Record<WorkerKind, number>>;
