/** Credits: how a workspace stands, its ledger, entries by operators, and packs that are sold. */
import { defineRoute, json } from '../define-route.ts';
import { pageOf } from '../page.ts';
import {
  checkoutSchema,
  creditsSchema,
  entrySchema,
  ledgerLineSchema,
  ledgerQuery,
  newCheckoutSchema,
  newEntrySchema,
  operatorsWorkspace,
  packsSchema,
} from '../schemas/credits.ts';
import { z } from '../zod.ts';

/** What a table of the same answer looks like. */
export const csvContent = {
  'text/csv': { schema: z.string().openapi({ description: 'A table, RFC 4180, UTF-8.' }) },
};

export const getCreditsRoute = defineRoute('credits:read', ['invalid', 'not-found'], {
  method: 'get',
  path: '/v1/credits',
  tags: ['credits'],
  operationId: 'getCredits',
  summary: 'Balance, what is held, and the ceiling with its next step',
  request: { query: z.object({ workspace: operatorsWorkspace }) },
  responses: { 200: json(creditsSchema, 'How the workspace stands.') },
});

const ledgerPageContent = json(pageOf(ledgerLineSchema), 'A page of its lines.');

export const listLedgerRoute = defineRoute('credits:read', ['invalid', 'not-found'], {
  method: 'get',
  path: '/v1/ledger',
  tags: ['credits'],
  operationId: 'listLedger',
  summary: 'Every line of the ledger',
  description:
    'Double entry: credits leave one account for another. As a table all lines come at once, `limit` and `after` aside.',
  request: { query: ledgerQuery },
  responses: {
    200: { ...ledgerPageContent, content: { ...ledgerPageContent.content, ...csvContent } },
  },
});

export const enterCreditsRoute = defineRoute(
  'operate',
  ['malformed-request', 'invalid', 'not-found', 'conflict', 'too-large'],
  {
    method: 'post',
    path: '/v1/workspaces/{workspace}/credits',
    tags: ['credits'],
    operationId: 'enterCredits',
    summary: 'Give credits, or take them away',
    description:
      'Balance, ledger, ceiling and event change together. Runs that had stopped for want of credits go on. A refund here moves no money.',
    request: {
      params: z.object({ workspace: z.string().max(64) }),
      body: { required: true, ...json(newEntrySchema, 'What is entered, and why.') },
    },
    responses: {
      200: json(entrySchema, 'The entry that was there already under this reference.'),
      201: json(entrySchema, 'The entry.'),
    },
  },
);

export const listPacksRoute = defineRoute('any-key', [], {
  method: 'get',
  path: '/v1/packs',
  tags: ['credits'],
  operationId: 'listPacks',
  summary: 'What is sold here',
  responses: { 200: json(packsSchema, 'The packs, the smallest first.') },
});

export const createCheckoutRoute = defineRoute(
  'credits:buy',
  ['malformed-request', 'invalid', 'not-found', 'conflict', 'too-large'],
  {
    method: 'post',
    path: '/v1/checkout',
    tags: ['credits'],
    operationId: 'createCheckout',
    summary: 'Order a pack, and get the address to pay it at',
    request: { body: { required: true, ...json(newCheckoutSchema, 'Which pack.') } },
    responses: { 201: json(checkoutSchema, 'The order; open `url` in a browser to pay.') },
  },
);

export const stripeWebhookRoute = defineRoute(
  'public',
  ['malformed-request', 'invalid', 'conflict', 'too-large'],
  {
    method: 'post',
    path: '/stripe/webhook',
    tags: ['credits'],
    operationId: 'takeStripeEvent',
    summary: "For Stripe only: takes its events, by Stripe's signature",
    request: {
      headers: z.object({
        'stripe-signature': z
          .string()
          .max(4_000)
          .optional()
          .openapi({ description: "Stripe's signature of the body." }),
      }),
      body: { required: true, ...json(z.looseObject({}), "Stripe's event, as it signed it.") },
    },
    responses: { 200: json(z.object({ received: z.literal(true) }), 'It was taken in.') },
  },
);
