/** What happened in a workspace, as its webhooks and its stream of events tell it. */

export const WORKSPACE_EVENT_TYPES = [
  'run.created',
  'run.started',
  'run.awaiting_approval',
  'run.paused',
  'run.stopped',
  'run.completed',
  'run.cancelled',
  'run.reviewed',
  'job.ended',
  'credits.granted',
  'credits.purchased',
  'credits.refunded',
  'credits.corrected',
  'credits.low',
  'webhook.disabled',
  'webhook.test',
] as const;
export type WorkspaceEventType = (typeof WORKSPACE_EVENT_TYPES)[number];

/** An event that is to be written down. */
export interface NewWorkspaceEvent {
  /** Milliseconds since 1970, by the store's clock. */
  readonly at: number;
  readonly type: WorkspaceEventType;
  readonly runId?: string;
  /** As it travels: small, with whole words in snake_case, credits as decimals, and never a prompt. */
  readonly data: Readonly<Record<string, unknown>>;
}

export interface WorkspaceEvent extends NewWorkspaceEvent {
  readonly workspace: string;
  /** Counted from 1 in its workspace, without gaps. */
  readonly sequence: number;
}
