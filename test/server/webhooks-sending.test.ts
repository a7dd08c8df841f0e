import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import { PAUSES_MS } from '../../src/engine/service/webhook-policy.ts';
import { webhookPost } from '../support/webhook-post.ts';
import { webhookReceiver } from '../support/webhook-receiver.ts';

const DAY_MS = 86_400_000;

test('what happens is sent signed, and the official package finds the signature right', async () => {
  const post = await webhookPost();
  const receiver = await webhookReceiver();
  const { webhook, secret } = await post.create(receiver.url);
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  const id = await post.webhooks.test(webhook);
  await post.sender.step();
  const [got] = receiver.received;
  expect(new Webhook(secret).verify(got!.body, got!.headers)).toEqual({
    type: 'webhook.test',
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    sequence: 1,
    workspace: 'local',
    data: { webhook: webhook.id },
  });
  expect(got!.id).toBe(id);
  expect(() => new Webhook(secret).verify(`${got!.body} `, got!.headers)).toThrow('signature');
  expect(await post.newest(webhook.id)).toMatchObject({ id, state: 'delivered', status: 204 });
});

test('an endpoint that fails twice is sent the same again, later and later', async () => {
  const post = await webhookPost();
  const receiver = await webhookReceiver(500, 503, 200);
  const { webhook } = await post.create(receiver.url);
  const id = await post.webhooks.test(webhook);
  await post.sender.step();
  expect(await post.newest(webhook.id)).toMatchObject({ state: 'waiting', status: 500 });
  await post.sender.step();
  expect(receiver.received).toHaveLength(1);
  post.advance(PAUSES_MS[0]! * 1.1);
  await post.sender.step();
  await post.sender.step();
  expect(receiver.received).toHaveLength(2);
  post.advance(PAUSES_MS[1]! * 1.1);
  await post.sender.step();
  expect(receiver.received.map((each) => each.id)).toEqual([id, id, id]);
  expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1);
  expect(await post.newest(webhook.id)).toMatchObject({ state: 'delivered', attempts: 3 });
  expect((await post.webhooks.find(webhook.id))?.failingSince).toBeUndefined();
});

test('a delivery is given up after about three days, and its endpoint disabled after five', async () => {
  const post = await webhookPost();
  const receiver = await webhookReceiver(...Array<number>(40).fill(500));
  const { webhook } = await post.create(receiver.url);
  const began = post.now();
  await post.webhooks.test(webhook);
  const liveOn = async () => {
    await post.sender.step();
    for (const pauseMs of PAUSES_MS) {
      post.advance(pauseMs * 1.1);
      await post.sender.step();
    }
  };
  await liveOn();
  expect(post.now() - began).toBeGreaterThan(3 * DAY_MS);
  expect(await post.newest(webhook.id)).toMatchObject({
    state: 'failed',
    attempts: 1 + PAUSES_MS.length,
    reason: 'It answered 500.',
  });
  expect((await post.webhooks.find(webhook.id))?.enabled).toBe(true);
  await post.webhooks.test(webhook);
  await liveOn();
  expect(await post.webhooks.find(webhook.id)).toMatchObject({
    enabled: false,
    disabledReason: 'Nothing has reached it for five days.',
  });
  expect(await post.events.events('local', 2, 10)).toMatchObject([{ type: 'webhook.disabled' }]);
});

test('410 disables an endpoint at once, and others hear of it', async () => {
  const post = await webhookPost();
  const [gone, other] = [await webhookReceiver(410), await webhookReceiver()];
  const { webhook } = await post.create(gone.url);
  await post.create(other.url, { eventTypes: ['webhook.disabled'] });
  await post.webhooks.test(webhook);
  await post.webhooks.test(webhook);
  await post.sender.step();
  expect(await post.webhooks.find(webhook.id)).toMatchObject({
    enabled: false,
    disabledReason: 'It answered 410: it is gone for good.',
  });
  post.advance(DAY_MS);
  await post.sender.step();
  expect(gone.received.length).toBeLessThanOrEqual(2);
  expect(other.received).toHaveLength(1);
  expect(JSON.parse(other.received[0]!.body)).toMatchObject({
    type: 'webhook.disabled',
    data: { webhook: webhook.id, url: gone.url },
  });
});

test('redirects are not followed', async () => {
  const post = await webhookPost();
  const elsewhere = await webhookReceiver();
  const receiver = await webhookReceiver((answer) =>
    answer.writeHead(307, { location: elsewhere.url }).end(),
  );
  const { webhook } = await post.create(receiver.url);
  await post.webhooks.test(webhook);
  await post.sender.step();
  expect(elsewhere.received).toEqual([]);
  expect(await post.newest(webhook.id)).toMatchObject({
    state: 'waiting',
    status: 307,
    reason: 'It answered 307: redirects are not followed.',
  });
});

test('an answer without an end is read to a bound', async () => {
  const post = await webhookPost();
  let written = 0;
  const receiver = await webhookReceiver((answer) => {
    answer.writeHead(200);
    const piece = Buffer.alloc(65_536);
    const more = () => {
      while (!answer.destroyed && written < 2 ** 28) {
        written += piece.length;
        if (!answer.write(piece)) return void answer.once('drain', more);
      }
    };
    more();
  });
  const { webhook } = await post.create(receiver.url);
  await post.webhooks.test(webhook);
  await post.sender.step();
  expect(await post.newest(webhook.id)).toMatchObject({ state: 'delivered', status: 200 });
  expect(written).toBeLessThan(2 ** 26);
});

test('an endpoint that never answers is left when its time is over, and holds up nobody else', async () => {
  const post = await webhookPost();
  const silent = await webhookReceiver(() => {});
  const other = await webhookReceiver();
  const { webhook } = await post.create(silent.url);
  const { webhook: quick } = await post.create(other.url);
  await post.webhooks.test(webhook);
  await post.webhooks.test(quick);
  const sender = post.senderWith({ answerMs: 300 });
  await sender.step();
  expect(other.received).toHaveLength(1);
  expect(await post.newest(webhook.id)).toMatchObject({
    state: 'waiting',
    reason: 'It did not answer within 0.3 s.',
  });
});

test('what a dead process had sent and not written down is sent again under the same id', async () => {
  const post = await webhookPost();
  const receiver = await webhookReceiver();
  const { webhook } = await post.create(receiver.url);
  const id = await post.webhooks.test(webhook);
  await post.outbox.fanOut();
  const [due] = await post.outbox.claim(post.now(), 10, []);
  const answer = await post.outbox.send(due!, { now: post.now(), allowPrivate: true });
  // It dies here.
  await post.sender.step();
  expect(receiver.received).toHaveLength(1);
  post.advance(60_000);
  await post.sender.step();
  expect(receiver.received.map((each) => each.id)).toEqual([id, id]);
  expect(await post.outbox.record(due!, answer, post.now())).toBe('fenced');
  expect(await post.newest(webhook.id)).toMatchObject({ state: 'delivered', attempts: 2 });
});

test('two senders at once send nothing twice', async () => {
  const post = await webhookPost();
  const receivers = [await webhookReceiver(), await webhookReceiver()];
  const made = await Promise.all(receivers.map(({ url }) => post.create(url)));
  const ids: string[] = [];
  for (let each = 0; each < 60; each += 1) {
    ids.push(await post.webhooks.test(made[each % 2]!.webhook));
  }
  const senders = [post.sender, post.senderWith(), post.senderWith()];
  await Promise.all(senders.map((sender) => sender.step()));
  const got = receivers.flatMap(({ received }) => received.map(({ id }) => id));
  expect(got.toSorted()).toEqual(ids.toSorted());
});

test('addresses on this machine are refused, also behind a name', async () => {
  const post = await webhookPost();
  const receiver = await webhookReceiver();
  const byName = receiver.url.replace('127.0.0.1', 'localhost');
  const sender = post.senderWith({ allowPrivate: false });
  for (const url of [receiver.url, byName]) {
    const { webhook } = await post.create(url);
    await post.webhooks.test(webhook);
    await sender.step();
    expect(await post.newest(webhook.id)).toMatchObject({
      state: 'waiting',
      reason: 'Its address is not that of a public host.',
    });
  }
  expect(receiver.received).toEqual([]);
});

test('after a rotation both secrets sign for a day, then the new one alone', async () => {
  const post = await webhookPost();
  const receiver = await webhookReceiver();
  const { webhook, secret: old } = await post.create(receiver.url);
  const { secret: fresh } = await post.webhooks.rotate(webhook.id);
  expect(fresh).not.toBe(old);
  await post.webhooks.test(webhook);
  await post.sender.step();
  const verifies = (secret: string, at: number) => {
    const { body, headers } = receiver.received[at]!;
    try {
      new Webhook(secret).verify(body, headers);
      return true;
    } catch (error) {
      return String(error).includes('timestamp') ? 'other time' : false;
    }
  };
  expect([old, fresh].map((secret) => verifies(secret, 0))).toEqual([true, true]);
  expect(receiver.received[0]!.headers['webhook-signature']?.split(' ')).toHaveLength(2);
  post.advance(DAY_MS + 1_000);
  await post.webhooks.test(webhook);
  await post.sender.step();
  expect(receiver.received[1]!.headers['webhook-signature']?.split(' ')).toHaveLength(1);
});

test('secrets follow from the one of the environment, and change with it', async () => {
  const secret = 'a secret of thirty-two characters';
  const one = await webhookPost({ secret });
  const { webhook, secret: told } = await one.create('https://example.com/');
  expect((await one.webhooks.issued(webhook.id)).secret).toBe(told);
  await expect(webhookPost({ secret: 'short' })).rejects.toThrow('32 characters');
});
