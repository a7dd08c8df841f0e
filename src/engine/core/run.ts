import type { TransitionTable } from './transition.ts';

export const RUN_STATES = [
  'planned',
  'running',
  'awaiting_approval',
  'paused',
  'stopped',
  'done',
  'cancelled',
] as const;
export type RunState = (typeof RUN_STATES)[number];

export const RUN_TRANSITIONS: TransitionTable<RunState> = {
  planned: ['running', 'cancelled', 'awaiting_approval'],
  running: ['awaiting_approval', 'paused', 'stopped', 'done', 'cancelled', 'planned'],
  awaiting_approval: ['running', 'planned', 'cancelled'],
  paused: ['running', 'planned', 'cancelled'],
  stopped: ['running', 'planned', 'cancelled'],
  // A finished or cancelled run goes on when its sheet was edited or when rows are retried.
  done: ['running', 'planned'],
  cancelled: ['running', 'planned'],
};

/** Why a run is not running: what the exit code and the summary are made from. */
export type StopReason =
  | 'budget'
  | 'credits'
  | 'approval'
  | 'paused'
  | 'refusals'
  | 'vendor'
  | 'interrupted'
  | 'storage'
  | 'cancelled';

/**
 * The door of a service that a run was made through: the service keeps such a run going by itself. `request`:
 * one call of a client that waits for its images.
 */
export const RUN_ORIGINS = ['api', 'batch', 'request', 'assistant'] as const;
export type RunOrigin = (typeof RUN_ORIGINS)[number];

export type RunAction = 'resume' | 'approve' | 'pause' | 'cancel' | 'retry' | 'export';

/** What may be done with a run in which state: one table for commands, API and buttons. */
export const RUN_ACTIONS: Readonly<Record<RunAction, readonly RunState[]>> = {
  resume: ['planned', 'running', 'paused', 'stopped', 'done'],
  approve: ['awaiting_approval'],
  pause: ['planned', 'running'],
  cancel: ['planned', 'running', 'awaiting_approval', 'paused', 'stopped'],
  // `planned`: failed and refused ones may be asked for one after the other, before the run goes on.
  retry: ['planned', 'paused', 'stopped', 'done', 'awaiting_approval'],
  export: ['planned', 'running', 'awaiting_approval', 'paused', 'stopped', 'done', 'cancelled'],
};

export function runCan(action: RunAction, state: RunState): boolean {
  return RUN_ACTIONS[action].includes(state);
}
