/** Endpoints and their deliveries as they travel; what is not known is null. */
import { isoTime } from '../../engine/core/iso-time.ts';
import type { Webhook, WebhookDelivery } from '../../engine/core/webhook.ts';

export function webhookJson(webhook: Webhook) {
  const { eventTypes, disabledReason, rotatedAt, failingSince } = webhook;
  return {
    webhook: webhook.id,
    url: webhook.url,
    description: webhook.description,
    events: eventTypes === undefined ? null : [...eventTypes],
    enabled: webhook.enabled,
    disabled_reason: disabledReason ?? null,
    failing_since: time(failingSince),
    rotated_at: time(rotatedAt),
    created_at: isoTime(webhook.createdAt),
  };
}

export function deliveryJson(delivery: WebhookDelivery) {
  const { nextAt, status, reason, endedAt } = delivery;
  return {
    delivery: delivery.id,
    webhook: delivery.webhook,
    sequence: delivery.sequence,
    type: delivery.type,
    state: delivery.state,
    attempts: delivery.attempts,
    next_at: time(nextAt),
    status: status ?? null,
    reason: reason ?? null,
    created_at: isoTime(delivery.createdAt),
    ended_at: time(endedAt),
  };
}

function time(at: number | undefined): string | null {
  return at === undefined ? null : isoTime(at);
}
