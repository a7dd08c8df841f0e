/** Every figure of the dashboard beside sums that are made another way. */
import { expect, test } from 'vitest';
import type { DashboardAnswer, DetailAnswer } from '../../src/api/client/index.ts';
import { MICROS } from '../../src/engine/core/credits.ts';
import { liveServer, type LiveServer, type LiveServerOptions } from '../support/live-server.ts';

interface Line {
  readonly kind: string;
  readonly account: string;
  readonly credits: number;
  readonly run: string | null;
}

/** A server with the workspace `acme`, which has 1,000 credits, and two keys of it. */
async function service(options: LiveServerOptions = {}) {
  const server = await liveServer(options);
  await server.engine.service.workspaces.create({ id: 'acme' });
  const key = await server.issueKey({ workspace: 'acme', name: 'by hand' });
  const program = await server.issueKey({ workspace: 'acme', name: 'by program' });
  await server.call('POST', '/v1/workspaces/acme/credits', {
    body: { kind: 'grant', credits: 1_000, reason: 'Welcome' },
  });
  return { ...server, key, program };
}

async function read<Answer>({ call }: LiveServer, path: string, key: string): Promise<Answer> {
  const answer = await call('GET', path, { key });
  expect([path, answer.status]).toEqual([path, 200]);
  return (await answer.json()) as Answer;
}

async function run(
  { call }: LiveServer,
  key: string,
  prompts: readonly string[],
  settings: object,
): Promise<string> {
  const rows = prompts.map((prompt) => ({ prompt }));
  const answer = await call('POST', '/v1/runs', { key, body: { rows, settings, approve: true } });
  expect(answer.status).toBe(201);
  return ((await answer.json()) as { run: string }).run;
}

async function stands(server: LiveServer, key: string, id: string, state: object): Promise<void> {
  await expect
    .poll(() => read<object>(server, `/v1/runs/${id}`, key), { timeout: 20_000 })
    .toMatchObject(state);
}

const dashboardOf = (server: LiveServer, key: string, query = '') =>
  read<DashboardAnswer>(server, `/v1/dashboard${query}`, key);

test('agrees with the ledger, the runs and the bills of the vendors after a mixed run', async () => {
  const server = await service({
    vendors: { refusals: { pattern: 'dragon' }, faults: { blank: 0.3 }, seed: 4 },
  });
  const { key, program, simulation } = server;
  const boats = Array.from({ length: 8 }, (_, place) => `boat ${place}`);
  const runs = [
    await run(server, key, [...boats, 'a dragon'], { models: ['kling-v3'] }),
    await run(server, program, [...boats, 'a dragon', 'two dragons'], { models: ['gpt-image-2'] }),
    await run(server, program, ['a lake'], { models: ['demo'] }),
  ];
  for (const id of runs) await stands(server, key, id, { state: 'done' });
  // Another workspace at the same accounts changes nothing of what follows but the vendors' limits.
  const bill = simulation.kling.bill.usdMicros + simulation.openai.bill.usdMicros;
  const stranger = await server.issueKey({ workspace: 'stranger' });
  const theirs = await run(server, stranger, ['a hare'], { models: ['kling-v3'] });
  await stands(server, stranger, theirs, { state: 'done' });

  const dashboard = await dashboardOf(server, key, '?days=7&time_zone=Europe/Berlin');
  const { data: ledger } = await read<{ data: Line[] }>(server, '/v1/ledger?limit=200', key);
  const posted = sum(
    ledger.filter(({ kind, account }) => kind === 'post' && account === 'spent'),
    ({ credits }) => credits,
  );
  const reports = await Promise.all(runs.map((id) => server.engine.report(id)));
  const images = {
    delivered: sum(reports, ({ items }) => items.delivered),
    refused: sum(reports, ({ items }) => items.refused),
    failed: sum(reports, ({ items }) => items.failed),
  };
  expect(images.refused).toBeGreaterThan(0);
  expect(images.failed).toBeGreaterThan(0);

  const { usage, costs, credits, hour, outcomes } = dashboard;
  const total = { images, credits: round(posted), usd: bill / MICROS };
  expect(rounded(usage!.total)).toEqual(total);
  for (const part of [usage!.days, usage!.models, usage!.keys]) {
    expect(rounded(added(part))).toEqual(total);
  }
  expect(usage!.days).toHaveLength(7);
  expect(new Set(usage!.keys.map(({ name }) => name))).toEqual(new Set(['by hand', 'by program']));
  expect(credits!.balance! + posted).toBeCloseTo(1_000, 6);
  expect(hour).toMatchObject({ scope: 'workspace', used: 20, used_here: 20 });

  const comparedRuns = new Map(costs!.runs.map((each) => [each.run, each]));
  for (const report of reports) {
    const { id, plan, postedCreditMicros, actualUsdMicros } = report.run;
    expect(comparedRuns.get(id)).toMatchObject({
      estimated: {
        credits: plan!.expected.creditMicros / MICROS,
        usd: plan!.expected.usdMicros! / MICROS,
      },
      actual: { credits: postedCreditMicros / MICROS, usd: actualUsdMicros / MICROS },
      is_final: true,
    });
  }
  expect(sum(costs!.models, ({ actual }) => actual.credits)).toBeCloseTo(posted, 6);
  expect(sum(costs!.models, ({ estimated }) => estimated.credits)).toBeCloseTo(
    sum(costs!.runs, ({ estimated }) => estimated.credits),
    6,
  );

  for (const [model, report] of [
    ['kling-v3', reports[0]!],
    ['gpt-image-2', reports[1]!],
    ['demo', reports[2]!],
  ] as const) {
    const { delivered, refused, failed } = report.items;
    const found = outcomes.find((each) => each.model === model)!;
    expect([model, found.images]).toEqual([model, { delivered, refused, failed }]);
    expect(sum(found.refusals, ({ items }) => items)).toBe(refused);
    expect(sum(found.failures, ({ items }) => items)).toBe(failed);
    expect(sum(found.days, ({ images: ofDay }) => ofDay.delivered)).toBe(delivered);
  }
  expect(dashboard.runs.ended.map(({ run: id }) => id).toSorted()).toEqual(runs.toSorted());
  expect(dashboard.runs).toMatchObject({ working: [], waiting: [] });
  const kling = dashboard.lanes.find(({ model }) => model === 'kling-v3')!;
  expect(kling).toMatchObject({ vendor: 'kling', lane: 'live', in_flight: 0, waiting: 0 });
  expect(Date.parse(kling.last_success_at!)).toBeGreaterThan(Date.now() - 60_000);
  expect(JSON.stringify(dashboard)).not.toContain(theirs);

  const { data: detail } = await read<DetailAnswer>(server, '/v1/dashboard/detail', key);
  for (const { model, curve, runs: judged } of detail) {
    const own = reports.filter(({ quality }) =>
      quality.models.some((each) => each.model === model),
    );
    expect(judged).toHaveLength(own.length);
    expect(sum(curve, (point) => point.images)).toBe(
      sum(own, ({ quality }) =>
        sum(quality.models.find((each) => each.model === model)!.curve, (point) => point.images),
      ),
    );
    expect(curve[0]).toMatchObject({ from: 1, detail: expect.closeTo(1, 6) });
  }
  expect(detail.length).toBeGreaterThan(0);
});

test('tells nothing of money to a key without the scope', async () => {
  const server = await service();
  const key = await server.issueKey({ workspace: 'acme', scopes: ['runs:read', 'runs:write'] });
  await stands(server, key, await run(server, key, ['a boat'], { models: ['demo'] }), {
    state: 'done',
  });
  const dashboard = await dashboardOf(server, key);
  expect(dashboard).toMatchObject({ credits: null, usage: null, costs: null });
  expect(dashboard.outcomes).toMatchObject([{ model: 'demo', images: { delivered: 1 } }]);
  expect(dashboard.runs.ended).toHaveLength(1);
});

test('says when the hour is full, what waits for it, and until when', async () => {
  const server = await liveServer({ config: { workspace: { id: 'local', imagesPerHour: 2 } } });
  const { secret: key } = server;
  const id = await run(server, key, ['one', 'two', 'three'], { models: ['demo'] });
  await expect
    .poll(() => dashboardOf(server, key), { timeout: 20_000 })
    .toMatchObject({
      hour: { max: 2, used: 2, left: 0, waiting: [{ run: id }] },
      lanes: [{ model: 'demo', verdict: 'waiting', waiting: 1, waits: [{ run: id }] }],
      runs: { working: [{ run: id, items: { delivered: 2, waiting: 1 } }] },
    });
  const { hour, lanes } = await dashboardOf(server, key);
  expect(sum(hour.returning, ({ units }) => units)).toBe(2);
  expect(lanes[0]!.waits[0]).toMatchObject({ limit: 'images-per-hour' });
  expect(Date.parse(lanes[0]!.waits[0]!.until!)).toBeGreaterThan(Date.now() + 3_000_000);
});

test.each([
  [{ accountImages: 0 }, 'account-empty', 'account-exhausted'],
  [{ apiKey: 'another' }, 'key-refused', 'key-unusable'],
])(
  'says of a vendor that lets nothing through (%j) that it is %s',
  async (change, verdict, kind) => {
    const server = await service();
    const { key, simulation } = server;
    await fetch(`${simulation.urls.kling}/_simulator/options`, {
      method: 'POST',
      body: JSON.stringify(change),
    });
    const id = await run(server, key, ['a boat'], { models: ['kling-v3'] });
    await stands(server, key, id, { state: 'stopped', reason: 'vendor' });
    const { lanes, runs } = await dashboardOf(server, key);
    expect(lanes).toMatchObject([
      {
        model: 'kling-v3',
        verdict,
        last_success_at: null,
        last_failure: { kind, words: expect.stringMatching(/\w/) },
      },
    ]);
    expect(runs.waiting).toMatchObject([{ run: id, reason: 'vendor' }]);
  },
);

test('is empty where nothing was made yet, and refuses what it cannot tell', async () => {
  const server = await liveServer();
  const { secret: key, call } = server;
  expect(await dashboardOf(server, key, '?days=1')).toMatchObject({
    usage: { total: { images: { delivered: 0 } }, models: [], keys: [] },
    costs: { runs: [], models: [] },
    outcomes: [],
    lanes: [],
    runs: { working: [], waiting: [], ended: [] },
  });
  expect(await read<DetailAnswer>(server, '/v1/dashboard/detail', key)).toEqual({ data: [] });
  for (const query of ['days=0', 'days=91', 'days=x', 'time_zone=Europe/Atlantis']) {
    expect([query, (await call('GET', `/v1/dashboard?${query}`)).status]).toEqual([query, 422]);
  }
});

function sum<One>(all: readonly One[], of: (one: One) => number): number {
  return all.reduce((total, each) => total + of(each), 0);
}

type Spent = NonNullable<DashboardAnswer['usage']>['total'];

function added(parts: readonly Spent[]): Spent {
  return {
    images: {
      delivered: sum(parts, ({ images }) => images.delivered),
      refused: sum(parts, ({ images }) => images.refused),
      failed: sum(parts, ({ images }) => images.failed),
    },
    credits: sum(parts, ({ credits }) => credits),
    usd: sum(parts, ({ usd }) => usd),
  };
}

function rounded({ images, credits, usd }: Spent): Spent {
  return { images, credits: round(credits), usd: round(usd) };
}

/** Decimal fractions do not add up exactly. */
function round(amount: number): number {
  return Math.round(amount * MICROS) / MICROS;
}
