/** The dashboard in a browser: what it shows beside what the server says, live, and in every state. */
import { readFile } from 'node:fs/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { StripeSimulator } from '../../simulators/stripe/stripe-simulator.ts';
import { systemClock } from '../../simulators/system-clock.ts';
import type { DashboardAnswer } from '../../src/api/client/index.ts';
import { WITHOUT_BROWSER } from '../support/browser.ts';
import { liveServer, type LiveServer } from '../support/live-server.ts';
import {
  expectAccessible,
  expectNoSidewaysScroll,
  type Shown,
  studio,
  studioOf,
  type Width,
} from '../support/studio.ts';

const EVERY_LOOK: readonly [Width, Shown][] = [
  ['desktop', 'light'],
  ['desktop', 'dark'],
  ['phone', 'light'],
  ['phone', 'dark'],
];

const prompts = (count: number, about = 'a boat') =>
  Array.from({ length: count }, (_, place) => ({ prompt: `${about} ${place}` }));

async function run(server: LiveServer, title: string, rows: readonly object[], model = 'demo') {
  const answer = await server.call('POST', '/v1/runs', {
    body: { rows, title, settings: { models: [model] }, approve: true },
  });
  expect([answer.status, title]).toEqual([201, title]);
  return ((await answer.json()) as { run: string }).run;
}

async function ended(server: LiveServer, id: string) {
  const stateOf = async () =>
    ((await (await server.call('GET', `/v1/runs/${id}`)).json()) as { state: string }).state;
  await expect.poll(stateOf, { timeout: 45_000 }).not.toBe('running');
}

/** Several models, refusals, failures, and a vendor that lets nothing through. */
async function busy(): Promise<LiveServer> {
  const server = await liveServer({
    vendors: { refusals: { pattern: 'dragon' }, faults: { blank: 0.1 }, seed: 4 },
  });
  await fetch(`${server.simulation.urls.bfl}/_simulator/options`, {
    method: 'POST',
    body: JSON.stringify({ accountImages: 0 }),
  });
  const runs = [
    await run(server, 'Autumn catalogue', [...prompts(7), { prompt: 'a dragon' }], 'kling-v3'),
    await run(server, 'Game sprites', [...prompts(5), ...prompts(2, 'a dragon')], 'gpt-image-2'),
    await run(server, 'Sample sheet', prompts(3)),
    await run(server, 'Posters', prompts(2), 'flux-kontext-pro'),
  ];
  for (const id of runs) await ended(server, id);
  return server;
}

/** The same server, for a browser that signs in with another key. */
function signedInWith(server: LiveServer, key: string): LiveServer {
  return {
    ...server,
    call: (method, path, init) => server.call(method, path, { key, ...init }),
  };
}

/** On a machine that does other things as well. */
const TEST_MS = 180_000;

describe.skipIf(WITHOUT_BROWSER)('the dashboard', () => {
  test('can be read by everybody, on every screen', { timeout: TEST_MS }, async () => {
    const server = await busy();
    for (const [width, theme] of EVERY_LOOK) {
      const { page, open, complaints } = await studioOf(server, { width, theme });
      await open('/dashboard?days=7');
      await page.getByText('account empty').waitFor();
      await page.getByText('1 of 4 needs you').waitFor();
      await page.getByText('a vendor lets nothing through').waitFor();
      await page.getByRole('grid', { name: 'Detail by model' }).waitFor();
      await expectAccessible(page);
      await expectNoSidewaysScroll(page);
      expect(complaints).toEqual([]);
    }
  });

  test('shows what the server says, and the same as a table', { timeout: TEST_MS }, async () => {
    const server = await liveServer({ vendors: { refusals: { pattern: 'dragon' } } });
    const sheet = [...prompts(3), { prompt: 'a dragon' }];
    await ended(server, await run(server, 'A sheet', sheet, 'kling-v3'));
    const { page, open } = await studioOf(server);
    await open('/dashboard');
    const answer = await server.call('GET', '/v1/dashboard?days=30');
    const { usage, credits } = (await answer.json()) as DashboardAnswer;
    const figure = (title: string) =>
      page.getByText(title, { exact: true }).locator('xpath=following-sibling::dd[1]');
    await expect
      .poll(() => figure('Spent in 30 days').textContent())
      .toBe(`${usage!.total.credits} credits`);
    expect(await figure('Balance').textContent()).toBe('No limit');
    expect(credits!.balance).toBe(null);
    const table = page.getByRole('table', { name: 'Usage by day, in images' });
    const { delivered, refused, failed } = usage!.days.at(-1)!.images;
    expect(await table.getByRole('row').last().innerText()).toContain(
      [delivered, refused, failed].join('\t'),
    );
    expect(await table.getByRole('row').count()).toBe(31);
    const kling = usage!.models.find(({ model }) => model === 'kling-v3')!;
    const row = page.getByRole('grid', { name: 'Usage by model' }).getByRole('row', {
      name: 'kling-v3',
    });
    expect(await row.innerText()).toContain(String(kling.images.delivered));
    await page.locator('.uplot').first().hover();
    await page.getByText('Images that return').first().waitFor();
  });

  test('counts while a run works, in every tab', { timeout: TEST_MS }, async () => {
    const server = await liveServer({ vendors: { latencyMs: 400 } });
    const { page, open, context, complaints } = await studioOf(server);
    await run(server, 'Before', prompts(1));
    await open('/dashboard');
    const other = await context.newPage();
    await other.goto(`${server.url}/dashboard`);
    const id = await run(server, 'At work', prompts(24, 'a lake'), 'kling-v3');
    const counted = async (tab: typeof page) => {
      const text = await tab
        .getByRole('main')
        .getByText('This hour', { exact: true })
        .locator('xpath=following-sibling::dd[1]')
        .textContent();
      return Number(text);
    };
    await page.getByRole('progressbar', { name: 'Progress of At work' }).waitFor();
    const seen = new Set<number>();
    await expect
      .poll(
        async () => {
          seen.add(await counted(page));
          return Math.max(...seen);
        },
        { timeout: 30_000 },
      )
      .toBe(25);
    await ended(server, id);
    await expect.poll(() => counted(other), { timeout: 25_000 }).toBe(25);
    await page.getByText('Nothing is being made.').waitFor();
    await expect
      .poll(() => page.getByText('24 of 24 delivered').count(), { timeout: 10_000 })
      .toBe(1);
    expect(complaints).toEqual([]);
  });

  test('is used by the keyboard alone, down to the CSV', { timeout: TEST_MS }, async () => {
    const server = await liveServer();
    await ended(server, await run(server, 'A sheet', prompts(3)));
    const { page, open } = await studioOf(server);
    await open('/dashboard');
    await page.getByRole('radio', { name: '30 days' }).focus();
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Enter');
    await page.getByText('Delivered in 7 days').waitFor();
    expect(new URL(page.url()).search).toBe('?days=7');
    await page.getByRole('button', { name: 'CSV' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'By model' }).waitFor();
    await expectAccessible(page);
    const download = page.waitForEvent('download');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    const path = await (await download).path();
    expect(await readFile(path, 'utf8')).toContain('demo,,3,0,0,0,0');
  });

  test.each(EVERY_LOOK)('leads to the sample where nothing is (%s, %s)', async (width, theme) => {
    const { page, open, complaints } = await studio({ width, theme });
    await open('/dashboard');
    await page.getByText('Nothing was made yet').waitFor();
    await expectAccessible(page);
    await expectNoSidewaysScroll(page);
    await page.getByRole('link', { name: 'Begin with the sample sheet' }).click();
    await page.getByRole('heading', { name: 'Generate', level: 1 }).waitFor();
    expect(complaints).toEqual([]);
  });

  test('says that the hour is full, and until when', async () => {
    const server = await liveServer({ config: { workspace: { id: 'local', imagesPerHour: 2 } } });
    await run(server, 'Too many', prompts(3));
    const { page, open } = await studioOf(server);
    await open('/dashboard');
    await page.getByText(/^Full: the next at \d\d:\d\d$/).waitFor();
    await page.getByText(/^Full, 1 waiting\. The next images at/).waitFor();
    await page.getByText('waits for its limit').waitFor();
    await page.getByText(/images-per-hour: 2 of 2 used, until/).waitFor();
    await expectAccessible(page);
  });

  test('sells packs at Stripe to who may buy, and thanks afterwards', async () => {
    const simulator = new StripeSimulator({ clock: systemClock });
    onTestFinished(() => simulator[Symbol.asyncDispose]());
    const credits = { creditMicros: 1_000_000_000, amount: 3_000, currency: 'usd' };
    const server = await liveServer({
      settings: {
        packs: [{ id: 'small', title: '1,000 credits', ...credits }],
        stripe: {
          secretKey: 'sk_test_simulated',
          webhookSecret: 'whsec_simulated',
          baseUrl: await simulator.listen(),
        },
      },
    });
    await server.engine.service.workspaces.create({ id: 'acme' });
    const key = await server.issueKey({ workspace: 'acme', role: 'admin' });
    const { page, open } = await studioOf(signedInWith(server, key));
    await page.route('https://checkout.stripe.com/**', (route) =>
      route.fulfill({ contentType: 'text/html', body: '<h1>Stripe</h1>' }),
    );
    await open('/dashboard');
    await page.getByRole('button', { name: 'Buy 1,000 credits · $30.00' }).click();
    await page.getByRole('heading', { name: 'Stripe' }).waitFor();
    await open('/dashboard?checkout=paid');
    await page.getByText('The credits come as soon as').waitFor();
    const member = await server.issueKey({ workspace: 'acme' });
    const others = await studioOf(signedInWith(server, member));
    await others.open('/dashboard');
    await others.page.getByText("bought with an admin's key").waitFor();
  });

  test('shows nothing of money to a key that may not see it', async () => {
    const server = await liveServer();
    const key = await server.issueKey({ scopes: ['runs:read'] });
    await ended(server, await run(server, 'A sheet', prompts(2)));
    const { page, open, complaints } = await studioOf(signedInWith(server, key));
    await open('/dashboard');
    await page.getByRole('heading', { name: 'Refusals and failures' }).waitFor();
    for (const title of ['Credits', 'Usage', 'Estimated and actual cost']) {
      expect([title, await page.getByRole('heading', { name: title }).count()]).toEqual([title, 0]);
    }
    expect(complaints).toEqual([]);
  });

  test('keeps its figures while the server is away, and says so', async () => {
    const { page, open, context } = await studio();
    await open('/dashboard');
    await page.getByText('Nothing was made yet').waitFor();
    await context.setOffline(true);
    await page.getByText('The server does not answer').first().waitFor();
    expect(await page.getByText('Nothing was made yet').count()).toBe(1);
    await context.setOffline(false);
    await page.evaluate("dispatchEvent(new Event('online'))");
    await page.getByText('Runs go on without this page').waitFor({ state: 'detached' });
  });

  test('says what went wrong where nothing came, and tries again', async () => {
    const { page, open } = await studio();
    const address = '**/v1/dashboard?*';
    await page.route(address, (route) => route.fulfill({ status: 500, body: '' }));
    await open('/dashboard');
    await page.getByRole('button', { name: 'Try again' }).waitFor();
    await expectAccessible(page);
    await page.unroute(address);
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('Nothing was made yet').waitFor();
  });
});
