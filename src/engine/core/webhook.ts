/** Endpoints of clients that are told what happens in their workspace, and what was told them. */
import type { WorkspaceEvent, WorkspaceEventType } from './workspace-event.ts';

export interface Webhook {
  readonly id: string;
  readonly workspace: string;
  readonly url: string;
  readonly description: string;
  /** Absent: every type. */
  readonly eventTypes?: readonly WorkspaceEventType[];
  readonly enabled: boolean;
  /** Why it was disabled, when nobody did it by hand. */
  readonly disabledReason?: string;
  /** Its signing secret is derived with this number. */
  readonly generation: number;
  /** The secret of the generation before stays valid for a day from here. */
  readonly rotatedAt?: number;
  /** Since when nothing has reached it. */
  readonly failingSince?: number;
  readonly createdAt: number;
}

export const DELIVERY_STATES = ['waiting', 'delivered', 'failed'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** One event on its way to one endpoint. */
export interface WebhookDelivery {
  /** The message's id, which stays the same however often it is sent. */
  readonly id: string;
  readonly webhook: string;
  readonly sequence: number;
  readonly type: WorkspaceEventType;
  readonly state: DeliveryState;
  /** Sendings begun. */
  readonly attempts: number;
  /** When it is sent next; absent when it has ended. */
  readonly nextAt?: number;
  /** The last answer's status; absent when there was none. */
  readonly status?: number;
  /** Why the last sending did not succeed. */
  readonly reason?: string;
  readonly createdAt: number;
  readonly endedAt?: number;
}

/** A test goes to the endpoint that it is for, whatever that wants to hear; nobody else hears of it. */
export function wants(webhook: Webhook, { type, data }: WorkspaceEvent): boolean {
  if (type === 'webhook.test') return data['webhook'] === webhook.id;
  return webhook.eventTypes === undefined || webhook.eventTypes.includes(type);
}
