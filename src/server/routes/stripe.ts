/** Packs of credits, sold through Stripe where it is configured. */
import type Stripe from 'stripe';
import { packJson } from '../../api/json/credits-json.ts';
import {
  createCheckoutRoute,
  listPacksRoute,
  stripeWebhookRoute,
} from '../../api/routes/credits.ts';
import type { Pack, PaymentOrder } from '../../engine/core/payment.ts';
import type { App, AppContext, ServerDeps } from '../app-env.ts';
import { handleRoute } from '../handle-route.ts';
import { notFound, ProblemError } from '../problems/problem-error.ts';
import type { StripeAccount } from '../serve-settings.ts';
import { createCheckout } from '../stripe/create-checkout.ts';
import { openStripe, stripeFacts } from '../stripe/open-stripe.ts';
import { returnUrl } from '../stripe/return-url.ts';
import { takeEvent } from '../stripe/take-event.ts';
import { knownWorkspace } from './workspaces.ts';

export function stripeRoutes(app: App, deps: ServerDeps): void {
  const { engine, settings } = deps;
  const { packs, stripe: account } = settings;
  let opened: Promise<Stripe> | undefined;
  const client = (configured: StripeAccount) => (opened ??= openStripe(configured));

  handleRoute(app, listPacksRoute, (c) => {
    const payment = account === undefined ? null : ('stripe' as const);
    return c.json({ data: packs.map(packJson), payment }, 200);
  });

  handleRoute(app, createCheckoutRoute, async (c) => {
    const { pack: id, success_url, cancel_url } = c.req.valid('json');
    const places = {
      successUrl: returnUrl('success_url', success_url, settings),
      cancelUrl: returnUrl('cancel_url', cancel_url, settings),
    };
    const pack = packs.find((each) => each.id === id);
    if (pack === undefined) throw notFound(`pack "${id}"`);
    if (account === undefined) throw NOTHING_IS_SOLD();
    const order = await keepOrder(c, deps, pack);
    const session = await atStripe(c, async () =>
      createCheckout(await client(account), order, places),
    );
    await engine.service.payments.opened(order.id, session.id);
    return c.json(
      {
        order: order.id,
        pack: packJson(order.pack),
        url: session.url ?? '',
        expires_at: new Date(session.expires_at * 1000).toISOString(),
      },
      201,
    );
  });

  handleRoute(app, stripeWebhookRoute, async (c) => {
    if (account === undefined) throw NOTHING_IS_SOLD();
    const stripe = await client(account);
    const event = await signedEvent(c, stripe, account.webhookSecret);
    await atStripe(c, () => takeEvent(c, deps, stripe, event));
    return c.json({ received: true as const }, 200);
  });
}

const NOTHING_IS_SOLD = () =>
  new ProblemError(
    'conflict',
    'Nothing is sold here: whoever runs this server grants credits, or sets STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET.',
  );

/** The order as it is kept: of a repeated request, as it was made first. */
async function keepOrder(c: AppContext, deps: ServerDeps, pack: Pack): Promise<PaymentOrder> {
  const { payments } = deps.engine.service;
  const { key, workspace } = c.var.caller;
  const { availableCreditMicros } = await knownWorkspace(deps, workspace);
  if (availableCreditMicros === undefined) {
    throw new ProblemError(
      'conflict',
      `The workspace "${workspace}" keeps no balance: it may spend freely, and needs no credits.`,
    );
  }
  const id = `order_${c.var.resource}`;
  await payments.order({ id, workspace, pack, keyId: key.id });
  return (await payments.find(id))!;
}

/** Throws a `malformed-request` problem for what Stripe did not sign, or signed more than 5 minutes ago. */
async function signedEvent(c: AppContext, stripe: Stripe, secret: string): Promise<Stripe.Event> {
  const signature = c.req.header('stripe-signature') ?? '';
  try {
    return await stripe.webhooks.constructEventAsync(await c.req.text(), signature, secret);
  } catch (error) {
    throw new ProblemError(
      'malformed-request',
      "The header Stripe-Signature is not Stripe's for this body: check STRIPE_WEBHOOK_SECRET.",
      { cause: error },
    );
  }
}

/** Failures of Stripe are told and logged without their words, which may name a key. */
async function atStripe<Result>(c: AppContext, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const facts = stripeFacts(error);
    if (typeof facts['type'] !== 'string' || !facts['type'].startsWith('Stripe')) throw error;
    c.var.log.error(facts, 'Stripe did not do what it was asked');
    throw new ProblemError(
      'unavailable',
      'Stripe did not answer, or refused. Try again; the log has its reason under this request id.',
    );
  }
}
