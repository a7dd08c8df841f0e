/** What the store does for events of workspaces and the webhooks that tell them: a part of `Store`. */
import type { RunState, StopReason } from '../core/run.ts';
import type { DeliveryState, Webhook, WebhookDelivery } from '../core/webhook.ts';
import type {
  NewWorkspaceEvent,
  WorkspaceEvent,
  WorkspaceEventType,
} from '../core/workspace-event.ts';
import type { Fenced } from './orders.ts';

export interface NewWebhook {
  readonly id: string;
  readonly workspace: string;
  readonly url: string;
  readonly description: string;
  readonly eventTypes?: readonly WorkspaceEventType[];
}

export interface WebhookChange {
  readonly url?: string;
  readonly description?: string;
  /** Null: every type. */
  readonly eventTypes?: readonly WorkspaceEventType[] | null;
  /** Enabled again, it hears of what happens from then on. */
  readonly enabled?: boolean;
}

export interface DeliveryClaim {
  readonly now: number;
  /** Another may send what is claimed from then on, should this process die. */
  readonly until: number;
  readonly claim: string;
  readonly most: number;
  readonly mostOfEach: number;
  /** Webhooks that have enough in flight. */
  readonly except: readonly string[];
}

/** A delivery that is to be sent now. */
export interface DueDelivery {
  readonly id: string;
  readonly claim: string;
  /** Which sending this is, counted from 1. */
  readonly attempt: number;
  readonly webhook: Webhook;
  readonly event: WorkspaceEvent;
}

/** What became of a sending. */
export interface DeliveryEnd {
  readonly id: string;
  readonly claim: string;
  readonly webhook: string;
  readonly state: DeliveryState;
  readonly at: number;
  /** Of one that waits. */
  readonly nextAt?: number;
  readonly status?: number;
  readonly reason?: string;
  /** The endpoint is sent nothing more, for this reason. */
  readonly disable?: string;
}

export interface DeliveryFilter {
  readonly state?: DeliveryState;
  /** What came before this event: pages run from the newest to the oldest. */
  readonly before?: number;
  readonly most: number;
}

/** How far a run's journal goes, and how the run stands. */
export interface RunMark {
  readonly id: string;
  readonly sequence: number;
  readonly state: RunState;
  readonly reason?: StopReason;
}

export interface WebhookStore {
  /** By sequence, at most so many. */
  workspaceEvents(workspace: string, after: number, most: number): Promise<WorkspaceEvent[]>;
  /** In a transaction of its own; its sequence. `undefined`: the workspace keeps no events. */
  tellWorkspace(workspace: string, event: NewWorkspaceEvent): Promise<number | undefined>;
  /** Sequences of the newest events, by workspace. */
  workspaceMarks(workspaces: readonly string[]): Promise<Map<string, number>>;
  runMarks(runs: readonly string[]): Promise<Map<string, RunMark>>;
  /** Forgets deliveries made before this time, and events that no delivery can need any more. */
  forgetEvents(before: number): Promise<void>;

  /** It hears of what happens from now on. False: the workspace has as many as it may. */
  createWebhook(webhook: NewWebhook, most: number): Promise<boolean>;
  findWebhook(id: string): Promise<Webhook | undefined>;
  /** Oldest first. */
  listWebhooks(workspace: string): Promise<Webhook[]>;
  changeWebhook(id: string, change: WebhookChange): Promise<void>;
  /** Its next generation of secrets begins. */
  rotateWebhook(id: string): Promise<void>;
  /** With the log of its deliveries. */
  removeWebhook(id: string): Promise<void>;

  /**
   * Makes deliveries of events that endpoints have not been told of, one for each, however many processes
   * do this at once. True: there is more.
   */
  fanOut(most: number): Promise<boolean>;
  /** No two callers are given the same delivery before `until`. */
  claimDeliveries(order: DeliveryClaim): Promise<DueDelivery[]>;
  /** `fenced`: the claim lapsed, and somebody else has it. */
  endDelivery(end: DeliveryEnd): Promise<Fenced>;
  findDelivery(id: string): Promise<WebhookDelivery | undefined>;
  listDeliveries(webhook: string, filter: DeliveryFilter): Promise<WebhookDelivery[]>;
  /** Lets what has ended be sent again: one, or all that failed and were made since. How many. */
  replayDeliveries(
    webhook: string,
    which: { readonly id: string } | { readonly failedSince: number },
    now: number,
  ): Promise<number>;

  /** The secret of this name: `fresh` when there was none. */
  keepSecret(name: string, fresh: string): Promise<string>;
}
