import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import Stripe from 'stripe';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../simulators/system-clock.ts';
import type { StripeEvent } from '../../simulators/stripe/stripe-objects.ts';
import { StripeSimulator } from '../../simulators/stripe/stripe-simulator.ts';
import { MICROS } from '../../src/engine/core/credits.ts';
import { callServer, liveServer, type LiveServerOptions } from '../support/live-server.ts';

const WEBHOOK_SECRET = 'whsec_simulated';
const PACKS = [
  {
    id: 'small',
    title: '1,000 credits',
    creditMicros: 1_000 * MICROS,
    amount: 3_000,
    currency: 'usd',
  },
];

interface Json {
  readonly [name: string]: unknown;
}

/** A shop with a workspace `acme` that keeps a balance, and a key that may buy for it. */
async function shop(options: LiveServerOptions = {}) {
  const simulator = new StripeSimulator({ clock: systemClock });
  onTestFinished(() => simulator[Symbol.asyncDispose]());
  const server = await liveServer({
    ...options,
    settings: {
      packs: PACKS,
      checkoutOrigins: ['https://studio.example.com'],
      stripe: {
        secretKey: 'sk_test_simulated',
        webhookSecret: WEBHOOK_SECRET,
        baseUrl: await simulator.listen(),
      },
      ...options.settings,
    },
  });
  await server.engine.service.workspaces.create({ id: 'acme' });
  const key = await server.issueKey({ workspace: 'acme', role: 'admin' });
  const call = (method: string, path: string, body?: unknown, headers = {}) =>
    server.call(method, path, { key, headers, ...(body !== undefined && { body }) });
  const credits = async () => (await (await call('GET', '/v1/credits')).json()) as Json;
  return {
    ...server,
    simulator,
    account: simulator.account,
    buyer: call,
    credits,
    balance: async () => (await credits())['balance'],
    order: async () => {
      const answer = await call('POST', '/v1/checkout', { pack: 'small' });
      expect(answer.status).toBe(201);
      return (await answer.json()) as { order: string; url: string };
    },
    /** What Stripe sends, signed as Stripe signs. */
    tell: (event: StripeEvent, secret = WEBHOOK_SECRET) => tellServer(server.url, event, secret),
  };
}

function tellServer(url: string, event: StripeEvent, secret: string, timestamp?: number) {
  const payload = JSON.stringify(event);
  const header = Stripe.webhooks.generateTestHeaderString({
    payload,
    secret,
    ...(timestamp !== undefined && { timestamp }),
  });
  return fetch(new URL('/stripe/webhook', url), {
    method: 'POST',
    headers: { 'content-type': 'application/json; charset=utf-8', 'stripe-signature': header },
    body: payload,
  });
}

test('a pack is ordered, paid at Stripe, and credited once however often Stripe says so', async () => {
  const { account, order, tell, buyer, credits, simulator } = await shop();
  const packs = (await (await buyer('GET', '/v1/packs')).json()) as Json;
  expect(packs).toEqual({
    data: [
      { pack: 'small', title: '1,000 credits', credits: 1_000, amount: 3_000, currency: 'usd' },
    ],
    payment: 'stripe',
  });
  const { order: id, url } = await order();
  const [session] = account.sessions;
  expect(url).toBe(session!.url);
  expect(session).toMatchObject({
    client_reference_id: id,
    amount_total: 3_000,
    currency: 'usd',
    success_url: expect.stringContaining('?checkout=paid') as string,
  });
  expect(simulator.calls).toEqual(['POST /v1/checkout/sessions']);
  expect(await credits()).toMatchObject({ balance: 0, ceiling: { images_per_hour: 200 } });
  const event = account.pay(session!.id);
  const answers = await Promise.all(Array.from({ length: 8 }, () => tell(event)));
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 200));
  expect(await credits()).toMatchObject({
    balance: 1_000,
    bought: 1_000,
    ceiling: {
      images_per_hour: 500,
      follows: 'purchases',
      next: { images_per_hour: 1_000, bought: 5_000, to_buy: 4_000 },
    },
  });
});

test('what Stripe did not sign, or signed long ago, changes nothing', async () => {
  const { account, order, tell, balance, url } = await shop();
  await order();
  const event = account.pay(account.sessions[0]!.id);
  const wrong = await tell(event, 'whsec_of_somebody_else');
  expect(wrong.status).toBe(400);
  expect(await wrong.json()).toMatchObject({ code: 'malformed-request' });
  const old = await tellServer(url, event, WEBHOOK_SECRET, Math.floor(Date.now() / 1000) - 3_600);
  expect(old.status).toBe(400);
  const bare = await callServer(url, '', 'POST', '/stripe/webhook', { body: event });
  expect(bare.status).toBe(400);
  expect(await balance()).toBe(0);
});

test('a payment that takes days is credited when it has come', async () => {
  const { account, order, tell, balance } = await shop();
  await order();
  const { id } = account.sessions[0]!;
  expect((await tell(account.payLater(id))).status).toBe(200);
  expect(await balance()).toBe(0);
  expect((await tell(account.arrive(id))).status).toBe(200);
  expect(await balance()).toBe(1_000);
});

test('refunds take back their share, whatever comes first and how often', async () => {
  const { account, order, tell, credits } = await shop();
  await order();
  const paid = account.pay(account.sessions[0]!.id);
  const payment = account.sessions[0]!.payment_intent!;
  const half = account.refund(payment, 1_500);
  const most = account.refund(payment, 600);
  for (const event of [most, half, paid, most, half, paid]) {
    expect((await tell(event)).status).toBe(200);
  }
  expect(await credits()).toMatchObject({ balance: 300, bought: 300 });
  await tell(account.refund(payment, 900));
  expect(await credits()).toMatchObject({ balance: 0, bought: 0 });
});

test('a disputed payment is taken back, and given again when the bank decides so', async () => {
  const { account, order, tell, balance, simulator } = await shop();
  await order();
  const paid = account.pay(account.sessions[0]!.id);
  const payment = account.sessions[0]!.payment_intent!;
  // The dispute is told before the payment: Stripe is asked which order it was for.
  const disputed = account.dispute(payment);
  expect((await tell(disputed)).status).toBe(200);
  expect(simulator.calls).toContain(`GET /v1/payment_intents/${payment}`);
  await tell(paid);
  expect(await balance()).toBe(0);
  await tell(account.decide(payment, 'won'));
  await tell(disputed);
  expect(await balance()).toBe(1_000);
});

test('an amount that was not ordered is not credited, and neither is an order of nobody', async () => {
  const { account, order, tell, balance } = await shop();
  const { order: id } = await order();
  const cheap = account.open({
    amount: 1,
    currency: 'usd',
    reference: id,
    metadata: { imagemill_order: id, credits: '1000000' },
    paymentMetadata: {},
    successUrl: '',
    cancelUrl: '',
  });
  expect((await tell(account.pay(cheap.id))).status).toBe(200);
  const foreign = account.open({
    amount: 3_000,
    currency: 'usd',
    reference: 'order_of_another_shop',
    metadata: {},
    paymentMetadata: {},
    successUrl: '',
    cancelUrl: '',
  });
  expect((await tell(account.pay(foreign.id))).status).toBe(200);
  expect((await tell(account.refund(foreign.payment_intent!, 3_000))).status).toBe(200);
  // Our order's name on another payment of the account, after the order was paid.
  await tell(account.pay(account.sessions[0]!.id));
  const copied = account.open({
    amount: 3_000,
    currency: 'usd',
    reference: id,
    metadata: {},
    paymentMetadata: {},
    successUrl: '',
    cancelUrl: '',
  });
  expect((await tell(account.pay(copied.id))).status).toBe(200);
  expect(await balance()).toBe(1_000);
});

test('events of other kinds are taken and left', async () => {
  const { account, tell } = await shop();
  const answer = await tell(account.other('customer.created'));
  expect([answer.status, await answer.json()]).toEqual([200, { received: true }]);
});

test('a call of Stripe that fails is made again, and makes one session', async () => {
  const { account, simulator, order } = await shop();
  simulator.failNext(500);
  await order();
  expect(simulator.calls).toHaveLength(2);
  expect(account.sessions).toHaveLength(1);
});

test('when Stripe does not do it, the answer says so without its words', async () => {
  const { simulator, buyer } = await shop();
  simulator.failNext(500, 500, 500);
  const answer = await buyer('POST', '/v1/checkout', { pack: 'small' });
  expect(answer.status).toBe(503);
  const text = await answer.text();
  expect(text).toContain('Stripe did not answer');
  expect(text).not.toContain('Something went wrong.');
});

test('a checkout that is sent again under its idempotency key is one order', async () => {
  const { account, buyer } = await shop();
  const send = () =>
    buyer('POST', '/v1/checkout', { pack: 'small' }, { 'idempotency-key': 'once' });
  const answers = [await send(), await send()];
  const [first, second] = await Promise.all(answers.map((answer) => answer.json()));
  expect(second).toEqual(first);
  expect(account.sessions).toHaveLength(1);
});

test('after paying a browser goes to this server or a configured origin, nowhere else', async () => {
  const { account, buyer, url } = await shop({
    settings: { publicUrl: 'https://images.example.com' },
  });
  const ask = (success_url: string) =>
    buyer('POST', '/v1/checkout', { pack: 'small', success_url });
  for (const address of [
    'https://evil.example.com/',
    'https://images.example.com.evil.example/',
    'https://images.example.com@evil.example/',
    'https://user:word@images.example.com/',
    'javascript:alert(1)',
    `${url}/`,
  ]) {
    const answer = await ask(address);
    expect([address, answer.status]).toEqual([address, 422]);
    expect(await answer.json()).toMatchObject({ code: 'invalid' });
  }
  expect((await ask('https://images.example.com/done')).status).toBe(201);
  const place = 'https://studio.example.com/paid?session={CHECKOUT_SESSION_ID}';
  expect((await ask(place)).status).toBe(201);
  expect(account.sessions.map((session) => session.success_url)).toEqual([
    'https://images.example.com/done',
    place,
  ]);
});

test('where no keys are configured nothing is sold, and the answers say so', async () => {
  const server = await liveServer({ settings: { packs: PACKS } });
  await server.engine.service.workspaces.create({ id: 'acme' });
  const key = await server.issueKey({ workspace: 'acme', role: 'admin' });
  const packs = await server.call('GET', '/v1/packs', { key });
  expect(await packs.json()).toMatchObject({ data: [{ pack: 'small' }], payment: null });
  const answer = await server.call('POST', '/v1/checkout', { key, body: { pack: 'small' } });
  expect(answer.status).toBe(409);
  expect(await answer.json()).toMatchObject({
    detail: expect.stringContaining('STRIPE_SECRET_KEY') as string,
  });
  const event = await callServer(server.url, '', 'POST', '/stripe/webhook', { body: {} });
  expect(event.status).toBe(409);
});

test('only who may buy can order, and who keeps no balance need not', async () => {
  const { call, issueKey } = await shop();
  const member = await issueKey({ workspace: 'acme', role: 'member' });
  const body = { pack: 'small' };
  expect((await call('POST', '/v1/checkout', { key: member, body })).status).toBe(403);
  const free = await call('POST', '/v1/checkout', { body });
  expect(free.status).toBe(409);
  expect(await free.json()).toMatchObject({
    detail: expect.stringContaining('keeps no balance') as string,
  });
  expect((await call('POST', '/v1/checkout', { body: { pack: 'huge' } })).status).toBe(404);
});

test('secrets of Stripe are in no file and no answer', async () => {
  const { buyer, home, account, order, tell, stop } = await shop();
  await order();
  await tell(account.pay(account.sessions[0]!.id));
  const document = await (await buyer('GET', '/openapi.json')).text();
  expect(document).toContain('/stripe/webhook');
  await stop();
  const entries = await readdir(home, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  expect(files.length).toBeGreaterThan(0);
  const texts = await Promise.all(
    files.map((file) => readFile(join(file.parentPath, file.name), 'latin1')),
  );
  for (const secret of ['sk_test_simulated', WEBHOOK_SECRET]) {
    for (const text of [document, ...texts]) expect(text.includes(secret)).toBe(false);
  }
});
