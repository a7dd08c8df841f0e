import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { MICROS } from '../../src/engine/core/credits.ts';
import { liveServer, type LiveServerOptions } from '../support/live-server.ts';

interface Json {
  readonly [name: string]: unknown;
}
interface Line {
  readonly at: string;
  readonly kind: string;
  readonly account: string;
  readonly credits: number;
  readonly run: string | null;
  readonly key: string | null;
  readonly items: readonly string[];
}

/** A server with the workspace `acme`, which keeps a balance, and a member's key of it. */
async function service(options: LiveServerOptions = {}) {
  const server = await liveServer(options);
  await server.engine.service.workspaces.create({ id: 'acme' });
  const key = await server.issueKey({ workspace: 'acme', role: 'member', name: 'a member' });
  const get = async (path: string, as = key) =>
    (await (await server.call('GET', path, { key: as })).json()) as Json;
  return {
    ...server,
    key,
    get,
    enter: async (body: Json, headers: Record<string, string> = {}) => {
      const path = '/v1/workspaces/acme/credits';
      const answer = await server.call('POST', path, { body, headers });
      return { status: answer.status, body: (await answer.json()) as Json };
    },
    run: async (prompts: readonly string[], model = 'demo') => {
      const answer = await server.call('POST', '/v1/runs', {
        key,
        body: {
          rows: prompts.map((prompt) => ({ prompt })),
          settings: { models: [model] },
          approve: true,
        },
      });
      expect(answer.status).toBe(201);
      return ((await answer.json()) as { run: string }).run;
    },
    runStands: async (run: string, state: object) =>
      expect.poll(() => get(`/v1/runs/${run}`), { timeout: 20_000 }).toMatchObject(state),
  };
}

test('a run without credits stops, and goes on by itself when they come', async () => {
  const { run, runStands, enter, get } = await service();
  const id = await run(['a red boat', 'a blue boat'], 'kling-v3');
  await runStands(id, { state: 'stopped', reason: 'credits' });
  const granted = await enter({ kind: 'grant', credits: 100, reason: 'Welcome' });
  expect(granted).toMatchObject({
    status: 201,
    body: { credits: 100, balance: 100, warning: null, runs_resumed: 1 },
  });
  await runStands(id, { state: 'done', items: { delivered: 2 } });
  const credits = await get('/v1/credits');
  const { balance, held, posted } = credits as { balance: number; held: number; posted: number };
  expect(held).toBe(0);
  expect(posted).toBeGreaterThan(0);
  expect(balance + posted).toBeCloseTo(100, 9);
});

test('an entry is made once: by its reference, and by its idempotency key', async () => {
  const { enter, get } = await service();
  const purchase = { kind: 'purchase', credits: 1_000, reason: 'Invoice', reference: 'inv-1' };
  expect(await enter(purchase)).toMatchObject({ status: 201, body: { is_new: true } });
  expect(await enter(purchase)).toMatchObject({ status: 200, body: { is_new: false } });
  expect(await enter({ ...purchase, credits: 5 })).toMatchObject({
    status: 409,
    body: { code: 'conflict' },
  });
  const grant = { kind: 'grant', credits: 1, reason: 'Once' };
  const headers = { 'idempotency-key': 'grant-1' };
  const [first, second] = [await enter(grant, headers), await enter(grant, headers)];
  expect(second.body).toEqual(first.body);
  expect(await get('/v1/credits')).toEqual({
    workspace: 'acme',
    balance: 1_001,
    held: 0,
    posted: 0,
    bought: 1_000,
    ceiling: {
      images_per_hour: 500,
      follows: 'purchases',
      next: { images_per_hour: 1_000, bought: 5_000, to_buy: 4_000 },
    },
  });
});

test('a refund may bring the balance below 0, says so, and nothing is sent then', async () => {
  const { enter, run, runStands } = await service();
  await enter({ kind: 'purchase', credits: 10, reason: 'Invoice' });
  const correction = await enter({ kind: 'correction', credits: -8, reason: 'Counted twice' });
  expect(correction).toMatchObject({ status: 201, body: { credits: -8, balance: 2 } });
  const refund = await enter({ kind: 'refund', credits: 10, reason: 'Cancelled' });
  expect(refund).toMatchObject({
    status: 201,
    body: { credits: -10, balance: -8, warning: expect.stringContaining('below 0') as string },
  });
  expect(await enter({ kind: 'refund', credits: 1, reason: 'Again' })).toMatchObject({
    status: 409,
  });
  const id = await run(['a boat']);
  await runStands(id, { state: 'stopped', reason: 'credits', items: { waiting: 1 } });
});

test.each([
  ['nothing', { kind: 'grant', credits: 0, reason: 'x' }, 'body.credits'],
  ['a grant below 0', { kind: 'grant', credits: -1, reason: 'x' }, undefined],
  ['no reason', { kind: 'grant', credits: 1, reason: ' ' }, 'body.reason'],
  ['more than is counted', { kind: 'grant', credits: 1e12, reason: 'x' }, 'body.credits'],
  [
    "Stripe's name",
    { kind: 'purchase', credits: 1, reason: 'x', reference: 'stripe:1' },
    undefined,
  ],
])('%s is not entered', async (_what, body, field) => {
  const { enter } = await service();
  const answer = await enter(body);
  expect(answer).toMatchObject({ status: 422, body: { code: 'invalid' } });
  if (field !== undefined) expect(answer.body).toMatchObject({ problems: [{ field }] });
});

test('where no balance is kept an entry is refused, or begins one', async () => {
  const { call, get, secret } = await service();
  const body = { kind: 'grant', credits: 5, reason: 'Test' };
  const path = '/v1/workspaces/local/credits';
  const refused = await call('POST', path, { body });
  expect(refused.status).toBe(409);
  expect(await get('/v1/credits', secret)).toMatchObject({ balance: null });
  const begun = await call('POST', path, { body: { ...body, begin_balance: true } });
  expect(begun.status).toBe(201);
  expect(await get('/v1/credits', secret)).toMatchObject({ balance: 5 });
});

test('only operators enter credits, and see those of other workspaces', async () => {
  const { call, key, issueKey, get, secret } = await service();
  const body = { kind: 'grant', credits: 5, reason: 'For me' };
  const path = '/v1/workspaces/acme/credits';
  expect((await call('POST', path, { key, body })).status).toBe(403);
  const admin = await issueKey({ workspace: 'acme', role: 'admin' });
  expect((await call('POST', path, { key: admin, body })).status).toBe(403);
  for (const list of ['credits', 'ledger', 'usage']) {
    const answer = await call('GET', `/v1/${list}?workspace=local`, { key: admin });
    expect([list, answer.status]).toEqual([list, 404]);
  }
  expect(await get('/v1/credits?workspace=acme', secret)).toMatchObject({ workspace: 'acme' });
  const nobody = await call('POST', '/v1/workspaces/nobody/credits', { body });
  expect(nobody.status).toBe(404);
});

describe('the ledger', () => {
  test('comes in pages and as a table, every line with its run, key and images', async () => {
    const { enter, run, runStands, get, call, key, engine } = await service();
    await enter({ kind: 'grant', credits: 100, reason: '=HYPERLINK("http://evil")' });
    const id = await run(['a boat', 'a ship'], 'kling-v3');
    await runStands(id, { state: 'done' });
    const all = (await get('/v1/ledger?limit=200')) as { data: Line[]; next: null };
    expect(all.next).toBeNull();
    expect(all.data).toHaveLength(2 + 2 * 6);
    const paged: Line[] = [];
    let after = '';
    do {
      const page = (await get(`/v1/ledger?limit=3${after}`)) as { data: Line[]; next: string };
      paged.push(...page.data);
      after = page.next === null ? '' : `&after=${encodeURIComponent(page.next)}`;
    } while (after !== '');
    expect(paged).toEqual(all.data);
    const spent = all.data.filter(({ account }) => account === 'spent');
    const [member] = await engine.service.keys.list('acme');
    const keyId = member!.id;
    for (const line of spent) {
      expect(line).toMatchObject({ run: id, key: keyId, items: [expect.any(String)] });
    }
    const ofRun = (await get(`/v1/ledger?run=${id}&order=oldest`)) as { data: Line[] };
    expect(ofRun.data).toEqual(all.data.filter((line) => line.run === id).toReversed());
    const table = await call('GET', '/v1/ledger', { key, headers: { accept: 'text/csv' } });
    expect(table.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    const rows: Record<string, string>[] = parse(await table.text(), { columns: true });
    expect(rows).toHaveLength(all.data.length);
    expect(rows.map(({ credits }) => Number(credits))).toEqual(
      all.data.map(({ credits }) => credits),
    );
    expect(rows.at(-1)).toMatchObject({ kind: 'grant', reason: `'=HYPERLINK("http://evil")` });
  });

  test('says what is wrong with what it is asked', async () => {
    const { get } = await service();
    expect(await get('/v1/ledger?after=nonsense')).toMatchObject({
      code: 'invalid',
      problems: [{ field: 'query.after' }],
    });
    expect(await get('/v1/ledger?from=yesterday')).toMatchObject({
      code: 'invalid',
      problems: [{ field: 'query.from' }],
    });
  });
});

describe('usage', () => {
  test('agrees with the ledger and the runs, however it is grouped', async () => {
    const { enter, run, runStands, get, call, key, engine } = await service();
    await enter({ kind: 'grant', credits: 100, reason: 'Welcome' });
    const first = await run(['a boat', 'a ship', 'a ferry'], 'kling-v3');
    const second = await run(['a boat'], 'demo');
    await runStands(first, { state: 'done' });
    await runStands(second, { state: 'done' });
    const posted = ((await get('/v1/credits')) as { posted: number }).posted;
    expect(posted).toBeGreaterThan(0);
    const reports = [await engine.report(first), await engine.report(second)];
    const usd = reports.reduce((sum, each) => sum + each.run.actualUsdMicros, 0) / MICROS;
    const total = { images: { delivered: 4, refused: 0, failed: 0 }, credits: posted, usd };
    for (const by of ['day', 'model', 'key', 'run']) {
      expect([by, (await get(`/v1/usage?by=${by}`))['total']]).toEqual([by, total]);
    }
    const today = new Date().toISOString().slice(0, 10);
    expect(await get('/v1/usage')).toMatchObject({
      by: 'day',
      time_zone: 'UTC',
      data: [{ group: today, name: null, ...total }],
      next: null,
    });
    expect((await get('/v1/usage?by=model'))['data']).toMatchObject([
      { group: 'demo', images: { delivered: 1 }, credits: 0 },
      { group: 'kling-v3', images: { delivered: 3 }, credits: posted },
    ]);
    expect((await get('/v1/usage?by=key'))['data']).toMatchObject([{ name: 'a member', ...total }]);
    expect((await get('/v1/usage?by=run'))['data']).toMatchObject([
      { group: second, images: { delivered: 1 } },
      { group: first, images: { delivered: 3 } },
    ]);
    const page = await get('/v1/usage?by=run&limit=1');
    expect(page).toMatchObject({ data: [{ group: second }], next: second, total });
    expect(await get(`/v1/usage?by=run&limit=1&after=${second}`)).toMatchObject({
      data: [{ group: first }],
      next: null,
      total,
    });
    const csv = await call('GET', '/v1/usage?by=model&format=csv', { key });
    const rows: Record<string, string>[] = parse(await csv.text(), { columns: true });
    expect(rows.map(({ model, delivered }) => [model, delivered])).toEqual([
      ['demo', '1'],
      ['kling-v3', '3'],
    ]);
    const later = await get(`/v1/usage?from=${today}T23:59:59.999Z&to=2099-01-01`);
    expect(later).toMatchObject({ code: 'invalid' });
    expect((await get('/v1/usage?from=2026-01-01&to=2026-01-02'))['data']).toEqual([]);
  });

  test('counts what was refused and what failed as such', async () => {
    const { enter, run, runStands, get } = await service({
      vendors: { refusals: { pattern: 'dragon' } },
    } as LiveServerOptions);
    await enter({ kind: 'grant', credits: 100, reason: 'Welcome' });
    const id = await run(['a boat', 'a dragon'], 'kling-v3');
    await runStands(id, { state: 'done' });
    const stands = (await get(`/v1/runs/${id}`)) as { items: Record<string, number> };
    const { delivered, refused, failed } = stands.items;
    expect(refused).toBe(1);
    expect((await get('/v1/usage?by=run'))['data']).toMatchObject([
      { group: id, images: { delivered, refused, failed } },
    ]);
  });

  test.each([
    ['time_zone=Europe/Atlantis', 'time zone'],
    ['from=2026-02-30', '2026-02-30'],
    ['from=2026-11-02&to=2026-11-01', 'before'],
    ['from=2024-01-01&to=2026-01-01', 'At most 400 days'],
  ])('%s is no time that can be asked about', async (query, words) => {
    const { get } = await service();
    const answer = await get(`/v1/usage?${query}`);
    expect(answer).toMatchObject({ code: 'invalid', status: 422 });
    expect(JSON.stringify(answer)).toContain(words);
  });
});

test('ceilings of the configuration are applied when the server starts', async () => {
  const first = await service();
  await first.enter({ kind: 'purchase', credits: 1_000, reason: 'Invoice' });
  await first.stop();
  const ceilings = [
    { boughtCreditMicros: 0, imagesPerHour: 50 },
    { boughtCreditMicros: 900 * MICROS, imagesPerHour: 777 },
  ];
  const second = await liveServer({ home: first.home, config: { credits: { ceilings } } });
  await expect
    .poll(
      async () =>
        (await second.call('GET', '/v1/credits', { key: first.key })).json() as Promise<unknown>,
    )
    .toMatchObject({ ceiling: { images_per_hour: 777, next: null } });
});
