import { expect, test, vi } from 'vitest';
import { watchEvents, type EventClient } from '../support/event-client.ts';
import { liveServer, type LiveServer } from '../support/live-server.ts';
import { postgresHome } from '../support/stores.ts';

const SOON = { timeout: 20_000 };

async function makeRun(
  { call }: LiveServer,
  { prompts = 2, model = 'demo', approve = true } = {},
): Promise<string> {
  const rows = Array.from({ length: prompts }, (_, at) => ({ prompt: `a boat, number ${at}` }));
  const created = await call('POST', '/v1/runs', {
    body: { rows, settings: { models: [model] }, approve },
  });
  return ((await created.json()) as { run: string }).run;
}

async function journalOf({ engine }: LiveServer, run: string): Promise<number[]> {
  return (await Array.fromAsync(engine.journal(run))).map(({ sequence }) => sequence);
}

function journalIds({ events }: EventClient): number[] {
  return events.filter(({ event }) => event === 'journal').map(({ id }) => Number(id));
}

test('a stream begins with how the run stands, tells its whole journal, and ends with the run', async () => {
  const server = await liveServer();
  const run = await makeRun(server, { prompts: 3 });
  const path = `/v1/runs/${run}/events?after=0`;
  const client = await watchEvents(server.url, path, { key: server.secret });
  expect(await client.over).toBe('ended');
  expect(client.events[0]).toMatchObject({ event: 'snapshot', data: { run } });
  expect(journalIds(client)).toEqual(await journalOf(server, run));
  expect(client.events.at(-1)).toMatchObject({
    event: 'end',
    data: { run, state: 'done', items: { delivered: 3 } },
  });
  expect(client.retry()).toBeGreaterThan(0);
  const types = client.events.map(({ data }) => data['type']);
  expect(types).toContain('attempt-settled');
  // Who has seen the end and comes again is told not to.
  const again = await watchEvents(server.url, path, {
    key: server.secret,
    lastId: client.lastId(),
  });
  expect(again.status).toBe(204);
});

test('a stream without an id to begin after sends what comes from now on', async () => {
  const server = await liveServer();
  const run = await makeRun(server, { approve: false, model: 'gpt-image-2' });
  await expect
    .poll(async () => (await server.engine.run(run))?.state, SOON)
    .toBe('awaiting_approval');
  const before = await journalOf(server, run);
  const client = await watchEvents(server.url, `/v1/runs/${run}/events`, { key: server.secret });
  await expect.poll(() => client.events.length, SOON).toBe(1);
  expect(client.events[0]).toMatchObject({ event: 'snapshot', id: String(before.at(-1)) });
  await server.engine.approve(run);
  server.engine.keeper.wake(run);
  expect(await client.over).toBe('ended');
  expect(journalIds(client)).toEqual((await journalOf(server, run)).slice(before.length));
});

test('a client that comes again over a restart of the server loses no entry and sees none twice', async () => {
  const vendors = { latencyMs: 150 };
  const first = await liveServer({ vendors });
  const run = await makeRun(first, { prompts: 40, model: 'gpt-image-2' });
  const path = `/v1/runs/${run}/events?after=0`;
  const before = await watchEvents(first.url, path, { key: first.secret });
  await expect.poll(() => journalIds(before).length, SOON).toBeGreaterThan(5);
  const [over] = await Promise.all([before.over, first.stop()]);
  expect(over).toBe('ended');
  const second = await liveServer({ vendors, home: first.home });
  const after = await watchEvents(second.url, path, { key: first.secret, lastId: before.lastId() });
  expect(await after.over).toBe('ended');
  expect(journalIds(after).length).toBeGreaterThan(5);
  expect([...journalIds(before), ...journalIds(after)]).toEqual(await journalOf(second, run));
  expect(after.events.at(-1)).toMatchObject({ event: 'end', data: { items: { delivered: 40 } } });
});

test('many streams on one run read the store once for each change', async () => {
  const server = await liveServer();
  const run = await makeRun(server, { approve: false, model: 'gpt-image-2', prompts: 5 });
  await expect
    .poll(async () => (await server.engine.run(run))?.state, SOON)
    .toBe('awaiting_approval');
  const { events } = server.engine.service;
  const journal = vi.spyOn(events, 'journal');
  const progress = vi.spyOn(events, 'progress');
  const clients = await Promise.all(
    Array.from({ length: 200 }, () =>
      watchEvents(server.url, `/v1/runs/${run}/events?follow=true`, { key: server.secret }),
    ),
  );
  await expect.poll(() => clients.every((client) => client.events.length === 1), SOON).toBe(true);
  expect(journal).not.toHaveBeenCalled();
  expect(progress).toHaveBeenCalledTimes(1);
  const before = await journalOf(server, run);
  await server.engine.approve(run);
  server.engine.keeper.wake(run);
  const hasEnded = (client: EventClient) => client.events.some(({ event }) => event === 'end');
  await expect.poll(() => clients.every(hasEnded), SOON).toBe(true);
  const entries = (await journalOf(server, run)).slice(before.length);
  for (const client of clients) expect(journalIds(client)).toEqual(entries);
  // Each reading found something new; what came close together was read as one.
  expect(journal.mock.calls.length).toBeLessThanOrEqual(entries.length);
  expect(progress.mock.calls.length).toBeLessThanOrEqual(1 + entries.length);
  for (const client of clients) client.leave();
});

test('what happens in a workspace is streamed to it, and to nobody else', async () => {
  const server = await liveServer();
  await server.engine.service.workspaces.create({ id: 'other', name: 'Other' });
  const key = await server.issueKey({ workspace: 'other' });
  const own = await watchEvents(server.url, '/v1/events?after=0', { key: server.secret });
  const others = await watchEvents(server.url, '/v1/events?after=0', { key });
  const run = await makeRun(server);
  await expect
    .poll(() => own.events.map(({ data }) => data['type']), SOON)
    .toContain('run.completed');
  expect(own.events).toMatchObject([
    { event: 'event', id: '1', data: { sequence: 1, type: 'run.created', data: { run } } },
    { id: '2', data: { type: 'run.started' } },
    { id: '3', data: { type: 'run.completed', data: { items: { delivered: 2 }, credits: 0 } } },
  ]);
  expect(others.events).toEqual([]);
  // The other workspace's run is none of theirs.
  const peek = await watchEvents(server.url, `/v1/runs/${run}/events`, { key });
  expect(peek.status).toBe(404);
});

test('a key that may not read credits is not told of them', async () => {
  const server = await liveServer();
  const key = await server.issueKey({ scopes: ['runs:read'] });
  const some = await watchEvents(server.url, '/v1/events', { key });
  const all = await watchEvents(server.url, '/v1/events', { key: server.secret });
  await server.engine.service.webhooks.test({ id: 'none', workspace: 'local' } as never);
  await server.engine.service.credits.enter({
    workspace: 'local',
    kind: 'grant',
    creditMicros: 5_000_000,
    reason: 'a gift',
    beginsBalance: true,
  });
  await server.engine.service.webhooks.test({ id: 'none', workspace: 'local' } as never);
  await expect.poll(() => all.events.length, SOON).toBe(3);
  await expect.poll(() => some.events.length, SOON).toBe(2);
  expect(some.events.map(({ id }) => id)).toEqual(['1', '3']);
});

test('a stream tells what another process of the same service does', async () => {
  await using database = await postgresHome();
  const databaseUrl = database.address;
  const one = await liveServer({ databaseUrl });
  const other = await liveServer({ databaseUrl });
  const run = await makeRun(one, { prompts: 6 });
  const path = `/v1/runs/${run}/events?after=0`;
  const clients = await Promise.all(
    [one, other].map(({ url }) => watchEvents(url, path, { key: one.secret })),
  );
  for (const client of clients) expect(await client.over).toBe('ended');
  const entries = await journalOf(one, run);
  expect(clients.map(journalIds)).toEqual([entries, entries]);
  await other.stop();
  await one.stop();
});

test('streams are bounded for a key and in all, and give their place back', async () => {
  const server = await liveServer({ settings: { streams: 3, streamsPerKey: 2 } });
  const other = await server.issueKey();
  const open = (key: string) => watchEvents(server.url, '/v1/events', { key });
  const first = await open(server.secret);
  expect((await open(server.secret)).status).toBe(200);
  expect((await open(server.secret)).status).toBe(429);
  expect((await open(other)).status).toBe(200);
  expect((await open(other)).status).toBe(429);
  first.leave();
  await expect.poll(async () => (await open(other)).status, SOON).toBe(200);
});

test('an id that is none is refused', async () => {
  const server = await liveServer();
  const answer = await server.call('GET', '/v1/events', { headers: { 'last-event-id': 'x' } });
  expect(answer.status).toBe(422);
});
