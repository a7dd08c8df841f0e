/** Endpoints of clients, and the log of what they were sent; `json/webhook-json.ts` makes them. */
import { DELIVERY_STATES } from '../../engine/core/webhook.ts';
import { WORKSPACE_EVENT_TYPES } from '../../engine/core/workspace-event.ts';
import { z } from '../zod.ts';

const TIME = '2026-11-23T08:00:00.000Z';
const id = z.string().openapi({ example: 'wh_k7m2p9qxr4t8' });
const eventType = z.enum(WORKSPACE_EVENT_TYPES);
const url = z.string().min(1).max(2_000).openapi({
  example: 'https://example.com/imagemill',
  description:
    'Begins with https:// and names a public host, unless the service allows others. Redirects are not followed.',
});
const description = z.string().max(200).openapi({ example: 'Orders of the shop' });
const eventTypes = z
  .array(eventType)
  .min(1)
  .max(WORKSPACE_EVENT_TYPES.length)
  .nullable()
  .openapi({ description: 'What it is told of; null: everything.', example: ['run.completed'] });

export const webhookSchema = z
  .object({
    webhook: id,
    url: z.string(),
    description: z.string(),
    events: z.array(eventType).nullable(),
    enabled: z.boolean(),
    disabled_reason: z.string().nullable().openapi({
      description: 'Why the service disabled it: it answered 410, or nothing reached it for days.',
    }),
    failing_since: z.iso.datetime().nullable().openapi({ example: null }),
    rotated_at: z.iso.datetime().nullable().openapi({
      description: 'The secret before is valid for a day from here: both sign what is sent.',
      example: null,
    }),
    created_at: z.iso.datetime().openapi({ example: TIME }),
  })
  .openapi('Webhook');

export const issuedWebhookSchema = webhookSchema
  .extend({
    secret: z.string().openapi({
      example: 'whsec_…',
      description:
        'What it is sent is signed with this, as Standard Webhooks has it. Told here only.',
    }),
  })
  .openapi('IssuedWebhook');

export const newWebhookSchema = z
  .strictObject({
    url,
    description: description.default(''),
    events: eventTypes.default(null),
  })
  .openapi('NewWebhook');

export const webhookChangeSchema = z
  .strictObject({
    url: url.optional(),
    description: description.optional(),
    events: eventTypes.optional(),
    enabled: z.boolean().optional().openapi({
      description: 'Enabled again, it is told of what happens from then on.',
    }),
  })
  .openapi('WebhookChange');

export const deliverySchema = z
  .object({
    delivery: z.string().openapi({
      example: 'wh_k7m2p9qxr4t8_42',
      description: 'Sent as `webhook-id`: the same however often it is sent.',
    }),
    webhook: id,
    sequence: z.int().openapi({
      example: 42,
      description: 'Of the event, in the workspace: deliveries may arrive in another order.',
    }),
    type: eventType,
    state: z.enum(DELIVERY_STATES),
    attempts: z.int().openapi({ description: 'Sendings begun.' }),
    next_at: z.iso.datetime().nullable(),
    status: z.int().nullable().openapi({ description: "The last answer's.", example: 200 }),
    reason: z.string().nullable().openapi({
      description: 'Why the last sending did not succeed.',
      example: 'It answered 500.',
    }),
    created_at: z.iso.datetime().openapi({ example: TIME }),
    ended_at: z.iso.datetime().nullable(),
  })
  .openapi('WebhookDelivery');

export const deliveryStates = z
  .enum(DELIVERY_STATES)
  .openapi({ description: 'Only deliveries that stand so.' });

export const replaySchema = z
  .strictObject({
    since: z.iso.datetime().openapi({
      example: TIME,
      description: 'All that failed and were made at this time or later are sent again.',
    }),
  })
  .openapi('Replay');
