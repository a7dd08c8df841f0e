import { expect, test } from 'vitest';
import { liveServer, type LiveServer } from '../support/live-server.ts';

interface Limit {
  readonly limit: string;
  readonly scope: string;
  readonly model: string | null;
  readonly lane: string | null;
  readonly max: number | null;
  readonly figure: string;
  readonly used: number;
  readonly used_here: number;
  readonly left: number | null;
  readonly next_at: string | null;
  readonly all_at: string | null;
  readonly returning: readonly { readonly at: string; readonly units: number }[];
  readonly waiting: readonly { readonly run: string; readonly until: string | null }[];
}

async function limitsOf({ call }: LiveServer, query = '', key?: string): Promise<Limit[]> {
  const answer = await call(
    'GET',
    `/v1/limits?limit=200${query}`,
    key === undefined ? {} : { key },
  );
  expect(answer.status).toBe(200);
  return ((await answer.json()) as { data: Limit[] }).data;
}

const rows = (count: number) => Array.from({ length: count }, (_, n) => ({ prompt: `boat ${n}` }));

test('limits tell what is used, left and returning when, and who waits', async () => {
  const server = await liveServer({
    config: {
      vendors: { openai: { apiKey: 'key', limits: { 'images-per-minute': 3 } } },
    },
  });
  const { call } = server;
  const before = await limitsOf(server, '&model=gpt-image-2');
  expect(before[0]).toMatchObject({ limit: 'images-per-hour', scope: 'workspace', used: 0 });
  expect(before).toContainEqual(
    expect.objectContaining({
      limit: 'images-per-minute',
      scope: 'vendor',
      model: 'gpt-image-2',
      lane: 'live',
      max: 3,
      figure: 'told',
      left: 3,
      returning: [],
      next_at: null,
    }),
  );
  await call('POST', '/v1/runs', {
    body: { rows: rows(5), settings: { models: ['demo'] }, approve: true },
  });
  await expect
    .poll(async () => (await limitsOf(server))[0], { timeout: 20_000 })
    .toMatchObject({ used: 5, used_here: 5, left: null, figure: 'none' });
  const [hour] = await limitsOf(server);
  const returned = hour!.returning.reduce((sum, { units }) => sum + units, 0);
  expect(returned).toBe(5);
  const inMs = Date.parse(hour!.all_at!) - Date.now();
  expect(inMs).toBeGreaterThan(3_590_000);
  expect(inMs).toBeLessThan(3_640_000);
  expect(Date.parse(hour!.next_at!)).toBeLessThanOrEqual(Date.parse(hour!.all_at!));
});

test('what others use of a shared limit is missing from what is left, and nobody is named', async () => {
  const server = await liveServer();
  const { call, engine } = server;
  const made = await call('POST', '/v1/runs', {
    body: { rows: rows(4), settings: { models: ['gpt-image-2'] }, approve: true },
  });
  const { run } = (await made.json()) as { run: string };
  await expect
    .poll(async () => (await (await call('GET', `/v1/runs/${run}`)).json()) as object, {
      timeout: 20_000,
    })
    .toMatchObject({ items: { delivered: 4 } });
  const other = await engine.service.workspaces.create({ id: 'other' });
  const key = await server.issueKey({ workspace: other.id, role: 'member' });
  const mine = await limitsOf(server, '&model=gpt-image-2');
  const others = await limitsOf(server, '&model=gpt-image-2', key);
  const of = (limits: Limit[]) => limits.find(({ limit }) => limit === 'images-per-minute')!;
  expect(of(mine)).toMatchObject({ used: 4, used_here: 4 });
  expect(of(others)).toMatchObject({ used: 4, used_here: 0, waiting: [] });
  expect(others[0]).toMatchObject({ limit: 'images-per-hour', used: 0 });
  expect(JSON.stringify(others)).not.toContain(run);
});

test('runs that wait are named to their own workspace only', async () => {
  const server = await liveServer({
    config: { workspace: { id: 'local', imagesPerHour: 2 } },
  });
  const made = await server.call('POST', '/v1/runs', {
    body: { rows: rows(3), settings: { models: ['demo'] }, approve: true },
  });
  const { run } = (await made.json()) as { run: string };
  await expect
    .poll(async () => (await limitsOf(server))[0], { timeout: 20_000 })
    .toMatchObject({ max: 2, used: 2, left: 0, waiting: [{ run, lane: 'demo' }] });
  const [hour] = await limitsOf(server);
  expect(Date.parse(hour!.waiting[0]!.until!)).toBeGreaterThan(Date.now() + 3_000_000);
  const other = await server.engine.service.workspaces.create({ id: 'other' });
  const key = await server.issueKey({ workspace: other.id, role: 'viewer' });
  expect((await limitsOf(server, '', key)).flatMap(({ waiting }) => waiting)).toEqual([]);
});
