import { describe, expect, expectTypeOf, test } from 'vitest';
import { ApiError, createClient, endpoint, type Run } from '../../src/api/client/index.ts';
import type { getRunRoute } from '../../src/api/routes/runs.ts';
import { liveServer, type LiveServer } from '../support/live-server.ts';
import { importsOf, sourceFiles } from '../support/source-tree.ts';

const ORDER = { prompts: ['a red boat', 'a blue boat'], settings: { models: ['demo'] } };

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly key: string | null;
  readonly lastEventId: string | null;
}

/** Notes what is sent; `disturb` may answer instead, throw, or let it pass. */
function recorded(
  server: Pick<LiveServer, 'url' | 'secret'>,
  disturb: (sent: Sent, number: number) => Response | undefined | void = () => undefined,
) {
  const sent: Sent[] = [];
  const waits: number[] = [];
  const client = createClient({
    baseUrl: `${server.url}/`,
    apiKey: server.secret,
    sleep: async (waitMs) => void waits.push(waitMs),
    fetch: async (input, init) => {
      const headers = new Headers(init?.headers);
      const url = new URL(input instanceof Request ? input.url : input);
      const one = {
        method: init?.method ?? 'GET',
        path: url.pathname,
        key: headers.get('idempotency-key'),
        lastEventId: headers.get('last-event-id'),
      };
      sent.push(one);
      return disturb(one, sent.length) ?? fetch(input, init);
    },
  });
  return { client, sent, waits };
}

describe('the client', () => {
  test('makes a run, waits for it, and reads its images', async () => {
    const server = await liveServer();
    const client = createClient({ baseUrl: server.url, apiKey: server.secret });
    const made = await client.runs.create({ ...ORDER, approve: true });
    expectTypeOf(made).toEqualTypeOf<Run>();
    expectTypeOf(made.items.delivered).toEqualTypeOf<number>();
    const run = await client.runs.wait(made.run);
    expect(run).toMatchObject({ state: 'done', items: { delivered: 2 } });
    const items = await Array.fromAsync(client.items.all(run.run, { limit: 1 }));
    expect(items.map(({ prompt }) => prompt)).toEqual(ORDER.prompts);
    const image = await client.images.get(run.run, items[0]!.item);
    expect(image.headers.get('content-type')).toMatch(/^image\//);
    expect((await image.blob()).size).toBeGreaterThan(100);
    const runs = await client.runs.list({ limit: 5 });
    expect(runs.data.map((each) => each.run)).toEqual([run.run]);
  });

  test('follows a run from event to event', async () => {
    const server = await liveServer();
    const { client } = recorded(server);
    const paid = { prompts: ORDER.prompts, settings: { models: ['gpt-image-2'] } };
    const { run } = await client.runs.create(paid);
    const names: string[] = [];
    const watching = (async () => {
      for await (const { event } of client.runs.events(run)) names.push(event);
    })();
    await expect.poll(() => names, { timeout: 20_000 }).toContain('snapshot');
    await client.runs.approve(run);
    await watching;
    expect(names).toContain('journal');
    expect(names.at(-1)).toBe('end');
  });

  test('sends a sheet with its settings', async () => {
    const server = await liveServer();
    const { client } = recorded(server);
    const sheet = new File(['prompt,count\na fox,2\n'], 'foxes.csv', { type: 'text/csv' });
    const upload = { sheet, title: 'Foxes', settings: { models: ['demo'] } };
    const plan = await client.runs.planSheet(upload);
    expect(plan).toMatchObject({ rows: 1, items: 2 });
    const run = await client.runs.upload({ ...upload, plan_hash: plan.plan_hash });
    expect(run).toMatchObject({ title: 'Foxes', sheet: 'foxes.csv', rows: 1 });
  });

  test('keeps a reference, and gives its bytes back', async () => {
    const server = await liveServer();
    const { client } = recorded(server);
    const { run } = await client.runs.create(ORDER);
    await client.runs.wait(run);
    const [item] = await Array.fromAsync(client.items.all(run));
    const bytes = await (await client.images.get(run, item!.item)).blob();
    await client.references.upload('hero', bytes);
    const kept = await Array.fromAsync(client.references.all());
    expect(kept).toHaveLength(1);
    expect((await (await client.references.picture('hero')).blob()).size).toBe(bytes.size);
    expect(await client.references.remove('hero')).toBeUndefined();
  });

  test('takes any route of the contract by its type', async () => {
    const server = await liveServer();
    const { client } = recorded(server);
    const { run } = await client.runs.create(ORDER);
    const route = endpoint<typeof getRunRoute>('get', '/v1/runs/{run}');
    const found = await client.call(route, { params: { run } });
    expectTypeOf(found.state).toEqualTypeOf<Run['state']>();
    expect(found.run).toBe(run);
    // @ts-expect-error another path than the route's
    endpoint<typeof getRunRoute>('get', '/v1/runs');
    // @ts-expect-error a field that there is not
    await expect(client.runs.create({ ...ORDER, colour: 'red' })).rejects.toThrow('body.colour');
  });

  test('throws what the server says, with each field', async () => {
    const server = await liveServer();
    const { client, sent } = recorded(server);
    const error = await client.runs.create({ prompts: [] }).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ code: 'invalid', status: 422 });
    expect((error as ApiError).problems.map(({ field }) => field)).toContain('body.prompts');
    expect((error as ApiError).requestId).toBeTruthy();
    expect(sent).toHaveLength(1);
    await expect(client.runs.get('r-none')).rejects.toMatchObject({ code: 'not-found' });
    const stranger = createClient({ baseUrl: server.url, apiKey: `im_${'a'.repeat(40)}` });
    await expect(stranger.models.list()).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  test('lets no id lead out of its path', async () => {
    const client = createClient({ baseUrl: 'http://127.0.0.1:1', retries: 0 });
    await expect(client.runs.get('..')).rejects.toThrow(TypeError);
    await expect(client.runs.get('')).rejects.toThrow(TypeError);
  });
});

describe('what was lost on the way', () => {
  test('is sent again under the same key, and done once', async () => {
    const server = await liveServer();
    const { client, sent, waits } = recorded(server);
    const lossy = recorded(server, (_, number) => {
      if (number === 1) throw new TypeError('fetch failed');
      return undefined;
    });
    const made = await lossy.client.runs.create(ORDER);
    expect(lossy.sent).toHaveLength(2);
    expect(lossy.sent[0]?.key).toMatch(/^[0-9a-f]{32}$/);
    expect(lossy.sent[1]?.key).toBe(lossy.sent[0]?.key);
    expect(lossy.waits).toEqual([500]);
    const again = await client.runs.create(ORDER, { idempotencyKey: lossy.sent[0]!.key! });
    expect(again.run).toBe(made.run);
    expect(sent).toHaveLength(1);
    expect(waits).toEqual([]);
  });

  test('is sent again when the server is busy, after as long as it says', async () => {
    const server = await liveServer();
    const busy = [
      new Response('{}', { status: 503, headers: { 'retry-after': '7' } }),
      new Response('{}', { status: 429, headers: { 'retry-after': '2' } }),
    ];
    const { client, waits } = recorded(server, () => busy.shift());
    await client.models.list({ limit: 1 });
    expect(waits).toEqual([7_000, 2_000]);
  });

  test.each([
    [500, {}, 1],
    [404, {}, 1],
    [409, {}, 1],
    [503, { 'retry-after': '3600' }, 1],
    [503, {}, 4],
  ])('is given up after %i %j', async (status, headers, sendings) => {
    const { client, sent } = recorded(
      { url: 'http://127.0.0.1:1', secret: 'im_x' },
      () => new Response('down', { status, headers }),
    );
    const failing = client.runs.approve('r1');
    await expect(failing).rejects.toMatchObject({ status, code: 'unreadable' });
    expect(sent).toHaveLength(sendings);
  });

  test('is not sent again when the caller has given up', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    const { client, sent } = recorded({ url: 'http://127.0.0.1:1', secret: 'im_x' }, () => {
      throw new TypeError('fetch failed');
    });
    await expect(client.models.list({}, { signal })).rejects.toThrow('enough');
    expect(sent).toHaveLength(1);
  });
});

describe('events', () => {
  const told = (...lines: string[]) =>
    new Response(lines.join('\n'), { headers: { 'content-type': 'text/event-stream' } });

  test('go on after the last one that was handed over', async () => {
    const answers = [
      told('retry: 5', 'id: 4', '', 'event: snapshot', 'data: {"run":"r1"}', '', ''),
      told('id: 5', 'event: journal', 'data: {"sequence":5}', '', 'event: journal', 'data: {"cut'),
      told('id: 6', 'event: end', 'data: {}', '', ''),
    ];
    const { client, sent, waits } = recorded({ url: 'http://x', secret: 'im_x' }, () =>
      answers.shift(),
    );
    const seen = await Array.fromAsync(client.runs.events('r1'));
    expect(seen.map(({ event, id }) => [event, id])).toEqual([
      ['snapshot', undefined],
      ['journal', '5'],
      ['end', '6'],
    ]);
    expect(sent.map(({ lastEventId }) => lastEventId)).toEqual([null, '4', '5']);
    expect(waits).toEqual([5, 5]);
  });

  test('end when the server has nothing more', async () => {
    const { client } = recorded(
      { url: 'http://x', secret: 'im_x' },
      () => new Response(null, { status: 204 }),
    );
    expect(await Array.fromAsync(client.runs.events('r1', { lastEventId: '9-end' }))).toEqual([]);
  });

  test('are given up when the server refuses, or stays away', async () => {
    const away = recorded({ url: 'http://x', secret: 'im_x' }, () => {
      throw new TypeError('fetch failed');
    });
    await expect(Array.fromAsync(away.client.runs.events('r1'))).rejects.toMatchObject({
      code: 'unreachable',
    });
    expect(away.sent.length).toBeLessThan(100);
    const refused = recorded(
      { url: 'http://x', secret: 'im_x' },
      () => new Response('', { status: 403 }),
    );
    await expect(Array.fromAsync(refused.client.runs.events('r1'))).rejects.toMatchObject({
      status: 403,
    });
  });
});

test('the client loads nothing that only Node has', () => {
  const seen = new Set<string>();
  const packages = new Set<string>();
  const follow = (path: string): void => {
    if (seen.has(path)) return;
    seen.add(path);
    for (const { isType, specifier, to } of importsOf(path)) {
      if (isType) continue;
      if (to === undefined) packages.add(specifier);
      else follow(to);
    }
  };
  sourceFiles('src/api/client').forEach(follow);
  expect([...packages]).toEqual(['eventsource-parser']);
});
