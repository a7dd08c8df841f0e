/** Webhooks: made, changed, tried out, and the log of what they were sent. */
import { deliveryJson, webhookJson } from '../../api/json/webhook-json.ts';
import {
  changeWebhookRoute,
  createWebhookRoute,
  getWebhookRoute,
  listDeliveriesRoute,
  listWebhooksRoute,
  removeWebhookRoute,
  replayDeliveryRoute,
  replayFailedRoute,
  rotateWebhookRoute,
  testWebhookRoute,
} from '../../api/routes/webhooks.ts';
import type { App, ServerDeps } from '../app-env.ts';
import { given } from '../orders/given.ts';
import { handleRoute } from '../handle-route.ts';
import { pageFrom } from '../page-from.ts';
import { notFound, ProblemError } from '../problems/problem-error.ts';
import { checkAddress } from '../webhooks/check-address.ts';
import { enabledWebhook, ownWebhook } from '../webhooks/own-webhook.ts';

export function webhookRoutes(app: App, deps: ServerDeps): void {
  keepWebhooks(app, deps);
  tellWebhooks(app, deps);
}

function keepWebhooks(app: App, deps: ServerDeps): void {
  const { webhooks } = deps.engine.service;

  handleRoute(app, createWebhookRoute, async (c) => {
    const { url, description, events } = c.req.valid('json');
    checkAddress(deps, url);
    const id = `wh_${c.var.resource}`;
    const wanted = { id, workspace: c.var.caller.workspace, url, description };
    const made = c.var.isRepeat && (await webhooks.find(id)) !== undefined;
    const issued = made
      ? await webhooks.issued(id)
      : await webhooks.create({ ...wanted, ...(events !== null && { eventTypes: events }) });
    if (issued === undefined) {
      throw new ProblemError('conflict', 'The workspace has 20 webhooks. Remove one first.');
    }
    return c.json({ ...webhookJson(issued.webhook), secret: issued.secret }, 201);
  });

  handleRoute(app, listWebhooksRoute, async (c) => {
    const all = await webhooks.list(c.var.caller.workspace);
    return c.json({ data: all.map(webhookJson), next: null }, 200);
  });

  handleRoute(app, getWebhookRoute, async (c) =>
    c.json(webhookJson(await ownWebhook(c, deps, c.req.valid('param').webhook)), 200),
  );

  handleRoute(app, changeWebhookRoute, async (c) => {
    const { id } = await ownWebhook(c, deps, c.req.valid('param').webhook);
    const { url, description, events, enabled } = c.req.valid('json');
    if (url !== undefined) checkAddress(deps, url);
    await webhooks.change(id, given({ url, description, eventTypes: events, enabled }));
    return c.json(webhookJson(await ownWebhook(c, deps, id)), 200);
  });

  handleRoute(app, removeWebhookRoute, async (c) => {
    const { id } = await ownWebhook(c, deps, c.req.valid('param').webhook);
    await webhooks.remove(id);
    return c.body(null, 204);
  });

  handleRoute(app, rotateWebhookRoute, async (c) => {
    const { id } = await ownWebhook(c, deps, c.req.valid('param').webhook);
    const { webhook, secret } = await webhooks.rotate(id);
    return c.json({ ...webhookJson(webhook), secret }, 200);
  });
}

function tellWebhooks(app: App, deps: ServerDeps): void {
  const { webhooks } = deps.engine.service;

  handleRoute(app, testWebhookRoute, async (c) => {
    const webhook = await enabledWebhook(c, deps, c.req.valid('param').webhook);
    return c.json({ delivery: await webhooks.test(webhook) }, 202);
  });

  handleRoute(app, listDeliveriesRoute, async (c) => {
    const { id } = await ownWebhook(c, deps, c.req.valid('param').webhook);
    const { state, ...query } = c.req.valid('query');
    const page = await pageFrom(query, ({ limit, after }) =>
      webhooks.deliveries(id, {
        most: limit,
        ...given({ state, before: after === undefined ? undefined : sequenceOf(after) }),
      }),
    );
    return c.json({ ...page, data: page.data.map(deliveryJson) }, 200);
  });

  handleRoute(app, replayDeliveryRoute, async (c) => {
    const named = c.req.valid('param');
    const { id } = await enabledWebhook(c, deps, named.webhook);
    const delivery = await webhooks.findDelivery(named.delivery);
    if (delivery?.webhook !== id) throw notFound('such delivery');
    if (!(await webhooks.replay(delivery))) {
      throw new ProblemError('conflict', 'This delivery is on its way already.');
    }
    return c.json(deliveryJson((await webhooks.findDelivery(delivery.id))!), 202);
  });

  handleRoute(app, replayFailedRoute, async (c) => {
    const { id } = await enabledWebhook(c, deps, c.req.valid('param').webhook);
    const since = Date.parse(c.req.valid('json').since);
    return c.json({ deliveries: await webhooks.replayFailed(id, since) }, 202);
  });
}

/** A delivery's id ends in its event's sequence; what does not is the cursor of no page. */
function sequenceOf(cursor: string): number {
  const sequence = Number(/_(\d{1,15})$/.exec(cursor)?.[1] ?? Number.NaN);
  if (!Number.isNaN(sequence)) return sequence;
  throw new ProblemError('invalid', 'Something in the request is wrong.', {
    problems: [
      {
        field: 'query.after',
        value: cursor,
        message: 'This is the cursor of no page.',
        remedy: 'Give the `next` of the page before, as it is.',
      },
    ],
  });
}
