/** Webhooks: endpoints of clients that are told what happens. */
import { defineRoute, json } from '../define-route.ts';
import { pageOf, pageQuery } from '../page.ts';
import {
  deliverySchema,
  deliveryStates,
  issuedWebhookSchema,
  newWebhookSchema,
  replaySchema,
  webhookChangeSchema,
  webhookSchema,
} from '../schemas/webhooks.ts';
import { z } from '../zod.ts';

const webhookParam = z.object({ webhook: z.string().max(64) });
const deliveryParam = webhookParam.extend({ delivery: z.string().max(100) });
const tags = ['webhooks'];

export const createWebhookRoute = defineRoute(
  'workspace:manage',
  ['malformed-request', 'invalid', 'conflict', 'too-large'],
  {
    method: 'post',
    path: '/v1/webhooks',
    tags,
    operationId: 'createWebhook',
    summary: 'Have an endpoint told what happens',
    description:
      'It is sent a POST for each event from now on, signed as Standard Webhooks has it (https://www.standardwebhooks.com): `webhook-id`, `webhook-timestamp`, `webhook-signature`. An answer of 2xx within 15 seconds is success; otherwise it is sent again over about three days. 410 disables the endpoint. The body has `type`, `timestamp`, `sequence`, `workspace` and `data`, and never a prompt.',
    request: { body: { required: true, ...json(newWebhookSchema, 'Where to, and of what.') } },
    responses: { 201: json(issuedWebhookSchema, 'The webhook, with its secret.') },
  },
);

export const listWebhooksRoute = defineRoute('workspace:manage', [], {
  method: 'get',
  path: '/v1/webhooks',
  tags,
  operationId: 'listWebhooks',
  summary: 'The webhooks of the workspace, the oldest first',
  responses: { 200: json(pageOf(webhookSchema), 'All of them: there are at most 20.') },
});

export const getWebhookRoute = defineRoute('workspace:manage', ['not-found'], {
  method: 'get',
  path: '/v1/webhooks/{webhook}',
  tags,
  operationId: 'getWebhook',
  summary: 'One webhook',
  request: { params: webhookParam },
  responses: { 200: json(webhookSchema, 'The webhook.') },
});

export const changeWebhookRoute = defineRoute(
  'workspace:manage',
  ['malformed-request', 'invalid', 'not-found', 'too-large'],
  {
    method: 'patch',
    path: '/v1/webhooks/{webhook}',
    tags,
    operationId: 'changeWebhook',
    summary: 'Change a webhook, disable it, or enable it again',
    request: {
      params: webhookParam,
      body: { required: true, ...json(webhookChangeSchema, 'What changes.') },
    },
    responses: { 200: json(webhookSchema, 'The webhook as it is now.') },
  },
);

export const removeWebhookRoute = defineRoute('workspace:manage', ['not-found'], {
  method: 'delete',
  path: '/v1/webhooks/{webhook}',
  tags,
  operationId: 'removeWebhook',
  summary: 'Remove a webhook, with the log of its deliveries',
  request: { params: webhookParam },
  responses: { 204: { description: 'It is gone.' } },
});

export const rotateWebhookRoute = defineRoute('workspace:manage', ['not-found', 'conflict'], {
  method: 'post',
  path: '/v1/webhooks/{webhook}/rotate',
  tags,
  operationId: 'rotateWebhook',
  summary: 'Give a webhook another secret',
  description: 'For a day, what is sent is signed with the secret so far as well.',
  request: { params: webhookParam },
  responses: { 200: json(issuedWebhookSchema, 'The webhook, with its new secret.') },
});

export const testWebhookRoute = defineRoute('workspace:manage', ['not-found', 'conflict'], {
  method: 'post',
  path: '/v1/webhooks/{webhook}/test',
  tags,
  operationId: 'testWebhook',
  summary: 'Send a webhook a test event',
  request: { params: webhookParam },
  responses: {
    202: json(
      z.object({ delivery: z.string().openapi({ example: 'wh_k7m2p9qxr4t8_43' }) }),
      'It is on its way; the log of deliveries will tell what became of it.',
    ),
  },
});

export const listDeliveriesRoute = defineRoute('workspace:manage', ['invalid', 'not-found'], {
  method: 'get',
  path: '/v1/webhooks/{webhook}/deliveries',
  tags,
  operationId: 'listDeliveries',
  summary: 'What a webhook was sent in the last 30 days, the newest first',
  request: {
    params: webhookParam,
    query: pageQuery.extend({ state: deliveryStates.optional() }),
  },
  responses: { 200: json(pageOf(deliverySchema), 'A page of them.') },
});

export const replayDeliveryRoute = defineRoute('workspace:manage', ['not-found', 'conflict'], {
  method: 'post',
  path: '/v1/webhooks/{webhook}/deliveries/{delivery}/replay',
  tags,
  operationId: 'replayDelivery',
  summary: 'Send one delivery once more, under the same id',
  request: { params: deliveryParam },
  responses: { 202: json(deliverySchema, 'It is on its way.') },
});

export const replayFailedRoute = defineRoute(
  'workspace:manage',
  ['malformed-request', 'invalid', 'not-found', 'conflict', 'too-large'],
  {
    method: 'post',
    path: '/v1/webhooks/{webhook}/replay',
    tags,
    operationId: 'replayFailed',
    summary: 'Send all deliveries that failed since a time once more',
    request: {
      params: webhookParam,
      body: { required: true, ...json(replaySchema, 'Since when.') },
    },
    responses: { 202: json(z.object({ deliveries: z.int() }), 'How many are on their way.') },
  },
);
