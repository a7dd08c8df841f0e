/** Pages for a client's approval: what a link opens, and what it does not. */
import { describe, expect, test } from 'vitest';
import { liveServer, type LiveServer } from '../support/live-server.ts';
import { DEMO, itemsOf, newRun, problemOf, untilRun } from '../support/service-run.ts';

interface Issued {
  readonly share: string;
  readonly link: string;
  readonly state: string;
  readonly items: number;
  readonly approved: number;
  readonly rejected: number;
}

async function sharedRun(server: LiveServer, terms: Readonly<Record<string, unknown>> = {}) {
  const prompts = ['a red boat', 'a blue boat', 'a green boat'];
  const run = await newRun(server.call, { prompts, settings: DEMO });
  await untilRun(server.call, run);
  const items = (await itemsOf(server.call, run)).map(({ item }) => item);
  return { run, items, ...(await share(server, run, terms)) };
}

async function share(server: LiveServer, run: string, terms: Readonly<Record<string, unknown>>) {
  const answer = await server.call('POST', `/v1/runs/${run}/shares`, { body: terms });
  const issued = (await answer.json()) as Issued;
  expect(answer.status, JSON.stringify(issued)).toBe(201);
  return { issued, visitor: await visitor(server, issued) };
}

/** A browser that has opened the link. */
async function visitor({ url }: LiveServer, { share: id, link }: Issued) {
  const secret = link.split('#')[1]!;
  const opened = await fetch(`${url}/v1/shared/${id}/open`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}` },
  });
  const setCookie = opened.headers.get('set-cookie') ?? '';
  const [cookie = ''] = setCookie.split(';');
  return {
    setCookie,
    secret,
    ask: (method: string, path: string, body?: unknown) =>
      fetch(`${url}${path}`, {
        method,
        headers: {
          cookie,
          origin: url,
          'x-requested-with': 'imagemill',
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      }),
  };
}

describe('a link', () => {
  test('opens its page by a cookie that is good for it alone', async () => {
    const server = await liveServer();
    const { issued, visitor: client, items } = await sharedRun(server, { title: 'Boats' });
    expect(client.setCookie).toContain(`Path=/v1/shared/${issued.share}`);
    expect(client.setCookie).toMatch(/HttpOnly/);
    expect(client.setCookie).toMatch(/SameSite=Strict/);
    const page = await client.ask('GET', `/v1/shared/${issued.share}`);
    expect(await page.json()).toMatchObject({ title: 'Boats', items: 3, takes_marks: true });
    const listed = await client.ask('GET', `/v1/shared/${issued.share}/items`);
    const text = await listed.text();
    expect((JSON.parse(text) as { data: unknown[] }).data).toHaveLength(3);
    expect(text).not.toMatch(/credits|usd|demo|vendor|boat|sha256/);
    const image = `/v1/shared/${issued.share}/items/${items[0]}/image`;
    const picture = await client.ask('GET', image);
    expect(picture.headers.get('content-type')).toBe('image/webp');
    expect(picture.headers.get('cache-control')).toBe('private, no-cache');
    const small = await client.ask('GET', `${image.replace('/image', '/thumbnail')}?width=96`);
    expect(small.status).toBe(200);
  });

  test('opens nothing else', async () => {
    const server = await liveServer();
    const one = await sharedRun(server);
    const other = await sharedRun(server);
    const { ask, secret } = one.visitor;
    for (const path of ['', '/items', `/items/${other.items[0]}/image`]) {
      const answer = await ask('GET', `/v1/shared/${other.issued.share}${path}`);
      await problemOf(answer, 401);
    }
    for (const path of [`/items/${other.items[0]}/image`, `/items/${other.items[0]}/thumbnail`]) {
      await problemOf(await ask('GET', `/v1/shared/${one.issued.share}${path}`), 404);
    }
    for (const path of ['/v1/runs', `/v1/runs/${one.run}`, '/v1/models', '/v1/credits']) {
      await problemOf(await ask('GET', path), 401);
      await problemOf(await server.call('GET', path, { key: secret }), 401);
    }
    const marks = `/v1/runs/${one.run}/shares/${one.issued.share}/marks`;
    await problemOf(await ask('GET', marks), 401);
  });

  test('shows nothing outside of its filter, whatever is asked for', async () => {
    const server = await liveServer();
    const { run, items } = await sharedRun(server);
    const review = `/v1/runs/${run}/items/${items[0]}/review`;
    await server.call('PUT', review, { body: { verdict: 'keep' } });
    const { issued, visitor: client } = await share(server, run, {
      only: 'kept',
      shows_prompts: true,
    });
    const listed = await client.ask('GET', `/v1/shared/${issued.share}/items`);
    const { data } = (await listed.json()) as { data: { item: string; prompt: string }[] };
    expect(data.map(({ item, prompt }) => [item, prompt])).toEqual([[items[0], 'a red boat']]);
    const path = (item: string, what: string) => `/v1/shared/${issued.share}/items/${item}/${what}`;
    for (const what of ['image', 'thumbnail']) {
      expect((await client.ask('GET', path(items[0]!, what))).status).toBe(200);
      await problemOf(await client.ask('GET', path(items[1]!, what)), 404);
    }
    const mark = await client.ask('PUT', path(items[1]!, 'mark'), { mark: 'approve' });
    await problemOf(mark, 404);
    // What is kept no longer is shown no longer.
    await server.call('PUT', review, { body: { verdict: null } });
    await problemOf(await client.ask('GET', path(items[0]!, 'image')), 404);
  });

  test('shows nothing any more once it is revoked, or its time is over', async () => {
    const server = await liveServer();
    const { run, issued, visitor: client, items } = await sharedRun(server);
    const page = `/v1/shared/${issued.share}`;
    const revoked = await server.call('DELETE', `/v1/runs/${run}/shares/${issued.share}`);
    expect(await revoked.json()).toMatchObject({ state: 'revoked' });
    for (const path of [page, `${page}/items`, `${page}/items/${items[0]}/image`]) {
      expect((await problemOf(await client.ask('GET', path), 410)).code).toBe('gone');
    }
    const soon = new Date(Date.now() + 1_500).toISOString();
    const short = await share(server, run, { expires_at: soon });
    const expired = `/v1/shared/${short.issued.share}`;
    expect((await short.visitor.ask('GET', expired)).status).toBe(200);
    const status = async () => (await short.visitor.ask('GET', expired)).status;
    await expect.poll(status, { timeout: 5_000 }).toBe(410);
  });

  test('cannot be guessed', async () => {
    const server = await liveServer({ settings: { guessesPerMinute: 3 } });
    const { issued } = await sharedRun(server);
    const open = (share: string, secret: string) =>
      server.call('POST', `/v1/shared/${share}/open`, { key: secret });
    const wrong = `shr_${'a'.repeat(40)}`;
    const answers = [await open(issued.share, wrong), await open('snobody', wrong)];
    const told = await Promise.all(
      answers.map(async (each) => (await problemOf(each, 401)).detail),
    );
    expect(new Set(told).size).toBe(1);
    await problemOf(await open(issued.share, wrong), 401);
    await problemOf(await open(issued.share, wrong), 429);
  });
});

describe('marks', () => {
  test('are counted, told to the owner, and taken over as verdicts', async () => {
    const server = await liveServer();
    const { run, items, issued, visitor: client } = await sharedRun(server);
    const mark = (item: string, body: unknown) =>
      client.ask('PUT', `/v1/shared/${issued.share}/items/${item}/mark`, body);
    await mark(items[0]!, { mark: 'approve', name: 'Mara' });
    await mark(items[1]!, { mark: 'reject', note: 'too dark', name: 'Mara' });
    const undone = await mark(items[2]!, { mark: 'approve', name: 'Mara' });
    expect(await undone.json()).toMatchObject({ mark: 'approve', by: 'Mara' });
    expect(await (await mark(items[2]!, { mark: null })).json()).toBeNull();
    const list = await server.call('GET', `/v1/runs/${run}/shares`);
    const [seen] = ((await list.json()) as { data: Issued[] }).data;
    expect(seen).toMatchObject({ items: 3, approved: 1, rejected: 1, noted: 1 });
    expect(JSON.stringify(seen)).not.toContain('shr_');
    const marks = await server.call('GET', `/v1/runs/${run}/shares/${issued.share}/marks`);
    expect(((await marks.json()) as { data: unknown[] }).data).toEqual([
      expect.objectContaining({ item: items[0], mark: 'approve', by: 'Mara' }),
      expect.objectContaining({ item: items[1], mark: 'reject', note: 'too dark' }),
    ]);
    const taken = await server.call('POST', `/v1/runs/${run}/shares/${issued.share}/take-over`);
    const { changed, former } = (await taken.json()) as { changed: number; former: unknown[] };
    expect([changed, former.length]).toEqual([2, 2]);
    const summary = await server.call('GET', `/v1/runs/${run}/reviews/summary`);
    expect(await summary.json()).toMatchObject({ kept: 1, rejected: 1, noted: 1 });
  });

  test('are refused where the page takes none, from other sites, and when they are too long', async () => {
    const server = await liveServer();
    const { run, items, issued, visitor: client } = await sharedRun(server);
    const path = `/v1/shared/${issued.share}/items/${items[0]}/mark`;
    const long = await client.ask('PUT', path, { mark: 'approve', note: 'x'.repeat(2_001) });
    await problemOf(long, 422);
    const strange = await fetch(`${server.url}${path}`, {
      method: 'PUT',
      headers: {
        cookie: client.setCookie.split(';')[0]!,
        'content-type': 'application/json',
        origin: 'https://elsewhere.example',
      },
      body: JSON.stringify({ mark: 'approve' }),
    });
    await problemOf(strange, 403);
    const looking = await share(server, run, { takes_marks: false });
    const refused = await looking.visitor.ask(
      'PUT',
      `/v1/shared/${looking.issued.share}/items/${items[0]}/mark`,
      { mark: 'approve' },
    );
    await problemOf(refused, 403);
  });
});

test('what a stranger writes steers no terminal, and turns no words around', async () => {
  const server = await liveServer();
  const { issued, visitor: client, items } = await sharedRun(server);
  const mark = {
    mark: 'approve',
    note: '\u001B[31mred\u0007\u000B\nsecond \u202Eline',
    name: ' Ma\u202Era\n<b>',
  };
  const path = `/v1/shared/${issued.share}/items/${items[0]}/mark`;
  const answer = await client.ask('PUT', path, mark);
  expect(await answer.json()).toMatchObject({ note: '[31mred\nsecond line', by: 'Mara <b>' });
});

test('the link is told once, whoever asks again', async () => {
  const server = await liveServer();
  const { run } = await sharedRun(server);
  const ask = () =>
    server.call('POST', `/v1/runs/${run}/shares`, {
      body: { title: 'Once' },
      headers: { 'idempotency-key': 'once' },
    });
  expect((await ask()).status).toBe(201);
  await problemOf(await ask(), 409);
});
